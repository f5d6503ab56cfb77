"""What is said of records, and files that are made up."""

from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve, field, frozen

from participant_rules.batch import Action, Chunk, Outcome, Part
from participant_rules.batch.chunks import ChunkResult
from participant_rules.batch.records import Notice
from participant_rules.batch.repeats import REPEATS
from participant_rules.violations import Violation

Said = tuple[Action, tuple[Violation, ...]]
"""What becomes of a record, and all that is said of it."""


def said_of(outcomes: Iterable[Outcome]) -> list[Said]:
    """What a batch says of each record, as if it were sent alone after the ones before it."""
    return [(each.action, _of_rules([found.violation for found in each.findings])) for each in outcomes]


def said_of_rows(result: ChunkResult) -> list[Said]:
    """What the result of a chunk says of each row, as if it were sent alone after the ones before it."""
    return [(action, _of_rules(said)) for _, action, said in result]


_AGAIN = {each.code for each in REPEATS}


def _of_rules(said: Iterable[Violation]) -> tuple[Violation, ...]:
    """What the rules say, which do not know the other rows of a batch."""
    found = [each for each in said if each.code not in _AGAIN]
    return tuple([evolve(each, related=None) if _names_a_row(each) else each for each in found])


def _names_a_row(violation: Violation) -> bool:
    """Whether it is a batch, and no rule, that names the earlier row."""
    is_of_survey = (violation.pointer or "").startswith("/invitationSection")
    return violation.code in {"login-name-taken", "update-not-allowed"} or is_of_survey


# ---- a file that is made up


@frozen
class Some:
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
            yield Some(Chunk(some, rows, self.subjects[start : start + records], self.sound))

    def column(self, pointer: str) -> str | None:
        """The column that is named like the last member of the pointer."""
        return pointer.rpartition("/")[2].upper() or None
