"""The texts and flags of an entity that no page documents, and that are kept and answered like the others."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, Self

from participant_rules.schema.kinds import Boolean, Text
from participant_rules.schema.shapes import Member, Shape
from participant_rules.unset import UNSET, Unset

__all__ = ["Further"]


class Further:
    """Some further texts and flags of an entity class."""

    def __init__(self, members: Sequence[Member]) -> None:
        self._written: Final = [each for each in members if not each.read_only]
        self._kept: Final = [each.attribute for each in members if each.read_only]
        self._names: Final = [(each.name, each.attribute, each.kind) for each in members]

    @classmethod
    def beside(cls, entity: type, *documented: str) -> Self | None:
        """Those beside the documented attributes; None without any."""
        members = [
            each
            for each in Shape.of(entity).members
            if isinstance(each.kind, Text | Boolean) and each.attribute not in documented
        ]
        return cls(members) if members else None

    def answered(self, entity: Any) -> dict[str, Any]:
        """The values by name: of a flag that is not there false, of a text null."""
        return {name: _value(getattr(entity, attribute), kind) for name, attribute, kind in self._names}

    def written(self, asked: Any, stored: Any) -> dict[str, Any]:
        """The values by attribute after a full replacement: the body's, and read-only ones as stored."""
        values = {each.attribute: _value(getattr(asked, each.attribute), each.kind) for each in self._written}
        return values if not stored else values | {each: getattr(stored, each) for each in self._kept}

    def sent(self, asked: Any) -> Iterator[tuple[str, Any]]:
        """The attributes and values that a body sends."""
        for each in self._written:
            value = getattr(asked, each.attribute)
            if value is not UNSET:
                yield each.attribute, value

    def omitted(self, asked: Any, stored: Any) -> Iterator[str]:
        """The names of those that a body leaves out although there is a value."""
        for each in self._written:
            value = getattr(stored, each.attribute)
            if getattr(asked, each.attribute) is UNSET and _value(value, each.kind):
                yield each.name


def _value(value: Any, kind: object) -> bool | str | None:
    if isinstance(kind, Boolean):
        return value is True
    return None if isinstance(value, Unset) else value
