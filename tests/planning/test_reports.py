"""Plans for people and for programs: totals first, then records, and no value unless it is asked for."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from participant_rules.batch.outcomes import About, Finding, Outcome, Place
from participant_rules.changes import MemberChange
from participant_rules.cli import run
from participant_rules.planning import PlannedRecord, TotalsCounter
from participant_rules.planning.records import Effect
from participant_rules.planning.reports import open_plan
from participant_rules.planning.reports.html import HtmlPlan
from participant_rules.violations import Violation

ABOUT = About("survey", ["a.csv", "b\x1b.csv"], [])
TAKEN = Finding(Place("b\x1b.csv", 2, "Mail"), Violation("taken", "Is taken."), Place("a.csv", 2))
CHANGES = (
    MemberChange("/city", None, "<b>\x1b"),
    MemberChange("/enabled", False, True),
    MemberChange("/password", "kim", None, omitted=True),
)
RECORDS = (
    PlannedRecord(Outcome(0, "a.csv", (2,), "update"), Effect(CHANGES, invited=True), ("City", None, None)),
    PlannedRecord(Outcome(1, "a.csv", (3,), "add")),
    PlannedRecord(Outcome(2, "b\x1b.csv", (2,), "refused", (TAKEN,))),
)


NOTICE = Finding(Place("a.csv", 1, "M\x1b"), Violation("column-unknown", "It is <left> out."))
READ_AS = Finding(Place("a.csv", 4), Violation("encoding-guessed", "It is read as cp1252."))


def saved(
    form: Any, *, values: bool = False, known: bool = True, records: Any = RECORDS, notices: Any = ()
) -> str:
    """The report."""
    out, counter = io.StringIO(), TotalsCounter(known)
    report = open_plan(form, out, ABOUT, values=values)
    for each in records:
        counter.add(each)
        report.add(each)
    report.end(counter.totals(), notices)
    return out.getvalue()


def test_notices() -> None:
    """How the files were read is said behind the totals, in every form."""
    text = saved("text", records=(), notices=(NOTICE, READ_AS))
    assert text.split("\n\n")[1].split("\n") == [
        "a.csv:1  M\\x1b  It is <left> out.  [column-unknown]",
        "a.csv:4  whole file  It is read as cp1252.  [encoding-guessed]",
    ]
    many = saved("text", records=(), notices=[NOTICE] * 23).split("\n\n")[1].split("\n")
    assert (len(many), many[-1]) == (21, "and 3 more")
    (notice,) = json.loads(saved("json", notices=(NOTICE,)))["notices"]
    assert (notice["file"], notice["row"], notice["code"]) == ("a.csv", 1, "column-unknown")
    assert "It is &lt;left&gt; out.  [column-unknown]</p>" in saved("html", notices=(NOTICE,))


def test_the_text() -> None:
    """Totals, then a line for each record, change and finding."""
    assert saved("text") == (
        "3 records: 1 would be added, 1 would be updated, 0 unchanged, 1 refused; 1 would be invited\n"
        "members of updates: 1 set, 1 changed, 1 cleared\n"
        "lost by full replacement: 1 value in 1 record\n"
        "\n"
        "a.csv\n"
        "row 2  update, is invited\n"
        "  City  set\n"
        "  /enabled  changes\n"
        "  /password  is cleared (lost, since the record leaves it out)\n"
        "row 3  add\n"
        "b\\x1b.csv\n"
        "row 2  refused\n"
        "  Mail  Is taken.  [taken]  (row 2 of a.csv has it)\n"
    )
    shown = saved("text", values=True)
    assert '  City  set  null → "<b>\\u001b"\n  /enabled  changes  false → true\n' in shown
    assert "It is not known who is stored" in saved("text", known=False, records=())


def test_json() -> None:
    """One object; values where they are asked for."""
    reported = json.loads(saved("json"))
    assert reported["files"] == ["a.csv", "b\x1b.csv"]
    assert reported["totals"] == {
        "records": 3,
        "actions": {"update": 1, "add": 1, "refused": 1},
        "members": {"set": 1, "changes": 1, "is cleared": 1},
        "lost": 1,
        "losing": 1,
        "invited": 1,
        "violations": 1,
        "warnings": 0,
        "known": True,
    }
    first, second, third = reported["records"]
    assert (first["file"], first["record"], first["action"], first["invited"]) == ("a.csv", 2, "update", True)
    assert first["changes"][2] == {
        "pointer": "/password",
        "column": None,
        "kind": "is cleared",
        "omitted": True,
    }
    assert (second["changes"], third["findings"][0]["code"]) == ([], "taken")
    shown = json.loads(saved("json", values=True))["records"][0]["changes"]
    assert [(each["stored"], each["new"]) for each in shown] == [
        (None, "<b>\x1b"),
        (False, True),
        ("kim", None),
    ]
    assert json.loads(saved("json", records=()))["records"] == []


def test_a_page() -> None:
    """Figures and a table, without code; left out rows are counted."""
    page = saved("html")
    assert "<dt>would be updated</dt><dd>1</dd>" in page
    assert "<td>a.csv:2</td><td>update, invited</td><td>City</td><td>set</td></tr>" in page
    assert "kim" not in page
    shown = saved("html", values=True, known=False)
    assert "<td>null → &quot;&lt;b&gt;\\u001b&quot;</td>" in shown
    assert "It is not known who is stored" in shown
    assert "<script" not in shown
    out = io.StringIO()
    report, counter = HtmlPlan(out, ABOUT, most=2), TotalsCounter()
    for each in RECORDS:
        report.add(each)
    report.end(counter.totals())
    assert "The table has the first 2 of 5 rows." in out.getvalue()


@pytest.mark.parametrize(("options", "start"), [((), "1 record"), (("--output", "o.html"), "<!DOCTYPE")])
def test_the_command(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    options: Any,
    start: str,
) -> None:
    """The ending of the file decides the form; the status is that of the records."""
    monkeypatch.chdir(tmp_path)
    Path("p.json").write_text('{"id": "P"}')
    Path("r.csv").write_text("participantIdentifier,gender\nA,F\n")
    assert run(["plan", "r.csv", "--project", "p.json", *options]) == 0
    reported = Path("o.html").read_text() if options else capsys.readouterr().out
    assert reported.startswith(start)
    Path("q.csv").write_text("participantIdentifier,Handy\nB,x\n")
    assert run(["plan", "r.csv", "q.csv", "--project", "p.json"]) == 0
    assert 'q.csv:1  Handy  The column is not known and is left out. --map "Handy=mobilePhone"' in (
        capsys.readouterr().out
    )
    Path("r.csv").write_text("participantIdentifier,gender\nA,?\n")
    assert run(["plan", "r.csv", "--project", "p.json", "--format", "json"]) == 1
    assert run(["plan", "r.csv", "--project", "none.json"]) == 2


def test_an_ending_that_says_another_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused, as in a check; an ending that says nothing does no harm."""
    monkeypatch.chdir(tmp_path)
    Path("r.csv").write_text("participantIdentifier\nA\n")
    assert run(["plan", "r.csv", "--output", "plan.json", "--format", "html"]) == 2
    said = capsys.readouterr().err
    assert said == "participant-rules: plan.json: the ending says json, and --format html\n"
    assert not Path("plan.json").exists()
    assert run(["plan", "r.csv", "--output", "plan.md", "--format", "html"]) == 0
    assert Path("plan.md").read_text().startswith("<!DOCTYPE")
