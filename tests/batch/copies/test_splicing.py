"""Members of ours in the text of an object."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participant_rules.batch.copies.splicing import spliced

values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), values, max_size=4), st.sampled_from([None, 2, "\t"]), st.booleans())
def test_an_object_has_members_more(value: dict[str, Any], indent: int | str | None, ascii_: bool) -> None:
    """The value is that of the text with the added members; the text is there from both ends."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_)
    after = spliced(text, {"new member": "é\n"})
    assert json.loads(after) == value | {"new member": "é\n"}
    added = '"new member": "é\\n"' if not value else ', "new member": "é\\n"'
    place = after.rindex(added)
    assert after[:place] + after[place + len(added) :] == text


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("{}", '{"said": "x"}'),
        ("{ }", '{"said": "x" }'),
        (' {"a":1e999 }\r\n', ' {"a":1e999, "said": "x" }\r\n'),
        ('{\n  "a": {}\n}', '{\n  "a": {}, "said": "x"\n}'),
        ('{"a": 1, "a": NaN}', '{"a": 1, "a": NaN, "said": "x"}'),
        ('{"a": "}"}', '{"a": "}", "said": "x"}'),
        ('{"said": 1}', '{"said": 1, "said 2": "x"}'),
        ('\ufeff{"a": "\\ud800"}', '\ufeff{"a": "\\ud800", "said": "x"}'),
        (f'{{"a": {"9" * 5000}}}', f'{{"a": {"9" * 5000}, "said": "x"}}'),
    ],
    ids=range(9),
)
def test_objects_as_they_stand(text: str, after: str) -> None:
    """White space, odd numbers and repeated names stay as they are."""
    assert spliced(text, {"said": "x"}) == after


OURS = {"outcome": "unchanged", "reasons": ""}


@given(st.dictionaries(st.text(), values, max_size=4), st.sampled_from([None, 2]), st.booleans())
def test_an_earlier_copy_is_replaced(value: dict[str, Any], indent: int | None, bad: bool) -> None:
    """What it has added goes, and the text is that before; a copy without members of ours is that."""
    value = {"a": 1} | value
    text = json.dumps(value, indent=indent) + "\n"
    earlier = spliced(text, {"row": "1", "reasons": "x"} if bad else OURS | {"reasons": "y"})
    assert spliced(earlier, OURS) == spliced(text, OURS)
    assert spliced(earlier, {}) == spliced(text, {})


@pytest.mark.parametrize(
    "ours",
    [
        '"outcome": 1, "reasons": "x"',
        '"outcome": "x"',
        '"reasons": "", "outcome": ""',
        '"outcome": "", "outcome": "", "reasons": ""',
    ],
)
def test_members_of_these_names(ours: str) -> None:
    """What is no earlier copy's stays."""
    text = f'{{"a": 1, {ours}}}'
    assert spliced(text, {}) == text


@pytest.mark.parametrize(
    "text", ["", "[]", '"{}"', "1", '{"a": 1', "{}{}", "nonsense}", '{"a":' * 100_000], ids=range(8)
)
def test_what_is_no_object(text: str) -> None:
    """Any other text stays as it is."""
    assert spliced(text, {"said": "x"}) == text


def test_nothing_to_add() -> None:
    """Without members the text stays as it is."""
    assert spliced("{ }", {}) == "{ }"
