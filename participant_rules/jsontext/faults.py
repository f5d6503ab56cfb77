"""The faults that the text of a request can have, and the limits of a text."""

import re
from typing import Final

from participant_rules.rules import Rule, fault
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

MAX_BYTES: Final = 10 * 1024 * 1024
MAX_DEPTH: Final = 64

not_json = fault("The text is not JSON.", "not-json", "A body is JSON text in UTF-8.")
not_json_value = fault(
    "The value is of the type {found}, which JSON does not have.",
    "not-json-value",
    "A decoded value consists of what JSON has: objects, lists, strings, numbers, true, false and null.",
    pointer="/{member}",
)
key_repeated = fault(
    "The same name stands twice in one object.",
    "key-repeated",
    "The names within an object are unique.",
    pointer="/{member}",
)
number_not_finite = fault(
    "The number is not finite.",
    "number-not-finite",
    "A number fits a double: NaN, Infinity and 1e999 do not.",
    pointer="/{member}",
)
too_deep = fault(
    f"The text nests deeper than {MAX_DEPTH} levels.", "too-deep", f"A body nests at most {MAX_DEPTH} levels."
)
too_large = fault(
    "The text is too large.", "too-large", "A body has at most 10 MiB, or what the caller allows."
)
text_malformed = fault(
    "The text has a lone surrogate or a NUL character.",
    "text-malformed",
    "A string has no lone surrogate and no NUL character.",
    pointer="/{member}",
)

FAULTS: Final[tuple[Rule, ...]] = (
    not_json,
    key_repeated,
    number_not_finite,
    too_deep,
    too_large,
    text_malformed,
)

VALUE_FAULTS: Final[tuple[Rule, ...]] = (not_json_value,)
"""The faults that only decoded values can have, and no text."""

Faults = tuple[Violation, ...]
Path = tuple[str | int, ...]


def refused(rule: Rule) -> tuple[Unset, Faults]:
    """No value, and the one fault of a text."""
    return UNSET, (rule.violation(),)


def is_malformed(text: str) -> bool:
    """Whether a text has a NUL character or a lone surrogate."""
    return "\0" in text or (not text.isascii() and lone_surrogate(text) is not None)


lone_surrogate = re.compile(r"[\ud800-\udfff]").search


def printable(name: str) -> str:
    """A member's name that can be written anywhere: a lone surrogate becomes the replacement character."""
    return name.encode("utf-8", "replace").decode() if lone_surrogate(name) else name
