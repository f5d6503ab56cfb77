"""Flags in other forms: yes and no, 1 and 0."""

from collections.abc import Mapping
from typing import Any, Final

from participant_rules.schema.form import Fix
from participant_rules.spelling import bare, nearest

__all__ = ["repair_flag", "repair_flag_text"]

_WORDS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("true", "yes", "y", "t", "1", "1.0", "on"), True),
    **dict.fromkeys(("false", "no", "n", "f", "0", "0.0", "off"), False),
}
_LIKELY: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("wahr", "vrai", "verdadero", "ja", "j", "oui", "si", "s\u00ed"), True),
    **dict.fromkeys(("falsch", "faux", "falso", "nein", "non"), False),
}


def repair_flag(value: Any) -> Fix | None:
    """The truth value of a word, or of 1 and 0; None for anything else.

    Likely are words of other languages, and a letter off `true` or `false`.
    """
    if isinstance(value, str):
        return _of_word(bare(value).casefold())
    is_bit = isinstance(value, int | float) and value in (0, 1)
    return Fix(bool(value), certain=True) if is_bit else None


def _of_word(word: str) -> Fix | None:
    if word in _WORDS:
        return Fix(_WORDS[word], certain=True)
    meant = _LIKELY.get(word, _WORDS.get(nearest(word, _WORDS) or ""))
    return None if meant is None else Fix(meant, certain=False)


def repair_flag_text(value: Any) -> Fix | None:
    """The truth value as a text, for members that are texts."""
    found = repair_flag(value)
    if found is None or not isinstance(value, str):
        return found
    return Fix("true" if found.value else "false", found.certain)
