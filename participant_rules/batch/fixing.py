"""A file repaired: judged, written again with repairs, and judged again until nothing is left to repair.

What a record would hold by a repair and another one holds already is left as it is: the record is judged with
the repair, and where a rule about unique values, or a warning about a repeated one, speaks of it, it is taken
back.
"""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import BinaryIO, Final, cast

from attrs import evolve, field, frozen

from participant_rules.batch.copies.choices import Choice
from participant_rules.batch.copies.fixing import Fix, Writable, fix
from participant_rules.batch.copies.verdicts import Verdicts
from participant_rules.batch.copies.workbooks import copy_values
from participant_rules.batch.files.content import Kept
from participant_rules.batch.files.layout import Layout
from participant_rules.batch.files.opening import FileSource, open_content
from participant_rules.batch.files.options import Options
from participant_rules.batch.files.tables import Table
from participant_rules.batch.findings import record_of
from participant_rules.batch.judges import Task
from participant_rules.batch.outcomes import Finding, Outcome
from participant_rules.batch.pipeline import check_sources
from participant_rules.batch.records import Kind
from participant_rules.batch.repairs import Repairer, domain_mistyped, repair_collides, value_repaired
from participant_rules.batch.repeats import REPEATS
from participant_rules.repairing import with_repair
from participant_rules.rules import at
from participant_rules.violations import Repair

__all__ = ["Fixed", "fixed"]

_NAMED: Final = frozenset(["update-not-allowed", *(each.code for each in REPEATS)])
_AS_FOUND: Final = Options()
_VALUES: Final = Choice(lambda _: True, ())
Mended = tuple[int, str]
"""The number of a record, and the pointer of a member that was repaired."""


@frozen
class Fixed:
    """A file with its repairs, and the findings about these, by the numbers of records.

    `left` are the repairs that are not made, since another record has what they would give; `repairer` knows
    the columns as they were.
    """

    source: FileSource
    repairer: Repairer = field(repr=False)
    findings: Mapping[int, Sequence[Finding]] = field(repr=False)
    left: frozenset[Mended] = frozenset()

    def listed(self, outcomes: Iterable[Outcome], *, values: bool) -> Iterator[Outcome]:
        """The outcomes of the file, each with the repairs made in it before its own findings."""
        numbers = {number for number, _ in self.left}
        for outcome in outcomes:
            done = self.findings.get(outcome.number, ())
            found = outcome.findings
            if outcome.number in numbers:
                found = tuple([violation for each in found for violation in self._left(outcome.number, each)])
            if done or found is not outcome.findings:
                shown = done if values else [evolve(each, value=None) for each in done]
                outcome = outcome._replace(findings=(*shown, *found))  # noqa: PLW2901  as it is told
            yield outcome

    def _left(self, number: int, finding: Finding) -> Iterator[Finding]:
        """A finding, without its repair where that is not made, and a finding on the repair that is not."""
        repair = finding.violation.repair
        if repair is None or (number, repair.pointer) not in self.left:
            yield finding
            return
        yield evolve(finding, violation=evolve(finding.violation, offer=None))
        yield evolve(finding, violation=repair_collides.violation(at(pointer=finding.violation.pointer)))


@frozen
class _Opening:
    """How the file that results is opened, each time it was written: as the first one was."""

    name: str
    kind: Kind
    layout: Layout
    options: Options

    def copy_of(self, source: FileSource) -> FileSource:
        """The file as it is; a workbook of an older format becomes an .xlsx file of its values."""
        if isinstance(source, Table) and _is_older(source):
            return self.stored(lambda out: copy_values(source, Verdicts(), _VALUES, out))
        return self.stored(lambda out: _copy(source, out))

    def stored(self, write: Callable[[BinaryIO], object]) -> FileSource:
        """The repaired file, in a temporary one, as a source."""
        file = tempfile.TemporaryFile()  # noqa: SIM115  it is closed with what keeps it
        content = Kept(self.name, file)
        write(cast("BinaryIO", file))
        file.flush()
        return open_content(content, self.layout, input_format=self.kind, options=self.options)

    def fixed(self, source: FileSource, wanted: "_Wanted") -> FileSource:
        """A file with repairs."""
        fixes = [Fix(rows, _repairs(findings)) for rows, findings in wanted.values()]
        return self.stored(lambda out: fix(source, fixes, out))


def fixed(
    source: FileSource,
    task: Task,
    layout: Layout,
    *,
    name: str,
    options: Options = _AS_FOUND,
    likely: bool = False,
    jobs: int = 1,
) -> Fixed:
    """Repair a file as far as this is safe; raises Unusable where it cannot be written.

    `name` is what the file that results goes by; `layout` and `options` are those that the file was opened
    with. With `likely` repairs are made too that are merely likely.
    """
    opening = _Opening(name, source.kind, layout, options)
    if _is_older(source):
        opening = evolve(opening, options=evolve(options, sheet=None, header_row=None))
    original = opening.copy_of(source)
    repairer = Repairer(task.schema)
    look = partial(_look, task=task, repairer=repairer, likely=likely, jobs=jobs)
    first, held, worse = look(original), set[Mended](), set[Mended]()
    while True:
        stored, made, seen = _rounds(original, first, held | worse, opening, look)
        repaired = {(number, each.pointer) for number, found in made.items() for each in _repairs(found)}
        collide, refuse = repaired & seen.held, _proposed(made) & seen.refused
        if not collide and not refuse:
            return Fixed(stored, repairer, made, frozenset(held))
        held |= collide
        worse |= refuse


def _rounds(
    source: FileSource,
    seen: "_Seen",
    vetoed: set[Mended],
    opening: _Opening,
    look: Callable[[FileSource], "_Seen"],
) -> tuple[FileSource, Mapping[int, list[Finding]], "_Seen"]:
    """Repair until nothing is left that may be repaired; returns the repairs, and the last view.

    None is made twice: what is written may be read otherwise.
    """
    made: dict[int, list[Finding]] = defaultdict(list)
    while wanted := seen.without(vetoed, made):
        for number, (_, findings) in wanted.items():
            made[number] += map(_report_of, findings)
        source = opening.fixed(source, wanted)
        seen = look(source)
    return source, made, seen


_Wanted = Mapping[int, tuple[Sequence[int], Sequence[Finding]]]
"""The findings that would be repaired, by the numbers of their records, and the rows of these."""


@frozen
class _Seen:
    """The repairs that would be made, the values that several records share, and the refused records."""

    wanted: _Wanted
    held: set[Mended]
    refused: set[Mended]

    def without(self, vetoed: set[Mended], made: Mapping[int, Sequence[Finding]]) -> _Wanted:
        """The open repairs, without the forbidden and the already made ones."""
        left: dict[int, tuple[Sequence[int], Sequence[Finding]]] = {}
        for number, (rows, findings) in self.wanted.items():
            before = _repairs(made.get(number, ()))
            some = [
                each
                for each in findings
                if (number, _pointer(each)) not in vetoed and each.violation.repair not in before
            ]
            if some:
                left[number] = (rows, some)
        return left


def _look(source: FileSource, *, task: Task, repairer: Repairer, likely: bool, jobs: int) -> _Seen:
    """Judge a file once."""
    wanted: dict[int, tuple[Sequence[int], Sequence[Finding]]] = {}
    held, refused = set[Mended](), set[Mended]()
    codes, can_write = task.asked.about_unique | _NAMED, Writable(source)
    for outcome in check_sources([source], task, values=True, repairer=repairer, jobs=jobs):
        for each in outcome.findings:
            if each.violation.code in codes:
                held.update(_holders(outcome.number, each))
            if each.is_error:
                refused.add((outcome.number, each.violation.pointer or ""))
        if found := list(_fixable(outcome, can_write, likely=likely)):
            wanted[outcome.number] = (outcome.rows, found)
    return _Seen(wanted, held, refused)


def _fixable(outcome: Outcome, can_write: Writable, *, likely: bool) -> Iterator[Finding]:
    """The findings of a record that would be repaired, one for each member."""
    pointers = set[str]()
    for each in outcome.findings:
        repair = each.violation.repair
        if repair is None or repair.pointer in pointers or not (repair.certain or likely):
            continue
        if can_write(outcome.rows, repair):
            pointers.add(repair.pointer)
            yield each


def _holders(number: int, finding: Finding) -> Iterator[Mended]:
    """The record that a finding is about, and the earlier one that has the value."""
    yield number, finding.violation.pointer or ""
    related = record_of(finding.violation.related or "")
    if related is not None:
        yield related


def _copy(source: FileSource, out: BinaryIO) -> None:
    with source.open() as file:
        shutil.copyfileobj(file, out)


def _is_older(source: FileSource) -> bool:
    """Whether it is a workbook of a format of which only the values are known."""
    return isinstance(source, Table) and source.kind == "xlsx" and not source.is_archive


def _repairs(findings: Iterable[Finding]) -> list[Repair]:
    return [each.violation.repair for each in findings if each.violation.repair is not None]


def _proposed(made: Mapping[int, Iterable[Finding]]) -> set[Mended]:
    """The repairs of values that were right before; one that is then refused is taken back."""
    return {
        (number, _pointer(each))
        for number, found in made.items()
        for each in found
        if each.violation.words["broken"] == domain_mistyped.code
    }


def _pointer(finding: Finding) -> str:
    repair = finding.violation.repair
    return repair.pointer if repair is not None else ""


def _report_of(finding: Finding) -> Finding:
    """The finding that reports a repair."""
    violation = finding.violation
    place = at(pointer=violation.pointer, sentence=violation.text, broken=violation.code)
    report = value_repaired.violation(place)
    repair = violation.repair
    return evolve(
        finding, violation=with_repair(report, repair) if repair is not None else report, other=None
    )
