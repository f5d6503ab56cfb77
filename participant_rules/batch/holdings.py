"""What the rows of a project's chunk hold: the ids, identifiers, addresses and numbers that they claim."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

from participant_rules.project.case import Case
from participant_rules.project.claim import Claim
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

    def take(self, told: Mapping[int, Claim]) -> None:
        """Note what rows claim that add somebody, by their places."""
        columns = list(zip(*told.values(), strict=True))
        for kind, column in _COLUMNS.items() if columns else ():
            texts = columns[column]
            if all(texts):
                self._places[kind] += told
                self._texts[kind] += texts
            else:
                self._places[kind] += [place for place, text in zip(told, texts, strict=True) if text]
                self._texts[kind] += filter(None, texts)

    def __iter__(self) -> Iterator[tuple[str, Sequence[int], Sequence[str]]]:
        """Each kind, the places, and the text of each."""
        return ((kind, places, self._texts[kind]) for kind, places in self._places.items())


_KINDS: Final = ("id", "participantIdentifier", "email", "phone")
_COLUMNS: Final[Mapping[str, Literal[2, 3, 4]]] = {  # of a claim
    "participantIdentifier": 2,
    "email": 3,
    "phone": 4,
}


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
