"""From a case to a decision: pure functions.

A decision holds what was decided, the participant as it would stand, and every violation. An update is a full
replacement: what the body leaves out gets its default, what is read-only is kept as stored.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final, Literal

from attrs import evolve, field, frozen

from participant_rules.changes import MemberChange
from participant_rules.engine.case import known_value
from participant_rules.facts import NOTHING_TOLD, Told, refuse_strange
from participant_rules.quotas import Counts, Taking, Who
from participant_rules.repairing import offered
from participant_rules.rulebook import rules_of
from participant_rules.rules import once
from participant_rules.ruleset import RuleSet, Verdict
from participant_rules.schema.building import builder
from participant_rules.schema.documents import document_of
from participant_rules.schema.entity import Entity
from participant_rules.survey.case import Case, Change, Known, Operation, Stored
from participant_rules.survey.differences import differences
from participant_rules.survey.model import (
    Caller,
    InvitationSection,
    LoginSection,
    Participant,
    Subject,
)
from participant_rules.survey.plan import PLANNED, facts_of, plan_of
from participant_rules.survey.rules import RULES
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = ["Action", "Decision", "Standing", "decide", "decide_all"]

Action = Literal["add", "update", "delete", "none"]
NOT_STARTED = "NotStarted"

_ACTIONS: Mapping[Operation, Action] = {
    Operation.ADD: "add",
    Operation.UPDATE: "update",
    Operation.DELETE: "delete",
    Operation.ADD_SUBJECT: "update",
    Operation.UPDATE_SUBJECT: "update",
    Operation.DELETE_SUBJECT: "update",
}


@frozen(slots=False)  # made faster than with slots
class Decision:
    """The decision on a change: true when it stands.

    `found` are the errors as the rules found them, in the order of precedence.
    """

    case: Case = field(repr=False)
    rules: RuleSet = field(repr=False)
    found: tuple[Violation, ...] = ()
    untold: tuple[tuple[str, str], ...] = field(default=(), eq=False, repr=False)
    """The codes of rules that did not run for want of a fact, each with the fact; where a plan judged it."""

    def __bool__(self) -> bool:
        """Whether the change stands."""
        return not self.found

    @once
    def violations(self) -> tuple[Violation, ...]:
        """The errors, with their repairs: the first one is a server's answer."""
        return self._offered(self.found)

    @property
    def action(self) -> Action:
        """The action: "none" for a call that only reads, and for a refused one."""
        return _ACTIONS.get(self.case.change.operation, "none") if self else "none"

    @once
    def result(self) -> Participant | None:
        """The participant after the change, or before a refused one; None where there is none."""
        return _result(self.case) if self else _stored(self.case)

    @property
    def who(self) -> Who:
        """The participant that the change, which stands, is about."""
        survey, named = self.case.survey, self.result or _stored(self.case)
        identity = survey.identity(named) if named else None
        return ("survey", survey.id, survey.key(identity or ""))

    @once
    def changes(self) -> tuple[MemberChange, ...]:
        """The differences to the stored participant, member by member; none of an unknown one.

        They are worked out when they are first asked for.
        """
        if self.action != "update" or self.result is None:
            return ()
        return differences(self.case, self.result)

    @property
    def warnings(self) -> tuple[Violation, ...]:
        """The warnings, which refuse nothing, with their repairs."""
        return self._offered(self.noted)

    @property
    def noted(self) -> tuple[Violation, ...]:
        """The warnings as the rules found them."""
        return self.rules.warnings(self.case)

    def _offered(self, found: tuple[Violation, ...]) -> tuple[Violation, ...]:
        """Violations that make their repairs when they are asked for them."""
        survey, asked = self.case.known_survey, self.case.change.asked
        if not found or survey is None or isinstance(asked, Unset):
            return found
        schema = survey.subject_schema if isinstance(asked, Subject) else survey.schema
        return offered(found, schema, partial(_document, self.case.change))

    def explain(self) -> tuple[Verdict, ...]:
        """The verdict of every rule: held, fired, or skipped and the reason."""
        return self.rules.explain(self.case)


def _document(change: Change) -> Any:
    """The JSON value of the body."""
    if change.body is not UNSET or not isinstance(change.asked, Entity):
        return change.body
    return document_of(change.asked, stored=False)


def decide(case: Case, rules: Mapping[Operation, RuleSet] = RULES) -> Decision:
    """Judge one change: the faults of its shape first, then every rule of its call."""
    chosen, change = rules_of(rules, case.change.operation), case.change
    body = change.document if change.operation in PLANNED else None
    if body is None or case.known_survey is None:
        return Decision(case, chosen, change.faults + chosen.violations(case))
    plan = plan_of(case.known_survey, change.operation, case.caller, chosen, warnings=False)
    verdict = plan.verdict_of(body, facts_of(case), lambda: case)
    return Decision(case, chosen, verdict.violations, verdict.untold)


def decide_all(
    changes: Iterable[Change],
    known: Known,
    *,
    caller: Caller | None = None,
    rules: Mapping[Operation, RuleSet] = RULES,
    facts: Told = NOTHING_TOLD,
) -> list[Decision]:
    """Judge changes of one survey one by one, each on the result of the accepted ones before it."""
    refuse_strange(facts, rules)
    standing = Standing(known, caller=caller or Caller(), rules=rules, facts=facts)
    decisions = []
    for change in changes:
        decision = standing.decide(change)
        standing.stand(decision)
        decisions.append(decision)
    return decisions


class Standing:
    """The participants of a survey while changes are decided one after the other.

    Where nobody was asked who is stored, only those are known whom an earlier change added.
    """

    def __init__(
        self,
        known: Known,
        *,
        caller: Caller,
        rules: Mapping[Operation, RuleSet] = RULES,
        facts: Told = NOTHING_TOLD,
    ) -> None:
        asked = not isinstance(known.participants, Unset)
        self._participants: dict[str, Stored] = dict(known.participants or {})
        self._known = evolve(known, participants=self._participants, complete=asked and known.complete)
        self._caller, self._rules = caller, rules
        self._facts, self._counts = facts, Counts()
        self._takers: dict[Who, list[Taking]] = {}

    def learn(self, participants: Mapping[str, Stored]) -> None:
        """Take in a store's answer about further changes."""
        self._participants.update(participants)

    def __contains__(self, key: str) -> bool:
        """Whether a participant has that key."""
        return key in self._participants

    @property
    def complete(self) -> bool:
        """Whether an identity that is not found is known to be free."""
        return self._known.complete

    def is_disjoint(self, keys: Iterable[object]) -> bool:
        """Whether all of these keys are free."""
        return self._participants.keys().isdisjoint(keys)

    def case(self, change: Change) -> Case:
        """The case of the next change, with the known facts about its participant."""
        return Case.of(change, self._known, self._caller, facts=self._facts, counts=self._counts)

    def decide(self, change: Change) -> Decision:
        """The decision on the next change."""
        return decide(self.case(change), self._rules)

    def stand(self, decision: Decision) -> None:
        """Make an accepted change, for the ones after it to see."""
        if decision.case.told and decision:
            self._count(decision)
        if decision.action == "add" or (decision.action != "none" and self._known.complete):
            _stand(self._participants, decision)

    def _count(self, decision: Decision) -> None:
        """Count the change against quotas; a deleted participant gives back what earlier changes took."""
        taking = decision.case.taking
        taking.settle()
        if decision.action == "delete":
            for each in self._takers.pop(decision.who, ()):
                each.give_back()
        elif taking.held:
            self._takers.setdefault(decision.who, []).append(taking)


def _stand(standing: dict[str, Stored], decision: Decision) -> None:
    """Make an accepted change, for the ones after it to see."""
    survey, result = decision.case.survey, decision.result
    named = result or _stored(decision.case)
    identity = survey.identity(named) if named else None
    if identity is not None and result is not None:
        standing[survey.key(identity)] = Stored(result)
    elif identity is not None:
        standing.pop(survey.key(identity), None)


# ---- the participant that results

_participant_of: Final = builder(Participant)
_invitation_section_of: Final = builder(InvitationSection)
_login_section_of: Final = builder(LoginSection)
_subject_of: Final = builder(Subject)
_NOBODYS: Final = LoginSection(status=NOT_STARTED)


def _stored(case: Case) -> Participant | None:
    return None if isinstance(case.known_stored, Unset) else case.known_stored


def _result(case: Case) -> Participant | None:
    operation = case.change.operation
    if operation is Operation.DELETE:
        return None
    if operation in (Operation.ADD, Operation.UPDATE):
        return _settled(case)
    if operation in (Operation.ADD_SUBJECT, Operation.UPDATE_SUBJECT, Operation.DELETE_SUBJECT):
        return _with_subjects(case, tuple(_subjects_after(case)))
    return _stored(case)


def _settled(case: Case) -> Participant:
    """The body with every default filled in and everything read-only kept."""
    asked, survey, stored = case.participant, case.survey, _stored(case)
    return _participant_of(
        invitation_section=_invitation(case) if survey.invited else None,
        login_section=_login(case) if survey.logged_on else None,
        enabled=asked.enabled is not False,
        extras=stored.extras if stored else {},
    )


def _invitation(case: Case) -> InvitationSection:
    asked, address = case.invitation_section, case.invitation_section.email_address
    return _invitation_section_of(
        opted_out=asked.opted_out is True,
        send_invitations=asked.send_invitations is True,
        email_address=address.strip() if isinstance(address, str) else known_value(address),
        invite_seeding=dict(asked.invite_seeding or asked.invitation_seeding or {}),
    )


def _login(case: Case) -> LoginSection:
    asked, stored = case.login_section, _stored(case)
    before = stored.login_section if stored else None
    kept = before if isinstance(before, LoginSection) else _NOBODYS
    subjects = case.stored_subjects if stored else {}
    return _login_section_of(
        login=asked.login,
        password=known_value(asked.password),
        interviewer=_interviewer(case, kept),
        status=kept.status,
        subjects=tuple(
            [
                _subject(each, subjects.get(each.subject_name))
                for each in case.subject_list
                if not isinstance(each, Unset)
            ]
        ),
    )


def _interviewer(case: Case, kept: LoginSection) -> str | None | Unset:
    """The stored interviewer where a caller without the permission sends null."""
    interviewer = case.interviewer
    if interviewer is None and not case.caller.manages_interviewers:
        return known_value(kept.interviewer)
    return interviewer


def _subject(asked: Subject, stored: Subject | None) -> Subject:
    return _subject_of(
        subject_name=asked.subject_name,
        questionnaire_seeding=dict(asked.questionnaire_seeding or {}),
        status=stored.status if stored else NOT_STARTED,
    )


def _subjects_after(case: Case) -> Iterator[Subject]:
    """The subjects of the participant after a subject call."""
    operation, stored = case.change.operation, case.stored_subjects
    for name, subject in stored.items():
        if operation is Operation.ADD_SUBJECT or name != case.path_subject:
            yield subject
        elif operation is Operation.UPDATE_SUBJECT:
            yield _subject(case.body_subject, subject)
    if operation is Operation.ADD_SUBJECT:
        yield _subject(case.body_subject, None)


def _with_subjects(case: Case, subjects: tuple[Subject, ...]) -> Participant:
    section = case.standing.login_section
    assert isinstance(section, LoginSection)  # noqa: S101  who has no login section has no subjects: 404
    return evolve(case.standing, login_section=evolve(section, subjects=subjects))
