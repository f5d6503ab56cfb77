"""Which column of a table is which member of a payload."""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, Protocol

from attrs import frozen

from participant_rules.batch.files.fields import Field
from participant_rules.batch.files.notices import column_overridden, column_unknown
from participant_rules.batch.files.sheets import Cells, Header
from participant_rules.batch.records import ColumnRead, Notice, Unusable
from participant_rules.rules import at
from participant_rules.spelling import loose, without_invisible
from participant_rules.violations import Violation, pointer

__all__ = [
    "Arranged",
    "Blank",
    "Column",
    "Knowledge",
    "Reading",
    "arrange",
    "attribute_names",
    "prefixed",
]

Blank = Literal["omit", "clear"]
"""What a blank cell does: nothing, or clear the stored value."""


@frozen
class Column:
    """A column that is read: its place and name in the file, and the field it is."""

    place: int
    name: str
    field: Field


class Reading(Protocol):
    """The names of the columns of a family's tables."""

    def field(self, name: str) -> Field | None:
        """The field that a column of this name is; None for a stranger."""
        ...

    def ignores(self, name: str) -> bool:
        """Whether a column of this name is left out without a word."""
        ...

    def suggestion(self, name: str, values: Sequence[str], taken: Collection[str]) -> str | None:
        """The name of the field that a stranger may be, given some of its values; None for none.

        `taken` are the keys of the fields that other columns are.
        """
        ...

    @property
    def names(self) -> Sequence[str]:
        """The names of all fields that a column can be."""
        ...


def prefixed(prefix: str, name: str) -> str | None:
    """The rest behind a prefix and its dot, as it is spelled; None where there is no such prefix."""
    found, dot, rest = name.partition(".")
    return rest.strip() or None if dot and loose(found) == loose(prefix) else None


_attribute: Final = re.compile(r"\s*(attribute_[0-9]+)\s*<(.+)>\s*").fullmatch


def attribute_names(name: str) -> Sequence[str]:
    """The two names of a further attribute in LimeSurvey's tables; none for any other column.

    >>> attribute_names("attribute_1 <Site>")
    ('attribute_1', 'Site')
    """
    match = _attribute(without_invisible(name))
    return match.groups() if match else ()


_LONGEST: Final = 1_000  # characters of a name


@frozen
class Knowledge:
    """The known names: columns that would be read, and fields.

    `mapping` gives fields to columns by their exact names.
    """

    reading: Reading
    mapping: Mapping[str, str]

    def __call__(self, names: Sequence[str]) -> int:
        """How many of some names are columns that would be read, each field once."""
        names = [each for each in names if len(each) <= _LONGEST and each.strip()]
        spelt = {other: each for each in names for other in _spellings(each)}
        mapped = {spelt[each]: self.mapping[each] for each in self.mapping if each in spelt}
        meant = [without_invisible(mapped.get(each, each)) for each in names]
        fields = map(self.reading.field, meant)
        return len({field.key for field in fields if field is not None})

    def are_alike(self, one: str, other: str) -> bool:
        """Whether two names of columns mean the same."""
        if loose(without_invisible(one)) == loose(without_invisible(other)):
            return True
        fields = [self.reading.field(without_invisible(each)) for each in (one, other)]
        return fields[0] is not None and fields[0] == fields[1]

    @property
    def fields(self) -> str:
        """The names of all fields that a column can be."""
        return ", ".join(self.reading.names)

    def hints(self, names: Sequence[str]) -> Sequence[str]:
        """The options that would read some columns."""
        names = [each for each in names if len(each) <= _LONGEST and each.strip()]
        suggested = [(each, self.reading.suggestion(each, (), ())) for each in names]
        return [_option(name, field) for name, field in suggested if field is not None]


# ---- the columns of a file


@frozen
class Arranged:
    """The columns that are read, notices on the other ones, and how each column is read."""

    columns: Sequence[Column]
    notices: Sequence[Notice]
    readings: Sequence[ColumnRead]


def arrange(
    name: str, header: Header, reading: Reading, mapping: Mapping[str, str], sample: Sequence[Cells] = ()
) -> Arranged:
    """Part the columns of a table; raises Unusable.

    `mapping` gives fields to columns by their exact names, and wins. A column without a name is none.
    `sample` are some of the rows.
    """
    named = {place: each for place, each in enumerate(header.names) if without_invisible(each).strip()}
    mapped = _mapped(name, named.values(), reading, mapping)
    found = {
        place: mapped.get(each) or reading.field(without_invisible(each)) for place, each in named.items()
    }
    columns = _columns_of(named, found, mapped)
    if not columns:
        fields_known = ", ".join(reading.names)
        raise Unusable(f"{name}: the header has no column that is known; fields are {fields_known}")
    _refuse_repeated(name, columns)
    others = _Unread(reading, {each.field.key for each in columns}, sample)
    read = {each.place: ColumnRead(each.name, pointer(*each.field.path)) for each in columns}
    unread = {place: others.of(place, named[place], found[place]) for place in found if place not in read}
    readings = [read[place] if place in read else unread[place][0] for place in found]
    notices = [
        Notice(header.row, named[place], violation)
        for place, (_, violation) in unread.items()
        if violation is not None
    ]
    return Arranged(columns, notices, readings)


def _columns_of(
    named: Mapping[int, str], found: Mapping[int, Field | None], mapped: Mapping[str, Field]
) -> list[Column]:
    """The columns that are read: a mapped one overrides others of its field."""
    overridden = {each.key for each in mapped.values()}
    return [
        Column(place, named[place], each)
        for place, each in found.items()
        if each is not None and (named[place] in mapped or each.key not in overridden)
    ]


@frozen
class _Unread:
    """The columns that are not read; `taken` are the fields of the others."""

    reading: Reading
    taken: Collection[str]
    sample: Sequence[Cells]

    def of(self, place: int, column: str, field: Field | None) -> tuple[ColumnRead, Violation | None]:
        """How a column is read, and the violation of an unread one; a `field` is overridden."""
        if self.reading.ignores(column):
            return ColumnRead(column, None, ignored=True), None
        if field is not None:
            return ColumnRead(column, None), column_overridden.violation()
        values = [row[place] for row in self.sample if place < len(row)]
        option = _option(column, self.reading.suggestion(column, values, self.taken))
        hint = f" {option} reads it." if option else ""
        return ColumnRead(column, None, hint=option), column_unknown.violation(at(hint=hint))


def _option(column: str, field: str | None) -> str:
    """The option that would read a column as a field; "" for none."""
    return "" if field is None else f'--map "{column}={field}"'


def _mapped(
    name: str, names: Collection[str], reading: Reading, mapping: Mapping[str, str]
) -> Mapping[str, Field]:
    """The fields that columns are mapped to."""
    fields: dict[str, Field] = {}
    for column, meant in mapping.items():
        spelt = [each for each in names if column in _spellings(each)]
        if not spelt:
            raise Unusable(f"{name}: there is no column {_quoted(column)} that could be mapped")
        found = reading.field(meant)
        if found is None:
            fields_known = ", ".join(reading.names)
            raise Unusable(
                f"{name}: {_quoted(meant)} is no field that a column could be mapped to: {fields_known}"
            )
        fields |= dict.fromkeys(spelt, found)
    return fields


def _spellings(name: str) -> tuple[str, ...]:
    """The names by which a caller may name a column: without invisible characters, or spaces at the ends."""
    return name, without_invisible(name), without_invisible(name).strip()


def _refuse_repeated(name: str, columns: Sequence[Column]) -> None:
    counts = Counter([each.name.strip() for each in columns])
    for each in counts:
        if counts[each] > 1:
            raise Unusable(f"{name}: the column {_quoted(each)} stands there twice")
    for pair in _clashing(columns):
        one, other = sorted(pair, key=lambda each: each.place)
        raise Unusable(
            f"{name}: the columns {_quoted(one.name)} and {_quoted(other.name)} are the same field"
        )


def _clashing(columns: Iterable[Column]) -> Iterator[tuple[Column, Column]]:
    """The pairs of columns that are one field, or a field and a part of it."""
    found: dict[str, Column] = {}
    for each in sorted(columns, key=lambda each: len(each.field.path)):
        key = each.field.key
        while key:
            if key in found:
                yield found[key], each
            key = key.rpartition("/")[0]
        found[each.field.key] = each


def _quoted(text: str) -> str:
    """A name on one line, whatever it has in it."""
    return json.dumps(text, ensure_ascii=not text.isprintable())
