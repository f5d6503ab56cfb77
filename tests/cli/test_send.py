"""`participant-rules send` against a sandbox in a process of its own: troubles, kills, messages."""

import contextlib
import csv
import io
import json
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from attrs import frozen

from participant_rules import project, survey
from participant_rules.adapters.httpx import HttpxTransport
from participant_rules.cli import connecting, run
from participant_rules.delivery import Patience
from participant_rules.http import NoResponse, Unexpected
from tests.delivery import troubled
from tests.server.processes import running, sandbox
from tests.survey.samples import facts, login_section

WATCH = 0.005  # seconds


@frozen
class There:
    """The server."""

    address: str

    def put(self, path: str, shown: Any) -> None:
        """Set its troubles."""
        assert httpx.put(self.address + path, json=shown).is_success

    def begin(self, *, projects: Any = (), surveys: Any = (), troubles: Any = ()) -> None:
        """Begin anew with this data and these troubles."""
        self.put("/sandbox/given", {"projects": list(projects), "surveys": list(surveys)})
        self.put("/troubles", dict(troubles))

    def everybody(self) -> list[str]:
        """The addresses of the project's participants, in order."""
        with HttpxTransport(self.address) as transport:
            found = project.Client(transport).participants("P", project.Query(page_size=1000))
            return sorted(str(each.demographics.email) for each in found if each.demographics)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    """One process for all tests of this file."""
    with running(tmp_path_factory.mktemp("server"), sys.executable, str(troubled.__file__)) as server:
        yield There(server.address)


@pytest.fixture
def there(started: There, monkeypatch: pytest.MonkeyPatch) -> There:
    """The server; in this process nobody waits before asking again."""
    monkeypatch.setattr(connecting, "Patience", partial(Patience, sleep=lambda _: None))
    return started


def project_file(folder: Path) -> Path:
    """A definition, without anybody."""
    (folder / "p.json").write_text(json.dumps({"id": "P"}))
    return folder / "p.json"


def table(folder: Path, count: int) -> Path:
    """Rows of a project, every third of them without an identifier."""
    rows = "".join(f"{f'A-{n}' if n % 3 else ''},p{n}@example.com,Town {n}\n" for n in range(count))
    (folder / "r.csv").write_text("ParticipantIdentifier,EmailAddress,City\n" + rows)
    return folder / "r.csv"


def send(file: Path, there: There, *options: str) -> int:
    """Run the command."""
    return run(["send", str(file), "--url", there.address, "--yes", *options])


def expected(count: int) -> list[str]:
    """The addresses in the table."""
    return sorted(f"p{n}@example.com" for n in range(count))


def journal_of(file: Path) -> list[str]:
    """The actions of all rows that the journal says were sent."""
    lines = [json.loads(each) for each in Path(f"{file}.journal.jsonl").read_text().splitlines()[1:]]
    return [action for line in lines for action in line.get("sent", ())]


def test_three_hundred_rows_through_troubles(there: There, tmp_path: Path) -> None:
    """Each is there once; the report and the journal say so; nothing is sent again; no name is written."""
    definition, file, report = project_file(tmp_path), table(tmp_path, 300), tmp_path / "report.json"
    troubles = {1: "after", 3: "before", 5: 429, 6: 503, 9: "before", 10: "after", 14: 500}
    there.begin(projects=[{"id": "P"}], troubles=troubles)
    options = ("--project", str(definition), "--batch", "20", "--notify", "--output", str(report))
    assert send(file, there, *options) == 0
    assert there.everybody() == expected(300)
    assert journal_of(file) == ["add"] * 300
    summary = json.loads(report.read_text())["summary"]
    assert (summary["records"], summary["add"], summary["violations"]) == (300, 300, 0)
    before = Path(f"{file}.journal.jsonl").read_bytes()
    assert send(file, there, *options) == 0
    assert Path(f"{file}.journal.jsonl").read_bytes() == before
    assert b"example.com" not in before
    assert there.everybody() == expected(300)


STORED = {
    "id": "P",
    "participants": [{"participantIdentifier": "X", "demographics": {"email": "p4@example.com"}}],
}


def test_what_a_server_refuses(there: There, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Is reported like a finding, where it stands, in the report and beside the rows."""
    definition, file = project_file(tmp_path), table(tmp_path, 8)
    there.begin(projects=[STORED])
    options = ("--project", str(definition), "--batch", "5", "--format", "csv")
    assert send(file, there, *options) == 1
    shown = capsys.readouterr().err.splitlines()[-1]
    assert shown == (
        "participant-rules: a call was refused for some of its rows: nothing of it was done; "
        "7 records not sent; --good-only sends the others, or mend what is refused and give the same command"
    )
    assert len(there.everybody()) == 1
    annotated = tmp_path / "annotated.csv"
    assert send(file, there, *options, "--good-only", "--annotate", str(annotated)) == 1
    assert len(there.everybody()) == 8
    printed = capsys.readouterr()
    assert printed.err.splitlines()[-1] == (
        "participant-rules: 1 record refused; mended in the file, the same command sends what is mended and "
        "nothing else"
    )
    (finding,) = csv.DictReader(io.StringIO(printed.out))
    assert (finding["row"], finding["column"], finding["code"]) == ("6", "EmailAddress", "email-taken")
    refused = [each for each in csv.reader(annotated.read_text().splitlines()) if "refused" in each]
    assert [row[:2] for row in refused] == [["A-4", "p4@example.com"]]


def test_fetched_first(there: There, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Refusals are known before anything is sent; records that were sent are not judged again."""
    definition, file = project_file(tmp_path), table(tmp_path, 8)
    there.begin(projects=[STORED])
    options = ("--project", str(definition), "--fetch", "--format", "jsonl")
    assert send(file, there, *options) == 1
    shown = capsys.readouterr()
    assert "7 would be added, 0 would be updated, 0 unchanged, 1 refused" in shown.err
    assert len(there.everybody()) == 8
    assert send(file, there, *options) == 1
    assert [json.loads(each)["code"] for each in capsys.readouterr().out.splitlines()[:1]] == ["email-taken"]


@pytest.mark.parametrize("operation", ["add", "update"])
def test_a_survey(there: There, tmp_path: Path, operation: str) -> None:
    """Participants one by one, with credentials of a file, and troubles."""
    known = facts(interviewers=None)
    people = [{"loginSection": login_section(f"kim {n}", password="old")} for n in range(12)]
    there.begin(
        surveys=[known | {"participants": people if operation == "update" else []}],
        troubles={2: "after", 4: "before", 7: 429, 9: 503},
    )
    (tmp_path / "s.json").write_text(json.dumps(known))
    file, secret = tmp_path / "r.jsonl", tmp_path / "secret.json"
    sent = [{"loginSection": login_section(f"kim {n}", password="new")} for n in range(12)]
    file.write_text("".join(json.dumps(each) + "\n" for each in sent))
    secret.write_text(json.dumps({"username": "robin@example.com", "apiKey": "hunter2"}))
    options = ("--survey", str(tmp_path / "s.json"), "--operation", operation, "--full-speed", "--fetch")
    assert send(file, there, *options, "--credentials", str(secret)) == 0
    with HttpxTransport(there.address) as transport:
        found = list(survey.Client(transport).participants("S1"))
    sections = [each.login_section for each in found if each.login_section]
    assert sorted((each.login, each.password) for each in sections) == sorted(
        (f"kim {n}", "new") for n in range(12)
    )
    assert journal_of(file) == [operation] * 12


# ---- kills


def kill_and_go_on(there: There, file: Path, options: Sequence[str], kills: int, seed: int) -> None:
    """Send with kills at random moments, then to the end; the report agrees with the journal."""
    report = file.with_name("report.json")
    options = (*options, "--output", str(report))
    context, random = multiprocessing.get_context("fork"), Random(seed)  # with everything imported already
    for _ in range(kills):
        process = context.Process(target=send, args=(file, there, *options))
        process.start()
        wait_until_at_work(file, random)
        assert process.is_alive()
        process.kill()
        process.join()
    there.put("/troubles", {})
    assert send(file, there, *options) == 0
    summary = json.loads(report.read_text())["summary"]
    assert summary["records"] == summary["add"] == len(journal_of(file))


def kill_a_project(there: There, folder: Path, count: int, kills: int, seed: int) -> None:
    """Each row is there once in the end."""
    definition, file = project_file(folder), table(folder, count)
    there.begin(projects=[{"id": "P"}], troubles={"every": 0.02})
    kill_and_go_on(there, file, ("--project", str(definition), "--batch", "10"), kills, seed)
    assert there.everybody() == expected(count)
    assert journal_of(file) == ["add"] * count


def kill_a_survey(there: There, folder: Path, count: int, kills: int, seed: int) -> None:
    """Each participant is there once in the end."""
    known = facts(interviewers=None)
    (folder / "s.json").write_text(json.dumps(known))
    there.begin(surveys=[known], troubles={"every": 0.02})
    file = folder / "r.jsonl"
    people = [{"loginSection": login_section(f"kim {n}", password="new")} for n in range(count)]
    file.write_text("".join(json.dumps(each) + "\n" for each in people))
    options = ("--survey", str(folder / "s.json"), "--operation", "add", "--full-speed")
    kill_and_go_on(there, file, options, kills, seed)
    with HttpxTransport(there.address) as transport:
        found = [each.login_section for each in survey.Client(transport).participants("S1")]
    assert sorted(str(each.login) for each in found if each) == sorted(f"kim {n}" for n in range(count))
    assert journal_of(file) == ["add"] * count


def wait_until_at_work(file: Path, random: Random) -> None:
    """Wait for a new line in the journal, and a little longer."""
    journal = Path(f"{file}.journal.jsonl")
    size = journal.stat().st_size if journal.exists() else 0
    while not journal.exists() or journal.stat().st_size == size:
        time.sleep(WATCH)
    time.sleep(random.uniform(0, 0.1))


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_some_kills(there: There, tmp_path: Path) -> None:
    """Three, at random moments."""
    kill_a_project(there, tmp_path, 300, 3, 1)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_some_kills_of_a_survey(there: There, tmp_path: Path) -> None:
    """Two, at random moments."""
    kill_a_survey(there, tmp_path, 40, 2, 1)


@pytest.mark.heavy
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("kill", [kill_a_project, kill_a_survey])
def test_thirty_kills(there: There, tmp_path: Path, kill: Callable[..., None]) -> None:
    """At random moments."""
    kill(there, tmp_path, 3000 if kill is kill_a_project else 600, 30, 2)


@pytest.mark.heavy
def test_ten_thousand_rows(there: There, tmp_path: Path) -> None:
    """Through as many faults as a bad day has."""
    definition, file = project_file(tmp_path), table(tmp_path, 10_000)
    random = Random(3)
    kinds = ["after", "before", 429, 500, 503]
    troubles = {n: random.choice(kinds) for n in range(400) if random.random() < 0.2}
    there.begin(projects=[{"id": "P"}], troubles=troubles)
    options = ("--project", str(definition), "--batch", "100", "--output", str(tmp_path / "report.json"))
    assert send(file, there, *options) == 0
    there.put("/troubles", {})
    assert there.everybody() == expected(10_000)
    assert journal_of(file) == ["add"] * 10_000


@pytest.mark.heavy
@pytest.mark.parametrize("allow_update", [False, True])
def test_the_faults_of_a_sandbox(tmp_path: Path, *, allow_update: bool) -> None:
    """Also answers that come long after they were given up: the call arrives when another one has."""
    definition, file = project_file(tmp_path), table(tmp_path, 300)
    serving = ("--project", str(definition), "--faults", "30%", "--seed", "7", "--rate-limit")
    with sandbox(tmp_path, *serving) as server:
        updating = ("--allow-update",) if allow_update else ()
        options = ("--project", str(definition), "--batch", "10", "--timeout", "2", *updating)
        while send(file, There(server.address), *options) == 3:
            pass
        time.sleep(11)  # until the slow ones are done
        found = None
        while found is None:
            with contextlib.suppress(Unexpected, NoResponse):
                found = There(server.address).everybody()
    assert found == expected(300)
    assert journal_of(file) == ["add"] * 300


# ---- what is said


def test_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line each, and no secret in it."""
    definition, file = project_file(tmp_path), table(tmp_path, 1)
    there = ["--url", "http://127.0.0.1:9", "--project", str(definition)]
    odd, wrong = tmp_path / "odd.json", tmp_path / "wrong.json"
    odd.write_text('{"token": "hunter2\\n"}')
    wrong.write_text('{"hunter2": ')
    cases = [
        (["-", *there], "a journal stands beside a file: standard input cannot be sent"),
        ([str(file), "--url", "x"], "--project or --survey says what the records are sent to"),
        ([str(file), *there, "--batch", "0"], "Invalid value for --batch: takes a whole number from 1"),
        *(
            ([str(file), *there, "--timeout", odd], "--timeout takes seconds, more than 0 and at most a day")
            for odd in ("-1", "0", "nan", "inf")
        ),
        (
            [str(file), "--project", str(definition), "--url", "nowhere"],
            "--url: an address that begins with https:// is expected",
        ),
        ([str(file), "--project", str(definition), "--url", "https://"], "--url: the base address lacks"),
        ([str(file), *there, "--credentials", str(odd)], "the token cannot stand in a header"),
        ([str(file), *there, "--credentials", str(wrong)], "the credentials are no JSON"),
        ([str(file), *there, "--credentials", str(definition)], "a JSON object with token is expected"),
        ([str(file), *there, "--credentials", str(tmp_path / "none")], "No such file"),
        ([str(file), *there, "--output", str(file)], "the input would be overwritten"),
        ([str(file), *there, "--output", str(definition)], "the input would be overwritten"),
        (
            [str(file), *there, "--credentials", str(odd), "--annotate", str(odd)],
            "the input would be overwritten",
        ),
        ([str(file), *there, "--output", f"{file}.journal.jsonl"], "two outputs would be written to it"),
        ([str(file), *there, "--annotate", f"{file}.journal.key"], "two outputs would be written to it"),
        ([str(file), *there, "--journal", str(file)], "the input would be overwritten"),
        ([str(file), *there, "--journal", str(tmp_path / "a.key")], "two outputs would be written to it"),
        ([str(tmp_path / "none.csv"), *there], "No such file"),
        ([str(file), *there], "nobody can be asked whether to send: --yes sends"),
    ]
    for arguments, sentence in cases:
        assert run(["send", *arguments]) == 2
        shown = capsys.readouterr()
        assert sentence in shown.err.strip().splitlines()[-1]
        assert "hunter2" not in shown.err + shown.out


@pytest.mark.parametrize(("answer", "status", "sent"), [("n\n", 3, 0), ("yes\n", 0, 3)])
def test_a_person_is_asked(
    there: There,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
    status: int,
    sent: int,
) -> None:
    """A line of standard input answers; whatever is no yes sends nothing."""
    definition, file = project_file(tmp_path), table(tmp_path, 3)
    file.write_text(f"Participants\n{file.read_text('utf-8')}", "utf-8")
    there.begin(projects=[STORED])
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    assert run(["send", str(file), "--url", there.address, "--project", str(definition)]) == status
    told = capsys.readouterr().err
    assert "row 1  whole file  The row above the header is no record; --header-row N says where" in told
    assert "  [rows-skipped]\nSend 3 records to 127.0.0.1? [y/N] " in told
    assert len(there.everybody()) == 1 + sent


def test_a_server_that_is_not_there(there: There, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message names it, and that another run goes on; so does the status."""
    definition, file = project_file(tmp_path), table(tmp_path, 3)
    assert run(["send", str(file), "--url", "http://127.0.0.1:9", "--project", str(definition), "--yes"]) == 3
    assert capsys.readouterr().err.splitlines()[-1] == (
        "participant-rules: the server did not answer 8 calls in a row (no response); 3 records not sent; "
        "the same command goes on from here"
    )


def test_a_server_that_cannot_be_asked_who_is_there(
    there: There, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is judged yet, so nobody knows how much is left: it does not say that all was sent."""
    definition, file = project_file(tmp_path), table(tmp_path, 3)
    options = ("--project", str(definition), "--yes", "--fetch")
    assert run(["send", str(file), "--url", "http://127.0.0.1:9", *options]) == 3
    assert capsys.readouterr().err == (
        "participant-rules: the server did not answer 8 calls in a row (no response); nothing was sent now; "
        "the same command goes on from here\n"
    )
