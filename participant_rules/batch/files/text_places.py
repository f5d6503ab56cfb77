"""Where the faults of a JSON text stand, as lines and columns for people."""

import json
from typing import Final

from participant_rules.jsonplaces import position_of, position_of_fault

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
    """The position of the member that a JSON Pointer names, or of an error of syntax; None for neither."""
    if pointer:
        return position_of(text, pointer)
    try:
        json.loads(text.removeprefix(MARK))
    except json.JSONDecodeError as failure:
        return position_of_fault(failure) + behind_mark(text)
    except RecursionError:
        return None
    undecoded = text.find(_UNDECODED)
    return None if undecoded < 0 else undecoded
