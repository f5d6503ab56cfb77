"""Flags in other forms: yes and no, 1 and 0."""

from collections.abc import Mapping
from typing import Any, Final

from participant_rules.schema.form import Fix
from participant_rules.spelling import without_invisible

__all__ = ["repair_flag", "repair_flag_text"]

_WORDS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("true", "yes", "y", "t", "1", "on"), True),
    **dict.fromkeys(("false", "no", "n", "f", "0", "off"), False),
}


def repair_flag(value: Any) -> Fix | None:
    """The truth value of a word, or of 1 and 0; None for anything else."""
    if isinstance(value, str):
        meant = _WORDS.get(without_invisible(value).strip().casefold())
    else:
        meant = bool(value) if isinstance(value, int | float) and value in (0, 1) else None
    return None if meant is None else Fix(meant, certain=True)


def repair_flag_text(value: Any) -> Fix | None:
    """The same, where a text stays one."""
    found = repair_flag(value)
    if found is None or not isinstance(value, str):
        return found
    return Fix("true" if found.value else "false", certain=True)
