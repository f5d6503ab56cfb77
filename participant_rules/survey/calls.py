"""The documented calls as conversations with a transport: checked, sent, and their answers read.

`client` gives them names, once for sync and once for async transports.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final

from attrs import evolve, field, frozen

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
    recognise,
    refusal,
)
from participant_rules.due import CALLER, a
from participant_rules.http import Request, Response, Unexpected
from participant_rules.rulebook import is_rulebook, rules_of
from participant_rules.ruleset import RuleSet
from participant_rules.steps import Steps
from participant_rules.survey.api import ROUTES
from participant_rules.survey.case import Case, Change, Known, Operation
from participant_rules.survey.credentials import Credentials
from participant_rules.survey.decision import decide
from participant_rules.survey.model import Caller, Participant, Subject, Survey
from participant_rules.survey.ports import Page
from participant_rules.survey.rules import RULES, SENTENCES
from participant_rules.survey.wire import read_change, read_stored, read_stored_subject
from participant_rules.unset import UNSET
from participant_rules.violations import Refused, Violation, pointer
from participant_rules.wire import unknown_field

__all__ = ["Calls", "of_subject"]

_SHAPE: Final = RuleSet((unknown_field,))
"""The rules of a payload for an unknown survey."""
_ANY: Final = Survey(invited=True, logged_on=True, group=True)
"""A survey whose participants may have all members."""

NO_NAME: Final = "null"
"""The path's word for the subject of a non-group questionnaire, whose name is empty."""


def _all(surveys: Iterable[Survey]) -> tuple[Survey, ...]:
    return tuple(surveys)


@frozen(kw_only=True)
class Calls(Sender[TransportT]):
    """The parts of a client.

    `surveys` is what is known of some surveys: a payload for one of them is judged by its rules before it is
    sent, one for any other survey by its shape.
    """

    credentials: Credentials | None = field(
        default=None, kw_only=False, validator=a(Credentials, "Credentials", optional=True)
    )
    surveys: tuple[Survey, ...] = field(default=(), converter=_all, repr=False)
    caller: Caller = field(factory=Caller, validator=a(Caller, CALLER))
    rules: Mapping[Operation, RuleSet] = field(default=RULES, validator=is_rulebook, repr=False)

    def _page(self, survey: str, starting_from: str, limit: int) -> Steps[Page]:
        query = {"maxParticipants": str(limit), "startingFrom": starting_from}
        return self._call(Change(Operation.LIST, survey), _page, query=query)

    def _participant(self, change: Change, payload: object = UNSET) -> Steps[Participant]:
        return self._call(change, _participant, payload)

    def _subject(self, change: Change, payload: object = UNSET) -> Steps[Subject]:
        return self._call(change, _subject, payload)

    def _subjects(self, change: Change) -> Steps[tuple[Subject, ...]]:
        return self._call(change, partial(list_of, read=read_stored_subject))

    def _nothing(self, change: Change) -> Steps[None]:
        return self._call(change, _nothing)

    # ---- check, send, read

    def _call(
        self,
        change: Change,
        read: Callable[[Response], AnswerT],
        payload: object = UNSET,
        query: Mapping[str, str] | None = None,
    ) -> Steps[AnswerT]:
        body = self._checked(change, payload)
        method, path = ROUTES.locate(change.operation, change.survey, change.uid, change.subject_name)
        request = Request(method, path, query or {}, self._headers(body), body)
        return (yield from self._exchange(request, read, partial(self._recognised, change.operation)))

    def _checked(self, change: Change, payload: object) -> bytes:
        """The body; raises Refused with every violation that can be known before it is sent."""
        given = as_json(payload)
        if payload is not UNSET:
            change = read_change(change, given)
            if change.asked is UNSET:
                raise Refused(change.faults)
        violations, warnings = self._judged(change)
        self._admit(violations, warnings if payload is not UNSET else ())
        return encoded(given) if payload is not UNSET else b""

    def _judged(self, change: Change) -> tuple[tuple[Violation, ...], tuple[Violation, ...]]:
        """The errors and warnings that can be known before a change is sent."""
        known = next((each for each in self.surveys if each.id == change.survey), None)
        case = Case.of(change, Known(known or _ANY), self.caller, facts=self.facts)
        if known is None:
            return change.faults, _SHAPE.warnings(case) if change.asked else ()
        decision = decide(case, self.rules)
        return decision.violations, decision.warnings

    def _headers(self, body: bytes) -> dict[str, str]:
        content = {"Content-Type": "application/json"} if body else {}
        return {**content, **(self.credentials.headers if self.credentials else {})}

    def _recognised(self, operation: Operation, response: Response) -> tuple[Violation]:
        """The refusal as the violation that our own rules would have given."""
        message = refusal(response, "message")
        if not isinstance(message, str):
            raise Unexpected(response)
        found = recognise(message, (rules_of(self.rules, operation), SENTENCES, READING), response.status)
        return (evolve(found, pointer=_pointer(found, operation)),)


def of_subject(operation: Operation, survey: str, uid: str, name: str | None) -> Change:
    """A call that names a subject; "" and None are that of a non-group questionnaire."""
    return Change(operation, survey, uid, name or NO_NAME)


# ---- answers


def _page(response: Response) -> Page:
    progress, participants = member(response, "progress"), member(response, "participants")
    if not isinstance(progress, str | int) or not isinstance(participants, list):
        raise Unexpected(response)
    read = tuple(map(read_stored, participants))
    return Page(read, str(progress), member(response, "upToDate") is not False)


def _participant(response: Response) -> Participant:
    return read_stored(json_of(response))


def _subject(response: Response) -> Subject:
    return read_stored_subject(json_of(response))


def _nothing(_: Response) -> None:
    """The answer to a delete, empty or the deleted entity: either will do."""


# ---- where a sentence points to: the sentence itself does not always tell

_OF_SUBJECT: Final[Mapping[str, str]] = {
    "subject-required": "",
    "subject-not-single": "",
    "subjects-required": "",
    "subject-name-blank": "/subjectName",
    "subject-repeated": "/subjectName",
    "subjects-mismatch": "/subjectName",
}
_SUBJECT_CALLS: Final = frozenset({Operation.ADD_SUBJECT, Operation.UPDATE_SUBJECT, Operation.DELETE_SUBJECT})


_ANYWHERE: Final = frozenset(
    {"wrong-type", "parameter-malformed", "key-repeated", "number-not-finite", "text-malformed"}
)


def _pointer(found: Violation, operation: Operation) -> str | None:
    if found.code in _ANYWHERE or " " in (found.pointer or ""):
        return None  # anywhere, or in one of two places
    if operation not in _SUBJECT_CALLS:
        return found.pointer
    if "item" in found.words:
        return pointer("questionnaireSeeding", found.words["item"])
    return _OF_SUBJECT.get(found.code, found.pointer)
