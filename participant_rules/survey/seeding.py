"""Seedings: values that a participant's questionnaire starts with."""

from collections.abc import Mapping
from typing import Final, Protocol

from participant_rules.unset import Unset

__all__ = ["Accepted", "code_values"]


def code_values(text: str) -> tuple[str, ...]:
    """The code values of a seeding: split at semicolons, trimmed, blanks dropped."""
    return tuple(value for value in map(str.strip, text.split(";")) if value)


class _Variable(Protocol):
    def accepts(self, text: str | None) -> bool: ...


_ENOUGH: Final = 4096  # texts to remember for one variable; a survey's real answers are far fewer


class Accepted:
    """The seedings of a survey that were judged right, so that the next record with the same ones is clear.

    Only keys in lower case count, so that one who vouches for a seeding knows that no key stands there twice.
    """

    def __init__(
        self, variables: Mapping[str, _Variable] | Unset, seedable: frozenset[str] | None | Unset
    ) -> None:
        self._variables = variables
        self._texts: dict[str, set[str | None]] = {}
        if not isinstance(variables, Unset):
            keys = variables.keys() & seedable if isinstance(seedable, frozenset) else variables.keys()
            self._texts = {key: {None, ""} for key in keys}

    def seeding(self, seeding: Mapping[str, str | None | Unset] | None | Unset) -> bool:
        """Whether all keys and texts of a readable seeding are right."""
        if not seeding:
            return True
        texts = self._texts
        for key, text in seeding.items():
            known = texts.get(key)
            if (known is None or text not in known) and not self._learn(key, text):
                return False
        return True

    def _learn(self, key: str, text: str | None | Unset) -> bool:
        if isinstance(self._variables, Unset):
            return key == key.lower()
        known = self._texts.get(key)
        if known is None or isinstance(text, Unset) or not self._variables[key].accepts(text):
            return False
        if len(known) < _ENOUGH:
            known.add(text)
        return True
