"""When a value is nothing, and when two are the same.

White space at the ends of a documented string does not count, and a string with nothing in it is null. What
is the same as the stored value is not judged, so that what a Get answers can be put back.
"""

import json
from typing import Final

from participant_rules.changes import is_nothing
from participant_rules.unset import Unset

__all__ = ["is_nothing", "same_json", "same_text", "trimmed"]


def trimmed(value: str | None | Unset) -> str | None:
    """A documented string without white space at its ends; None where there is nothing in it."""
    return (value.strip() or None) if isinstance(value, str) else None


def same_text(one: str | None | Unset, other: str | None | Unset) -> bool:
    """Whether two documented strings are equal; null and absent are."""
    return (one or "").strip() == (other or "").strip()


def same_json(one: object, other: object) -> bool:
    """Whether two custom values are the same: 1, 1.0 and true are three values, null and "" are one."""
    if one.__class__ is other.__class__ and one.__class__ in _COMPARED_BY_EQUALITY:
        return one == other
    if is_nothing(one) or is_nothing(other):
        return is_nothing(one) and is_nothing(other)
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


_COMPARED_BY_EQUALITY: Final = frozenset({str, int, bool})
"""The classes whose equal values are written alike."""
