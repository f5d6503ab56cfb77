"""What became of each row of a file, in words, kept small enough for a million rows."""

from array import array
from collections.abc import Iterator, Mapping
from typing import Final

from participant_rules.batch.outcomes import Action, Finding, Outcome

__all__ = ["NO_RECORD", "REFUSED", "Verdict", "Verdicts"]

Verdict = tuple[str, str]
"""The outcome, and the reasons."""

NO_RECORD: Final[Verdict] = ("", "")
REFUSED: Final = "refused"
_WORDS: Final[Mapping[Action, str]] = {
    "add": "would be added",
    "update": "would be updated",
    "none": "unchanged",
    "refused": REFUSED,
}


class Verdicts:
    """What became of the rows of one file.

    A row takes four bytes, and each different verdict is kept once. No value of a record is kept, only what
    findings say in words.
    """

    def __init__(self) -> None:
        self._rows = array("I", [0])  # for each row the number of its verdict; no file has a row 0
        self._verdicts = [NO_RECORD]
        self._numbers = {NO_RECORD: 0}

    def add(self, outcome: Outcome) -> None:
        """Take in what became of a record of this file, for each of its rows."""
        word, reasons = _WORDS[outcome.action], _by_row(outcome)
        for row in outcome.rows:
            self._put(row, (word, " | ".join(reasons[row])))

    def of(self, row: int) -> Verdict:
        """The outcome of a row and the reasons; two empty texts where it is no record, or was not judged."""
        return self._verdicts[self._rows[row]] if row < len(self._rows) else NO_RECORD

    def _put(self, row: int, verdict: Verdict) -> None:
        number = self._numbers.setdefault(verdict, len(self._verdicts))
        if number == len(self._verdicts):
            self._verdicts.append(verdict)
        self._rows.extend([0] * (row + 1 - len(self._rows)))
        self._rows[row] = number


def _by_row(outcome: Outcome) -> Mapping[int, list[str]]:
    """What is said of each row; a row without a fault of its own names the first one that has one."""
    said: dict[int, list[str]] = {row: [] for row in outcome.rows}
    faulty = set[int]()
    for finding in outcome.findings:
        row = finding.place.row if finding.place.row in said else outcome.rows[0]
        said[row].append(_one_line(_reason(finding)))
        if finding.is_error:
            faulty.add(row)
    if faulty:
        for row in said.keys() - faulty:
            said[row].append(f"see row {min(faulty)}")
    return said


def _reason(finding: Finding) -> str:
    return "".join(_parts(finding))


def _parts(finding: Finding) -> Iterator[str]:
    """What is said of a record, for people: never the value that stands there."""
    violation, place, other = finding.violation, finding.place, finding.other
    if not finding.is_error:
        yield "warning: "
    if where := place.column or violation.pointer:
        yield f"{where}: "
    yield violation.text
    if other is not None:
        of_file = f" of {other.file}" if other.file != place.file else ""
        yield f" (row {other.row}{of_file} has it)"
    yield f" [{violation.code}]"


def _one_line(text: str) -> str:
    """The text without line ends and control characters, which a column's name may have."""
    if not text.isprintable():
        text = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(text.split())
