"""Identities of JSON records with characters that nobody sees, and where the faults of a text stand."""

import json
from pathlib import Path

import pytest

from participant_rules.batch import ProjectTask, check_sources
from participant_rules.batch.files.text_places import fault_position, json_text
from participant_rules.jsontext import MAX_BYTES, MAX_DEPTH
from participant_rules.memory import MemoryProjects
from participant_rules.project.model import Project
from tests.batch.files.judging import in_project
from tests.batch.files.samples import chunks, opened

HIDDEN = {
    "participantIdentifier": "N1\u200b",
    "demographics": {"email": "a@example.com", "mobilePhone": "2125550188\u00ad", "firstName": "A\u200bl"},
    "customFields": {"email": "\u200b"},
}


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("name", ["r.json", "r.jsonl"])
def test_hidden_characters(tmp_path: Path, name: str, escaped: bool) -> None:
    """They are reported of identifiers, addresses and numbers, in any spelling, and of nothing else."""
    text = json.dumps(HIDDEN, ensure_ascii=escaped)
    data = f"[{text}]" if name == "r.json" else f"{text}\n\n{text[:-1]}\n"
    (chunk,) = chunks(opened(tmp_path, data, name=name))
    assert [(each.row, each.violation.pointer, each.violation.text) for each in chunk.remarks[0]] == [
        (1, "/participantIdentifier", "The text has characters that nobody sees: \\u200b."),
        (1, "/demographics/mobilePhone", "The text has characters that nobody sees: \\xad."),
    ]
    assert [*chunk.remarks] == [0]


def test_keys_of_seedings(tmp_path: Path) -> None:
    """A key of a seeding and a subject's name are looked at too."""
    record = {
        "invitationSection": {"inviteSeeding": {"sur\u2060name": "x\u200b"}},
        "loginSection": {"subjects": [{"subjectName": "A\ufeff"}, {"subjectName": None}]},
    }
    (chunk,) = chunks(opened(tmp_path, json.dumps(record), name="r.jsonl"))
    assert [each.violation.pointer for each in chunk.remarks[0]] == [
        "/invitationSection/inviteSeeding/sur\u2060name",
        "/loginSection/subjects/0/subjectName",
    ]


@pytest.mark.parametrize("text", ['{"a": "é"}', '{"a": "\\u00e9"}', '{"a": "\x7f"}', '{"city": "«\u2014»"}'])
def test_sound_texts(tmp_path: Path, text: str) -> None:
    """Other texts have no remarks."""
    (chunk,) = chunks(opened(tmp_path, text + "\n", name="r.jsonl"))
    assert chunk.remarks == {}


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("r.jsonl", '{"a": 1}\n{"a": 1,}\n', "The text is not JSON: line 2, column 9."),
        (
            "r.jsonl",
            '{"a": 1}\n{"a": 1, "a": 2}\n',
            "The same name stands twice in one object: line 2, column 10.",
        ),
        ("r.json", '[{"a": 1},\n {"b": NaN}]', "The number is not finite: line 2, column 3."),
        (
            "r.jsonl",
            '{"a": 1}\n' + "[" * 70 + "]" * 70,
            "The text nests deeper than 64 levels: line 2, column 65.",
        ),
        (
            "r.json",
            '[{"a": 1},\n{"b[":\n' + "[" * 70 + "]" * 70 + "}]",
            "The text nests deeper than 64 levels: line 3, column 64.",
        ),
        ("r.jsonl", '{"a": 1}\n\ufeff{"a": 1}\n', "The text is not JSON: line 2, column 1."),
        (
            "r.jsonl",
            '{"a": 1}\n{"a": ' + "1" * 5_000 + ", }\n",
            "The text is not JSON: line 2, column 5009.",
        ),
        ("r.jsonl", '{"a": 1}\n NaN\n', "The number is not finite: line 2, column 2."),
        ("r.jsonl", b'{"a": 1}\n{"a": "\xff"}\n', "The text is not JSON: line 2, column 8."),
    ],
)
def test_faults_of_texts(tmp_path: Path, name: str, text: str | bytes, found: str) -> None:
    """They name line and column."""
    assert second_fault(tmp_path, text, name) == found


def test_a_text_that_is_too_large(tmp_path: Path) -> None:
    """It stands where it begins."""
    text = '[1,\n"' + "x" * MAX_BYTES + '"]'
    assert second_fault(tmp_path, text, "r.json") == "The text is too large: line 2, column 1."


def second_fault(folder: Path, text: str | bytes, name: str) -> str:
    """The sentence about the second record of a file."""
    task = ProjectTask(Project(id="P"), MemoryProjects.from_json([{"id": "P"}]))
    outcomes = list(check_sources([opened(folder, text, name=name)], task))
    return outcomes[1].findings[0].violation.text


def test_positions() -> None:
    """The position of a fault is known where the text shows it."""
    assert json_text(7) == ""
    assert fault_position("\ufeff[1,]", "") == 0
    assert fault_position("[" * 100_000, "") == MAX_DEPTH
    assert fault_position(" [1]", "") == 1
    assert fault_position("[1]", "/a") is None


def test_the_end_of_a_file(tmp_path: Path) -> None:
    """A last line of U+001A is no record."""
    text = '{"participantIdentifier": "N1"}\n\x1a'
    assert in_project(tmp_path, text, "r.jsonl").actions == ["add"]
