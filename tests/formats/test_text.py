"""GUIDs, the fold of values without a key, and the cost of importing all of them."""

import subprocess
import sys
from pathlib import Path

import pytest

from participant_rules.formats import fold, is_guid

ROOT = Path(__file__).parents[2]
GUID = "12345678-90ab-CDEF-1234-567890abcdef"


@pytest.mark.parametrize("text", [GUID, GUID.upper(), GUID.lower(), "0" * 8 + "-0000" * 3 + "-" + "0" * 12])
def test_guid(text: str) -> None:
    """A GUID is 8-4-4-4-12 hexadecimal digits in either case."""
    assert is_guid(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        GUID[:-1],
        GUID + "0",
        GUID + "\n",
        " " + GUID,
        GUID.replace("-", ""),
        "{" + GUID + "}",
        "urn:uuid:" + GUID,
        GUID.replace("1", "g"),
        GUID.replace("1", "\uff11"),
        GUID.replace("1", "\u0661"),
        GUID * 30_000,
    ],
)
def test_no_guid(text: str) -> None:
    """No other spelling is a GUID."""
    assert is_guid(text) is False


@pytest.mark.parametrize(
    ("text", "folded"),
    [("  Joe@x \n", "joe@x"), ("", ""), (" \t", ""), ("ÄÖ", "äö"), ("a  B", "a  b"), ("\u00a0X\u3000", "x")],
)
def test_fold(text: str, folded: str) -> None:
    """A value is folded by trimming and lower-casing it."""
    assert fold(text) == folded


def test_imports_are_late() -> None:
    """Importing the formats imports neither email-validator nor phonenumbers; the first key does."""
    program = """
import sys
from participant_rules.formats import email_key, phone_key
loaded = lambda: sorted({"email_validator", "phonenumbers"} & set(sys.modules))
print(loaded())
email_key("joe@example.com")
print(loaded())
phone_key("+12125551234")
print(loaded())
email_key("joe@b\\u00fccher.example")
print(loaded())
"""
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "[]\n[]\n['phonenumbers']\n['email_validator', 'phonenumbers']\n"
