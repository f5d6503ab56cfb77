"""Reading a payload: bytes, a text, or a value that was decoded elsewhere."""

from collections.abc import Callable
from json import JSONDecoder
from typing import Any, Final

from participant_rules.jsontext import quick, slow
from participant_rules.jsontext.faults import MAX_BYTES, Faults, lone_surrogate, not_json, refused, too_large
from participant_rules.jsontext.values import exact, faults_of, is_sound
from participant_rules.unset import UNSET


def read(payload: object, *, max_bytes: int = MAX_BYTES) -> tuple[Any, Faults]:
    """The JSON value of a payload (bytes, text, or a value decoded elsewhere) and the faults of its text.

    The value is UNSET when there is a fault. Never raises on bad input.
    """
    if isinstance(payload, _BYTES):
        return _read_bytes(bytes(payload), max_bytes)
    if isinstance(payload, str):
        return _read_text(payload, max_bytes)
    if is_sound(payload):
        return payload, ()
    faults = faults_of(payload)
    return (UNSET, faults) if faults else (exact(payload), ())


_BYTES: Final = (bytes, bytearray, memoryview)  # as a union it would be made for each payload


def _read_bytes(payload: bytes, max_bytes: int) -> tuple[Any, Faults]:
    if len(payload) > max_bytes:
        return refused(too_large)
    try:
        return quick.decode(payload.decode())
    except UnicodeDecodeError:
        return refused(not_json)


def _read_text(payload: str, max_bytes: int) -> tuple[Any, Faults]:
    if len(payload) > max_bytes:
        return refused(too_large)
    encoded = payload.encode("utf-8", "surrogatepass")
    if len(encoded) > max_bytes:
        return refused(too_large)
    return quick.decode(payload) if lone_surrogate(payload) is None else slow.decode(payload)


def sound_value(payload: object) -> Any:
    """The value of a payload that is known to have no fault: nothing is looked for."""
    text = payload.decode() if isinstance(payload, bytes) else payload
    if not isinstance(text, str):
        return payload
    try:
        return _scanned(text, 0)[0]
    except StopIteration:  # white space before the value
        return _sound.decode(text)


_sound: Final[Any] = JSONDecoder()
_scanned: Final[Callable[[str, int], tuple[Any, int]]] = _sound.scan_once
