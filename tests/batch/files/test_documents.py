"""A JSON document is one payload, a list of them, or a bulk body; each payload stays text."""

from pathlib import Path

import pytest

from participant_rules.batch.files.notices import members_unread
from participant_rules.batch.records import Notice, Unusable
from participant_rules.rules import at
from tests.batch.files.samples import opened, payloads, rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', ['{"a": 1}']),
        (' \n{"a": {}\n}\n', ['{"a": {}\n}']),
        ("[]", []),
        ("[ ]\n", []),
        (' [ {"a": 1, "a": 2} ,3,\n"x", [4 ] ]\n', ['{"a": 1, "a": 2}', "3", '"x"', "[4 ]"]),
        ('{"participants": []}', []),
        (
            '{"allowUpdate": true, "participants": [{"a": 1, "a": 2} , {"b": 3}] , "x": "]"}',
            ['{"a": 1, "a": 2}', '{"b": 3}'],
        ),
        ('{"participants": [1], "participants": null}', ['{"participants": [1], "participants": null}']),
        ('{"participants": {}}', ['{"participants": {}}']),
        ('[{"n": 1' + "0" * 5_000 + "}]", ['{"n": 1' + "0" * 5_000 + "}"]),
        ("17", ["17"]),
    ],
)
def test_payloads(tmp_path: Path, text: str, expected: list[str]) -> None:
    """The payloads are the texts as they stand, so that a fault of one hides no other; rows are positions."""
    source = opened(tmp_path, text, name="people.json")
    assert payloads(source, 2) == expected
    assert rows(source, 2) == list(range(1, len(expected) + 1))


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1}\n\n{"a": 2}\n',
        '{"loginSection": }\n\n{"a": 2}\n',
        '\n{"a": 1}\n"nonsense',
    ],
)
def test_json_lines_by_another_name(tmp_path: Path, text: str) -> None:
    """A file that begins with an object on a line of its own, and goes on, is JSON lines."""
    source = opened(tmp_path, text, name="people.json")
    numbered = [(number, line.encode()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    assert (source.kind, list(zip(rows(source), payloads(source), strict=True))) == ("jsonl", numbered)


@pytest.mark.parametrize(
    "text",
    [
        *('{"a": 1', "1 2", "[1, 2", "[1 2]", "[1,]", "[1] 2", '{"a": 1} x'),
        "nonsense\n{}",
    ],
)
def test_what_is_no_json(tmp_path: Path, text: str) -> None:
    """Any other text is no JSON."""
    with pytest.raises(Unusable, match=r"people\.json: line [0-9]+, column [0-9]+: the file is no JSON$"):
        opened(tmp_path, text, name="people.json")


def test_members_beside_the_list(tmp_path: Path) -> None:
    """What a bulk body says beside its list is said to be unread, in one notice."""
    notices = [
        opened(tmp_path, text, name="people.json").notices
        for text in ('{"participants": []}', '{"allowUpdate": true, "participants": [], "x": 1}', '{"x": 1}')
    ]
    violation = members_unread.violation(at(members='"allowUpdate", "x"'))
    assert notices == [(), (Notice(1, None, violation),), ()]


def test_a_second_list(tmp_path: Path) -> None:
    """Nobody knows which of two lists would be sent: the error has the place of the later one."""
    why = r'people\.json: line 2, column 18: key-repeated: a second "participants" stands here\Z'
    with pytest.raises(Unusable, match=why):
        opened(tmp_path, '{"participants": [1],\n "participants": [2]}', name="people.json")


@pytest.mark.parametrize("text", ["[1]\n[2]", '{"a": 1}{"a": 2}', '{\n"a": 1}\n{\n"a": 2}'])
def test_values_one_behind_the_other(tmp_path: Path, text: str) -> None:
    """The error has the place of the second value, and how records stand in a file."""
    place = {"[1]\n[2]": "line 2, column 1", '{"a": 1}{"a": 2}': "line 1, column 9"}.get(
        text, "line 3, column 1"
    )
    why = "a second value begins here; records stand in one list, or each on a line of its own"
    with pytest.raises(Unusable, match=rf"people\.json: {place}: {why}\Z"):
        opened(tmp_path, text, name="people.json")
