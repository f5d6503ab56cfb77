"""Rules of one's own on the command line: from a module, by name."""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from participant_rules import At, Quota, at, rule, survey
from participant_rules.cli import run
from participant_rules.cli.rules import catalogue_of
from participant_rules.http import Request
from tests.server.asking import asking

MODULE = """
from participant_rules import Quota, at, project, rule, survey


@rule("The site is full.", pointer="/customFields/Site", reads=["customFields"], facts=["room"])
def site_full(case):
    "Sites have room for so many."
    if not case.facts.room.take(case.custom_fields.get("Site")):
        yield at()


@rule("Choose a longer login.", pointer="/loginSection/login", reads=["loginSection.login"])
def login_short(case):
    "Logins have three letters."
    if len(case.login or "") < 3:
        yield at()


@rule("Mistaken.", reads=["demographics.emial"])
def mistaken(case):
    yield at()


@rule("Narrow.", reads=["x"])
def narrow(case):
    yield at()


@rule("Broken.", reads=[])
def broken(case):
    return [case.nothing]


@rule("Curious.", reads=["demographics.email"])
def curious(case):
    if case.custom_fields:
        yield at()


BULK = project.Operation.BULK
RULES = project.RULES.adding(site_full, to=BULK)
SURVEYS = survey.RULES.adding(login_short, to=[survey.Operation.ADD, survey.Operation.UPDATE])
MISTAKEN, BROKEN, CURIOUS = (project.RULES.adding(each, to=BULK) for each in (mistaken, broken, curious))
NARROW = survey.RULES.adding(narrow, to="update")
PART = {project.Operation.PUT: project.PUT}
SET = project.BULK
RULE_VALUES = {BULK: site_full}
STRANGE_KEYS = {1: project.BULK}
FACTS = {"room": Quota({"Ghent": 1})}
MISSPELT = {"rom": Quota(1)}
"""
DEFINITION = {"id": "P1", "customFields": [{"name": "Site", "type": "Text"}]}
SURVEY = {"id": "S1", "invited": False, "loggedOn": True, "group": False}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with modules, a table and definitions, in which the command runs."""
    (tmp_path / "own_rules_here.py").write_text(MODULE)
    (tmp_path / "own_rules_broken.py").write_text("import own_rules_nowhere")
    (tmp_path / "own_rules_failing.py").write_text("raise ValueError('two\\nlines')")
    (tmp_path / "rows.csv").write_text("participantIdentifier,Site\nR1,Ghent\nR2,Ghent\nR3,Oslo\n")
    (tmp_path / "people.jsonl").write_text('{"loginSection": {"login": "Al"}}\n')
    (tmp_path / "project.json").write_text(json.dumps(DEFINITION))
    (tmp_path / "survey.json").write_text(json.dumps(SURVEY))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    for name in [each for each in sys.modules if each.startswith("own_rules_")]:
        monkeypatch.delitem(sys.modules, name)
    return tmp_path


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_rules_and_facts_of_one_s_own_judge(jobs: str, capsys: pytest.CaptureFixture[str]) -> None:
    """They are in the report's catalogue too."""
    own = ["--rules", "own_rules_here:RULES", "--facts", "own_rules_here:FACTS", "--jobs", jobs]
    assert run(["check", "rows.csv", "--project", "project.json", *own, "--format", "json"]) == 1
    records = json.loads(capsys.readouterr().out)["records"]
    assert [(each["action"], [one["code"] for one in each["findings"]]) for each in records] == [
        ("add", []),
        ("refused", ["site-full"]),
        ("add", []),
    ]
    assert run(["check", "rows.csv", "--project", "project.json", *own, "--format", "sarif"]) == 1
    (log,) = json.loads(capsys.readouterr().out)["runs"]
    assert "site-full" in {each["id"] for each in log["tool"]["driver"]["rules"]}


def test_a_plan_is_made_by_them(capsys: pytest.CaptureFixture[str]) -> None:
    """A record that they refuse is not added."""
    own = ["--rules", "own_rules_here:RULES", "--facts", "own_rules_here:FACTS", "--format", "json"]
    assert run(["plan", "rows.csv", "--project", "project.json", *own]) == 1
    assert "site-full" in capsys.readouterr().out
    assert run(["plan", "rows.csv", "--project", "project.json"]) == 0


def test_without_facts_the_rule_does_not_run() -> None:
    """An unknown fact is not judged."""
    own = ["--rules", "own_rules_here:RULES"]
    assert run(["check", "rows.csv", "--project", "project.json", *own]) == 0


def test_rules_of_a_survey(capsys: pytest.CaptureFixture[str]) -> None:
    """They rank after the documented ones."""
    own = ["--survey", "survey.json", "--rules", "own_rules_here:SURVEYS", "--format", "json"]
    assert run(["check", "people.jsonl", *own]) == 1
    (record,) = json.loads(capsys.readouterr().out)["records"]
    assert [each["code"] for each in record["findings"]] == ["subject-required", "login-short"]


DUE = "a mapping from calls to rule sets is due, as project.RULES.adding(rule, to=…) gives one"
STRANGE = {
    "own_rules_here": "--rules takes MODULE:NAME, such as mymodule:RULES; not 'own_rules_here'",
    "own_rules_here:": "--rules takes MODULE:NAME, such as mymodule:RULES; not 'own_rules_here:'",
    "own_rules_here.py:RULES": (
        "--rules takes MODULE:NAME, such as mymodule:RULES; not 'own_rules_here.py:RULES'"
    ),
    "./own_rules_here:RULES": (
        "--rules takes MODULE:NAME, such as mymodule:RULES; not './own_rules_here:RULES'"
    ),
    ":RULES": "--rules takes MODULE:NAME, such as mymodule:RULES; not ':RULES'",
    "own_rules_her:RULES": "--rules: there is no module 'own_rules_her' in {here} or where Python looks",
    "own_rules_her.x:RULES": "--rules: there is no module 'own_rules_her.x' in {here} or where Python looks",
    "own_rules_broken:RULES": "--rules: own_rules_broken cannot be imported: it needs own_rules_nowhere",
    "own_rules_failing:RULES": "--rules: own_rules_failing cannot be imported: ValueError: two lines",
    "own_rules_here:RULLES": "--rules: the module own_rules_here has no 'RULLES'; the nearest one is 'RULES'",
    "own_rules_here:SET": f"--rules: own_rules_here:SET is one rule set; {DUE}",
    "own_rules_here:site_full": f"--rules: own_rules_here:site_full is one rule; {DUE}",
    "own_rules_here:BULK": f"--rules: own_rules_here:BULK is a value of the type Operation; {DUE}",
    "own_rules_here:RULE_VALUES": f"--rules: own_rules_here:RULE_VALUES has one rule among its values; {DUE}",
    "own_rules_here:STRANGE_KEYS": (
        "--rules: the keys of own_rules_here:STRANGE_KEYS are not the calls of one family,"
        " as survey.Operation.ADD is"
    ),
    "own_rules_here:SURVEYS": (
        "--rules: own_rules_here:SURVEYS has rules of a survey, and a project is judged"
    ),
    "own_rules_here:PART": "--rules: the rules lack those of the call 'bulk': RULES | {{…}} has all",
    "own_rules_here:MISTAKEN": (
        "--rules: mistaken: no documented member is at 'demographics.emial';"
        " 'demographics.email' is the nearest"
    ),
    "own_rules_here:BROKEN": "the rule broken raised AttributeError",
    "own_rules_here:CURIOUS": "the rule curious reads custom_fields, which it does not declare",
}


@pytest.mark.parametrize("rules", STRANGE)
def test_rules_that_cannot_judge(rules: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line says why, and the exit status is 2."""
    assert run(["check", "rows.csv", "--project", "project.json", "--rules", rules]) == 2
    assert capsys.readouterr().err == f"participant-rules: {STRANGE[rules].format(here=folder)}\n"


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ("FACTS", "--facts takes MODULE:NAME, such as mymodule:RULES; not 'FACTS'"),
        (
            "own_rules_here:SET",
            "--facts: own_rules_here:SET is one rule set; a mapping from names to facts is due",
        ),
        (
            "own_rules_here:MISSPELT",
            "--facts: no rule reads the fact 'rom' (facts=['rom'] of @rule); the nearest one is 'room'",
        ),
    ],
)
def test_facts_that_no_rule_reads(facts: str, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One line says why, and the exit status is 2."""
    own = ["--rules", "own_rules_here:RULES", "--facts", facts]
    assert run(["check", "rows.csv", "--project", "project.json", *own]) == 2
    assert capsys.readouterr().err == f"participant-rules: {why}\n"


def test_the_catalogue_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Of their family, after the documented ones, and for people too."""
    assert run(["rules", "--rules", "own_rules_here:RULES", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["family"] for row in rows} == {"project"}
    documented = [each.code for each in catalogue_of("project")]
    assert sorted({row["code"] for row in rows} - {*documented}) == ["site-full"]
    assert [row["code"] for row in rows if row["code"] != "site-full"] == documented
    assert run(["rules", "--rules", "own_rules_here:SURVEYS"]) == 0
    assert "login-short" in capsys.readouterr().out
    assert run(["rules", "--rules", "own_rules_here:SURVEYS", "--family", "project"]) == 2


def test_the_sandbox_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Of each family once."""
    twice = ["--rules", "own_rules_here:RULES", "--rules", "own_rules_here:PART"]
    assert run(["serve", *twice]) == 2
    assert capsys.readouterr().err == (
        "participant-rules: --rules: own_rules_here:PART is the second one with rules of a project\n"
    )


@pytest.mark.parametrize(
    ("own", "why"),
    [
        (["--rules", "own_rules_here:MISTAKEN"], STRANGE["own_rules_here:MISTAKEN"]),
        (["--rules", "own_rules_here:BROKEN"], STRANGE["own_rules_here:BROKEN"]),
        (["--rules", "own_rules_here:PART"], STRANGE["own_rules_here:PART"]),
        (
            ["--rules", "own_rules_here:RULES", "--facts", "own_rules_here:MISSPELT"],
            "--facts: no rule reads the fact 'rom' (facts=['rom'] of @rule); the nearest one is 'room'",
        ),
        (
            ["--facts", "own_rules_here:FACTS"],
            "--facts: no rule reads the fact 'room' (facts=['room'] of @rule)",
        ),
        (["--rules", "own_rules_here:NARROW"], "--rules: narrow: no documented member is at 'x'"),
    ],
)
def test_a_sandbox_with_unusable_rules(own: list[str], why: str, capsys: pytest.CaptureFixture[str]) -> None:
    """It does not start."""
    assert run(["serve", "--project", "project.json", "--survey", "survey.json", *own]) == 2
    assert capsys.readouterr().err == f"participant-rules: {why}\n".replace("{{…}}", "{…}")


def test_a_sandbox_has_its_rules_and_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules of each family, and of the facts the ones that they read."""
    given: list[dict[str, object]] = []

    def sandbox(_: object, **options: object) -> None:
        given.append(options)

    monkeypatch.setattr("participant_rules.server.sandbox", sandbox)
    monkeypatch.setattr("participant_rules.server.serve", lambda *_: None)
    own = ["--rules", "own_rules_here:RULES", "--rules", "own_rules_here:SURVEYS"]
    assert run(["serve", "--survey", "survey.json", *own, "--facts", "own_rules_here:FACTS"]) == 0
    (options,) = given
    assert options["project_rules"] is sys.modules["own_rules_here"].RULES
    assert options["survey_rules"] is sys.modules["own_rules_here"].SURVEYS
    assert (options["project_facts"], options["survey_facts"]) == (sys.modules["own_rules_here"].FACTS, {})


def test_a_sandbox_counts() -> None:
    """From one request to the next, and from the beginning once its data are."""

    @rule("The survey is full.", facts=["places"])
    def survey_full(case: survey.Case) -> Iterator[At]:
        """A survey has so many places."""
        if not case.facts.places.take():
            yield at()

    quota = Quota(1)
    rules = survey.RULES.adding(survey_full, to=survey.Operation.ADD)
    ask = asking(survey_rules=rules, survey_facts={"places": quota}, resettable=True)
    people = [
        Request("POST", "/surveys/S1/participants", body=json.dumps({"loginSection": each}).encode())
        for each in (
            {"login": "kim", "subjects": [{"subjectName": ""}]},
            {"login": "lee", "subjects": [{"subjectName": ""}]},
        )
    ]
    assert [ask(each).status for each in people] == [200, 400]
    given = Request("PUT", "/sandbox/given", body=json.dumps({"surveys": [SURVEY]}).encode())
    assert (ask(given).status, quota.remaining) == (204, 1)
    assert [ask(each).status for each in reversed(people)] == [200, 400]


def test_a_sandbox_answers_by_rules_of_one_s_own() -> None:
    """By the given ones."""
    strict = survey.RULES.replacing(survey.ADD["login-name-required"]).removing("subject-required")
    request = Request("POST", "/surveys/S1/participants", body=b'{"loginSection": {"login": "kim"}}')
    assert asking()(request).status == 400
    assert asking(survey_rules=strict)(request).status == 200


def test_a_plan_by_rules_of_one_s_own(capsys: pytest.CaptureFixture[str]) -> None:
    """Facts are taken once for each record, as in a check."""
    own = ["--rules", "own_rules_here:RULES", "--facts", "own_rules_here:FACTS"]
    assert run(["plan", "rows.csv", "--project", "project.json", *own, "--format", "json"]) == 1
    records = json.loads(capsys.readouterr().out)["records"]
    assert [each["action"] for each in records] == ["add", "refused", "add"]


def test_what_is_sent_is_judged_by_rules_of_one_s_own(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A record that they refuse is not sent."""
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    own = ["--rules", "own_rules_here:RULES", "--facts", "own_rules_here:FACTS"]
    there = ["--url", "http://127.0.0.1:9", "--project", "project.json"]
    assert run(["send", "rows.csv", *there, *own]) == 2
    shown = capsys.readouterr().err
    assert "3 records: 2 would be added, 0 would be updated, 0 unchanged, 1 refused" in shown
