"""Findings on the texts of JSON records: identities with invisible characters, mistyped domains."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from participant_rules.batch.files.fields import ADDRESSES, IDENTIFYING
from participant_rules.batch.files.invisible import escapes_of, find_invisible, may_have_invisible
from participant_rules.batch.files.notices import invisible_character
from participant_rules.batch.files.text_places import json_text
from participant_rules.batch.records import Notice
from participant_rules.batch.repairs import domain_mistyped
from participant_rules.formats.email_repairs import has_mistyped, mistyped
from participant_rules.rules import at
from participant_rules.violations import pointer

__all__ = ["remarks_of"]

_SEEDINGS: Final = frozenset(["inviteSeeding", "invitationSeeding", "questionnaireSeeding"])
_FREE: Final = "customFields"  # its members are nobody's identity, whatever they are called
_escaped: Final = re.compile(
    rb"\\u(?:00(?:[0189]|7f|ad)|06|070|08|18|20[026]|f[ef]|d[89ab])", re.IGNORECASE
).search


def remarks_of(
    payloads: Sequence[object], rows: Sequence[int], data: bytes | None = None
) -> Mapping[int, Sequence[Notice]]:
    """Findings on records, by their places; `data` are the bytes of all of them, where they are known."""
    if data is not None and not _is_suspect(data):
        return {}
    found: dict[int, Sequence[Notice]] = {}
    for place, payload in enumerate(payloads):
        text = json_text(payload)
        if find_invisible(text) is not None or "\\u" in text or has_mistyped(text):
            notices = [Notice(rows[place], None, each) for each in _violations(text)]
            if notices:
                found[place] = notices
    return found


def _is_suspect(data: bytes) -> bool:
    """Whether some text may have such a character: raw, or escaped; or such a domain."""
    if has_mistyped(data.decode("latin-1")):
        return True
    if b"\\" in data and _escaped(data) is not None:  # one byte is found at once, two are not
        return True
    return may_have_invisible(data)


def _violations(text: str) -> Iterator[Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return  # whoever judges it says so
    for path, string in _strings(value, ()):
        if find_invisible(string) is not None:
            yield invisible_character.violation(at(pointer=pointer(*path), characters=escapes_of(string)))
        if path[-1] in ADDRESSES and mistyped(string.strip()) is not None:
            yield domain_mistyped.violation(at(pointer=pointer(*path)))


def _strings(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The identities in a value, and the keys of its seedings, with their paths."""
    if isinstance(value, list):
        for place, each in enumerate(value):
            yield from _strings(each, (*path, place))
    elif isinstance(value, dict):
        is_seeding = bool(path) and path[-1] in _SEEDINGS
        for name, each in value.items():
            here = (*path, name)
            if is_seeding:
                yield here, name
            elif isinstance(each, str) and name in IDENTIFYING:
                yield here, each
            elif name != _FREE:
                yield from _strings(each, here)
