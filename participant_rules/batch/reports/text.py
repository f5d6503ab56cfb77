"""The findings for people: grouped by rule, the most frequent first, and how the check ended."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, TextIO

from attrs import define, field

from participant_rules.batch.outcomes import About, Finding, Outcome, Summary
from participant_rules.batch.reports.phrases import (
    STOPPED,
    also,
    amount,
    clipped,
    columns_read,
    ending,
    few_columns,
    repair_of,
    repairable,
    spot,
    visible,
    where,
)

__all__ = ["Paint", "Style", "TextReport", "plain"]

Style = Literal["bold red", "bold yellow", "cyan", "dim"]
Paint = Callable[[str, Style], str]
"""Gives a piece of text a colour, where that can be seen."""

_ROWS: Final = 5
_NOTICES: Final = 20


def plain(text: str, _style: Style) -> str:
    """The text without colour."""
    return text


class TextReport:
    """Keeps the first rows of each rule; all is written at the end."""

    def __init__(self, out: TextIO, paint: Paint = plain) -> None:
        self._out = out
        self._paint = paint
        self._groups: dict[str, _Group] = {}

    def begin(self, about: About, /) -> None:
        """What is said before all else, where few columns are read; the counts are not known yet."""
        self._about = about
        for line in few_columns(about):
            self._out.write(self._paint(visible(line), "bold red") + "\n\n")

    def add(self, outcome: Outcome, /) -> None:
        """Count the findings, and keep the first ones."""
        for finding in outcome.findings:
            self._groups.setdefault(finding.violation.code, _Group()).take(finding)

    def end(self, summary: Summary, /) -> None:
        """Rule by rule the first rows, then notices, then how it ended."""
        groups = sorted(self._groups.values(), key=_rank)
        blocks = [*(list(self._group(each)) for each in groups), list(self._notices(summary.notices))]
        if summary.stopped:
            blocks.append([STOPPED])
        read = [(name, columns_read(columns)) for name, columns in self._about.columns.items()]
        last = [ending(summary), *filter(None, [repairable(summary)])]
        blocks.append([*(f"{visible(name)}: {told}" for name, told in read if told), *last])
        self._out.write("\n".join("".join(line + "\n" for line in block) for block in blocks if block))

    def _group(self, group: "_Group") -> Iterator[str]:
        """The rule with its count, then its first rows."""
        first = group.rows[0]
        code = self._paint(first.violation.code, _loud(first))
        noun = "violation" if first.is_error else "warning"
        yield f"{code}  {visible(first.violation.text)}  {self._paint(amount(group.count, noun), 'dim')}"
        for finding in group.rows:
            told = "" if finding.violation.text == first.violation.text else visible(finding.violation.text)
            yield self._row(finding, told)
        if group.count > _ROWS:
            yield self._more(group.count - _ROWS)

    def _notices(self, notices: Sequence[Finding]) -> Iterator[str]:
        """What is said of files as a whole."""
        for notice in notices[:_NOTICES]:
            code = self._paint(f"[{notice.violation.code}]", "dim")
            yield f"{self._place(notice)}  {visible(notice.violation.text)}  {code}"
        if len(notices) > _NOTICES:
            yield self._more(len(notices) - _NOTICES)

    def _row(self, finding: Finding, told: str) -> str:
        value = "" if finding.value is None else visible(f'"{clipped(finding.value)}"')
        other = visible(also(finding))
        repair = visible(repair_of(finding))
        said = (value, told, *[each and self._paint(each, "dim") for each in (other, repair)])
        rest = [each for each in said if each]
        return "  ".join(["", self._place(finding), *rest])

    def _place(self, finding: Finding) -> str:
        return f"{visible(spot(finding.place))}  {self._paint(visible(where(finding)), 'cyan')}"

    def _more(self, count: int) -> str:
        return "  " + self._paint(f"and {count} more", "dim")


@define
class _Group:
    """The findings of a rule: how many, and the first ones."""

    rows: list[Finding] = field(factory=list)
    count: int = 0

    def take(self, finding: Finding) -> None:
        self.count += 1
        if self.count <= _ROWS:
            self.rows.append(finding)


def _rank(group: _Group) -> tuple[bool, int]:
    return not group.rows[0].is_error, -group.count


def _loud(finding: Finding) -> Style:
    return "bold red" if finding.is_error else "bold yellow"
