"""Members of ours in the text of a JSON object, everything else of which stays as it stands."""

import json
from collections.abc import Mapping
from typing import Any

from participant_rules.batch.files.annotated import free
from participant_rules.batch.files.text_places import MARK
from participant_rules.jsonplaces import DECODER

__all__ = ["spliced"]


def spliced(text: str, members: Mapping[str, str]) -> str:
    """The text of an object with further members at its end; any other text as it is."""
    value = _decoded(text)
    if not (members and isinstance(value, dict)):
        return text
    added = {free(name, value): text for name, text in members.items()}
    body = text[: text.rindex("}")].rstrip(" \t\r\n")
    comma = ", " if value else ""
    return body + comma + json.dumps(added, ensure_ascii=False)[1:-1] + text[len(body) :]


def _decoded(text: str) -> Any:
    """The value; None where the text is broken."""
    try:
        return DECODER.decode(text.removeprefix(MARK))
    except (ValueError, RecursionError):
        return None
