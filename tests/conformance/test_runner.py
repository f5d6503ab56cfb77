"""The runner finds differences, and where the dry run and the answer disagree."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from attrs import define, field

from participant_rules.conformance import Local, Outcome, Remote, Vector, run, run_files
from participant_rules.conformance.vectors import Step, VectorFile
from participant_rules.http import NoResponse, Request, Response, json_response
from participant_rules.violations import Violation

SURVEY = {"id": "S1", "invited": False, "loggedOn": True, "group": False}
ADD = Request(
    "POST",
    "/surveys/S1/participants",
    body=b'{"loginSection": {"login": "kim", "subjects": [{"subjectName": ""}]}}',
)
EMPTY = Request("POST", "/surveys/S1/participants", body=b"{}")
WRONG = Violation("wrong-type", "The value must be a string.", pointer="/a")


def step(request: Request, **expected: Any) -> Step:
    """A step that expects this."""
    return Step(
        request,
        expected.get("caller"),
        expected.get("violations"),
        expected.get("warnings", []),
        expected.get("response"),
    )


def vector(*steps: Step, given: Mapping[str, Any] | None = None) -> Vector:
    """A case of these steps."""
    return Vector("a case", "a file", {"surveys": [SURVEY]} if given is None else given, steps)


@define
class Scripted:
    """A server with scripted answers."""

    found: tuple[Violation, ...] = ()
    answer: Response = Response(200)
    dry_run_writes: bool = False
    send_writes: bool = False
    writes: int = field(default=0, init=False)

    def begin(self, given: Mapping[str, Any]) -> None:
        self.writes = 0

    def dry_run(self, request: Request, caller: Mapping[str, Any]) -> tuple[Violation, ...] | None:
        self.writes += self.dry_run_writes
        return self.found

    def send(self, request: Request, caller: Mapping[str, Any]) -> Response:
        self.writes += self.send_writes
        return self.answer

    def contents(self) -> object:
        return self.writes


def why(server: Scripted) -> str:
    """The reason why the runner fails a server."""
    return run(vector(step(ADD), given={}), server).why


def test_passes() -> None:
    """A case with the expected steps passes."""
    steps = [
        step(ADD, violations=[], response={"status": 200}),
        step(ADD, violations=[["login-name-taken", "/loginSection/login"]], response={"status": 400}),
    ]
    outcome = run(vector(*steps), Local())
    assert outcome == Outcome("a case", "a file", "")
    assert outcome.as_dict() == {"name": "a case", "file": "a file", "passed": True, "why": ""}


def test_fails_at_the_first_step_that_differs() -> None:
    """All differences of the step are named, and no later step is run."""
    steps = [
        step(ADD),
        step(EMPTY, violations=[], warnings=[["unknown-field", "/a"]], response={"status": 200}),
        step(ADD),
    ]
    outcome = run(vector(*steps), Local())
    assert not outcome.passed
    assert outcome.why == (
        "step 1: did not expect the violation ['login-section-required', '/loginSection']; "
        "expected the warning ['unknown-field', '/a']; expected status 200, came 400"
    )


def test_every_case_starts_anew() -> None:
    """The data of one case is not there for the next."""
    file = VectorFile("a file", "", (vector(step(ADD, response={"status": 200})),) * 2)
    assert [outcome.passed for outcome in run_files([file], Local())] == [True, True]


def test_given_that_cannot_be_read() -> None:
    """A definition that cannot be read fails the case and not the run."""
    outcome = run(vector(step(ADD), given={"surveys": [{"id": "S1"}]}), Local())
    assert outcome.why.startswith("given: survey: /invited The value must be true or false.")


def test_the_caller_of_a_step() -> None:
    """A step's caller stands instead of the given one."""
    interviewed = SURVEY | {"interviewers": []}
    request = Request(
        ADD.method,
        ADD.path,
        body=json.dumps({"loginSection": {"login": "x", "subjects": [{"subjectName": ""}]}}).encode(),
    )
    mine = step(request, violations=[["interviewer-required", "/loginSection/interviewer"]])
    theirs = step(request, caller={"managesInterviewers": False}, violations=[])
    assert run(vector(mine, theirs, given={"surveys": [interviewed]}), Local()).why == ""
    assert run(
        vector(mine, given={"surveys": [interviewed], "caller": {"managesInterviewers": False}}), Local()
    ).why


def test_dry_run_that_writes() -> None:
    """A dry run changes nothing."""
    assert why(Scripted(dry_run_writes=True)) == "step 0: the dry run changed something"


def test_refused_request_that_writes() -> None:
    """A refused request changes nothing."""
    server = Scripted(found=(WRONG,), answer=Response(400), send_writes=True)
    assert why(server) == "step 0: a refused request changed something"


def test_disagreement() -> None:
    """The dry run and the answer say the same."""
    assert why(Scripted(found=(WRONG,))) == "step 0: the dry run found ['wrong-type'], yet the answer is 200"
    assert why(Scripted(answer=Response(404))) == "step 0: the dry run found nothing, yet the answer is 404"
    assert why(Scripted(found=(WRONG,), answer=Response(400))) == ""


@define
class Carrier:
    """A transport that keeps its requests."""

    prepares: bool = True
    carried: list[Request] = field(factory=list)

    def send(self, request: Request) -> Response:
        self.carried.append(request)
        if request.path == "/sandbox/given":
            return Response(204 if self.prepares else 405)
        return json_response(200, {"ok": True})


def test_remote_server_is_given_the_case() -> None:
    """A running server gets the given data first, and only its responses are compared."""
    carrier = Carrier()
    case = vector(step(ADD, violations=[["anything", ""]], response={"status": 200}))
    assert run(case, Remote(carrier)).why == ""
    assert [(each.method, each.path) for each in carrier.carried] == [
        ("PUT", "/sandbox/given"),
        ("POST", "/surveys/S1/participants"),
    ]
    assert json.loads(carrier.carried[0].body) == {"surveys": [SURVEY]}


def test_prepared_server_is_given_nothing() -> None:
    """A prepared server only gets the requests."""
    carrier = Carrier()
    assert run(vector(step(ADD)), Remote(carrier, prepared=True)).why == ""
    assert [each.path for each in carrier.carried] == ["/surveys/S1/participants"]


def test_server_that_takes_no_given() -> None:
    """A server that does not take the given data fails the case."""
    outcome = run(vector(step(ADD)), Remote(Carrier(prepares=False)))
    assert outcome.why == "given: PUT /sandbox/given answered 405"


def test_the_caller_of_a_step_reaches_a_server() -> None:
    """A step's own caller is sent in a header, and the given one is not."""
    carrier = Carrier()
    case = vector(step(ADD), step(ADD, caller={"managesInterviewers": False}))
    assert run(case, Remote(carrier)).why == ""
    shown = [each.headers.get("Sandbox-Caller") for each in carrier.carried[1:]]
    assert shown == [None, '{"managesInterviewers": false}']


class Nobody:
    """A transport to a server that is not there."""

    def send(self, request: Request) -> Response:
        raise NoResponse("nobody answers")


def test_server_that_is_not_there() -> None:
    """Without a server no case can be run: that is no failure of the case."""
    with pytest.raises(NoResponse):
        run(vector(step(ADD)), Remote(Nobody()))
