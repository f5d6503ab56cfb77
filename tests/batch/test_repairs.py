"""Repairs of findings of a batch."""

from functools import partial

from participant_rules.batch.outcomes import Finding, Place
from participant_rules.batch.repairs import Repairer, domain_mistyped
from participant_rules.project.keys import schema_of
from participant_rules.project.model import Project
from participant_rules.project.policy import POLICY
from participant_rules.repairing import with_repair
from participant_rules.rules import at
from participant_rules.violations import Repair


def test_addresses_with_a_mistyped_domain() -> None:
    """The likely address is proposed; nothing is for an address or a value that has none."""
    repairer = Repairer(schema_of(Project(id="P"), POLICY))
    violation = domain_mistyped.violation(at("/email"))
    finding = Finding(Place("roster.csv", 2), violation)
    proposed = with_repair(violation, Repair("/email", "a@gmail.com", certain=False))
    assert repairer.proposed(finding, lambda: {"email": "a@gmial.com "}).violation == proposed
    for value in ("a@example.org", 5, None):
        assert repairer.proposed(finding, partial(dict, email=value)) is finding
