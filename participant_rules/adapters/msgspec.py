"""Reading JSON with msgspec (extra `fast`): a faster `jsontext.glance`.

    batch.check(records, task, glance=msgspec.glance)

A faster decoder must not read anything otherwise than the strict reader. This one compares names byte by
byte, gives integers of any size, and refuses white space, escapes, control characters and UTF-8 that are not
sound. Two differences are left, and both are seen in the text: it takes a NUL, and an integer that no double
holds. A colon that is escaped is in doubt too, since it is not counted.
"""

from typing import Any, Final

from msgspec.json import Decoder

from participant_rules.jsontext import MAX_BYTES
from participant_rules.unset import UNSET

__all__ = ["glance"]

_decode: Final = Decoder().decode
_UNSURE: Final = (UNSET, -1)
_COLON, _BACKSLASH = b":\\"  # as numbers, which are found in a tenth of the time
_ODD: Final = (rb"\u0000", rb"\u003a", rb"\u003A")  # a NUL, and colons that nobody could count

# An integer that no double holds has 309 digits or more, so every sixteenth byte shows 19 of them in a row.
_STEP: Final = 16
_LONG: Final = b"0" * (309 // _STEP)
_DIGITS: Final = bytes(ord("0") if each in b"0123456789" else ord(" ") for each in range(256))


def glance(payload: object) -> tuple[Any, int]:
    """The value of a text and the most names that it can have, or UNSET and -1; see `jsontext.glance`."""
    try:
        if isinstance(payload, bytes):
            encoded = payload
        elif isinstance(payload, str):
            encoded = payload.encode()
        else:
            return _UNSURE
        if len(encoded) > MAX_BYTES or (_BACKSLASH in encoded and any(map(encoded.__contains__, _ODD))):
            return _UNSURE
        if _LONG in encoded[::_STEP].translate(_DIGITS):
            return _UNSURE
        return _decode(encoded), encoded.count(_COLON)
    except (ValueError, RecursionError):
        return _UNSURE
