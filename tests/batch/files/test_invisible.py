"""Invisible characters are found in texts of any kind."""

import re

import pytest

from participant_rules.batch.files.invisible import (
    escapes_of,
    find_invisible,
    has_invisible,
    may_have_invisible,
)
from participant_rules.spelling import INVISIBLE

_is_invisible = re.compile(f"[{INVISIBLE}]").fullmatch
ALL = [each for each in map(chr, range(0x110000)) if _is_invisible(each)]


def test_each_of_them_is_found() -> None:
    """Alone, among ASCII, and among other letters."""
    assert len(ALL) > 400
    for each in ALL:
        for text in (each, f"a{each}b", f"é{each}ß"):
            assert has_invisible(text), ascii(each)
            assert find_invisible(text) is not None


@pytest.mark.parametrize("text", ["", "a\tb\r\n", "Zoë, 山田, Κ, Я, 😀", "a" * 100])
def test_others_are_none(text: str) -> None:
    """Tabs, line ends, letters of any script and pictures."""
    assert not has_invisible(text)


def test_a_text_that_may_have_some() -> None:
    """A character that begins as one of them does is looked at once more."""
    assert may_have_invisible("«".encode())
    assert not has_invisible("«")
    assert escapes_of("a\u200bb\u00ad\u200b") == r"\u200b, \xad"


@pytest.mark.heavy
def test_no_other_character_is_taken_for_one() -> None:
    """Of all there are."""
    assert [each for each in map(chr, range(0x110000)) if has_invisible(f"é{each}")] == ALL
