"""The ledger of a batch while it is decided: participants by the keys of their unique members.

A ledger begins with what the store answered. Each accepted row takes its keys and releases those it gives
up, so that the rows after it see the store as it would be.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from participant_rules.project.keys import ID, keys_of_stored
from participant_rules.project.model import Participant, Project, Stored
from participant_rules.project.policy import Policy

__all__ = ["Entry", "Index", "Ledger", "Standing"]

T = TypeVar("T", bound=Hashable)


class Standing(Protocol):
    """The present state of a participant: stored, or the result of an earlier row."""

    @property
    def participant(self) -> Participant:
        """The participant."""
        ...

    @property
    def as_stored(self) -> Stored:
        """The participant that a write replaces: as stored, or as an earlier row left it."""
        ...


class Entry:
    """One participant: its present state, its keys by path, and the members of rows that set them."""

    __slots__ = ("enrolled", "keys", "rows", "standing")

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.enrolled = False
        self.keys: dict[str, str] = {}
        self.rows: dict[str, str] = {}


class Index(Generic[T]):
    """The holders of keys. A legacy store may have given one to several: the first counts."""

    __slots__ = ("_others", "first")

    def __init__(self) -> None:
        self.first: dict[str, T] = {}
        self._others: dict[str, list[T]] = {}

    def give(self, key: str | None, holder: T) -> None:
        """Give the key to the holder; None is no key."""
        if key is not None and self.first.setdefault(key, holder) is not holder:
            self._others.setdefault(key, []).append(holder)

    def order(self, key: str | None, places: Mapping[T, int]) -> None:
        """Put the holders of the key in the order of their places, without a place last."""
        others = self._others.get(key or "")
        if key is not None and others:
            last = len(places)
            self.first[key], *others[:] = sorted(self.holders(key), key=lambda each: places.get(each, last))

    def holders(self, key: str) -> tuple[T, ...]:
        """All holders of the key."""
        return (self.first[key], *self._others.get(key, ())) if key in self.first else ()

    def release(self, key: str | None, holder: T) -> None:
        """Take the key from the holder: it is free again, unless it had others."""
        if key is None:
            return
        others = self._others.get(key, [])
        if self.first.get(key) is not holder:
            others.remove(holder)
        elif others:
            self.first[key] = others.pop(0)
        else:
            del self.first[key]


class Ledger:
    """The participants that a batch names; one that is not in a `complete` ledger is not stored."""

    __slots__ = ("_without_id", "complete", "indices")

    def __init__(self, *, complete: bool) -> None:
        self.complete = complete
        self.indices: dict[str, Index[Entry]] = defaultdict(Index)
        self._without_id: dict[frozenset[tuple[str, str]], Entry] = {}

    @property
    def is_of_nobody(self) -> bool:
        """Whether no participant was taken in; false proves nothing."""
        return not self.indices

    def find(self, path: str, key: str | None) -> Entry | None:
        """The holder of a key; of several the first one."""
        index = self.indices.get(path)
        return None if index is None or key is None else index.first.get(key)

    def take_in(self, stored: Stored, project: Project, policy: Policy) -> Entry:
        """Take in a stored participant, or find the same one by its id, or without an id by its keys."""
        keys = keys_of_stored(stored, project, policy)
        name = keys.get(ID)
        known = self._without_id.get(frozenset(keys.items())) if name is None else self.find(ID, name)
        if known is not None:
            return known
        entry = Entry(stored)
        if name is None:
            self._without_id[frozenset(keys.items())] = entry
        entry.enrolled, entry.keys = stored.participant.enrolled is True, dict(keys)
        for path, key in keys.items():
            self.indices[path].give(key, entry)
        return entry

    def order(self, entries: Sequence[Entry]) -> None:
        """Let the holders of a shared key hold it in this order, whenever they were taken in."""
        places = {entry: place for place, entry in enumerate(entries)}
        for entry in entries:
            for path, key in entry.keys.items():
                self.indices[path].order(key, places)

    def take_in_new(
        self, standing: Standing, keys: Mapping[str, str | None], member: Callable[[str], str]
    ) -> None:
        """Take in a participant that an accepted row adds, with keys that are free.

        `member` gives the pointer of the row's member by its path.
        """
        entry = Entry(standing)
        for path, key in keys.items():
            if path != ID:
                self.set_key(entry, path, key, member(path))

    def set_key(self, entry: Entry, path: str, key: str | None, member: str) -> None:
        """Give a unique value to a participant, or take it from it, by the member of an accepted row."""
        before = entry.keys.get(path)
        if key == before:
            return
        self.indices[path].release(before, entry)
        self.indices[path].give(key, entry)
        entry.rows[path] = member
        if key is None:
            del entry.keys[path]
        else:
            entry.keys[path] = key
