"""Where the faults of a JSON text stand, as lines and columns for people."""

from json import JSONDecodeError
from typing import Final

from participant_rules.jsonplaces import DECODER, position_of, position_of_fault
from participant_rules.jsontext import too_deep_at

__all__ = ["MARK", "behind_mark", "fault_position", "json_text"]

MARK: Final = "\ufeff"
"""The byte order mark."""
_UNDECODED: Final = "\ufffd"


def behind_mark(text: str) -> int:
    """Where a text begins behind its byte order mark; 0 without one."""
    return len(MARK) if text.startswith(MARK) else 0


def json_text(payload: object) -> str:
    """The text of a payload, with U+FFFD where bytes are not UTF-8; "" for a value."""
    if isinstance(payload, bytes):
        payload = payload.decode("utf-8", "replace")
    return payload if isinstance(payload, str) else ""


def fault_position(text: str, pointer: str) -> int | None:
    """Where a fault stands: at the member that a JSON Pointer names, or of the text as a whole.

    Of the whole it is where it nests too deep, is no JSON or not UTF-8; else where it begins.
    """
    found = None if pointer else _fault_of_the_whole(text)
    return position_of(text, pointer) if found is None else found


def _fault_of_the_whole(text: str) -> int | None:
    deep = too_deep_at(text)
    if deep is not None:
        return deep
    try:
        DECODER.decode(text)
    except JSONDecodeError as failure:
        return position_of_fault(failure)
    undecoded = text.find(_UNDECODED)
    return None if undecoded < 0 else undecoded
