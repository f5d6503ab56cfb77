"""The outcomes of a chunk's records: what rules and reading say, where a person finds it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import count, repeat
from typing import Final

from attrs import evolve, field, frozen

from participant_rules import jsontext
from participant_rules.batch.chunks import ACTIONS, ChunkResult
from participant_rules.batch.outcomes import Finding, Outcome, Place
from participant_rules.batch.records import Chunk, Notice, Source, Textual
from participant_rules.batch.repairs import Repairer
from participant_rules.batch.row_index import RowIndex
from participant_rules.batch.subjects import row_of
from participant_rules.jsonplaces import look_up
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation

__all__ = ["Findings", "record_of"]

_place = partial(tuple.__new__, Place)  # half the price of the class


@frozen
class Findings:
    """Makes findings: with repairs by a `repairer`, and with `values` where these are wanted.

    `index` has the records so far, those of the chunk among them.
    """

    index: RowIndex = field(repr=False)
    repairer: Repairer | None
    values: bool

    def outcomes(self, chunk: Chunk, result: ChunkResult, source: Source) -> Iterator[Outcome]:
        """The outcomes of a chunk's records."""
        ((first, actions),) = result.pieces
        found: list[tuple[Finding, ...]] = [()] * len(actions)
        for number, violations in result.findings.items():
            place = number - first
            rows = chunk.subjects[place] if chunk.subjects else (chunk.rows[place],)
            of_rules = [_finding(each, source, rows, self.index) for each in violations]
            found[place] = self._completed(of_rules, source, partial(self.index.payload, number))
        for place, remarks in chunk.remarks.items():
            of_reading = self._of_reading(remarks, source, partial(self.index.payload, first + place))
            found[place] = _together(of_reading, found[place])
        # Nearly all is said in C: an outcome costs half of what it does in a loop.
        made: Iterable[Sequence[int]] = chunk.subjects or zip(chunk.rows, strict=True)
        named = map(ACTIONS.__getitem__, actions)
        return map(tuple.__new__, repeat(Outcome), zip(count(first), repeat(source.name), made, named, found))

    def _completed(
        self, found: Sequence[Finding], source: Source, payload: Callable[[], object]
    ) -> tuple[Finding, ...]:
        """The rules' findings on a record, with places in a text, repairs and values."""
        if found[0].violation.code in _OF_TEXTS and isinstance(
            source, Textual
        ):  # there are no other findings
            found = [evolve(each, violation=_placed(each, source, payload())) for each in found]
        if self.repairer is not None:
            found = self.repairer.repaired(found, payload, source)
        if self.values:
            found = [_with_value(each, payload()) for each in found]
        return tuple(found)

    def _of_reading(
        self, remarks: Iterable[Notice], source: Source, payload: Callable[[], object]
    ) -> Sequence[Finding]:
        """The findings of reading on a record; those with a proposed repair have their values then."""
        found = [Finding(Place(source.name, each.row, each.column), each.violation) for each in remarks]
        return (
            found
            if self.repairer is None
            else [self._proposed(each, self.repairer, payload) for each in found]
        )

    def _proposed(self, finding: Finding, repairer: Repairer, payload: Callable[[], object]) -> Finding:
        found = repairer.proposed(finding, payload)
        return _with_value(found, payload()) if self.values and found is not finding else found


def _together(of_reading: Sequence[Finding], of_rules: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings of reading on a record, then the rules'; an unreadable text is reported once."""
    if any(each.is_error for each in of_reading):
        of_rules = tuple([each for each in of_rules if each.violation.code != jsontext.text_malformed.code])
    return (*of_reading, *of_rules)


_related = re.compile("/participants/([0-9]+)(/.*)").fullmatch


def record_of(related: str) -> tuple[int, str] | None:
    """The number of the earlier record that a violation is related to, and the pointer of its member."""
    match = _related(related)
    return None if match is None else (int(match[1]), match[2])


def _finding(violation: Violation, source: Source, rows: Sequence[int], index: RowIndex) -> Finding:
    """A violation, where a person finds it."""
    pointer, related = violation.pointer or "", violation.related
    earlier = record_of(related) if related else None
    finding = object.__new__(Finding)
    members = {
        "place": _place((source.name, row_of(pointer, rows), source.column(pointer))),
        "violation": violation,
        "other": index.place(earlier[0]) if earlier else None,
        "value": None,
    }
    object.__setattr__(finding, "__dict__", members)  # filled in without its constructor
    return finding


_OF_TEXTS: Final = frozenset([each.code for each in jsontext.FAULTS])


def _placed(finding: Finding, source: Textual, payload: object) -> Violation:
    """A fault of a text, with its line and column."""
    violation = finding.violation
    place = source.fault_place(finding.place.row, payload, violation.pointer or "")
    return evolve(violation, text=f"{violation.text[:-1]}: {place}.") if place else violation


def _with_value(finding: Finding, payload: object) -> Finding:
    """The finding with the value that it is about, where there is one."""
    payload, faults = jsontext.read(payload)
    value = UNSET if faults else look_up(payload, finding.violation.pointer or "")
    if isinstance(value, dict | list | Unset):
        return finding
    return evolve(finding, value=value if isinstance(value, str) else json.dumps(value))
