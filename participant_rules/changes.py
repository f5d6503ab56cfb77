"""The changes of an update, member by member: values of both families."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Literal

from attrs import evolve, field, frozen

__all__ = ["ChangeKind", "MemberChange", "Members", "compared", "is_nothing", "placed_under"]

ChangeKind = Literal["set", "changes", "is cleared"]
"""What becomes of a member."""

Members = Mapping[Any, tuple[str, Any]]
"""The JSON Pointers and values of members, by keys that are equal before and after."""


@frozen
class MemberChange:
    """A member that an update sets, changes or clears: its JSON Pointer, the stored and the new JSON value.

    `omitted` tells that the request leaves the member out, so that a full replacement loses what is stored.
    The values are personal data, and in no repr.
    """

    pointer: str
    stored: Any = field(repr=False)
    new: Any = field(repr=False)
    omitted: bool = False

    @property
    def kind(self) -> ChangeKind:
        """The kind of the change."""
        if is_nothing(self.stored):
            return "set"
        return "is cleared" if is_nothing(self.new) else "changes"


def is_nothing(value: object) -> bool:
    """Whether a member has no value: null or ""."""
    return value is None or value == ""


def compared(
    before: Members, after: Members, same: Callable[[Any, Any], bool]
) -> Iterator[tuple[Hashable, MemberChange]]:
    """The differing members by key: first the members of `after`, then the removed ones."""
    for key, (where, new) in after.items():
        stored = before[key][1] if key in before else None
        if not same(stored, new):
            yield key, MemberChange(where, stored, new)
    for key, (where, stored) in before.items():
        if key not in after and not same(stored, None):
            yield key, MemberChange(where, stored, None)


def placed_under(base: str, changes: tuple[MemberChange, ...]) -> tuple[MemberChange, ...]:
    """The changes with pointers that start with `base`, the row's place in its batch."""
    if not base:
        return changes
    return tuple([evolve(each, pointer=base + each.pointer) for each in changes])
