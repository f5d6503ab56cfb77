"""The numbers of a JSON text, as far as they fit a double."""

from math import isfinite


class Unsure(ValueError):
    """Raised by the quick reader for a text that the slow one must judge."""


def finite(text: str) -> float:
    """The float of a number with a fraction or an exponent; raises Unsure beyond the greatest double."""
    number = float(text)
    if not isfinite(number):
        raise Unsure
    return number


_LONGEST_DOUBLE = 308  # digits: every integer of so many fits a double


def integer(text: str) -> int:
    """The integer of digits; raises Unsure where it may not fit a double."""
    if len(text) > _LONGEST_DOUBLE:
        raise Unsure
    return int(text)
