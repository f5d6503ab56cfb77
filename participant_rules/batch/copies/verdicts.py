"""The outcome of each row of a file, in words, kept small enough for a million rows."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from participant_rules.batch.files.notices import row_width_differs
from participant_rules.batch.frequent import Alike, alike
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
        self._once: frozenset[Alike] = frozenset()
        self._told: dict[int, list[str]] = {}  # what is said once, by the row
        self._words = DONE if sent else OUTCOMES

    def add(self, outcome: Outcome) -> None:
        """Take in the outcome of a record of this file, for each of its rows."""
        word, reasons = self._words[outcome.action], _by_row(outcome)
        for row in outcome.rows:
            self._put(row, (word, tuple(reasons[row])))

    def say_once(self, frequent: Sequence[Frequent], records: int) -> None:
        """Let each of these warnings of so many records stand in its first row alone, with its count.

        How wide a row is stands at each: without it nobody could tell a copy's fillers from blank cells.
        """
        said = [each for each in frequent if each.first.violation.code != row_width_differs.code]
        self._once = frozenset(alike(each.first) for each in said)
        for each in said:
            told = _one_line(_reason(each.first, f" ({frequency(each, records)})"))
            self._told.setdefault(each.first.place.row, []).append(told)

    def of(self, row: int) -> Verdict:
        """The outcome of a row and the reasons; two empty texts where it is no record, or was not judged."""
        word, reasons = self._verdicts[self._rows[row] if row < len(self._rows) else 0]
        told = [text for text, key in reasons if key is None or key not in self._once]
        return word, " | ".join([*told, *self._told.get(row, ())])

    def _put(self, row: int, verdict: "_Reasoned") -> None:
        number = self._numbers.setdefault(verdict, len(self._verdicts))
        if number == len(self._verdicts):
            self._verdicts.append(verdict)
        self._rows.extend([0] * (row + 1 - len(self._rows)))
        self._rows[row] = number


_Reason = tuple[str, Alike | None]
"""What is said of a row; of a warning also what it has in common with others."""

_Reasoned = tuple[str, tuple[_Reason, ...]]


def _by_row(outcome: Outcome) -> Mapping[int, list[_Reason]]:
    """The reasons of each row; a row without a fault of its own names the first one that has one."""
    said: dict[int, list[_Reason]] = {row: [] for row in outcome.rows}
    faulty = set[int]()
    for finding in outcome.findings:
        row = finding.place.row if finding.place.row in said else outcome.rows[0]
        said[row].append((_one_line(_reason(finding)), None if finding.is_error else alike(finding)))
        if finding.is_error:
            faulty.add(row)
    if faulty:
        for row in said.keys() - faulty:
            said[row].append((f"see row {min(faulty)}", None))
    return said


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
