"""Readers of captured groups: of many texts at once by their columns, or of one text by its row."""

from collections.abc import Callable, Iterable, Sequence
from itertools import compress, count
from typing import Any, Final, Protocol

from participant_rules.engine.objects import Members
from participant_rules.engine.recent import Recent
from participant_rules.engine.slots import Column
from participant_rules.unset import UNSET

__all__ = [
    "LONG",
    "Columns",
    "Judged",
    "ListTexts",
    "ObjectMembers",
    "Raw",
    "Reader",
    "Row",
    "Small",
    "Unset",
    "Values",
]

Columns = Sequence[Sequence[str]]
"""The captured texts of some records: for each group a column, empty where the group matched nothing.

The last column is blank.
"""

Row = tuple[str, ...]
"""The captured texts of one record."""

LONG: Final = 256
"""The most characters of a text of which a result is remembered."""


class Reader(Protocol):
    """A reader of one slot."""

    def column(self, columns: Columns) -> Column:
        """The value of each text."""
        ...

    def one(self, row: Row) -> Any:
        """The value of one text."""
        ...


class Small(Reader, Protocol):
    """A reader of one group that is mostly blank."""

    @property
    def at(self) -> int:
        """The number of the group."""
        ...


class Raw:
    """The text of a group."""

    def __init__(self, at: int) -> None:
        self.at = at

    def column(self, columns: Columns) -> Column:
        """See `Reader`."""
        return columns[self.at]

    def one(self, row: Row) -> Any:
        """See `Reader`."""
        return row[self.at]


class Judged:
    """The verdict of `judge` on a group that is mostly blank; blank where it is."""

    def __init__(self, at: int, judge: Callable[[str], Any]) -> None:
        self.at, self._known = at, Short(judge)

    def column(self, columns: Columns) -> Column:
        """See `Reader`."""
        column = columns[self.at]
        if not any(column):
            return column
        found: list[Any] = list(column)
        for place in where(column):
            found[place] = self._known[found[place]]
        return found

    def one(self, row: Row) -> Any:
        """See `Reader`."""
        raw = row[self.at]
        return self._known[raw] if raw else raw


class ObjectMembers:
    """The verdicts on objects whose members were captured as one text."""

    def __init__(self, at: int, members: Members) -> None:
        self.at, self._members = at, members

    def column(self, columns: Columns) -> Column:
        """See `Reader`."""
        return self._members.verdicts(columns[self.at])

    def one(self, row: Row) -> Any:
        """See `Reader`."""
        return self._members.verdicts((row[self.at],))[0]


class Unset:
    """A member that no text of a layout has."""

    def column(self, columns: Columns) -> Column:
        """See `Reader`."""
        return [UNSET] * len(columns[-1])

    def one(self, row: Row) -> Any:  # noqa: ARG002  there is nothing to look at
        """See `Reader`."""
        return UNSET


class Values:
    """Values, None for null.

    `there` is the group of the object that they stand in, or of the object that is the value itself; `null`
    is for a null in its place.
    """

    def __init__(
        self, at: int | None, there: int | None, convert: Callable[[str], Any], null: Any = UNSET
    ) -> None:
        self._at, self._there, self._convert = at if at is not None else -1, there, convert
        self._missing = {"n": null, "": UNSET}

    def column(self, columns: Columns) -> Column:
        """See `Reader`."""
        column, convert = columns[self._at], self._convert
        if all(column):
            found = list(map(convert, column))
        else:
            found = [convert(each) if each else None for each in column]
        if self._there is None or (starts := columns[self._there]).count("{") == len(starts):
            return found
        missing = self._missing
        return [missing.get(start, each) for each, start in zip(found, starts, strict=True)]

    def one(self, row: Row) -> Any:
        """See `Reader`."""
        found = self._convert(row[self._at]) if row[self._at] else None
        return found if self._there is None else self._missing.get(row[self._there], found)


class ListTexts:
    """The texts of a list's elements in a tuple, None for a list that is null."""

    def __init__(self, there: int, elements: Sequence[int], convert: Callable[[str], Any]) -> None:
        self._groups, self._convert = (there, *elements), convert
        self._known = Short(self._texts)

    def _texts(self, row: Row) -> Any:
        if row[0] != "[":
            return None if row[0] else UNSET
        return tuple([self._text(each) for each in row[1:] if each])

    def _text(self, raw: str) -> Any:
        if raw == "null":
            return None
        return self._convert(raw) if raw[0] == '"' else UNSET

    def column(self, columns: Columns) -> Column:
        """See `Reader`."""
        rows = zip(*[columns[at] for at in self._groups], strict=True)
        return list(map(self._known.__getitem__, rows))

    def one(self, row: Row) -> Any:
        """See `Reader`."""
        return self._known[tuple([row[at] for at in self._groups])]


class Short(Recent[Any, Any]):
    """A memory of results by a text, or by several; results of long texts are not kept."""

    def __missing__(self, key: Any) -> Any:
        """The value, which is not remembered for a long text."""
        size = len(key) if key.__class__ is str else sum(map(len, key))
        return self._make(key) if size > LONG else super().__missing__(key)


def where(found: Iterable[object]) -> list[int]:
    """The places of true values in a column."""
    return [*compress(count(), found)]
