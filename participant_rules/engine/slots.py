"""The slots that are read of every record, for all the rules of a plan together."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from functools import cached_property
from typing import Any, Final

from attrs import field, frozen

from participant_rules.schema.reads import Mode, Read
from participant_rules.schema.tree import Schema
from participant_rules.wrong_types import Mistyped

__all__ = ["UNREAD", "Column", "Keys", "Odd", "Slots", "State", "Texts", "Unread", "ValueReading"]

Odd = tuple[tuple[int, Any], ...]
"""The odd slots of a record, with their values, in the order of the reading."""

Keys = tuple[Any, ...]
"""The comparison keys of the unique members.

None for null and blank, UNSET where left out, UNREADABLE and State.MALFORMED for what has none.
"""

Texts = tuple[Any, ...]
"""The values of the members that a rule reads as they are; UNREAD where only the JSON value has one."""


Column = Sequence[Any]
"""A value of each of some records, such as the keys of a unique member."""


class Unread(Enum):
    """The type of UNREAD."""

    UNREAD = "unread"


UNREAD: Final = Unread.UNREAD
"""The mark of a value that was not read, since hardly any rule reads it: it is in the JSON value."""

ValueReading = tuple[int, Keys, Odd, Texts, Mistyped]
"""The reading of a JSON value.

The colons that its text has where no name stands twice in an object (-1: it must be read strictly), the keys,
what is not plain, the values, and what has a wrong type.
"""


class State(Enum):
    """Whether a member has a value, and whether that is well formed."""

    ABSENT = "left out"
    NULL = "null or blank"
    PLAIN = "well formed"
    MALFORMED = "malformed"
    UNREADABLE = "of the wrong type"

    __hash__ = object.__hash__  # by identity, in C: kinds of records are looked up by it


DEFAULTS: Final[Mapping[Mode, Any]] = {
    Mode.STATE: State.PLAIN,
    Mode.MALFORMED: False,
    Mode.FAULTS: (),
    Mode.UNDECLARED: (),
    Mode.IGNORED: (),
    Mode.VALUE: False,  # of a flag
}
"""The value of a slot of a plain record."""


_WITHOUT_SLOT: Final = frozenset({Mode.KEY, Mode.ASKED})


@frozen(eq=False, slots=False)
class Slots:
    """The slots of a plan: `odd` for small or seldom values, `texts` for values that differ in every record.

    `keys` are the unique members.
    """

    schema: Schema
    reads: frozenset[Read] = field(repr=False)

    @classmethod
    def of(cls, schema: Schema, reads: Iterable[Read]) -> "Slots":
        """The slots of some reads; raises ValueError for a path that is not documented."""
        wanted: set[Read] = set()
        for read in reads:
            wanted.update(with_sections(schema, read))
        return cls(schema, frozenset(wanted))

    @cached_property
    def keys(self) -> Mapping[str, int]:
        """The place of each unique member's key."""
        return {node.path: place for place, node in enumerate(self.schema.unique)}

    @cached_property
    def odd(self) -> Mapping[Read, int]:
        """The place of each slot that holds a small value."""
        return {read: place for place, read in enumerate(self._sorted(is_text=False))}

    @cached_property
    def texts(self) -> Mapping[Read, int]:
        """The place of each value."""
        return {read: place for place, read in enumerate(self._sorted(is_text=True))}

    @cached_property
    def types(self) -> int:
        """The slot for values of a wrong type."""
        return len(self.odd)

    def place(self, path: str, mode: Mode) -> int | None:
        """The place of a small value of a member, judged by its own form; None where no rule reads it."""
        return self._places.get((path, mode))

    def text_place(self, path: str) -> int | None:
        """The place of a member's value; None where no rule reads it."""
        return self._text_places.get(path)

    @cached_property
    def _places(self) -> Mapping[tuple[str, Mode], int]:
        return {(read.path, read.mode): place for read, place in self.odd.items() if read.form is None}

    @cached_property
    def _text_places(self) -> Mapping[str, int]:
        return {read.path: place for read, place in self.texts.items()}

    @cached_property
    def made(self) -> dict[Any, Any]:
        """The memory of values compiled from these slots."""
        return {}

    def default(self, slot: int) -> Any:
        """The value of a slot of a plain record."""
        return self._defaults[slot]

    @cached_property
    def _defaults(self) -> tuple[Any, ...]:
        return (*[_default(self.schema, read) for read in self.odd], ())

    def _sorted(self, *, is_text: bool) -> list[Read]:
        chosen = [
            each for each in self.reads if each.mode not in _WITHOUT_SLOT and self._is_text(each) is is_text
        ]
        return sorted(chosen, key=lambda read: (read.path, read.mode.value, read.form is not None))

    def _is_text(self, read: Read) -> bool:
        return read.mode is Mode.VALUE and not self.schema.node(read.path).is_flag


def _default(schema: Schema, read: Read) -> Any:
    is_ignored = read.mode is Mode.STATE and schema.node(read.path).member.read_only
    return State.ABSENT if is_ignored else DEFAULTS[read.mode]


def with_sections(schema: Schema, read: Read) -> Iterable[Read]:
    """The read, and the reads of the presence of the sections around it."""
    if read.mode is Mode.CHANGE:
        read = Read(read.path, Mode.KEY if schema.node(read.path).unique else Mode.ASKED)
    yield read
    if read.path:
        section = schema.node(read.path).section
        while section:
            node = schema.node(section.removesuffix("[]"))
            if not node.is_list:
                yield Read(node.path, Mode.STATE)
            section = node.section
