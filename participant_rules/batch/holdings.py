"""What the rows of a project's chunk hold: the ids, identifiers, addresses and numbers that they claim."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import Any, Final

from participant_rules.project.case import Case
from participant_rules.project.claim import Claim
from participant_rules.project.claiming import Claimed
from participant_rules.project.ledger import Entry, Ledger
from participant_rules.project.model import Participant, Stored

__all__ = ["Holdings", "of_case", "of_update"]

Held = Iterable[tuple[str, str]]
"""Kinds and texts."""


class Holdings:
    """What rows claim, by kind: places and texts."""

    def __init__(self) -> None:
        self._places: dict[str, list[int]] = {kind: [] for kind in _KINDS}
        self._texts: dict[str, list[Any]] = {kind: [] for kind in _KINDS}

    def note(self, place: int, held: Held) -> None:
        """Note the claims of a row."""
        for kind, text in held:
            self._places[kind].append(place)
            self._texts[kind].append(text)

    def take(self, claimed: Claimed) -> None:
        """Note what rows claim that add somebody."""
        places, _, *columns = claimed[:5]
        for kind, texts in zip(_OF_ADDED, columns, strict=True):
            self._places[kind] += places if all(texts) else compress(places, texts)
            self._texts[kind] += filter(None, texts)

    def __iter__(self) -> Iterator[tuple[str, Sequence[int], Sequence[str]]]:
        """Each kind, the places, and the text of each."""
        return ((kind, places, self._texts[kind]) for kind, places in self._places.items())


_KINDS: Final = ("id", "participantIdentifier", "email", "phone")
_OF_ADDED: Final = _KINDS[1:]  # his id is not his own to say


def of_update(claim: Claim, ledger: Ledger) -> Held:
    """What a row claims that names somebody who is stored, and what he has."""
    entry = ledger.identifiers.first[claim.identifier or ""]
    return _texts(
        ("id", entry.id, None),
        ("participantIdentifier", entry.identifier, None),
        ("email", claim.email, entry.email_key),
        ("phone", claim.phone, entry.phone_key),
    )


def of_case(case: Case) -> Held:
    """What a row claims that the rules judge, and what the participant has whom it names."""
    asked = case.change.asked if isinstance(case.change.asked, Participant) else _NOBODY
    entry = case.entry if isinstance(case.entry, Entry) else Entry(Stored(_NOBODY))
    return _texts(
        ("id", asked.id.lower() if isinstance(asked.id, str) else None, entry.id),
        ("participantIdentifier", asked.participant_identifier, entry.identifier),
        ("email", case.email_key, entry.email_key),
        ("phone", case.phone_key, entry.phone_key),
    )


_NOBODY: Final = Participant()


def _texts(*held: tuple[str, Any, Any]) -> Held:
    """The texts of each kind, each of them once."""
    for kind, one, other in held:
        if one:
            yield kind, one
        if other and other != one:
            yield kind, other
