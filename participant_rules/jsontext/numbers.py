"""The numbers of a JSON text: all that fit a double."""

from math import isfinite


class Unsure(ValueError):
    """The quick reader met a text that the slow one must judge."""


def finite(text: str) -> float:
    """The number of a text with a fraction or an exponent; raises Unsure beyond the greatest double."""
    number = float(text)
    if not isfinite(number):
        raise Unsure
    return number


_LONGEST_DOUBLE = 308  # digits: every integer of so many fits a double


def integer(text: str) -> int:
    """The number of a text of digits; raises Unsure where it may not fit a double."""
    if len(text) > _LONGEST_DOUBLE:
        raise Unsure
    return int(text)
