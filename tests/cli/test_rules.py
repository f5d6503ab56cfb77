"""`participant-rules rules` prints the catalogue."""

import json
from pathlib import Path

import pytest

from participant_rules import project, survey
from participant_rules.cli import run

DOCS = Path(__file__).parents[2] / "docs"


def test_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json every law is an object, with its templates and its provenance."""
    assert run(["rules", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["family"] for row in rows} == {"survey", "project"}
    for family, sentences in (("survey", survey.SENTENCES), ("project", project.SENTENCES)):
        codes = [row["code"] for row in rows if row["family"] == family]
        assert codes[: len(sentences)] == list(sentences.codes)
    (row,) = [row for row in rows if row["code"] == "questionnaire-seeding-unknown"]
    assert row == {
        "family": "survey",
        "code": "questionnaire-seeding-unknown",
        "message": " Participant questionnaire seeding does not have a '{item}}}' seeding property.",
        "text": "Participant questionnaire seeding does not have a '{item}' seeding property.",
        "law": "The questionnaire seeding has only variables that the survey lets be seeded.",
        "pointer": "/loginSection/subjects/{i}/questionnaireSeeding/{item}",
        "status": 400,
        "severity": "error",
        "source": "printed",
        "section": "Update Participant, HTTP Status Codes",
        "basis": "inferred",
    }


def test_one_family(capsys: pytest.CaptureFixture[str]) -> None:
    """With --family only the laws of that family are printed."""
    assert run(["rules", "--json", "--family", "project"]) == 0
    assert {row["family"] for row in json.loads(capsys.readouterr().out)} == {"project"}


def test_two_forms(capsys: pytest.CaptureFixture[str]) -> None:
    """Two forms at once are refused."""
    assert run(["rules", "--json", "--markdown"]) == 2
    assert capsys.readouterr() == ("", "participant-rules: --json and --markdown are two forms: give one\n")


def test_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """Without an option the catalogue is a table; no code is cut."""
    assert run(["rules"]) == 0
    shown = capsys.readouterr().out
    assert all(code in shown for code in (*survey.SENTENCES.codes, *project.SENTENCES.codes))


@pytest.mark.parametrize("family", ["survey", "project"])
def test_the_pages_are_not_stale(family: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The catalogue's pages are those of the command: `participant-rules rules --markdown --family …`."""
    assert run(["rules", "--markdown", "--family", family]) == 0
    assert capsys.readouterr().out == (DOCS / f"catalogue-{family}.md").read_text("utf-8")
