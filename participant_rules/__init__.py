"""Rules for study and survey participants: the server's own sentence, before anything is sent."""

from participant_rules.asking import RuleError
from participant_rules.quotas import Quota
from participant_rules.rulebook import Rulebook
from participant_rules.rules import At, Rule, at, rule
from participant_rules.ruleset import RuleSet
from participant_rules.unset import UNSET
from participant_rules.violations import Refused, Repair, Severity, Violation

__version__ = "0.1.0"

__all__ = [
    "UNSET",
    "At",
    "Quota",
    "Refused",
    "Repair",
    "Rule",
    "RuleError",
    "RuleSet",
    "Rulebook",
    "Severity",
    "Violation",
    "at",
    "rule",
]
