"""The results of records, and made-up files."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import field, frozen

from participant_rules.batch import Action, Chunk, Outcome, Part
from participant_rules.batch.chunks import ChunkResult, Resolved
from participant_rules.batch.judge import bare
from participant_rules.batch.judges import Key, Task
from participant_rules.batch.records import Notice
from participant_rules.batch.repeats import REPEATS, Repeats
from participant_rules.declared import pointer_of
from participant_rules.engine.roll import Side
from participant_rules.violations import Violation

RowResult = tuple[Action, tuple[Violation, ...]]
"""What becomes of a record, and all that is said of it."""


def results_of(outcomes: Iterable[Outcome]) -> list[RowResult]:
    """The result of each record of a batch."""
    return [(each.action, tuple([found.violation for found in each.findings])) for each in outcomes]


@frozen
class Decided:
    """A resolver that is over, with the decision on each row."""

    results: Sequence[RowResult] = field(repr=False)
    task: Any

    def decide(self, rows: Sequence[tuple[int, object]]) -> Iterator[tuple[Resolved, Sequence[Key]]]:
        """The decisions, and the keys of each row as they are read one by one."""
        for number, payload in rows:
            yield (number, *self.results[number]), keys_of(self.task.judge().side, payload)


def keys_of(side: Side, payload: object) -> list[Key]:
    """The values of a record that must be unique, as far as they can be read."""
    change = side.read(bare(payload))
    nodes = side.plan.slots.schema.unique if change.asked else ()
    keys = [(node.path, node.key_of(change.asked)) for node in nodes]
    return [Key(pointer_of(path), key, path in side.naming) for path, key in keys if key]


def codes_of_rules(found: Iterable[Violation]) -> list[str]:
    """The codes of rules' violations; repeated earlier rows are tested by `test_repeats`."""
    repeats = {each.code for each in REPEATS}
    return [each.code for each in found if each.code not in repeats]


def with_repeats(results: Sequence[RowResult], payloads: Sequence[object], task: Task) -> list[RowResult]:
    """The violations of records, and the earlier ones that they repeat."""
    repeats = Repeats(Decided(results, task), task.asked.about_unique, warnings=True)
    return [(action, found) for _, action, found in repeats.decide([*enumerate(payloads)])]


def results_of_rows(result: ChunkResult) -> list[RowResult]:
    """The result of each row of a chunk."""
    return [(action, results) for _, action, results in result]


# ---- a file that is made up


@frozen
class ByteRange:
    """A part of a made-up file."""

    chunk: Chunk
    size: int = 10

    def read(self) -> Chunk:
        """Its records."""
        return self.chunk


@frozen
class Made:
    """A made-up file: its records stand on every other line from the second one."""

    payloads: Sequence[object] = field(repr=False)
    name: str = "made.csv"
    sound: bool = False
    subjects: Sequence[Sequence[int]] = ()
    notices: Sequence[Notice] = ()
    size: int = 100

    def parts(self, records: int) -> Iterator[Part]:
        """Its parts."""
        for start in range(0, len(self.payloads), records):
            some = self.payloads[start : start + records]
            rows = [2 * (start + place) + 2 for place in range(len(some))]
            yield ByteRange(Chunk(some, rows, self.subjects[start : start + records], self.sound))

    def column(self, pointer: str) -> str | None:
        """The column that is named like the last member of the pointer."""
        return pointer.rpartition("/")[2].upper() or None
