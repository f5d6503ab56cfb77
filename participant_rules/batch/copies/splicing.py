"""Members of ours in the text of a JSON object, everything else of which stays as it stands."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from participant_rules.batch.files.annotated import free, ours_at_the_end
from participant_rules.batch.files.text_places import MARK
from participant_rules.jsonplaces import DECODER
from participant_rules.jsonplaces import members as members_in

__all__ = ["spliced"]


def spliced(text: str, members: Mapping[str, str]) -> str:
    """The text of an object with further members at its end; any other text as it is.

    Members that an earlier copy of ours has added there are taken away.
    """
    value = _decoded(text)
    if not isinstance(value, dict):
        return text
    if before := _without_ours(text, [*value]):
        text, value = before, _decoded(before)
    if not members:
        return text
    added = {free(name, value): text for name, text in members.items()}
    body = text[: text.rindex("}")].rstrip(" \t\r\n")
    comma = ", " if value else ""
    return body + comma + json.dumps(added, ensure_ascii=False)[1:-1] + text[len(body) :]


def _without_ours(text: str, names: Sequence[str]) -> str:
    """The text of an object with these names before an earlier copy; "" where that has added nothing."""
    if not ours_at_the_end(names):
        return ""
    found = [*members_in(text, text.index("{"))]
    count = ours_at_the_end([name for name, _, _ in found])
    starts = [start for _, _, start in found]
    if not count or any(text[start] != '"' for start in starts[-count:]):
        return ""
    last, end = (DECODER.raw_decode(text, start)[1] for start in (starts[-1 - count], starts[-1]))
    return text[:last] + text[end:]


def _decoded(text: str) -> Any:
    """The value; None where the text is broken."""
    try:
        return DECODER.decode(text.removeprefix(MARK))
    except (ValueError, RecursionError):
        return None
