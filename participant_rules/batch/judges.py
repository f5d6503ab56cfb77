"""The judge of a family's rows: the port between batches and the rules."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from participant_rules.batch.chunks import ChunkResult, Resolved
from participant_rules.batch.held_keys import Hasher
from participant_rules.due import refuse_lacking
from participant_rules.jsontext import Glance
from participant_rules.ruleset import RuleSet
from participant_rules.schema.tree import Schema

__all__ = ["Judge", "Key", "Resolver", "Task", "refuse_no_task"]


class Key(NamedTuple):
    """A unique value of a record: the pointer of its member, and its comparison key.

    `names` tells that it says which participant is meant.
    """

    pointer: str
    text: str
    names: bool


class Resolver(Protocol):
    """Rows that share keys, decided one after the other: later ones see the effects of earlier ones."""

    def decide(self, rows: Sequence[tuple[int, object]]) -> Iterator[tuple[Resolved, Sequence[Key]]]:
        """Decide further rows, given by number and payload, in their order; the store is asked once.

        With each come its values that must be unique, as far as they can be read.
        """
        ...


class Judge(Protocol):
    """Judges rows; made in each process from a task."""

    def judge(self, payloads: Sequence[object], first: int = 0, *, sound: bool = False) -> ChunkResult:
        """Judge each row as if it stood alone; `first` is the number of the first one.

        The store is asked once for all of them. `sound` says that the payloads are JSON values whose texts
        have no fault.
        """
        ...

    @property
    def untold(self) -> Mapping[str, str]:
        """The rules that did not run so far for want of a fact, by their codes, and the fact."""
        ...

    def resolver(self) -> Resolver:
        """An empty resolver."""
        ...


class Task(Protocol):
    """The definition, store and rules that records are judged by; it can be pickled where its store can."""

    @property
    def asked(self) -> RuleSet:
        """The rules that each record is asked."""
        ...

    def judge(self, *, hasher: Hasher = ..., glance: Glance = ..., warnings: bool = True) -> Judge:
        """The judge of this task; without `warnings` it finds violations only."""
        ...

    @property
    def schema(self) -> Schema:
        """The schema of a record; repairs are made by it."""
        ...


def refuse_no_task(task: object) -> None:
    """Raise TypeError for an argument that is no task, or the class of one."""
    refuse_lacking(task, ["judge"], "a task, such as ProjectTask(project),")
