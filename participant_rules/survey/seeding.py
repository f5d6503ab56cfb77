"""Seedings: values that a participant's questionnaire starts with."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final, Protocol

from participant_rules.unset import Unset

__all__ = ["Accepted", "code_values"]


def code_values(text: str) -> tuple[str, ...]:
    """The code values of a seeding: split at semicolons, trimmed, blanks dropped."""
    return tuple([value for value in map(str.strip, text.split(";")) if value])


class _Variable(Protocol):
    @property
    def is_choice(self) -> bool: ...

    def accepts(self, text: str | None) -> bool: ...


_NOTHING: Final = frozenset[str | None]()
_ENOUGH: Final = 4096  # texts to remember for one variable; a survey's real answers are far fewer


class Accepted:
    """The seedings of a survey that were judged right, so that the next record with the same ones is clear.

    Only keys in lower case count, so that one who vouches for a seeding knows that no key stands there twice.
    What people write of their own is never remembered: only the texts of choices are.
    """

    def __init__(
        self, variables: Mapping[str, _Variable] | Unset, seedable: frozenset[str] | None | Unset
    ) -> None:
        self._variables = variables
        self._texts: dict[str, set[str | None] | None] = {}  # None: any text is right
        self._wrong: dict[str, set[str | None]] = {}
        if not isinstance(variables, Unset):
            keys = variables.keys() & seedable if isinstance(seedable, frozenset) else variables.keys()
            self._texts = {key: {None, ""} if variables[key].is_choice else None for key in keys}

    @cached_property
    def free(self) -> frozenset[str]:
        """The keys of open questions: any text is right."""
        return frozenset(key for key, texts in self._texts.items() if texts is None)

    def seeding(self, seeding: Mapping[str, Any]) -> bool:
        """Whether all keys and values of a seeding are right; a value may be of a wrong type."""
        texts = self._texts
        try:
            for key, text in seeding.items():
                known = texts.get(key, _NOTHING)
                if known is None:
                    if text.__class__ is not str and text is not None:
                        return False
                elif text not in known and not self._learn(key, text):
                    return False
        except TypeError:  # a list or an object cannot be looked up
            return False
        return True

    def odd(self, seeding: Mapping[str, Any]) -> dict[str, Any]:
        """The part of a seeding that is not right."""
        texts, odd = self._texts, {}
        for key, text in seeding.items():
            known = texts.get(key, _NOTHING)
            right = text is None or text.__class__ is str if known is None else text in known
            if not right and not self._learn(key, text):
                odd[key] = text
        return odd

    def _learn(self, key: str, text: Any) -> bool:
        """Judge a text that was not seen before."""
        if text.__class__ is not str and text is not None:
            return False
        if isinstance(self._variables, Unset):
            return key == key.lower()
        known = self._texts.get(key)
        if known is None or text in self._wrong.get(key, _NOTHING):
            return False
        right = self._variables[key].accepts(text)
        kept = known if right else self._wrong.setdefault(key, set())
        if len(kept) < _ENOUGH:
            kept.add(text)
        return right
