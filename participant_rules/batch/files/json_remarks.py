"""What is said of the texts of JSON records: identities with characters that nobody sees."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from participant_rules.batch.files.columns import IDENTIFYING
from participant_rules.batch.files.invisible import escapes_of, find_invisible
from participant_rules.batch.files.notices import invisible_character
from participant_rules.batch.files.text_places import json_text
from participant_rules.batch.records import Notice
from participant_rules.rules import at
from participant_rules.violations import pointer

__all__ = ["remarks_of"]

_SEEDINGS: Final = frozenset(["inviteSeeding", "invitationSeeding", "questionnaireSeeding"])
_FREE: Final = "customFields"  # its members are nobody's identity, whatever they are called
_LEADS: Final = tuple(
    bytes.fromhex(each)
    for each in "7f c2 d880 d881 d882 d883 d884 d885 d89c db9d dc8f e0a2 e0a3 e1a0 e280 e281 efb8 efbb efbf f0 f3".split()
)
"""How the UTF-8 of such characters begins."""

_escaped: Final = re.compile(rb"\\u(?:00[019]|007[fF]|008|00[aA][dD]|06|070|08|18|20[026]|[fF][eEfF]|[dD][89a-bA-B])").search


def remarks_of(
    payloads: Sequence[object], rows: Sequence[int], data: bytes | None = None
) -> Mapping[int, Sequence[Notice]]:
    """What is said of records, by their places; `data` are the bytes of all of them, where they are known."""
    if data is not None and not _is_suspect(data):
        return {}
    found: dict[int, Sequence[Notice]] = {}
    for place, payload in enumerate(payloads):
        text = json_text(payload)
        if find_invisible(text) is not None or "\\u" in text:
            notices = [Notice(rows[place], None, each) for each in _violations(text)]
            if notices:
                found[place] = notices
    return found


def _is_suspect(data: bytes) -> bool:
    """Whether some text may have such a character: raw, or escaped."""
    if b"\\u" in data and _escaped(data) is not None:
        return True
    return (b"\x7f" in data) if data.isascii() else any(each in data for each in _LEADS)


def _violations(text: str) -> Iterator[Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return  # whoever judges it says so
    for path, said in _walk(value, ()):
        if find_invisible(said) is not None:
            yield invisible_character.violation(at(pointer=pointer(*path), characters=escapes_of(said)))


def _walk(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The identities in a value, and the keys of its seedings, with their paths."""
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from _walk(each, (*path, place))
    elif isinstance(value, dict):
        is_seeding = bool(path) and path[-1] in _SEEDINGS
        for name, each in value.items():
            here = (*path, name)
            if is_seeding:
                yield here, name
            elif isinstance(each, str) and name in IDENTIFYING:
                yield here, each
            elif name != _FREE:
                yield from _walk(each, here)
