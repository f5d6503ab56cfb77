"""The base of both families' decisions: what rules found in a case, with repairs and explanations."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from attrs import define, field

from participant_rules.once import once
from participant_rules.repairing import offered
from participant_rules.ruleset import RuleSet, Verdict
from participant_rules.schema.tree import Schema
from participant_rules.violations import Violation

__all__ = ["BaseDecision"]

CaseT = TypeVar("CaseT")


@define(eq=False, slots=False)
class BaseDecision(Generic[CaseT]):
    """The findings of rules on a case: true when there are no errors.

    `found` are the errors as the rules found them, those of the shape first and then in the order of
    precedence; their pointers start with `base`, the record's place in its batch.
    """

    case: CaseT = field(repr=False)
    rules: RuleSet = field(repr=False)
    found: tuple[Violation, ...] = ()
    base: str = ""
    untold: tuple[tuple[str, str], ...] = field(default=(), eq=False, repr=False)
    """The codes of rules that did not run for want of a fact, each with the fact; where a plan judged it."""

    def __bool__(self) -> bool:
        """Whether the change stands."""
        return not self.found

    @once
    def violations(self) -> tuple[Violation, ...]:
        """The errors, with their repairs: the first one decides the status of a server's answer."""
        return self._offered(self.found)

    @property
    def warnings(self) -> tuple[Violation, ...]:
        """The warnings, which refuse nothing, with their repairs."""
        return self._offered(self.noted)

    @property
    def noted(self) -> tuple[Violation, ...]:
        """The warnings as the rules found them."""
        return self.rules.warnings(self.case, self.base)

    def explain(self) -> tuple[Verdict, ...]:
        """The verdict of every rule: held, fired, or skipped and the reason."""
        return self.rules.explain(self.case, self.base)

    def _offered(self, found: tuple[Violation, ...]) -> tuple[Violation, ...]:
        """Violations that make their repairs when they are asked for them."""
        schema = self._schema if found else None
        return found if schema is None else offered(found, schema, self._read, self.base)

    @property
    @abstractmethod
    def _schema(self) -> Schema | None:
        """The schema of the body; None where there is no body to repair, or its definition is not known."""

    @property
    @abstractmethod
    def _read(self) -> Callable[[], Any]:
        """The function that gives the JSON value of the body; it does not keep the decision alive."""
