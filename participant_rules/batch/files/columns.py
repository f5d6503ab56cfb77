"""Which column of a table is which member of a payload."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal, Protocol

from attrs import frozen

from participant_rules.batch.files.notices import column_overridden, column_unknown
from participant_rules.batch.files.sheets import Header
from participant_rules.batch.records import Notice, Unusable
from participant_rules.violations import pointer

__all__ = ["Blank", "Column", "Field", "Form", "Path", "Reading", "arrange", "loose", "prefixed"]

Path = tuple[str | int, ...]
Blank = Literal["omit", "clear"]
Form = Literal["text", "boolean", "integer", "decimal", "object"]


@frozen
class Field:
    """A member of a payload that a column may be: where it stands, and what its text becomes.

    A `clearable` one is null where blank cells clear; `blank` is what a blank cell always says. With `folded`
    its name is the same in capitals and in small letters.
    """

    path: Path
    form: Form = "text"
    clearable: bool = True
    blank: str | None = None
    folded: bool = False

    @property
    def key(self) -> str:
        """What tells it from other fields."""
        where = pointer(*self.path)
        return where.casefold() if self.folded else where


@frozen
class Column:
    """A column that is read: its place and name in the file, and the field it is."""

    place: int
    name: str
    field: Field


class Reading(Protocol):
    """What the columns of a family's tables are called."""

    def field(self, name: str) -> Field | None:
        """The field that a column of this name is; None for a stranger."""
        ...

    def ignores(self, name: str) -> bool:
        """Whether a column of this name is left out without a word."""
        ...


_filling = re.compile(r"[\s_-]+")


def loose(name: str) -> str:
    """What names of columns compare by: without regard to case, white space, underscores and hyphens."""
    return _filling.sub("", name).casefold()


def prefixed(prefix: str, name: str) -> str | None:
    """What stands behind a prefix and its dot, as it is spelled; None where there is no such prefix."""
    found, dot, rest = name.partition(".")
    return rest.strip() or None if dot and loose(found) == loose(prefix) else None


# ---- the columns of a file


def arrange(
    name: str, header: Header, reading: Reading, mapping: Mapping[str, str]
) -> tuple[Sequence[Column], Sequence[Notice]]:
    """The columns that are read, and what is said of the other ones; raises Unusable.

    `mapping` gives fields to columns by their exact names, and wins. A column without a name is none.
    """
    named = {place: each for place, each in enumerate(header.names) if each.strip()}
    mapped = _mapped(name, named.values(), reading, mapping)
    found = {place: mapped.get(each) or reading.field(each) for place, each in named.items()}
    taken = {each.key for each in mapped.values()}
    columns = [
        Column(place, named[place], each)
        for place, each in found.items()
        if each is not None and (named[place] in mapped or each.key not in taken)
    ]
    if not columns:
        raise Unusable(f"{name}: the file has no column that is known; is the header missing?")
    _refuse_repeated(name, named.values(), columns)
    read = {each.place for each in columns}
    return columns, [
        Notice(header.row, named[place], (column_overridden if each else column_unknown).violation())
        for place, each in found.items()
        if place not in read and not reading.ignores(named[place])
    ]


def _mapped(
    name: str, names: Collection[str], reading: Reading, mapping: Mapping[str, str]
) -> Mapping[str, Field]:
    """The fields that columns are mapped to."""
    fields: dict[str, Field] = {}
    for column, meant in mapping.items():
        if column not in names:
            raise Unusable(f"{name}: there is no column {_quoted(column)} that could be mapped")
        found = reading.field(meant)
        if found is None:
            raise Unusable(f"{name}: {_quoted(meant)} is no field that a column could be mapped to")
        fields[column] = found
    return fields


def _refuse_repeated(name: str, names: Iterable[str], columns: Sequence[Column]) -> None:
    counts = Counter(map(str.strip, names))
    for each in counts:
        if counts[each] > 1:
            raise Unusable(f"{name}: the column {_quoted(each)} stands there twice")
    for pair in _clashing(columns):
        one, other = sorted(pair, key=lambda each: each.place)
        raise Unusable(
            f"{name}: the columns {_quoted(one.name)} and {_quoted(other.name)} are the same field"
        )


def _clashing(columns: Sequence[Column]) -> Iterator[tuple[Column, Column]]:
    """The pairs of columns that are one field, or a field and a part of it."""
    known: dict[str, Column] = {}
    for each in sorted(columns, key=lambda each: len(each.field.path)):
        key = each.field.key
        while key:
            if key in known:
                yield known[key], each
            key = key.rpartition("/")[0]
        known[each.field.key] = each


def _quoted(text: str) -> str:
    """A name on one line, whatever it has in it."""
    return json.dumps(text, ensure_ascii=not text.isprintable())
