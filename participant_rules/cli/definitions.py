"""Reading definitions: of a survey or a project, with whom they have."""

import sys
from pathlib import Path
from typing import Any

from participant_rules import jsontext
from participant_rules.unusable import Unusable

__all__ = ["read_definition"]


def read_definition(file: str) -> Any:
    """The JSON value of a definition; raises Unusable."""
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as failure:
        raise Unusable(f"{file}: {failure.strerror}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise Unusable(f"{file}: the file is not UTF-8 (at byte {failure.start})") from None
    value, faults = jsontext.read(text, max_bytes=max(jsontext.MAX_BYTES, len(data)))
    if faults:
        where = f" ({faults[0].pointer})" if faults[0].pointer else ""
        raise Unusable(f"{file}: {faults[0].text}{where}")
    return value
