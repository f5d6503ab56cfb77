"""Where the faults of a JSON text stand, as lines and columns for people."""

import json
from typing import Final

from participant_rules.jsonplaces import position_of, position_of_fault

__all__ = ["fault_position", "json_text"]

_MARK: Final = "\ufeff"
_UNDECODED: Final = "\ufffd"


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
        json.loads(text.removeprefix(_MARK))
    except json.JSONDecodeError as failure:
        return position_of_fault(failure) + text.startswith(_MARK)
    except RecursionError:
        return None
    undecoded = text.find(_UNDECODED)
    return None if undecoded < 0 else undecoded
