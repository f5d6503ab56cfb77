"""Check a payload before it is sent: what is not known is not judged."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, Literal

from participant_rules import jsontext
from participant_rules.jsontext import Glance
from participant_rules.project.case import Case, Change, Keys, Known, Operation, keys, ledger_of
from participant_rules.project.claim import Claim
from participant_rules.project.decision import decide, decide_all
from participant_rules.project.ledger import Ledger
from participant_rules.project.model import Project
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.ports import Roster
from participant_rules.project.rules import RULES
from participant_rules.project.telling import Teller, teller_of
from participant_rules.project.wire import read_batch, read_body
from participant_rules.rules import RuleSet
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = ["check"]

Found = tuple[Violation, ...]


def check(
    payload: object,
    project: Project | None = None,
    *,
    operation: Literal["put", "bulk"] = "put",
    allow_update: bool = True,
    known: Known | None = None,
    roster: Roster | None = None,
    policy: Policy = POLICY,
    rules: Mapping[Operation, RuleSet] = RULES,
    warnings: bool = True,
    glance: Glance = jsontext.glance,
) -> Found:
    """Every violation of the payload of an Add/Update or a Bulk Add/Update, then every warning.

    `payload` is bytes, text or decoded JSON; bad input is a violation and never an exception. `known` is
    what a store answered, where one was asked; with a `roster` it is asked here, in one question, and what
    it raises passes through. A batch is judged against its own rows in any case.
    """
    project = project or (known.project if known else None) or Project()
    asker = _Asker(project, policy, known, roster)
    if operation == "bulk":
        batch = read_batch(payload, project=project.id)
        answer = asker.ask(keys(batch.changes, policy))
        bulk = decide_all(batch.changes, answer, allow_update=allow_update, policy=policy, rules=rules)
        violations = (*batch.faults, *bulk.violations)
        return (*violations, *batch.warnings, *bulk.warnings) if warnings else violations
    if rules is RULES:
        told = _tell(payload, asker, teller_of(project, policy, warnings=warnings), glance)
        if told is not None:
            return told
    asked, faults = read_body(payload)
    if asked is UNSET:
        return faults
    change = Change(Operation.PUT, project.id, asked=asked, faults=faults)
    decision = decide(Case.of(change, asker.ask(keys([change], policy)), policy), rules)
    return (*decision.violations, *decision.warnings) if warnings else decision.violations


class _Asker:
    """What is known, or whom to ask: once."""

    def __init__(self, project: Project, policy: Policy, known: Known | None, roster: Roster | None) -> None:
        self.project, self.policy = project, policy
        self._known = known if known is not None or roster is not None else Known(project)
        self._roster = roster

    def ask(self, asked: Keys) -> Known:
        if self._known is None:
            assert self._roster is not None  # noqa: S101  one of them is there
            answer = self._roster.find(asked)
            if not isinstance(answer, Known):
                raise TypeError("check asks a roster whose methods answer at once")
            self._known = answer
        return self._known


_NOBODY: Final = Ledger(complete=False)
_NONE: Final = frozenset[Any]()


def _tell(payload: object, asker: _Asker, teller: Teller, glance: Glance) -> Found | None:
    """What is said of a payload that can be told by its signs; None takes the whole road."""
    claim = teller.skimmer.skim_one(payload)
    if claim is None:
        value, colons = glance(payload)
        claim = teller.screen(value)
        counted = claim is not None and claim.colons == colons
        if claim is None or not (counted or (colons >= 0 and jsontext.is_whole(payload, value, colons))):
            return None
        teller.skimmer.learn(payload, value)
    if claim.id is not None:
        return None
    body = partial(jsontext.sound_value, payload, glance)
    known = asker.ask(_keys(claim, asker))
    if not _is_same(asker.project, known.project):
        return None
    if isinstance(known.participants, Unset) or not known.participants:
        return teller.of_new(claim, body, _NOBODY)[1]
    ledger = ledger_of(known, asker.policy)
    entry = ledger.identifiers.first.get(claim.identifier or "")
    if entry is None:
        return teller.of_new(claim, body, ledger)[1]
    told = teller.of_update(claim, body, entry, ledger)
    return None if told is None else told[1]


def _is_same(project: Project, other: Project | None) -> bool:
    """Whether a store knows the project as it is; the last one that was compared is remembered."""
    if other is project or project.made.get("same") is other:
        return True
    if other != project:
        return False
    project.made["same"] = other
    return True


def _keys(claim: Claim, asker: _Asker) -> Keys:
    """The question about one payload."""
    return Keys(
        asker.project.id,
        _NONE,
        frozenset([claim.identifier]) if claim.identifier else _NONE,
        frozenset([claim.email]) if claim.email else _NONE,
        asker.policy,
        (),
        frozenset([claim.phone]) if claim.phone else _NONE,
    )
