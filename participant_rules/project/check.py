"""Check a payload before it is sent, and repair it as far as this is safe: unknown facts are not judged."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, Literal

from attrs import define

from participant_rules import jsontext
from participant_rules.due import (
    A_POLICY,
    ALLOW_UPDATE,
    PROJECT,
    ROSTER,
    answered_at_once,
    refuse_lacking,
    refuse_other,
)
from participant_rules.engine.groups import Facts
from participant_rules.engine.single import read_one
from participant_rules.engine.slots import Keys as RecordKeys
from participant_rules.facts import NO_FACTS, FactValues, refuse_strange
from participant_rules.jsontext import Glance, sound_value
from participant_rules.project.bulk import decide_all
from participant_rules.project.case import Case, Keys, Known, Operation, keys
from participant_rules.project.change import refuse_unknown
from participant_rules.project.decision import decide
from participant_rules.project.keys import schema_of
from participant_rules.project.model import Project
from participant_rules.project.named import named_by
from participant_rules.project.plan import plan_of
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.ports import Roster
from participant_rules.project.roll import ProjectRoll, facts_of_stranger, naming_of
from participant_rules.project.rules import RULES
from participant_rules.project.wire import change_of, read_batch, read_change
from participant_rules.repairing import (
    Repaired,
    among_rows,
    offered,
    refused_by,
    repaired_payload,
    shared_by,
    value_of,
)
from participant_rules.rulebook import rules_of
from participant_rules.ruleset import RuleSet
from participant_rules.unset import UNSET
from participant_rules.violations import Violation

__all__ = ["check", "repair"]

Found = tuple[Violation, ...]

_ANY: Final = Project()
_ROWS: Final = "/participants"


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
    facts: FactValues = NO_FACTS,
    warnings: bool = True,
    glance: Glance = jsontext.glance,
) -> Found:
    """Every violation of the payload of an Add/Update or a Bulk Add/Update, then every warning.

    `payload` is bytes, text or decoded JSON; bad input is a violation and never an exception. `known` is
    what a store answered, where one was asked; with a `roster` it is asked here, in one question, and what
    it raises passes through. A batch is judged against its own rows. `facts` are the caller's own, which
    rules read by their names. Repairs are made when asked for.
    """
    if project is not None:
        refuse_other(project, Project, PROJECT)
    if known is not None:
        refuse_unknown(known)
    if roster is not None:
        refuse_lacking(roster, ["find"], ROSTER)
    if policy.__class__ is not Policy or allow_update.__class__ is not bool:
        refuse_other(policy, Policy, A_POLICY)
        refuse_other(allow_update, bool, ALLOW_UPDATE)
    if operation not in ("put", "bulk"):
        raise ValueError("operation is 'put' or 'bulk'")
    if facts is not NO_FACTS:
        refuse_strange(facts, rules)
    project = project or (known.project if known else None) or _ANY
    asked = known if known is not None or roster is not None else Known(project)
    checking = _Check(project, policy, rules, facts, warnings, asked, roster)
    if operation == "bulk":
        return checking.of_bulk(payload, allow_update=allow_update)
    return checking.of_one(payload, glance)


@define
class _Check:
    """What a check knows; the port is asked once for facts that are not known."""

    project: Project
    policy: Policy
    rules: Mapping[Operation, RuleSet]
    facts: FactValues
    warnings: bool
    _known: Known | None
    _roster: Roster | None

    def of_bulk(self, payload: object, *, allow_update: bool) -> Found:
        """The violations and warnings of the rows of a batch."""
        batch = read_batch(payload, project=self.project.id)
        bulk = decide_all(
            batch.changes,
            self._ask(keys(batch.changes, self.policy)),
            allow_update=allow_update,
            policy=self.policy,
            rules=self.rules,
            facts=self.facts,
        )
        violations = (*batch.faults, *bulk.violations)
        return (*violations, *batch.warnings, *bulk.warnings) if self.warnings else violations

    def of_one(self, payload: object, glance: Glance) -> Found:
        """The violations and warnings of one participant."""
        found = self._of_record(payload, glance)
        if found is not None:
            schema = schema_of(self.project, self.policy)
            return offered(found, schema, partial(value_of, payload)) if found else found
        change = read_change(payload, Operation.PUT, self.project.id)
        if change.asked is UNSET:
            return change.faults
        known = self._ask(keys([change], self.policy))
        decision = decide(Case.of(change, known, self.policy, facts=self.facts), self.rules)
        return (*decision.violations, *decision.warnings) if self.warnings else decision.violations

    def _of_record(self, payload: object, glance: Glance) -> Found | None:
        """The verdict of a payload that needs no entity; None takes the whole road."""
        project, rules = self.project, rules_of(self.rules, Operation.PUT)
        plan = plan_of(project, self.policy, Operation.PUT, rules, warnings=self.warnings)
        record = read_one(plan, payload, glance)
        if record is None:
            return None
        sent, odd, texts = record
        known = self._known or self._ask_about(zip(plan.slots.keys, sent, strict=True))
        if known.project is not project and not self._is_same(known.project):
            return None
        facts = self._facts_of(sent, known, rules)
        if facts is None:
            return None
        verdict = plan.kinds[odd].verdict(facts, texts, lambda: self._case(payload, known))
        return (*verdict.violations, *verdict.warnings)

    def _facts_of(self, sent: RecordKeys, known: Known, rules: RuleSet) -> Facts | None:
        """The facts of a record by its keys; None where these are not enough."""
        if not known.participants:
            named = named_by(*naming_of(schema_of(self.project, self.policy).unique)(sent))
            return facts_of_stranger(named, complete=known.participants is not UNSET, allow_update=True)
        met = ProjectRoll.of(self.project, known, self.policy, rules).meet(sent)
        return None if met is None else met.facts

    def _case(self, payload: object, known: Known) -> Case:
        """The case of a payload that was read: its text has no fault."""
        change = change_of(sound_value(payload), Operation.PUT, "")
        return Case.of(change, known, self.policy, facts=self.facts)

    def _is_same(self, other: Project | None) -> bool:
        """Whether a store knows the project as it is; the last one that was compared is remembered."""
        made = self.project.made
        if made.get("same") is not other and other == self.project:
            made["same"] = other
        return made.get("same") is other

    def _ask_about(self, keys: Iterable[tuple[str, Any]]) -> Known:
        named = {path: frozenset([key]) for path, key in keys if key.__class__ is str}
        return self._ask(Keys(self.project.id, named, self.policy))

    def _ask(self, asked: Keys) -> Known:
        if self._known is None:
            assert self._roster is not None  # noqa: S101  one of them is there
            answer: Known = answered_at_once(self._roster.find(asked), "check")
            refuse_unknown(answer)
            self._known = answer
        return self._known


# ---- repair what is found


def repair(
    payload: object,
    project: Project | None = None,
    *,
    likely: bool = False,
    operation: Literal["put", "bulk"] = "put",
    allow_update: bool = True,
    known: Known | None = None,
    roster: Roster | None = None,
    policy: Policy = POLICY,
    rules: Mapping[Operation, RuleSet] = RULES,
    facts: FactValues = NO_FACTS,
) -> Repaired:
    """Return the payload with its certain repairs (with `likely` also the likely ones), and its findings.

    The payload is a JSON value then; one without repairs is as it was given, and never changed in place. A
    repair that would give a participant what another one holds, stored or in the batch, is not made. The
    arguments are those of `check`.
    """
    look = partial(
        check,
        project=project,
        operation=operation,
        allow_update=allow_update,
        known=known,
        roster=roster,
        policy=policy,
        rules=rules,
        facts=facts,
    )
    if project is not None:
        refuse_other(project, Project, PROJECT)
    codes = rules_of(rules, operation).about_unique
    schema = schema_of(project or _ANY, policy)

    def rows(value: Any) -> Sequence[Any]:
        found = value.get("participants") if operation == "bulk" and isinstance(value, dict) else None
        return found if isinstance(found, list) else ()

    def find(value: Any) -> Found:
        return tuple([among_rows(each, schema, rows(value), _ROWS) for each in look(value)])

    def held(value: Any, found: Sequence[Violation]) -> Iterator[str]:
        yield from refused_by(codes, found)
        yield from shared_by(schema, rows(value), _ROWS)

    return repaired_payload(payload, find, held, likely=likely)
