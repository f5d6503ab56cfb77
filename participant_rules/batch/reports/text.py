"""The findings for people: grouped by rule, the most frequent first, and how the check ended."""

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Final, TextIO

from attrs import define, field

from participant_rules.batch.frequent import WarningKey, warning_key
from participant_rules.batch.outcomes import About, Finding, Frequent, Outcome, Summary
from participant_rules.batch.reports.lines import PLAIN, Look, Piece, Style
from participant_rules.batch.reports.phrases import (
    STOPPED,
    also,
    amount,
    clipped,
    columns_read,
    ending,
    few_columns,
    frequency,
    repair_phrase,
    repairable,
    spot,
    visible,
    where,
)

__all__ = ["TextReport"]

_ROWS: Final = 5
_NOTICES: Final = 20
_KINDS: Final = 20  # of a rule's findings that differ in more than their row, while they are collected

Line = tuple[int, Sequence[Piece]]
"""The columns by which a line is indented, and its pieces."""


class TextReport:
    """Keeps the first rows of each rule; all is written at the end.

    One file is named once, above all else; of several files each rule's rows stand below their names.
    """

    def __init__(self, out: TextIO, look: Look = PLAIN) -> None:
        self._out, self._look = out, look
        self._groups: dict[str, _Group] = {}
        self._begun = False

    def begin(self, about: About, /) -> None:
        """The first notice, where few columns are read; the counts are not known yet."""
        self._about = about
        self._is_single = len(about.files) == 1
        few = few_columns(about, named=not self._is_single)
        lines: list[Line] = [(0, [Piece(visible(line), "bold red")]) for line in few]
        self._block([*self._name(), *lines] if lines else [])

    def add(self, outcome: Outcome, /) -> None:
        """Count the findings, and keep the first ones."""
        for finding in outcome.findings:
            self._groups.setdefault(finding.violation.code, _Group()).take(finding)

    def end(self, summary: Summary, /) -> None:
        """Rule by rule the first rows, then notices, then how it ended."""
        if self._groups or summary.notices:
            self._block([*self._name()] if not self._begun else [])
        once_by_key: _OnceByKey = {warning_key(each.first): each for each in summary.frequent}
        for group in sorted(self._groups.values(), key=_rank):
            self._block([*self._group(group, once_by_key, summary.records)])
        self._block([*self._notices(summary.notices)])
        self._block([(0, [Piece(STOPPED)])] if summary.stopped else [])
        read = [(name, columns_read(columns)) for name, columns in self._about.columns.items()]
        found = [(0, [Piece(self._named(name, text))]) for name, text in read if text]
        self._block(
            [*found, *[(0, [Piece(each)]) for each in (ending(summary), repairable(summary)) if each]]
        )

    # ---- blocks, an empty line between them

    def _block(self, lines: Sequence[Line]) -> None:
        if not lines:
            return
        self._out.write("\n" if self._begun else "")
        self._begun = True
        for indent, pieces in lines:
            self._out.writelines(f"{line}\n" for line in self._look.lines(pieces, indent))

    def _name(self) -> Iterator[Line]:
        """The name of the file, where it is the only one."""
        if self._is_single and self._about.files[0]:
            yield 0, [Piece(visible(self._about.files[0]), "dim")]

    def _named(self, name: str, text: str) -> str:
        return text if self._is_single else f"{visible(name)}: {text}"

    def _group(self, group: "_Group", once_by_key: "_OnceByKey", records: int) -> Iterator[Line]:
        """The rule with its count, then the findings that are given once, then its first rows."""
        first = group.first
        noun = "violation" if first.is_error else "warning"
        style: Style = "bold red" if first.is_error else "bold yellow"
        code, count = (
            Piece(first.violation.code, style),
            Piece(amount(group.count, noun), "dim", splits=False),
        )
        yield 0, [code, Piece(visible(first.violation.text)), count]
        once = [once_by_key[key] for key in group.kinds if key in once_by_key]
        for frequent in once:
            share = frequency(frequent, records)
            yield 2, [Piece(share), self._where(frequent.first), *_sentence(frequent.first, first)]
        rows = group.rows(once_by_key)
        yield from self._rows(rows, first)
        left = group.count - sum(each.findings for each in once) - len(rows)
        if left:
            yield 2, [Piece(f"and {left} more", "dim")]

    def _rows(self, rows: Sequence[Finding], first: Finding) -> Iterator[Line]:
        """A line a finding, below the name of its file where there are several."""
        named, indent = "", 2
        for finding in rows:
            if not self._is_single and finding.place.file != named:
                named, indent = finding.place.file, 4
                yield 2, [Piece(visible(named))]
            value = "" if finding.value is None else visible(f'"{clipped(finding.value)}"')
            beside = [Piece(visible(each(finding)), "dim") for each in (also, repair_phrase)]
            rest = [Piece(value), *_sentence(finding, first), *beside]
            yield indent, [Piece(spot(finding.place, named=False), splits=False), self._where(finding), *rest]

    def _notices(self, notices: Sequence[Finding]) -> Iterator[Line]:
        """The notices on files as a whole."""
        for notice in notices[:_NOTICES]:
            row = visible(spot(notice.place, named=not self._is_single))
            code = Piece(f"[{notice.violation.code}]", "dim")
            yield 0, [Piece(row), self._where(notice), Piece(visible(notice.violation.text)), code]
        if len(notices) > _NOTICES:
            yield 2, [Piece(f"and {len(notices) - _NOTICES} more", "dim")]

    def _where(self, finding: Finding) -> Piece:
        return Piece(visible(where(finding)), "cyan")


_OnceByKey = Mapping[WarningKey | None, Frequent]


def _sentence(finding: Finding, first: Finding) -> Iterator[Piece]:
    """The sentence of a finding, where it differs from that of the rule's first one."""
    if finding.violation.text != first.violation.text:
        yield Piece(visible(finding.violation.text))


@define
class _Group:
    """The findings of a rule: how many, and the first ones of each kind with their numbers."""

    kinds: dict[WarningKey | None, list[tuple[int, Finding]]] = field(factory=dict)
    count: int = 0

    @property
    def first(self) -> Finding:
        """The first finding."""
        return next(iter(self.kinds.values()))[0][1]

    def take(self, finding: Finding) -> None:
        """Count a finding, and keep it where it is one of the first."""
        self.count += 1
        key = None if finding.is_error else warning_key(finding)
        kept = self.kinds.get(key)
        if kept is None and len(self.kinds) < _KINDS:
            kept = self.kinds[key] = []
        if kept is not None and len(kept) < _ROWS:
            kept.append((self.count, finding))

    def rows(self, once_by_key: _OnceByKey) -> list[Finding]:
        """The first findings that are not given once for all, in their order."""
        kept = [pair for key, pairs in self.kinds.items() if key not in once_by_key for pair in pairs]
        return [finding for _, finding in sorted(kept, key=itemgetter(0))][:_ROWS]


def _rank(group: _Group) -> tuple[bool, int]:
    return not group.first.is_error, -group.count
