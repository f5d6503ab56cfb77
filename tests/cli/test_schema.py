"""`participant-rules schema` prints the JSON Schema of a participant."""

import json
from pathlib import Path
from typing import Any

import pytest

from participant_rules import project, survey
from participant_rules.cli import run
from participant_rules.project.forms import Terms
from participant_rules.schema.jsonschema import json_schema

DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
PROJECT: dict[str, Any] = {"id": "P", "customFields": [{"name": "Height", "type": "Decimal", "minimum": 0}]}
SURVEY: dict[str, Any] = {
    "id": "S",
    "invited": True,
    "loggedOn": False,
    "group": False,
    "inviteSeeding": ["Q1"],
}


def _written(file: Path, definition: dict[str, Any]) -> str:
    file.write_text(json.dumps(definition), "utf-8")
    return str(file)


def test_of_a_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The custom fields that the project declares have their own schemas."""
    assert run(["schema", "--project", _written(tmp_path / "project.json", PROJECT)]) == 0
    terms = Terms(project.Project.from_json(PROJECT), project.Policy())
    printed = json.loads(capsys.readouterr().out)
    assert printed == DIALECT | json_schema(project.Participant, terms)
    assert set(printed["properties"]["customFields"]["properties"]) == {"Height"}


def test_of_an_empty_project(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a definition the schema is that of a project that declares nothing."""
    assert run(["schema"]) == 0
    terms = Terms(project.Project(id=""), project.Policy())
    assert json.loads(capsys.readouterr().out) == DIALECT | json_schema(project.Participant, terms)


def test_of_a_survey(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The schema of a survey's participant."""
    assert run(["schema", "--survey", _written(tmp_path / "survey.json", SURVEY)]) == 0
    definition = survey.Survey.from_json(SURVEY)
    assert json.loads(capsys.readouterr().out) == DIALECT | json_schema(survey.Participant, definition)


def test_one_definition_only(capsys: pytest.CaptureFixture[str]) -> None:
    """A survey and a project at once are no definition."""
    assert run(["schema", "--survey", "a.json", "--project", "b.json"]) == 2
    assert capsys.readouterr().err == "participant-rules: --survey goes without --project\n"


def test_a_malformed_definition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A fault of a definition has its line and column."""
    file = _written(tmp_path / "project.json", {"id": 5})
    assert run(["schema", "--project", file]) == 2
    assert capsys.readouterr().err.startswith(f"participant-rules: {file}: project: /id (line 1, column")
