"""The documented endpoints of project participants, without a server.

`handle` answers a request as the page says, `ahandle` does so over a store whose methods are coroutines, and
`check` is the dry run. Nothing is documented for errors: an answer to a refused call is RFC 9457 problem
details with all violations in `errors`.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

from attrs import Factory, evolve, field, frozen

from participant_rules.due import A_POLICY, PAGE, REGISTER, REQUEST, a, refuse_other, with_methods
from participant_rules.facts import NO_FACTS, FactValues, are_facts
from participant_rules.http import Request, Response, json_response, problem
from participant_rules.jsontext import MAX_BYTES
from participant_rules.project.bulk import BulkDecision, decide_all
from participant_rules.project.case import Case, Change, Known, Operation, keys
from participant_rules.project.change import refuse_unasked, refuse_unknown
from participant_rules.project.decision import Decision, decide
from participant_rules.project.model import Membership
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.ports import Notifier, Page, Register
from participant_rules.project.query import read_query
from participant_rules.project.registrar import Registrar
from participant_rules.project.rules import RULES
from participant_rules.project.wire import Batch, answer, answer_membership, read_batch, read_change
from participant_rules.routes import Endpoint, NoEndpoint, Routes, boolean_parameter
from participant_rules.rulebook import is_rulebook
from participant_rules.ruleset import RuleSet
from participant_rules.steps import Steps, hold, hold_async
from participant_rules.unset import UNSET
from participant_rules.violations import Violation

__all__ = ["ROUTES", "Api"]

_PARTICIPANTS: Final = "/api/v1/administration/projects/{}/participants"

ROUTES: Final = Routes(
    {
        _PARTICIPANTS: {"GET": Operation.QUERY, "PUT": Operation.PUT, "POST": Operation.BULK},
        f"{_PARTICIPANTS}/{{}}": {"GET": Operation.READ, "DELETE": Operation.DELETE},
        f"{_PARTICIPANTS}/{{}}/segments": {"GET": Operation.SEGMENTS},
        f"{_PARTICIPANTS}/{{}}/withdraw": {"POST": Operation.WITHDRAW},
    }
)


@frozen
class _Bulk:
    """A Bulk Add/Update as it was asked."""

    project: str
    batch: Batch
    allow_update: bool
    faults: tuple[Violation, ...]


def _register_that_notifies(api: Any) -> Notifier | None:
    return api.register if isinstance(api.register, Notifier) else None


@frozen
class Api:
    """Answers requests from a register.

    The notifier is told whom a bulk request wants invited; a register that is a Notifier is the default.
    Bodies over `max_bytes` are refused. `facts` are the caller's own; quotas among them are counted down by
    what is committed. Raises what the register raises, and RuleError for a broken rule of the caller's own.
    """

    register: Register = field(validator=with_methods("find", "commit", due=REGISTER))
    policy: Policy = field(default=POLICY, kw_only=True, validator=a(Policy, A_POLICY))
    notifier: Notifier | None = field(
        default=Factory(_register_that_notifies, takes_self=True), kw_only=True, repr=False
    )
    rules: Mapping[Operation, RuleSet] = field(default=RULES, validator=is_rulebook, kw_only=True, repr=False)
    facts: FactValues = field(default=NO_FACTS, validator=are_facts, kw_only=True, repr=False)
    max_bytes: int = field(default=MAX_BYTES, kw_only=True)
    _registrar: Registrar = field(init=False, eq=False, repr=False)

    @_registrar.default
    def _registrar_of_the_register(self) -> Registrar:
        return Registrar(self.register, self.policy, self.rules, self.facts, self.notifier)

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
        asked = self._read(request)
        if isinstance(asked, NoEndpoint):
            return _refusal((asked.violation,), asked.headers)
        if isinstance(asked, _Bulk):
            return (yield from self._answer_bulk(asked))
        decision = yield from self._registrar.steps(asked)
        if not decision:
            return _refusal(decision.violations)
        if asked.operation is Operation.QUERY:
            return (yield from self._query(decision, request))
        refuse_unasked(decision.case.known)
        if asked.operation is Operation.SEGMENTS:
            return (yield from self._segments(decision))
        return json_response(200, _answered(decision))

    def _answer_bulk(self, asked: _Bulk) -> Steps[Response]:
        batch = asked.batch
        if asked.faults or batch.faults or not batch.changes:
            violations, bulk = yield from self._decide_bulk(asked)
            return _refusal(violations, status=400) if violations else _bulk_response(bulk)
        bulk = yield from self._registrar.bulk_steps(
            batch.changes, allow_update=asked.allow_update, accept="all", notify=batch.notify
        )
        return _bulk_response(bulk) if bulk else _refusal(bulk.violations, status=400)

    def _check(self, request: Request) -> Steps[tuple[Violation, ...]]:
        asked = self._read(request)
        if isinstance(asked, NoEndpoint):
            return (asked.violation,)
        if isinstance(asked, _Bulk):
            violations, bulk = yield from self._decide_bulk(asked)
            return (*violations, *asked.batch.warnings, *bulk.warnings)
        known: Known = yield partial(self.register.find, keys([asked], self.policy))
        refuse_unknown(known)
        decision = decide(Case.of(asked, known, self.policy, facts=self.facts), self.rules)
        return (*decision.violations, *decision.warnings)

    def _decide_bulk(self, asked: _Bulk) -> Steps[tuple[tuple[Violation, ...], BulkDecision]]:
        """Every violation of a bulk request, and the decisions on its rows."""
        batch = asked.batch
        question = evolve(keys(batch.changes, self.policy), project=asked.project)
        known: Known = yield partial(self.register.find, question)
        refuse_unknown(known)
        if known.project is None:
            call = Case.of(Change(Operation.QUERY, asked.project), known, self.policy, facts=self.facts)
            return decide(call, self.rules).violations, BulkDecision(())
        bulk = decide_all(
            batch.changes,
            known,
            allow_update=asked.allow_update,
            policy=self.policy,
            rules=self.rules,
            facts=self.facts,
        )
        return (*asked.faults, *batch.faults, *bulk.violations), bulk

    def _read(self, request: Request) -> Change | _Bulk | NoEndpoint:
        """The call that the request makes."""
        if request.__class__ is not Request:
            refuse_other(request, Request, REQUEST)
        endpoint = ROUTES.find(request.method.upper(), request.path)
        if isinstance(endpoint, NoEndpoint):
            return endpoint
        project = endpoint.names[0]
        if endpoint.call is Operation.BULK:
            return self._read_bulk(project, request)
        if endpoint.call is Operation.PUT:
            return read_change(request.body, Operation.PUT, project, self.max_bytes)
        if endpoint.call is Operation.QUERY:
            return Change(Operation.QUERY, project, faults=read_query(request.query)[1])
        return _named(endpoint, request)

    def _read_bulk(self, project: str, request: Request) -> _Bulk:
        batch = read_batch(request.body, project=project, max_bytes=self.max_bytes)
        allow_update, faults = boolean_parameter(request.query, "allowUpdate")
        if batch.asked is UNSET:
            faults = ()  # faults of the text are said alone
        return _Bulk(project, batch, allow_update or bool(faults), faults)

    def _query(self, decision: Decision, request: Request) -> Steps[Response]:
        query, _ = read_query(request.query)
        page: Page = yield partial(self.register.search, decision.case.project.id, query)
        refuse_other(page, Page, PAGE)
        return json_response(
            200,
            {
                "pageNumber": query.page_number,
                "totalParticipants": page.total,
                "participants": [answer(each) for each in page.participants],
            },
        )

    def _segments(self, decision: Decision) -> Steps[Response]:
        found = str(decision.participant.id)
        segments: Sequence[Membership] = yield partial(
            self.register.segments, decision.case.project.id, found
        )
        return json_response(200, [answer_membership(each) for each in segments])


def _named(endpoint: Endpoint[Operation], request: Request) -> Change:
    """A call with a participant in its path, UNSET where `queryByID` cannot be read."""
    by_id, faults = boolean_parameter(request.query, "queryByID")
    return Change(
        endpoint.call, endpoint.names[0], UNSET if faults else endpoint.name(1), by_id, faults=faults
    )


def _refusal(
    violations: Iterable[Violation], headers: Mapping[str, str] | None = None, status: int | None = None
) -> Response:
    """All violations; the status is that of the first one."""
    violations = tuple(violations)
    first = violations[0]
    return problem(
        first.status if status is None or first.code == "project-not-found" else status, violations, headers
    )


def _answered(decision: Decision) -> dict[str, Any]:
    answered = answer(decision.participant)
    if decision.case.change.operation is Operation.READ:
        return answered
    return {"actionTaken": decision.action, "result": answered}


def _bulk_response(bulk: BulkDecision) -> Response:
    return json_response(
        200,
        {
            "totalAdded": bulk.total_added,
            "totalUpdated": bulk.total_updated,
            "results": [_answered(each) for each in bulk],
        },
    )
