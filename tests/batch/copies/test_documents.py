"""Copies of a JSON document."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participant_rules.batch.copies import Verdicts
from participant_rules.batch.copies.choices import ALL, BAD, GOOD, Choice
from participant_rules.batch.copies.documents import copy
from participant_rules.batch.records import Unusable
from tests.batch.copies.samples import REASON, Written, became, verdicts


def copied(data: str, judged: Verdicts, choice: Choice = ALL) -> str:
    """The copy of a text."""
    out = io.BytesIO()
    copy(Written(data.encode(), "json", name="in.json"), judged, choice, out)
    return out.getvalue().decode()


JUDGED = verdicts(became("refused", 1), became("add", 2), became("refused", 3), became("none", 4))
WHY = f'"reasons": "{REASON}"'


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("[\n  ", "\n]\n"),
        ("\ufeff [", "]"),
        ('{"allowUpdate" : true, "participants":[ ', ' ] , "more": [{}]}'),
    ],
)
def test_lists(before: str, behind: str) -> None:
    """The text around the payloads of a list or a bulk body stays, and so do the payloads."""
    text = before + '{"a":1.0},\n  { "b": [",]}"] } , "text",{"é": {}}' + behind
    assert copied(text, JUDGED) == (
        before
        + f'{{"a":1.0, "outcome": "refused", {WHY}}},\n  '
        + '{ "b": [",]}"], "outcome": "would be added", "reasons": "" } , "text",'
        + '{"é": {}, "outcome": "unchanged", "reasons": ""}'
        + behind
    )
    assert copied(text, JUDGED, GOOD) == before + '{ "b": [",]}"] },{"é": {}}' + behind
    assert copied(text, JUDGED, BAD) == before + f'{{"a":1.0, "row": "1", {WHY}}} , "text"' + behind


@pytest.mark.parametrize("text", ["[]", " [ ]\n", '{"participants": [ ] }'])
def test_empty_lists(text: str) -> None:
    """A list without payloads stays as it is."""
    assert [copied(text, JUDGED, choice) for choice in (ALL, GOOD, BAD)] == [text, text, text]


def test_no_payload_is_wanted() -> None:
    """The list is there, and empty."""
    assert copied("[ {} ]\n", verdicts(became("add", 1)), BAD) == "[  ]\n"


def test_one_payload() -> None:
    """A document that is one payload stays one, or becomes an empty list."""
    text, judged = '\n{"a": 1}\n', verdicts(became("refused", 1))
    assert copied(text, judged) == f'\n{{"a": 1, "outcome": "refused", {WHY}}}\n'
    assert copied(text, judged, BAD) == f'\n{{"a": 1, "row": "1", {WHY}}}\n'
    assert copied(text, judged, GOOD) == "[]\n"


def test_participants_that_are_no_list() -> None:
    """Then the document is one payload."""
    text = '{"participants": {}}'
    assert copied(text, verdicts(became("add", 1)), GOOD) == text


def test_payloads_that_were_not_judged() -> None:
    """When the check ended early the rest stays as it is, and is neither good nor bad."""
    judged = verdicts(became("none", 1))
    assert copied("[{}, {}]", judged) == '[{"outcome": "unchanged", "reasons": ""}, {}]'
    assert copied("[{}, {}]", judged, GOOD) == "[{}]"
    assert copied("[{}, {}]", judged, BAD) == "[]"


payloads = st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text()), max_size=3)


@given(st.lists(st.tuples(payloads, st.booleans())), st.sampled_from([None, 1]), st.booleans())
def test_any_list_is_parted(rows: list[tuple[object, bool]], indent: int | None, bulk: bool) -> None:
    """Good payloads together with bad ones are all of them, each once, in their order."""
    elements = [value for value, _ in rows]
    text = json.dumps({"participants": elements} if bulk else elements, indent=indent, ensure_ascii=False)
    judged = verdicts(
        *[became("add" if good else "refused", row) for row, (_, good) in enumerate(rows, start=1)]
    )
    good, bad = (json.loads(copied(text, judged, choice)) for choice in (GOOD, BAD))
    assert (good["participants"] if bulk else good) == [value for value, good in rows if good]
    mended = [list(each.items())[:-2] for each in (bad["participants"] if bulk else bad)]
    assert [dict(each) for each in mended] == [value for value, good in rows if not good]


@pytest.mark.parametrize(
    "data", [b"", b"[1", b'{"a"', b"1 2", b'["\xff"]', b"[" * 100_000, b"[1 2]"], ids=range(7)
)
def test_no_json(data: bytes) -> None:
    """It is one clear line."""
    with pytest.raises(Unusable, match=r"^in\.json: the file is no JSON$"):
        copy(Written(data, "json", name="in.json"), JUDGED, ALL, io.BytesIO())
