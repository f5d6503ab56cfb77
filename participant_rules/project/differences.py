"""The differences of two states of a participant, by the answers of Get Participant."""

from collections.abc import Iterator
from typing import Any, Final

from participant_rules.changes import MemberChange, Members, compared
from participant_rules.project.model import Participant
from participant_rules.project.values import same_json
from participant_rules.project.wire import answer
from participant_rules.violations import pointer

__all__ = ["differences"]

_OBJECTS: Final = ("demographics", "customFields")
_ALIAS: Final = "secondaryIdentifier"  # answered as a custom field too


def differences(before: Participant, after: Participant) -> tuple[MemberChange, ...]:
    """The members that differ."""
    return tuple([each for _, each in compared(_members(before), _members(after), same_json)])


def _members(participant: Participant) -> Members:
    return {where: (where, value) for where, value in _flat(answer(participant))}


def _flat(answered: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in answered.items():
        if name in _OBJECTS:
            yield from ((pointer(name, inner), each) for inner, each in value.items())
        elif name != _ALIAS:
            yield pointer(name), value
