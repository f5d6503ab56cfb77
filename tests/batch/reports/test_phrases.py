"""Words that all reports share."""

import pytest

from participant_rules.batch.reports.phrases import clipped, encodable, provenance, visible
from participant_rules.violations import OURS, Source


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ñandú ʻ 名 👩‍💻", "Ñandú ʻ 名 👩\\u200d💻"),
        ("a\x1b[2J\x00", "a\\x1b[2J\\x00"),
        ("a\r\nb\tc\u2028d", "a\\r\\nb\\tc\\u2028d"),
        ("\u202egnp.exe\u2066", "\\u202egnp.exe\\u2066"),
        ("\udc80\ud800", "\\udc80\\ud800"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    """Letters of every script stay; what would steer a terminal, end a line or turn it is spelt out."""
    assert visible(text) == shown


def test_encodable() -> None:
    """Only lone surrogates are spelt out."""
    assert encodable("a\x1b\udc80ü") == "a\x1b\\udc80ü"


def test_clipped() -> None:
    """A value of two hundred characters is shown whole, a longer one is cut."""
    assert clipped("a" * 200) == "a" * 200
    assert clipped("a" * 201) == "a" * 200 + "…"


def test_provenance() -> None:
    """A sentence says whose it is, and where it stands; a law says what it rests on."""
    assert provenance(Source("printed", "Page")) == "The page prints this sentence as an error: Page."
    assert provenance(Source("quoted", "P"), "documented") == (
        "The page states this sentence as a law: P. The law is documented."
    )
    assert provenance(OURS, "inferred") == "The sentence is ours. The law is inferred."
