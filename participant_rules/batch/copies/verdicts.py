"""The outcome of each row of a file, as texts, kept small enough for a million rows."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from participant_rules.batch.files.notices import row_width_differs
from participant_rules.batch.frequent import WarningKey, warning_key
from participant_rules.batch.outcomes import Finding, Frequent, Outcome
from participant_rules.batch.reports.phrases import DONE, OUTCOMES, also, frequency

__all__ = ["NO_RECORD", "REFUSED", "Verdict", "Verdicts"]

Verdict = tuple[str, str]
"""The outcome, and the reasons."""

NO_RECORD: Final[Verdict] = ("", "")
REFUSED: Final = OUTCOMES["refused"]


class Verdicts:
    """The outcomes of the rows of one file.

    A row takes four bytes, and each different verdict is kept once. No value of a record is kept, only what
    findings say in words. With `sent` what would be done is done.
    """

    def __init__(self, *, sent: bool = False) -> None:
        self._rows = array("I", [0])  # for each row the number of its verdict; no file has a row 0
        self._verdicts: list[_Reasoned] = [(NO_RECORD[0], ())]
        self._numbers = {self._verdicts[0]: 0}
        self._once: frozenset[WarningKey] = frozenset()
        self._once_by_row: dict[int, list[str]] = {}  # warnings that stand in one row alone, by the row
        self._outcomes = DONE if sent else OUTCOMES

    def add(self, outcome: Outcome) -> None:
        """Take in the outcome of a record of this file, for each of its rows."""
        name, reasons = self._outcomes[outcome.action], _by_row(outcome)
        for row in outcome.rows:
            self._put(row, (name, tuple(reasons[row])))

    def say_once(self, frequent: Sequence[Frequent], records: int) -> None:
        """Let each of these warnings of so many records stand in its first row alone, with its count.

        How wide a row is stands at each: without it nobody could tell a copy's fillers from blank cells.
        """
        once = [each for each in frequent if each.first.violation.code != row_width_differs.code]
        self._once = frozenset(warning_key(each.first) for each in once)
        for each in once:
            text = _one_line(_reason(each.first, f" ({frequency(each, records)})"))
            self._once_by_row.setdefault(each.first.place.row, []).append(text)

    def of(self, row: int) -> Verdict:
        """The outcome of a row and the reasons; two empty texts where it is no record, or was not judged."""
        name, reasons = self._verdicts[self._rows[row] if row < len(self._rows) else 0]
        texts = [text for text, key in reasons if key is None or key not in self._once]
        return name, " | ".join([*texts, *self._once_by_row.get(row, ())])

    def _put(self, row: int, verdict: "_Reasoned") -> None:
        number = self._numbers.setdefault(verdict, len(self._verdicts))
        if number == len(self._verdicts):
            self._verdicts.append(verdict)
        self._rows.extend([0] * (row + 1 - len(self._rows)))
        self._rows[row] = number


_Reason = tuple[str, WarningKey | None]
"""A reason of a row; of a warning also the key that it shares with others."""

_Reasoned = tuple[str, tuple[_Reason, ...]]


def _by_row(outcome: Outcome) -> Mapping[int, list[_Reason]]:
    """The reasons of each row; a row without a fault of its own names the first one that has one."""
    reasons: dict[int, list[_Reason]] = {row: [] for row in outcome.rows}
    faulty = set[int]()
    for finding in outcome.findings:
        row = finding.place.row if finding.place.row in reasons else outcome.rows[0]
        reasons[row].append((_one_line(_reason(finding)), None if finding.is_error else warning_key(finding)))
        if finding.is_error:
            faulty.add(row)
    if faulty:
        for row in reasons.keys() - faulty:
            reasons[row].append((f"see row {min(faulty)}", None))
    return reasons


def _reason(finding: Finding, count: str = "") -> str:
    return "".join(_parts(finding, count))


def _parts(finding: Finding, count: str) -> Iterator[str]:
    """The reasons of a record, for people: never its values."""
    violation = finding.violation
    if not finding.is_error:
        yield "warning: "
    if where := finding.place.column or violation.pointer:
        yield f"{where}: "
    yield violation.text
    if other := also(finding):
        yield f" {other}"
    yield f"{count} [{violation.code}]"


def _one_line(text: str) -> str:
    """The text without line ends and control characters, which a column's name may have."""
    if not text.isprintable():
        text = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(text.split())
