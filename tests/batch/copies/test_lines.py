"""Copies of JSON lines."""

import io
import json

import pytest

from participant_rules.batch.copies import Verdicts
from participant_rules.batch.copies.choices import ALL, BAD, GOOD, Choice
from participant_rules.batch.copies.lines import copy
from tests.batch.copies.samples import REASON, Written, became, found, verdicts


def copied(data: bytes, judged: Verdicts, choice: Choice = ALL) -> bytes:
    """The copy of some bytes."""
    out = io.BytesIO()
    copy(Written(data, "jsonl"), judged, choice, out)
    return out.getvalue()


SAID = f'"outcome": "refused", "reasons": "{REASON}"'.encode()


def test_every_object_has_its_outcome() -> None:
    """Members of ours stand behind the others; everything else stays, also a missing last line end."""
    data = b'\xef\xbb\xbf{"a":1.0 }\r\n\n { "b" : "\xc3\xa9\\u00e9" } \n{}'
    judged = verdicts(became("refused", 1), became("add", 3), became("refused", 4))
    assert copied(data, judged) == b"".join(
        [
            b'\xef\xbb\xbf{"a":1.0, ' + SAID + b" }\r\n",
            b"\n",
            b' { "b" : "\xc3\xa9\\u00e9", "outcome": "would be added", "reasons": "" } \n',
            b"{" + SAID + b"}",
        ]
    )


@pytest.mark.parametrize("line", [b"nonsense", b"[1]", b'{"a": 1', b'{"a": "\xff"}', b'"text"', b"{}{}"])
def test_a_broken_line(line: bytes) -> None:
    """A line that is no object is refused, and copied as it is."""
    data, judged = b"{}\n" + line + b"\n", verdicts(became("add", 1), became("refused", 2))
    assert copied(data, judged, GOOD) == b"{}\n"
    assert copied(data, judged, BAD) == line + b"\n"
    assert copied(data, judged).endswith(b"}\n" + line + b"\n")


def test_lines_that_were_not_judged() -> None:
    """When the check ended early the rest stays as it is, and is neither good nor bad."""
    data, judged = b"{}\n{ }\n", verdicts(became("none", 1))
    assert copied(data, judged) == b'{"outcome": "unchanged", "reasons": ""}\n{ }\n'
    assert copied(data, judged, GOOD) == b"{}\n"
    assert copied(data, judged, BAD) == b""


def test_names_that_an_object_has() -> None:
    """Ours take other names there, so that no name stands twice."""
    data = b'{"outcome": 1, "Reasons": 2}\n'
    assert json.loads(copied(data, verdicts(became("add", 1)))) == {
        "outcome": 1,
        "Reasons": 2,
        "outcome 2": "would be added",
        "reasons 2": "",
    }


def test_bad_lines_have_their_reasons() -> None:
    """They have the reasons only."""
    judged = verdicts(became("refused", 1, findings=[found(1)]))
    assert copied(b"{}\n", judged, BAD) == f'{{"row": "1", "reasons": "{REASON}"}}\n'.encode()
