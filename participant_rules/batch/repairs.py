"""Repairs of the records of a batch, and the findings on repaired values."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, Protocol, runtime_checkable

from attrs import evolve

from participant_rules.batch.outcomes import Finding
from participant_rules.batch.records import Source
from participant_rules.formats.email_repairs import mistyped
from participant_rules.repairing import repair_of, value_of, with_repair
from participant_rules.rules import Rule, fault
from participant_rules.schema.form import FixOf, Form
from participant_rules.schema.repairing import names_of, value_at
from participant_rules.schema.tree import Schema
from participant_rules.violations import Repair, Severity
from participant_rules.wire import unknown_field

__all__ = ["REPAIRS", "Columnar", "Repairer", "domain_mistyped", "repair_collides", "value_repaired"]

value_repaired = fault(
    "The value was repaired: {sentence} ({broken})",
    "repaired",
    "A value that has one reading only is repaired, where the caller wants that.",
    severity=Severity.WARNING,
)

repair_collides = fault(
    "The value was not repaired: another record has what it would become.",
    "not-repaired",
    "A repair makes no two participants one: what another one has is left as it is.",
    severity=Severity.WARNING,
)

domain_mistyped = fault(
    "The domain of the address is nearly a well-known one.",
    "domain-mistyped",
    "A domain that is a letter off a well-known one is seldom meant; the address is right all the same.",
    severity=Severity.WARNING,
)

REPAIRS: Final[tuple[Rule, ...]] = (domain_mistyped, value_repaired, repair_collides)


@runtime_checkable
class Columnar(Protocol):
    """A source that can be asked for a whole column, or for a member of all records."""

    def values(self, pointer: str) -> Iterator[str]:
        """The texts of the column that is the member at a pointer."""
        ...


class Repairer:
    """Makes the repairs of findings, some of which need the other values of a column, read once."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._columns: dict[tuple[str, str], FixOf | None] = {}

    def repaired(
        self, findings: Sequence[Finding], payload: Callable[[], object], source: Source
    ) -> Sequence[Finding]:
        """The findings of a record, with the repairs that there are; nearly all warnings have none."""
        if not any(each.is_error or each.violation.code == unknown_field.code for each in findings):
            return findings
        value = value_of(payload())
        return [self._with_repair(each, value, source) for each in findings]

    def proposed(self, finding: Finding, payload: Callable[[], object]) -> Finding:
        """A finding of reading: with the address that is likely to be meant, where its domain is mistyped."""
        violation = finding.violation
        if violation.code != domain_mistyped.code:
            return finding
        where = violation.pointer or ""
        text = value_at(value_of(payload()), names_of(where))
        meant = mistyped(text.strip()) if isinstance(text, str) else None
        if meant is None:
            return finding
        proposal = with_repair(violation, Repair(where, meant, certain=False))
        return evolve(finding, violation=proposal)

    def _with_repair(self, finding: Finding, value: object, source: Source) -> Finding:
        violation = finding.violation
        column = partial(self._of_column, source, violation.pointer or "")
        found = repair_of(violation, self._schema, value, column=column)
        return finding if found is None else evolve(finding, violation=with_repair(violation, found))

    def _of_column(self, source: Source, pointer: str, form: Form) -> FixOf | None:
        """The repair that the values of a whole column make likely."""
        key = (source.name, pointer)
        if key not in self._columns:
            values: Sequence[str] = list(source.values(pointer)) if isinstance(source, Columnar) else ()
            self._columns[key] = form.among(values) if form.among is not None and values else None
        return self._columns[key]
