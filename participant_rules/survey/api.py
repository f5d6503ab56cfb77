"""The documented endpoints of survey participants, without a server.

`handle` answers a request as the page says, `ahandle` does so over a store whose methods are coroutines, and
`check` is the dry run. An answer to a refused call is `{"message": <the first violation's message>}`.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from attrs import field, frozen

from participant_rules.due import CALLER, PAGE, REGISTER, REQUEST, a, refuse_other, with_methods
from participant_rules.facts import NO_FACTS, FactValues, are_facts
from participant_rules.http import Request, Response, json_response
from participant_rules.jsontext import MAX_BYTES
from participant_rules.routes import NoEndpoint, Routes, integer_parameter, odd_parameter, parameter
from participant_rules.rulebook import is_rulebook
from participant_rules.ruleset import RuleSet
from participant_rules.steps import Steps, hold, hold_async
from participant_rules.survey.case import Case, Change, Known, Operation, keys
from participant_rules.survey.change import ENTITIES, refuse_unknown
from participant_rules.survey.decision import Decision, decide
from participant_rules.survey.model import Caller
from participant_rules.survey.ports import Page, Register
from participant_rules.survey.registrar import Registrar
from participant_rules.survey.rules import RULES
from participant_rules.survey.wire import answer, answer_subjects, read_body, summary
from participant_rules.violations import Violation

__all__ = ["ROUTES", "Api"]

ROUTES: Final = Routes(
    {
        "/surveys/{}/participants": {"GET": Operation.LIST, "POST": Operation.ADD},
        "/surveys/{}/participants/{}": {
            "GET": Operation.READ,
            "PUT": Operation.UPDATE,
            "DELETE": Operation.DELETE,
        },
        "/surveys/{}/participants/{}/subjects": {
            "GET": Operation.LIST_SUBJECTS,
            "POST": Operation.ADD_SUBJECT,
        },
        "/surveys/{}/participants/{}/subjects/{}": {
            "GET": Operation.READ_SUBJECT,
            "PUT": Operation.UPDATE_SUBJECT,
            "DELETE": Operation.DELETE_SUBJECT,
        },
    }
)

MOST_PARTICIPANTS: Final = 5000  # the default of maxParticipants, and the most it may ask for
BEGINNING: Final = "0"


@frozen
class Api:
    """Answers requests from a register, in the name of a caller.

    Bodies over `max_bytes` are refused. `facts` are the caller's own; quotas among them are counted down by
    what is committed. Raises what the register raises, and RuleError for a broken rule of the caller's own.
    """

    register: Register = field(validator=with_methods("find", "commit", due=REGISTER))
    caller: Caller = field(factory=Caller, kw_only=True, validator=a(Caller, CALLER))
    rules: Mapping[Operation, RuleSet] = field(default=RULES, validator=is_rulebook, kw_only=True, repr=False)
    facts: FactValues = field(default=NO_FACTS, validator=are_facts, kw_only=True, repr=False)
    max_bytes: int = field(default=MAX_BYTES, kw_only=True)
    _registrar: Registrar = field(init=False, eq=False, repr=False)

    @_registrar.default
    def _registrar_of_the_register(self) -> Registrar:
        return Registrar(self.register, self.caller, self.rules, self.facts)

    def handle(self, request: Request) -> Response:
        """The documented answer."""
        return hold(self._answer(request))

    async def ahandle(self, request: Request) -> Response:
        """The documented answer, over an async register."""
        return await hold_async(self._answer(request))

    def check(self, request: Request) -> tuple[Violation, ...]:
        """The dry run: every violation, then every warning; nothing is changed."""
        return hold(self._check(request))

    async def acheck(self, request: Request) -> tuple[Violation, ...]:
        """The dry run over an async register."""
        return await hold_async(self._check(request))

    def _answer(self, request: Request) -> Steps[Response]:
        change = self._read(request)
        if isinstance(change, NoEndpoint):
            return _refusal((change.violation,), change.headers)
        if change.has_no_text:
            return _refusal(change.faults)
        if change.operation is Operation.LIST:
            return (yield from self._list(change, request))
        decision = yield from self._registrar.steps(change)
        return _answer(decision) if decision else _refusal(decision.violations)

    def _check(self, request: Request) -> Steps[tuple[Violation, ...]]:
        change = self._read(request)
        if isinstance(change, NoEndpoint):
            return (change.violation,)
        if change.has_no_text:
            return change.faults
        known: Known = yield partial(self.register.find, keys([change]))
        refuse_unknown(known)
        decision = decide(Case.of(change, known, self.caller, facts=self.facts), self.rules)
        return (*decision.violations, *decision.warnings)

    def _read(self, request: Request) -> Change | NoEndpoint:
        """The call that the request makes."""
        if request.__class__ is not Request:
            refuse_other(request, Request, REQUEST)
        endpoint = ROUTES.find(request.method.upper(), request.path)
        if isinstance(endpoint, NoEndpoint):
            return endpoint
        operation = endpoint.call
        make: Callable[..., Change] = Change  # a path has as many names as its call
        faults = _paging(request)[2] if operation is Operation.LIST else ()
        if operation not in ENTITIES:
            return make(operation, *endpoint.names, faults=faults)
        asked, faults, body = read_body(operation, request.body, self.max_bytes)
        return make(operation, *endpoint.names, asked=asked, faults=faults, body=body)

    def _list(self, change: Change, request: Request) -> Steps[Response]:
        decision = yield from self._registrar.steps(change)
        if not decision:
            return _refusal(decision.violations)
        limit, starting_from, _ = _paging(request)
        page: Page = yield partial(self.register.page, change.survey, starting_from, limit)
        refuse_other(page, Page, PAGE)
        survey = decision.case.survey
        return json_response(
            200,
            {
                "surveyId": change.survey,
                "startingFrom": starting_from,
                "progress": page.progress,
                "upToDate": page.up_to_date,
                "participants": [summary(each, survey, self.caller) for each in page.participants],
            },
        )


def _paging(request: Request) -> tuple[int, str, tuple[Violation, ...]]:
    """The page size and the token of a list, and their faults."""
    limit, faults = integer_parameter(
        request.query, "maxParticipants", default=MOST_PARTICIPANTS, least=1, most=MOST_PARTICIPANTS
    )
    token = parameter(request.query, "startingFrom")
    if token is None:
        return limit, BEGINNING, faults
    if not (token.isascii() and token.isdigit() and len(token) <= _LONGEST_TOKEN):
        odd = odd_parameter("startingFrom", "a token that a list has answered")
        return limit, BEGINNING, (*faults, odd)
    return limit, token, faults


_LONGEST_TOKEN = 18  # digits: fits the 64-bit number of every store


def _refusal(violations: Iterable[Violation], headers: Mapping[str, str] | None = None) -> Response:
    first = next(iter(violations))
    return json_response(first.status, {"message": first.message}, headers=headers)


def _answer(decision: Decision) -> Response:
    operation = decision.case.change.operation
    if operation in (Operation.DELETE, Operation.DELETE_SUBJECT):
        return Response(200)
    return json_response(200, _answered(decision))


def _answered(decision: Decision) -> Any:
    case, participant = decision.case, decision.result
    if participant is None:
        raise LookupError("a call that stands has a participant")
    if case.change.operation in (Operation.READ, Operation.ADD, Operation.UPDATE):
        return answer(participant, case.survey, case.caller)
    answered = answer_subjects(participant)
    if case.change.operation is Operation.LIST_SUBJECTS:
        return answered
    name = (
        case.body_subject.subject_name
        if case.change.operation is Operation.ADD_SUBJECT
        else case.path_subject
    )
    return next(each for each in answered if each["subjectName"] == name)
