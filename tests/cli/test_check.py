"""`participant-rules check` gives a server's answer to the records of files."""

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from participant_rules.cli import run

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
SURVEY = {"id": "S1", "invited": False, "loggedOn": True, "group": False}


def participant(login: str, **members: Any) -> dict[str, Any]:
    """A payload that stands."""
    return {"loginSection": {"login": login, "subjects": [{"subjectName": ""}]}, **members}


def written(folder: Path, name: str, data: object) -> str:
    """The path of a file with that text, or that JSON."""
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
    return str(path)


@pytest.fixture
def survey(tmp_path: Path) -> str:
    """A definition with a stored participant."""
    return written(tmp_path, "survey.json", SURVEY | {"participants": [participant("kim")]})


def test_the_pages_own_payloads(capsys: pytest.CaptureFixture[str]) -> None:
    """The two payloads of the page stand, and the third record shows violations."""
    status = run(["check", str(EXAMPLES / "participants.json"), "--survey", str(EXAMPLES / "survey.json")])
    lines = capsys.readouterr().out.splitlines()
    assert status == 1
    assert lines[0] == str(EXAMPLES / "participants.json")
    assert {line.split("  ")[1] for line in lines if line.startswith("  ")} == {"row 3"}
    assert lines[-1] == (
        "3 records: 0 would be added, 2 would be updated, 0 unchanged, 1 refused (6 violations, 4 warnings)"
    )


def test_nothing_wrong(tmp_path: Path, survey: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without violations the status is 0."""
    file = written(tmp_path, "one.json", participant("kim"))
    assert run(["check", file, "--survey", survey]) == 0
    assert capsys.readouterr().out == (
        "1 record: 0 would be added, 1 would be updated, 0 unchanged, 0 refused (0 violations, 0 warnings)\n"
    )


def test_operation(tmp_path: Path, survey: str, capsys: pytest.CaptureFixture[str]) -> None:
    """By adding, a login that is there is taken, also by an earlier record; by updating it must be there."""
    file = written(tmp_path, "many.json", [participant("kim"), participant("lee"), participant("lee")])
    assert run(["check", file, "--survey", survey, "--operation", "add", "--format", "json"]) == 1
    records = json.loads(capsys.readouterr().out)["records"]
    assert [[found["code"] for found in each["findings"]] for each in records] == [
        ["login-name-taken"],
        [],
        ["login-name-taken"],
    ]
    assert run(["check", file, "--survey", survey, "--format", "json"]) == 1
    records = json.loads(capsys.readouterr().out)["records"]
    assert [each["action"] for each in records] == ["update", "refused", "refused"]
    assert records[1]["findings"][0]["code"] == "login-name-unknown"


def test_unknown_participants_are_not_judged(tmp_path: Path) -> None:
    """Without stored participants in the definition nobody is refused for not being there."""
    definition = written(tmp_path, "survey.json", SURVEY)
    assert run(["check", written(tmp_path, "one.json", participant("nobody")), "--survey", definition]) == 0


def test_program_output(tmp_path: Path, survey: str, capsys: pytest.CaptureFixture[str]) -> None:
    """For programs everything is one JSON object."""
    file = written(tmp_path, "one.json", participant("kim", enabled="yes", enabledd=1))
    assert run(["check", file, "--survey", survey, "--format", "json"]) == 1
    shown = json.loads(capsys.readouterr().out)
    lacking = shown["summary"].pop("skipped")
    assert lacking["interviewer-required"] == "the survey's interviewers are not known"
    assert shown["summary"] == {
        "records": 1,
        "add": 0,
        "update": 0,
        "none": 0,
        "refused": 1,
        "violations": 1,
        "warnings": 1,
        "rules": {"wrong-type": 1, "unknown-field": 1},
        "repairs": {"wrong-type": {"certain": 1, "likely": 0}},
        "notices": [],
        "stopped": False,
    }
    (record,) = shown["records"]
    assert (record["file"], record["record"], record["action"]) == (file, 1, "refused")
    assert [(each["code"], each["pointer"], each["severity"]) for each in record["findings"]] == [
        ("wrong-type", "/enabled", "error"),
        ("unknown-field", "/enabledd", "warning"),
    ]


@pytest.mark.parametrize("name", ["many.jsonl", "many.txt"])
def test_json_lines(tmp_path: Path, survey: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON lines are recognised by their ending or by their first line; records are numbered as lines."""
    lines = [json.dumps(participant("kim")), "", '{"loginSection": }', json.dumps(participant("kim"))]
    file = written(tmp_path, name, "\n".join(lines))
    assert run(["check", file, "--survey", survey, "--format", "json"]) == 1
    records = json.loads(capsys.readouterr().out)["records"]
    assert [(each["record"], [found["code"] for found in each["findings"]]) for each in records] == [
        (1, []),
        (3, ["not-json"]),
        (4, ["identity-repeated"]),
    ]


def test_a_fault_of_one_record_hides_no_other(
    tmp_path: Path, survey: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A repeated name in one element of a list is that record's fault alone."""
    good = json.dumps(participant("kim"))
    file = written(tmp_path, "many.json", f' [ {good} ,{{"enabled": true, "enabled": false}}, {good}]')
    assert run(["check", file, "--survey", survey, "--format", "json"]) == 1
    records = json.loads(capsys.readouterr().out)["records"]
    assert [[(found["code"], found["pointer"]) for found in each["findings"]] for each in records] == [
        [],
        [("key-repeated", "/enabled")],
        [("identity-repeated", "/loginSection/login")],
    ]


def test_standard_input(
    survey: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The file - is standard input; a byte order mark is taken off."""
    data = b"\xef\xbb\xbf" + json.dumps([participant("kim")]).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    assert run(["check", "-", "--survey", survey]) == 0
    assert capsys.readouterr().out.startswith("1 record: ")


@pytest.mark.parametrize("arguments", [["-", "--survey", "SURVEY"], ["x.json", "--survey", "-"]])
def test_a_closed_standard_input(
    arguments: list[str], survey: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is no file, and no definition."""
    monkeypatch.setattr(sys, "stdin", None)
    assert run(["check", *[survey if each == "SURVEY" else each for each in arguments]]) == 2
    assert capsys.readouterr() == ("", "participant-rules: -: standard input is closed\n")


def test_a_definition_on_standard_input(
    tmp_path: Path, survey: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The definition - is that."""
    file = written(tmp_path, "x.json", participant("kim"))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(Path(survey).read_bytes())))
    assert run(["check", file, "--survey", "-"]) == 0
    assert capsys.readouterr().out.startswith("1 record: ")


def test_a_name_that_begins_with_a_dash(
    tmp_path: Path, survey: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Behind two dashes it is no option."""
    (tmp_path / "--x.json").write_text(json.dumps([participant("kim")]))
    monkeypatch.chdir(tmp_path)
    assert run(["check", "--survey", survey, "--format", "json", "--", "--x.json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)["records"]
    assert record["file"] == "./--x.json"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("empty.json", b"", "the file is empty"),
        ("blank.json", b" \n", "the file is empty"),
        ("bad.json", b'{"a": 1', "line 1, column 8: the file is no JSON"),
        ("two.json", b"1 2", "line 1, column 3: the file is no JSON"),
        ("deep.json", b"[" * 100_000, "line 1, column 65: the file nests deeper than 64 levels"),
        ("bytes.json", b'"\xff"', "line 1, column 2: the file is not UTF-8"),
    ],
)
def test_files_that_cannot_be_used(
    tmp_path: Path, survey: str, name: str, data: bytes, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is wrong as a whole is one line on standard error, and status 2."""
    path = tmp_path / name
    path.write_bytes(data)
    assert run(["check", str(path), "--survey", survey]) == 2
    assert capsys.readouterr() == ("", f"participant-rules: {path}: {why}\n")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nope.json"], "nope.json: No such file or directory"),
        (["--nope"], "unknown option --nope"),
        (
            ["x.json", "--survey", "s.json", "--project", "p.json"],
            "--survey goes with --operation only, not with --project or --allow-update",
        ),
        (["x.json", "--operation", "add"], "--operation needs --survey"),
        (["-", "--survey", "-"], "standard input is named twice"),
        (["-", "-"], "standard input is named twice"),
        (["x.json", "./x.json"], "a file is named twice"),
        ([""], "the name of a file is empty"),
        (["x.json", "--survey", ""], "the name of a file is empty"),
        (
            ["x.json", "--survey", "s.json", "--operation", "replace"],
            'Invalid value "replace" for --operation. Choose from: "add", "update".',
        ),
    ],
)
def test_usage_that_is_wrong(arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Usage that is wrong is one line on standard error, and status 2."""
    assert run(["check", *arguments]) == 2
    assert capsys.readouterr() == ("", f"participant-rules: {why}\n")


@pytest.mark.parametrize(
    ("definition", "why"),
    [
        ("[]", "survey: / The value must be an object."),
        (
            '{"id": "S1"}',
            (
                "survey: /invited (line 1, column 1) The value must be true or false.; "
                "/loggedOn (line 1, column 1) The value must be true or false.; "
                "/group (line 1, column 1) The value must be true or false."
            ),
        ),
        ('{"id": 1, "id": 2}', "survey: /id (line 1, column 11) The same name stands twice in one object."),
        ("{", "survey: (line 1, column 2) The text is not JSON."),
        (
            '{"id": "S1", "invited": true, "loggedOn": true, "group": false,\n "partcipants": []}',
            (
                "survey: /partcipants (line 2, column 2) The member is unknown; "
                "the nearest known one is participants."
            ),
        ),
        (
            (
                '{"id": "S1", "invited": true, "loggedOn": true, "group": false, "participants": [\n'
                '{"loginSection": {"login": "a"}}, {"enabled": 1}]}'
            ),
            "participant: /participants/1/enabled (line 2, column 36) The value must be true or false.",
        ),
    ],
)
def test_definitions_that_are_wrong(
    tmp_path: Path, definition: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A definition that cannot be read is a set-up error, not a violation."""
    survey = written(tmp_path, "survey.json", definition)
    file = written(tmp_path, "one.json", participant("kim"))
    assert run(["check", file, "--survey", survey]) == 2
    assert capsys.readouterr() == ("", f"participant-rules: {survey}: {why}\n")


# ---- projects


def test_a_roster_is_one_batch(capsys: pytest.CaptureFixture[str]) -> None:
    """The example's records are judged together, and the earlier record that has a number is named."""
    arguments = ["check", str(EXAMPLES / "roster.json"), "--project", str(EXAMPLES / "project.json")]
    assert run([*arguments, "--allow-update"]) == 1
    lines = capsys.readouterr().out.splitlines()
    taken = lines.index("mobile-phone-taken  Must be unique within a project.  1 violation")
    assert lines[taken + 1] == "  row 8  /demographics/mobilePhone  (row 7 has it)"
    assert lines[-2:] == [
        (
            "11 records: 2 would be added, 2 would be updated, 0 unchanged, 7 refused "
            "(11 violations, 4 warnings)"
        ),
        "3 findings would be repaired (--fix).",
    ]


def test_updates_are_to_be_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without --allow-update a record that names a stored participant is refused."""
    arguments = ["check", str(EXAMPLES / "roster.json"), "--project", str(EXAMPLES / "project.json")]
    assert run([*arguments, "--format", "json"]) == 1
    records = json.loads(capsys.readouterr().out)["records"]
    assert records[0]["findings"][0]["code"] == "update-not-allowed"
    assert records[0]["findings"][0]["pointer"] == "/participantIdentifier"


def test_without_a_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a definition records are judged against an empty project; a bulk body is its rows."""
    rows = [{"demographics": {"email": "a@example.com"}}, {"demographics": {"email": "A@example.com"}}, {}]
    for data in (rows, {"participants": rows}):
        assert run(["check", written(tmp_path, "rows.json", data), "--format", "json"]) == 1
        records = json.loads(capsys.readouterr().out)["records"]
        assert [[found["code"] for found in each["findings"]] for each in records] == [
            [],
            ["email-taken"],
            ["identity-required"],
        ]


def test_unchanged_records_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A record that changes nothing is neither an addition nor an update."""
    stored = {"participantIdentifier": "A-1", "demographics": {"city": "Anytown"}}
    project = written(tmp_path, "project.json", {"id": "P1", "participants": [stored]})
    rows = written(tmp_path, "rows.json", [stored, {"participantIdentifier": "A-2"}])
    assert run(["check", rows, "--project", project, "--allow-update"]) == 0
    assert capsys.readouterr().out == (
        "2 records: 1 would be added, 0 would be updated, 1 unchanged, 0 refused (0 violations, 0 warnings)\n"
    )


def test_a_text_that_is_no_json_is_one_row_of_the_batch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line with a fault is refused, and the lines around it keep their numbers."""
    rows = written(
        tmp_path, "rows.jsonl", '{"participantIdentifier": "A"}\nnonsense\n{"participantIdentifier": "A"}'
    )
    assert run(["check", rows, "--format", "json"]) == 1
    records = json.loads(capsys.readouterr().out)["records"]
    assert [[found["code"] for found in each["findings"]] for each in records] == [
        [],
        ["not-json"],
        ["update-not-allowed", "identity-repeated"],
    ]


@pytest.mark.parametrize("command", ["check", "plan"])
def test_files_behind_options(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Options may stand between files; without a file there is one line."""
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_text('{"participantIdentifier": "N1"}\n', "utf-8")
    second.write_text('{"participantIdentifier": "N2"}\n', "utf-8")
    assert run([command, str(first), str(second), "--format", "json"]) == 0
    expected = capsys.readouterr().out
    assert run([command, str(first), "--format", "json", str(second)]) == 0
    assert capsys.readouterr() == (expected, "")
    assert run([command]) == 2
    why = f'Command "{command}" parameter FILE requires an argument.'
    assert capsys.readouterr() == ("", f"participant-rules: {why}\n")
