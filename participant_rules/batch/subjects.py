"""Pointers into the subjects of a survey's participants: in a table each subject has a row of its own."""

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["is_of_subject", "of_subject", "row_of"]

_subject: Final = re.compile("/loginSection/subjects/([0-9]+)/").match


def is_of_subject(pointer: str) -> bool:
    """Whether a pointer into a record leads into one of its subjects."""
    return _subject(pointer) is not None


def of_subject(pointer: str, place: int) -> str:
    """A pointer into any subject as one into the subject at a place; any other one as it is."""
    found = _subject(pointer)
    return f"/loginSection/subjects/{place}/{pointer[found.end() :]}" if found else pointer


def row_of(pointer: str, rows: Sequence[int]) -> int:
    """The row of a record with these rows that a pointer into it is about: its subject's, or the first."""
    found = _subject(pointer) if len(rows) > 1 else None
    return rows[int(found[1]) if found else 0]
