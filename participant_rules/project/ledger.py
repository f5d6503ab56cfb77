"""Who stands where while a batch is decided: participants by id, identifier, e-mail key and phone key.

A ledger begins with what the store answered. Each accepted row claims its keys and releases those it gives
up, so that the rows after it see the store as it would be.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from participant_rules.project.model import Demographics, Participant, Stored
from participant_rules.project.policy import Policy
from participant_rules.unset import Unset

__all__ = ["Entry", "Index", "Ledger", "Standing", "keys_of", "keys_of_stored"]

T = TypeVar("T", bound=Hashable)
Keys = tuple[str | None, str | None, str | None]


class Standing(Protocol):
    """What a participant stands as: stored, or the result of an earlier row."""

    @property
    def participant(self) -> Participant:
        """The participant."""
        ...

    @property
    def as_stored(self) -> Stored:
        """What a write replaces: as it is stored, or without a version as an earlier row left it."""
        ...


class Entry:
    """One participant: what it stands as, its keys, and the rows of the batch that set them."""

    __slots__ = (
        "email_key",
        "email_row",
        "enrolled",
        "id",
        "identifier",
        "identifier_row",
        "phone_key",
        "phone_row",
        "standing",
    )

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.enrolled = False
        self.id: str | None = None
        self.identifier: str | None = None
        self.email_key: str | None = None
        self.phone_key: str | None = None
        self.identifier_row: int | None = None
        self.email_row: int | None = None
        self.phone_row: int | None = None


class Index(Generic[T]):
    """Who holds a key. A legacy store may have given one to several: the first counts."""

    __slots__ = ("_others", "first")

    def __init__(self) -> None:
        self.first: dict[str, T] = {}
        self._others: dict[str, list[T]] = {}

    def claim(self, key: str | None, holder: T) -> None:
        """Give the key to the holder; None is no key."""
        if key is not None and self.first.setdefault(key, holder) is not holder:
            self._others.setdefault(key, []).append(holder)

    def order(self, key: str | None, places: Mapping[T, int]) -> None:
        """Put those who hold the key in the order of their places; who has none comes last."""
        others = self._others.get(key or "")
        if key is not None and others:
            last = len(places)
            self.first[key], *others[:] = sorted(self.holders(key), key=lambda each: places.get(each, last))

    def holders(self, key: str) -> tuple[T, ...]:
        """All who hold the key."""
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
    """The participants that a batch speaks of; who is not in a `complete` one is not stored."""

    __slots__ = ("_without_id", "complete", "emails", "identifiers", "ids", "phones")

    def __init__(self, *, complete: bool) -> None:
        self.complete = complete
        self.ids: dict[str, Entry] = {}
        self._without_id: dict[Keys, Entry] = {}
        self.identifiers: Index[Entry] = Index()
        self.emails: Index[Entry] = Index()
        self.phones: Index[Entry] = Index()

    @classmethod
    def of(cls, participants: Iterable[Stored] | None, region: str, policy: Policy) -> "Ledger":
        """The ledger of what a store answered; None: nobody was asked."""
        ledger = cls(complete=participants is not None)
        for each in participants or ():
            ledger.enter(each, region, policy)
        return ledger

    def enter(self, stored: Stored, region: str, policy: Policy) -> Entry:
        """Take in a stored participant, or find who is there already; without an id the keys tell that."""
        participant = stored.participant
        keys = keys_of_stored(stored, region, policy)
        name = participant.id.lower() if isinstance(participant.id, str) else None
        known = self._without_id.get(keys) if name is None else self.ids.get(name)
        if known is not None:
            return known
        entry = Entry(stored)
        if name is None:
            self._without_id[keys] = entry
        else:
            self.ids[name] = entry
        entry.id, entry.enrolled = name, participant.enrolled is True
        entry.identifier, entry.email_key, entry.phone_key = keys
        self.identifiers.claim(entry.identifier, entry)
        self.emails.claim(entry.email_key, entry)
        self.phones.claim(entry.phone_key, entry)
        return entry

    def order(self, entries: Sequence[Entry]) -> None:
        """Let those who share a key hold it in this order, whenever they were taken in."""
        places = {entry: place for place, entry in enumerate(entries)}
        for entry in entries:
            self.identifiers.order(entry.identifier, places)
            self.emails.order(entry.email_key, places)
            self.phones.order(entry.phone_key, places)

    def enter_new(
        self,
        standing: Standing,
        identifier: str | None,
        email: str | None | Unset,
        phone: str | None | Unset,
        row: int,
    ) -> None:
        """Take in a participant whom an accepted row adds, with his keys, which nobody has."""
        entry = Entry(standing)
        if identifier:
            self.set_identifier(entry, identifier, row)
        self.set_email(entry, email or None, row)
        self.set_phone(entry, phone or None, row)

    def set_identifier(self, entry: Entry, identifier: str, row: int) -> None:
        """An accepted row names or renames a participant."""
        if identifier != entry.identifier:
            self.identifiers.release(entry.identifier, entry)
            self.identifiers.claim(identifier, entry)
            entry.identifier, entry.identifier_row = identifier, row

    def set_email(self, entry: Entry, key: str | None, row: int) -> None:
        """An accepted row gives a participant an address, or takes it."""
        if key != entry.email_key:
            self.emails.release(entry.email_key, entry)
            self.emails.claim(key, entry)
            entry.email_key, entry.email_row = key, row

    def set_phone(self, entry: Entry, key: str | None, row: int) -> None:
        """An accepted row gives a participant a number, or takes it."""
        if key != entry.phone_key:
            self.phones.release(entry.phone_key, entry)
            self.phones.claim(key, entry)
            entry.phone_key, entry.phone_row = key, row


def keys_of(participant: Participant, region: str, policy: Policy) -> Keys:
    """What a stored participant is found by beside its id: identifier, e-mail key, phone key."""
    identifier, demographics = participant.participant_identifier, participant.demographics
    email = phone = None
    if isinstance(demographics, Demographics):
        address, number = demographics.email, demographics.mobile_phone
        email = policy.email(address) if isinstance(address, str) and address.strip() else None
        phone = policy.phone(number, region) if isinstance(number, str) and number.strip() else None
    named = isinstance(identifier, str) and identifier.strip()
    return named or None, email, phone


def keys_of_stored(stored: Stored, region: str, policy: Policy) -> Keys:
    """The same, which is remembered with the participant."""
    found_by = stored.found_by
    if found_by is None or found_by[:2] != (region, policy):
        found_by = (region, policy, keys_of(stored.participant, region, policy))
        object.__setattr__(stored, "found_by", found_by)
    keys: Keys = found_by[2]
    return keys
