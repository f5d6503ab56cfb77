"""Rows to a project arrive once each, whatever goes wrong on the way."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from participant_rules import project
from participant_rules.delivery import Marks, ProjectPost, Row, State, Stopped
from participant_rules.http import Request, Response, json_response
from participant_rules.memory import MemoryProjects
from participant_rules.violations import Violation
from tests.delivery.stage import PROJECT, Killed, Server, a_project, patience, project_job, rows, run, texts

COUNT = 20
ADDED = [("add", ())] * COUNT
EMAILS = sorted(f"p{n}@example.com" for n in range(COUNT))


def server(*participants: Any, troubles: Any = (), **known: Any) -> Server:
    """One with the project P."""
    empty = not (participants or known)
    store = (
        MemoryProjects([PROJECT]) if empty else MemoryProjects.from_json([a_project(*participants, **known)])
    )
    return Server(store, troubles=dict(troubles))


def test_everything_is_sent_in_calls_of_a_batch(tmp_path: Path) -> None:
    """And nothing a second time."""
    there = server()
    assert run(project_job(tmp_path, there, rows(COUNT), notify=True)) == ADDED
    assert (there.calls, there.emails()) == (["POST"] * 4, EMAILS)
    assert [len(some) for _, some in there.projects.invitations] == [5, 5, 5, 5]
    assert run(project_job(tmp_path, there, rows(COUNT), notify=True)) == ADDED
    assert there.calls == ["POST"] * 4


@pytest.mark.parametrize("allow_update", [False, True])
@pytest.mark.parametrize("trouble", ["before", "after", 500, 503])
def test_an_answer_that_is_lost_is_asked_for(tmp_path: Path, trouble: Any, *, allow_update: bool) -> None:
    """One question decides whether the call arrived, and it is sent again where it has not."""
    there = server(troubles={1: trouble})
    job = project_job(tmp_path, there, rows(COUNT), notify=True, allow_update=allow_update)
    assert run(job) == ADDED
    assert (there.emails(), sum(len(some) for _, some in there.projects.invitations)) == (EMAILS, COUNT)
    posts = 4 if trouble == "after" else 5
    assert there.calls.count("POST") == posts


def test_too_many_calls_are_waited_for(tmp_path: Path) -> None:
    """As long as the server says; nobody needs to be asked, since nothing was done."""
    waited: list[float] = []
    there = server(troubles={0: 429, 1: 429})
    assert run(project_job(tmp_path, there, rows(5), waits=patience(waited))) == ADDED[:5]
    assert (there.calls, waited) == (["POST"] * 3, [7.0, 7.0])


@pytest.mark.parametrize("moment", range(12))
@pytest.mark.parametrize("how", ["killed before", "killed after"])
def test_a_run_that_is_killed_is_gone_on_with(tmp_path: Path, how: str, moment: int) -> None:
    """At any call, also of the run that goes on: every row arrives once, and is invited once."""
    there = server(troubles={moment: how, moment + 1: how, moment + 3: how})
    outcomes: Any = None
    for _ in range(4):
        try:
            outcomes = run(project_job(tmp_path, there, rows(COUNT), notify=True))
        except Killed:
            continue
        break
    assert outcomes == ADDED
    assert (there.emails(), sum(len(some) for _, some in there.projects.invitations)) == (EMAILS, COUNT)


@pytest.mark.parametrize("seed", range(8))
def test_any_mixture_of_troubles(tmp_path: Path, seed: int) -> None:
    """Nothing is lost, nothing comes twice."""
    random = Random(seed)
    kinds = ["before", "after", "killed before", "killed after", 429, 500, 503]
    there = server(troubles={n: random.choice(kinds) for n in range(60) if random.random() < 0.4})
    outcomes: Any = None
    while outcomes is None:
        try:
            job = project_job(tmp_path, there, rows(COUNT), notify=True, batch=random.randint(1, 7))
            outcomes = run(job)
        except (Killed, Stopped):
            continue
    assert outcomes == ADDED
    assert (there.emails(), sum(len(some) for _, some in there.projects.invitations)) == (EMAILS, COUNT)


def test_a_line_that_was_cut_short(tmp_path: Path) -> None:
    """The journal may end anywhere: an unknown last call is asked for, or has not begun."""
    there = server()
    run(project_job(tmp_path, there, rows(COUNT)))
    path = tmp_path / "r.journal.jsonl"
    whole = path.read_bytes()
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        # The calls that the journal has forgotten would be refused, were they sent: the addresses are taken.
        job = project_job(tmp_path, there, rows(COUNT), allow_update=True)
        try:
            job.read()
            job.resume()
            known = whole[:length].count(b'"sent"') + (
                whole[:length].count(b'"rows"') > whole[:length].count(b'"sent"')
            )
            assert len(job.journal.states) <= 5 * known
        finally:
            job.journal.close()


def test_a_refused_call_stops(tmp_path: Path) -> None:
    """Nothing of it was done; the refused rows are reported, and another run leaves them out."""
    there = server({"participantIdentifier": "X", "demographics": {"email": "p7@example.com"}})
    job = project_job(tmp_path, there, rows(COUNT))
    with pytest.raises(Stopped, match="refused for some of its rows") as stopped:
        run(job)
    assert not stopped.value.resumable
    assert texts(job) == [*ADDED[:5], ("refused", ("email-taken",))]
    assert job.to_send == 14
    assert run(project_job(tmp_path, there, rows(COUNT))) == [
        *ADDED[:7],
        ("refused", ("email-taken",)),
        *ADDED[8:],
    ]


def test_the_good_rows_of_a_refused_call(tmp_path: Path) -> None:
    """They are sent in another call, without the refused ones; their places are kept, and no value."""
    there = server(
        {"participantIdentifier": "X", "demographics": {"email": "p7@example.com"}},
        {"participantIdentifier": "A-8"},
    )
    job = project_job(tmp_path, there, rows(COUNT), good_only=True)
    outcomes = run(job)
    assert outcomes[7:9] == [("refused", ("email-taken",)), ("refused", ("update-not-allowed",))]
    assert outcomes[:7] + outcomes[9:] == ADDED[2:]
    (taken,) = [each for each in job.outcomes() if each.number == 7]
    assert (taken.findings[0].place.row, taken.findings[0].violation.pointer) == (8, "/demographics/email")
    journal = (tmp_path / "r.journal.jsonl").read_text()
    assert "example.com" not in journal and "A-8" not in journal  # noqa: PT018  one thought


def test_the_refusals_of_an_earlier_run_are_reported_again(tmp_path: Path) -> None:
    """A journal has their codes and places; the words are the law's."""
    there = server({"participantIdentifier": "X", "demographics": {"email": "p7@example.com"}})
    run(project_job(tmp_path, there, rows(COUNT), good_only=True))
    job = project_job(tmp_path, there, rows(COUNT), good_only=True)
    run(job)
    (refused,) = [each for each in job.outcomes() if each.refused]
    (finding,) = refused.findings
    assert (finding.violation.pointer, finding.violation.code) == ("/demographics/email", "email-taken")
    assert finding.violation.text


def test_an_unknown_arrival_is_left(tmp_path: Path) -> None:
    """A call that may not come twice was lost, and a row of it is there otherwise than it was sent."""
    there = server(troubles={0: "after", 1: "killed before"})

    def meddle(calls: int) -> None:
        if calls == 2:
            (stored,) = there.projects.to_json()[0]["participants"]
            there.projects = MemoryProjects.from_json([a_project(stored | {"invitationStatus": "declined"})])

    there.meanwhile = meddle
    sent = [{"demographics": {"email": "p@example.com"}, "invitationStatus": "pending"}]
    with pytest.raises(Killed):
        run(project_job(tmp_path, there, sent))
    outcome = [("refused", ("arrival-unknown",))]
    assert run(project_job(tmp_path, there, sent)) == outcome
    assert run(project_job(tmp_path, there, sent)) == outcome
    assert there.calls.count("POST") == 1


def test_updates_that_may_come_twice_are_sent_again(tmp_path: Path) -> None:
    """Where a row is otherwise than it was sent; where all are as they were sent, they have arrived."""
    stored = [{"participantIdentifier": f"A-{n}", "demographics": {"city": "Old"}} for n in range(4)]
    sent = [each | {"demographics": {"city": "New"}} for each in stored]
    for trouble, posts in [("before", 3), ("after", 2)]:
        there = server(*stored, troubles={0: trouble})
        folder = tmp_path / str(trouble)
        folder.mkdir()
        job = project_job(folder, there, sent, batch=2, allow_update=True)
        # Who is stored is not known: what is planned is not what is done.
        assert {action for action, _ in run(job)} <= {"update", "add"}
        assert there.calls.count("POST") == posts
        cities = [each["demographics"]["city"] for each in there.projects.to_json()[0]["participants"]]
        assert cities == ["New"] * 4


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    """After some calls in a row it is given up; the next run goes on."""
    there = server(troubles=dict.fromkeys(range(5), "before"))
    with pytest.raises(Stopped, match="did not answer 3 calls in a row") as stopped:
        run(project_job(tmp_path, there, rows(COUNT), waits=patience(attempts=3)))
    assert stopped.value.resumable
    there.troubles = {}
    assert run(project_job(tmp_path, there, rows(COUNT))) == ADDED
    assert there.emails() == EMAILS


def test_a_refusal_of_all_there_is(tmp_path: Path) -> None:
    """No row is to blame: nothing is done, and no row has a finding."""
    there = Server()
    job = project_job(tmp_path, there, rows(COUNT))
    with pytest.raises(Stopped, match="project-not-found"):
        run(job)
    assert (texts(job), job.to_send) == ([], COUNT)
    assert job.journal.open == ()


def test_records_that_the_check_refuses_are_not_sent(tmp_path: Path) -> None:
    """Accepted ones are, and nothing else."""
    there = server()
    records = [
        *rows(3),
        {"demographics": {"gender": "?"}},
        '{"participantIdentifier": "Z", ',
        b'{"participantIdentifier": "Y"}',
    ]
    outcomes = run(project_job(tmp_path, there, records))
    assert [action for action, _ in outcomes] == ["add", "add", "add", "refused", "refused", "add"]
    assert len(there.projects.to_json()[0]["participants"]) == 4


def test_a_file_that_was_mended(tmp_path: Path) -> None:
    """Rows are known by their contents, wherever they stand; equal ones by their number."""
    there = server()
    sent = [{"participantIdentifier": "A"}, {"participantIdentifier": "A"}]
    run(project_job(tmp_path, there, sent, allow_update=True))
    more = [{"participantIdentifier": "B"}, *sent, {"participantIdentifier": "A"}]
    job = project_job(tmp_path, there, more, allow_update=True)
    job.read()
    job.plan()
    assert job.to_send == 2
    assert [row.number for row, _ in job.send()] == [0, 3]
    job.journal.close()


def test_an_answer_that_no_page_documents(tmp_path: Path) -> None:
    """Nothing was done, and nothing more is tried: an address that is wrong, a body that is too large."""
    there = server(troubles={0: 413})
    job = project_job(tmp_path, there, rows(COUNT))
    with pytest.raises(Stopped, match="413"):
        run(job)
    assert (job.journal.open, job.to_send, there.calls) == ((), COUNT, ["POST"])


@pytest.mark.parametrize("status", [201, 202, 204])
def test_a_success_that_no_page_documents(tmp_path: Path, status: int) -> None:
    """All of it may have been done: it is asked for, and not sent again."""
    there = server()

    class Odd:
        def send(self, request: Request) -> Response:
            response = there.send(request)
            return Response(status) if request.method == "POST" else response

    job = project_job(tmp_path, there, rows(3))
    job.post = ProjectPost(project.Client(Odd(), projects=[PROJECT]), PROJECT, 5, patience=patience())
    assert run(job) == ADDED[:3]
    assert there.calls == ["POST", "GET"]


def test_a_server_that_has_no_time(tmp_path: Path) -> None:
    """After so many 429 the call is closed: it has done nothing."""
    there = server(troubles=dict.fromkeys(range(9), 429))
    job = project_job(tmp_path, there, rows(COUNT), waits=patience(attempts=2))
    with pytest.raises(Stopped, match="did not answer 2 calls in a row"):
        run(job)
    assert (job.journal.open, there.calls) == ((), ["POST"] * 2)


def test_an_answer_with_too_few_results(tmp_path: Path) -> None:
    """The outcome is unknown: it is asked for."""
    there = server()

    class Short:
        def send(self, request: Request) -> Response:
            response = there.send(request)
            if len(there.calls) > 1 or request.method != "POST":
                return response
            answer = response.json() | {"results": []}
            return json_response(200, answer)

    client = project.Client(Short(), projects=[PROJECT])
    job = project_job(tmp_path, there, rows(3))
    job.post = ProjectPost(client, PROJECT, 5, patience=patience())
    assert run(job) == ADDED[:3]
    assert there.calls == ["POST", "GET"]


def test_more_updates_than_are_asked_for(tmp_path: Path) -> None:
    """A call that may arrive twice is sent again, when asking would cost more."""
    stored = [
        {"participantIdentifier": f"A-{n}", "insertedDate": f"2000-01-01T00:00:{n}"} for n in range(10, 60)
    ]
    there = server(*stored, troubles={0: "after"})
    sent = [
        {"participantIdentifier": each["participantIdentifier"], "institutionCode": "X"}
        for each in stored[:25]
    ]
    assert len(run(project_job(tmp_path, there, sent, batch=30, allow_update=True))) == 25
    assert there.calls.count("GET") == 21
    assert there.calls.count("POST") == 2


def test_rows_by_id(tmp_path: Path) -> None:
    """They are asked for by it, also where others were added later."""
    id_ = "3a713a06-295d-4803-9602-776f09a1483b"
    dated = [{"insertedDate": f"2000-01-0{n}"} for n in range(1, 4)]
    others = [{"participantIdentifier": f"X-{n}"} | dated[n] for n in (1, 2)]
    there = server({"id": id_, "participantIdentifier": "A"} | dated[0], *others, troubles={0: "after"})
    assert run(
        project_job(tmp_path, there, [{"id": id_.upper(), "demographics": {"city": "N"}}], allow_update=True)
    )
    assert there.calls == ["POST", "GET", "GET"]


def test_a_question_that_is_refused(tmp_path: Path) -> None:
    """The call stays open, and is asked for by the next run."""
    there = server(troubles={0: "after"})
    store = there.projects

    def close(calls: int) -> None:
        there.projects = MemoryProjects() if calls == 2 else store

    there.meanwhile = close
    job = project_job(tmp_path, there, rows(3))
    with pytest.raises(Stopped, match="does not say what has arrived: project-not-found"):
        run(job)
    assert len(job.journal.open) == 3
    assert run(project_job(tmp_path, there, rows(3))) == ADDED[:3]
    assert there.calls.count("POST") == 1


def test_an_unknown_code(tmp_path: Path) -> None:
    """A later run says the code, having nothing else."""
    there = server()
    job = project_job(tmp_path, there, rows(1))
    job.read()
    job.plan()
    job.journal.begin([Row(0, Marks.beside(tmp_path / "r.journal.jsonl").of(b"{}"), b"{}")], [1])
    job.journal.nothing()
    list(job.send())
    job.journal.states[next(iter(job.journal.states))] = State(
        "refused", violations=(Violation("odd-code", ""),)
    )
    (outcome,) = job.outcomes()
    assert [each.violation.text for each in outcome.findings] == ["odd-code"]
    job.journal.close()


def test_records_of_a_program_that_are_no_json(tmp_path: Path) -> None:
    """They are refused, and never sent, whatever they are."""
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    there = server()
    outcomes = run(
        project_job(tmp_path, there, [{"participantIdentifier": {1, 2}}, deep, "\ud800", bytearray(b"{}")])
    )
    assert [action for action, _ in outcomes] == ["refused"] * 4
    assert there.calls == []


@pytest.mark.parametrize("pointer", ["#/participants", "#/participants/9/demographics/email"])
def test_a_refusal_that_is_about_no_row(tmp_path: Path, pointer: str) -> None:
    """No row has a finding: it stops."""
    there = server()

    class Odd:
        def send(self, request: Request) -> Response:
            there.calls.append(request.method)
            error = {"code": "odd", "pointer": pointer, "detail": "It is odd."}
            return json_response(400, {"errors": [error]})

    job = project_job(tmp_path, there, rows(3))
    job.post = ProjectPost(project.Client(Odd(), projects=[PROJECT]), PROJECT, patience=patience())
    with pytest.raises(Stopped, match=r"refuses the call: It is odd\. \(odd"):
        run(job)
    assert (texts(job), job.journal.open) == ([], ())


def test_a_question_about_a_row_that_is_refused(tmp_path: Path) -> None:
    """By a GET, as by a query: the call stays open."""
    there = server({"participantIdentifier": "X"}, troubles={0: "before"})
    store = there.projects

    def close(calls: int) -> None:
        there.projects = MemoryProjects() if calls == 3 else store

    there.meanwhile = close
    with pytest.raises(Stopped, match="does not say what has arrived"):
        run(project_job(tmp_path, there, [{"participantIdentifier": "A"}]))
    assert run(project_job(tmp_path, there, [{"participantIdentifier": "A"}])) == ADDED[:1]
