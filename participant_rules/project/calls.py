"""The documented calls as conversations with a transport: checked, sent, and their answers read.

`client` gives them names, once for sync and once for async transports.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

from attrs import field, frozen

from participant_rules.calling import (
    READING,
    AnswerT,
    Sender,
    TransportT,
    as_json,
    encoded,
    json_of,
    list_of,
    member,
    recognise_error,
    refusal,
)
from participant_rules.due import frame_advice, refuse_other, with_methods
from participant_rules.http import Request, Response, Unexpected
from participant_rules.project.api import ROUTES
from participant_rules.project.bulk import decide_all
from participant_rules.project.case import Case, Change, Known, Operation
from participant_rules.project.credentials import Token, TokenSource
from participant_rules.project.decision import Action, decide
from participant_rules.project.keys import ID, IDENTIFIER
from participant_rules.project.model import Membership, Participant, Project
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.ports import Page
from participant_rules.project.query import Query, parameters, read_query
from participant_rules.project.rules import RULES, SENTENCES
from participant_rules.project.wire import (
    read_batch,
    read_change,
    read_stored,
    read_stored_membership,
)
from participant_rules.rulebook import is_rulebook, rules_of
from participant_rules.ruleset import RuleSet
from participant_rules.steps import Steps
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Refused, Violation

__all__ = ["BulkResult", "Calls", "Result"]

_REGIONAL: Final = frozenset({"mobile-phone-malformed", "mobile-phone-taken"})
"""The laws that depend on the region of a project: of an unknown one nobody can say whether they hold."""


_STEADY: Final[dict[str, str | list[str]]] = {"sortBy": "InsertedDate", "sortAscending": "true"}
"""The order in which participants that are added meanwhile come last; other ones are a caller's choice."""


def _source(token: str | TokenSource | None) -> TokenSource | None:
    return Token(token) if isinstance(token, str) else token


@frozen
class Result:
    """The action of a call ("add", "update", "delete" or "none"), and the participant after it."""

    action: Action
    participant: Participant = field(repr=False)


@frozen
class BulkResult:
    """The results of a bulk call: one a row, in their order."""

    total_added: int
    total_updated: int
    results: tuple[Result, ...] = field(repr=False)


def _all(projects: Iterable[Project]) -> tuple[Project, ...]:
    return tuple(projects)


@frozen(kw_only=True)
class Calls(Sender[TransportT]):
    """The parts of a client.

    `token` is a bearer token, or the port that has them. `projects` is what is known of some projects: a
    payload is judged by their custom fields and their region.
    """

    token: TokenSource | None = field(
        default=None,
        kw_only=False,
        converter=_source,
        repr=False,
        validator=with_methods("token", due="a token, or an object with token,"),
    )
    projects: tuple[Project, ...] = field(default=(), converter=_all, repr=False)
    policy: Policy = field(default=POLICY, repr=False)
    rules: Mapping[Operation, RuleSet] = field(default=RULES, validator=is_rulebook, repr=False)

    def _search(self, project: str, query: Query, *, steady: bool = False) -> Steps[Page]:
        refuse_other(query, Query, "a Query")
        asked = (_STEADY if steady else {}) | parameters(query)
        faults = read_query(asked)[1]
        if faults:
            raise Refused(faults)
        read = partial(_read_page, project=self._known(project))
        return (yield from self._send(Change(Operation.QUERY, project), read, query=asked))

    def _participant(self, change: Change) -> Steps[Participant]:
        return self._send(change, partial(_read_participant, project=self._known(change.project)))

    def _memberships(self, change: Change) -> Steps[tuple[Membership, ...]]:
        return self._send(change, partial(list_of, read=read_stored_membership))

    def _result(self, change: Change) -> Steps[Result]:
        return self._send(change, partial(_read_result, project=self._known(change.project)))

    def _put(self, project: str, payload: object) -> Steps[Result]:
        given = as_json(_asked(payload))
        known = self._known(project)
        change = read_change(given, Operation.PUT, project)
        if change.asked is UNSET:
            raise Refused(change.faults)
        decision = decide(Case.of(change, Known(known), self.policy, facts=self.facts), self._laws(known))
        self._admit(decision.violations, _of_entity(decision.warnings, payload))
        read = partial(_read_result, project=known)
        repeatable = self._repeatable([change], known)
        return (yield from self._send(change, read, encoded(given), repeatable=repeatable))

    def _put_many(
        self, project: str, payload: object, *, allow_update: bool, notify: bool | None
    ) -> Steps[BulkResult]:
        given, rows = _bulk(payload, notify=notify)
        known = self._known(project)
        batch = read_batch(given, project=project)
        bulk = decide_all(
            batch.changes,
            Known(known),
            allow_update=allow_update,
            policy=self.policy,
            rules=self._laws(known),
            facts=self.facts,
        )
        rows += [None] * len(bulk)
        warnings = [each for one, row in zip(bulk, rows) for each in _of_entity(one.warnings, row)]  # noqa: B905  there are rows enough
        self._admit((*batch.faults, *bulk.violations), warnings)
        query = {"allowUpdate": "true" if allow_update else "false"}
        read = partial(_read_bulk, project=known)
        repeatable = allow_update and self._repeatable(batch.changes, known)
        change = Change(Operation.BULK, project)
        return (yield from self._send(change, read, encoded(given), query, repeatable=repeatable))

    def _repeatable(self, changes: Iterable[Change], known: Project) -> bool:
        return _may_arrive_twice([each.keys(known, self.policy) for each in changes])

    # ---- what is known

    def _known(self, project: str) -> Project:
        """The project as far as it is known, which may be its id alone."""
        refuse_other(project, str, "the id of a project")
        found = (each for each in self.projects if each.id.lower() == project.lower())
        return next(found, Project(id=project))

    def _laws(self, project: Project) -> Mapping[Operation, RuleSet]:
        if project in self.projects:
            return self.rules
        return {
            operation: laws.without(*_REGIONAL.intersection(laws.codes))
            for operation, laws in self.rules.items()
        }

    # ---- send, read

    def _send(
        self,
        change: Change,
        read: Callable[[Response], AnswerT],
        body: bytes = b"",
        query: Mapping[str, str | list[str]] | None = None,
        *,
        repeatable: bool = True,
    ) -> Steps[AnswerT]:
        method, path = ROUTES.locate(change.operation, change.project, change.participant)
        by_id = {"queryByID": "true"} if change.by_id else {}
        headers = yield from self._headers(body)
        request = Request(method, path, query or by_id, headers, body, repeatable)
        return (yield from self._exchange(request, read, partial(self._recognised, change.operation)))

    def _headers(self, body: bytes) -> Steps[dict[str, str]]:
        headers = {"Accept": "application/json"} | ({"Content-Type": "application/json"} if body else {})
        if self.token is None:
            return headers
        token: str = yield self.token.token
        return headers | {"Authorization": f"Bearer {token}"}

    def _recognised(self, operation: Operation, response: Response) -> tuple[Violation, ...]:
        """The refusals as the violations that our own rules would have given."""
        errors = refusal(response, "errors")
        if not isinstance(errors, list) or not errors:
            raise Unexpected(response)
        laws = (rules_of(self.rules, operation), SENTENCES, READING)
        return tuple(recognise_error(each, laws, response) for each in errors)


def _asked(payload: object) -> object:
    """The payload of a Change, so that a read one may be handed on."""
    return payload.asked if isinstance(payload, Change) and not isinstance(payload.asked, Unset) else payload


def _may_arrive_twice(rows: Iterable[Mapping[str, str]]) -> bool:
    """Whether a second arrival of rows, given by the keys of each, does no harm.

    Each is about another participant, by id or identifier; none may rename the one of an earlier identifier.
    """
    names: dict[str, set[str]] = {ID: set(), IDENTIFIER: set()}
    for keys in rows:
        path = ID if ID in keys else IDENTIFIER
        renames = path == ID and IDENTIFIER in keys
        if path not in keys or keys[path] in names[path] or (renames and names[IDENTIFIER]):
            return False
        names[path].add(keys[path])
    return True


def _of_entity(warnings: Iterable[Violation], payload: object) -> list[Violation]:
    """The warnings of a payload; an entity has all its members, which is nothing odd."""
    own = isinstance(payload, Participant)
    return [each for each in warnings if not (own and each.code == "read-only-field")]


def _bulk(payload: object, *, notify: bool | None) -> tuple[Any, list[object]]:
    """The body of a bulk call: one that is there already as it is, or one around some participants.

    Also the participants as they were handed in, where it is made of them.
    """
    if isinstance(payload, bytes | bytearray | memoryview | str | Mapping):
        return payload, []
    if advice := frame_advice(type(payload)):
        raise TypeError(f"the participants are a body, or a list: hand in {advice}")
    if not isinstance(payload, Iterable):
        raise TypeError("the participants are a body, or an iterable")
    rows = list(payload)
    body: dict[str, Any] = {"participants": [as_json(_asked(each)) for each in rows]}
    return body if notify is None else body | {"sendDefaultInvitationNotifications": notify}, rows


# ---- answers: Malformed or Unexpected for what is none


def _read_participant(response: Response, project: Project) -> Participant:
    """The answer of Get Participant."""
    return read_stored(json_of(response), project)


def _read_page(response: Response, project: Project) -> Page:
    """The answer of Query Participants."""
    total, found = member(response, "totalParticipants"), member(response, "participants")
    if not isinstance(total, int) or not isinstance(found, list):
        raise Unexpected(response)
    return Page(tuple(read_stored(each, project) for each in found), total)


def _read_result(response: Response, project: Project) -> Result:
    """The answer of Add/Update, Delete and Withdraw."""
    return _one(json_of(response), response, project)


def _read_bulk(response: Response, project: Project) -> BulkResult:
    """The answer of Bulk Add/Update."""
    added, updated = member(response, "totalAdded"), member(response, "totalUpdated")
    results = member(response, "results")
    if not isinstance(added, int) or not isinstance(updated, int) or not isinstance(results, list):
        raise Unexpected(response)
    return BulkResult(added, updated, tuple(_one(each, response, project) for each in results))


def _one(data: Any, response: Response, project: Project) -> Result:
    if not isinstance(data, dict) or data.get("actionTaken") not in ("add", "update", "delete", "none"):
        raise Unexpected(response)
    return Result(data["actionTaken"], read_stored(data.get("result"), project))
