"""The findings of a peer on a record, and whether two peers agree."""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Verdict(NamedTuple):
    """A refused record: where it is wrong, and whether that is all; a peer may stop early."""

    pointers: Sequence[str]
    whole: bool = True


SOMEWHERE = Verdict((), whole=False)
"""Refused by a library that says in its own words where."""

Many = Callable[[Sequence[bytes]], list[Verdict | None]]
"""The judge of many records; None is a record that is right."""


def agree(ours: Verdict | None, theirs: Verdict | None) -> bool:
    """Whether both refuse a record or neither does, and a peer that says all says the same."""
    if ours is None or theirs is None:
        return ours is theirs
    known = set(ours.pointers)
    return known == set(theirs.pointers) if theirs.whole else known.issuperset(theirs.pointers)
