"""The roll of participants while records are judged: the port between the engine's readings and a store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, Protocol

from participant_rules.engine.groups import Facts
from participant_rules.engine.plan import Plan
from participant_rules.engine.slots import Column, Keys
from participant_rules.violations import Violation

__all__ = ["Decided", "Held", "Met", "Roll", "Side"]

Held = tuple[str, str]
"""The path of a unique member, and a key of it."""


class Decided(Protocol):
    """A decision of either family."""

    @property
    def found(self) -> tuple[Violation, ...]:
        """The errors."""
        ...

    @property
    def noted(self) -> tuple[Violation, ...]:
        """The warnings, which refuse nothing."""
        ...

    @property
    def untold(self) -> tuple[tuple[str, str], ...]:
        """The codes of rules that did not run for want of a fact, each with the fact."""
        ...

    @property
    def action(self) -> Literal["add", "update", "delete", "none"]:
        """The action of an accepted change."""
        ...


class Met(Protocol):
    """The participant that a record is about, found by its keys."""

    @property
    def facts(self) -> Facts:
        """The facts of the record."""
        ...

    @property
    def adds(self) -> bool:
        """Whether the record adds a participant."""
        ...

    @property
    def held(self) -> Iterable[Held]:
        """The keys of the record, and of its participant."""
        ...

    def content(self) -> Mapping[str, Any]:
        """The attributes of the record's case that are stored data."""
        ...

    def action(self, value: Any) -> Literal["add", "update", "delete", "none"]:
        """The action of an accepted record, given its JSON value."""
        ...


class Roll(Protocol):
    """The roll: participants as a store answered them, and as accepted records left them."""

    def met(self, columns: Sequence[Column]) -> set[int]:
        """The places of records about a participant on the roll, or not known by the keys alone."""
        ...

    def strangers(self, columns: Sequence[Column]) -> Mapping[Facts, Sequence[int]]:
        """The facts of records about nobody on the roll, and the places of each."""
        ...

    def meet(self, keys: Keys) -> Met | None:
        """The participant that a record's keys name; None where they do not suffice."""
        ...

    def related(self, keys: Keys, path: str) -> str | None:
        """The member of an earlier record that has the record's value; None where it was stored before."""
        ...

    def keys(self, change: Any) -> Iterable[Held]:
        """The keys of a change, as far as they can be read."""
        ...

    def decide(self, change: Any) -> Decided:
        """The decision on a change."""
        ...

    def case(self, value: Any, keys: Keys) -> Any:
        """The case of a record by its JSON value and its keys."""
        ...

    def held_of(self, decision: Any) -> Iterable[Held]:
        """The keys of a decided record, and of its participant."""
        ...

    def add(self, payload: Any, keys: Keys, row: int) -> None:
        """Add the participant of an accepted record; `payload` gives its JSON value once more."""
        ...

    def stand(self, decision: Any, row: int) -> None:
        """Put an accepted decision on the roll."""
        ...

    def learn(self, columns: Sequence[Column], changes: Sequence[Any]) -> None:
        """Ask the store about further records."""
        ...


class Side(Protocol):
    """A family's side of judging records: the plan of its rules, and the roll."""

    @property
    def plan(self) -> Plan[Any]:
        """The plan of the rules."""
        ...

    @property
    def action(self) -> Literal["add", "update"]:
        """The action of a record about nobody on the roll."""
        ...

    def roll(self, columns: Sequence[Column], changes: Sequence[Any]) -> Roll:
        """The roll, as the store answers one question about records and changes."""
        ...

    def read(self, payload: object) -> Any:
        """The change of a payload: bytes, text, or a JSON value."""
        ...

    def change(self, value: object) -> Any:
        """The change of a JSON value that is sound."""
        ...

    @property
    def naming(self) -> frozenset[str]:
        """The paths of the unique members that name a participant."""
        ...

    def unique(self) -> Iterator[str]:
        """The paths of the unique members that another record may hold too."""
        ...
