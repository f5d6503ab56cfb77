"""The phrases of all reports, and the conversion of a file's text to one that can be written."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

from participant_rules.batch.files.notices import OF_FILES
from participant_rules.batch.outcomes import About, Action, Finding, Frequent, Place, Summary
from participant_rules.batch.records import ColumnRead
from participant_rules.batch.repairs import value_repaired
from participant_rules.rules import Basis
from participant_rules.schema.repairing import names_of
from participant_rules.spelling import INVISIBLE
from participant_rules.violations import Repair, Source

__all__ = [
    "ALSO",
    "ALSO_OF_FILE",
    "DONE",
    "OUTCOMES",
    "STOPPED",
    "also",
    "amount",
    "certainty",
    "clipped",
    "columns_read",
    "done",
    "encodable",
    "ending",
    "escaped",
    "explained",
    "few_columns",
    "frequency",
    "new_value",
    "no_formula",
    "provenance",
    "reading",
    "repair_of",
    "repair_phrase",
    "repairable",
    "spot",
    "title",
    "unseen",
    "visible",
    "where",
]

OUTCOMES: Final[Mapping[Action, str]] = {
    "add": "would be added",
    "update": "would be updated",
    "none": "unchanged",
    "refused": "refused",
}

DONE: Final[Mapping[Action, str]] = {**OUTCOMES, "add": "added", "update": "updated"}
"""The same, of records that were sent."""


def done(summary: Summary) -> Mapping[Action, str]:
    """The phrases of outcomes by action: "would be added", or "added" once the records are sent."""
    return DONE if summary.sent else OUTCOMES


STOPPED: Final = "The check stopped early, at the greatest number of violations that was asked for."


def amount(number: int, noun: str) -> str:
    """A number with its noun.

    >>> amount(1, "record"), amount(2, "record")
    ('1 record', '2 records')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def ending(summary: Summary) -> str:
    """How the check ended, in one line."""
    counts = [f"{summary.actions.get(action, 0)} {phrase}" for action, phrase in done(summary).items()]
    return (
        f"{amount(summary.records, 'record')}: {', '.join(counts)} "
        f"({amount(summary.violations, 'violation')}, {amount(summary.warnings, 'warning')})"
    )


def spot(place: Place, *, named: bool = True) -> str:
    """The row of a file; the row alone where the file is not `named`, or the records are a program's."""
    return f"{place.file}:{place.row}" if named and place.file else f"row {place.row}"


def where(finding: Finding) -> str:
    """The column, else the member, else that it is the whole record, or the whole file."""
    whole = "whole file" if finding.violation.code in OF_FILES else "whole record"
    return finding.place.column or finding.violation.pointer or whole


def also(finding: Finding) -> str:
    """Which earlier record has the value that must be unique; nothing where none has."""
    if finding.other is None:
        return ""
    file = finding.other.file
    return (ALSO if file == finding.place.file else ALSO_OF_FILE).format(row=finding.other.row, file=file)


ALSO: Final = "(row {row} has it)"
ALSO_OF_FILE: Final = "(row {row} of {file} has it)"


def frequency(frequent: Frequent, records: int) -> str:
    """The share of the records with a warning that is given once."""
    return f"{frequent.records:,} of {records:,} records"


def repair_phrase(finding: Finding) -> str:
    """The phrase about a finding's repair, to be made or made; "" where it has none.

    The new value is said where the finding has the one that stands there.
    """
    repair = finding.violation.repair
    if repair is None:
        return ""
    done = finding.violation.code == value_repaired.code
    phrase = "repaired" if done else "would be repaired" if repair.certain else "would likely be repaired"
    if repair.renames is not None:
        return f"{phrase}: the name becomes {names_of(repair.pointer)[-1]}"
    value = new_value(finding)
    return phrase if value is None else f'{phrase} to "{clipped(value)}"'


def new_value(finding: Finding) -> str | None:
    """The text of the value that a repair gives; None where there is none, or values are not shown."""
    repair = finding.violation.repair
    if repair is None or repair.renames is not None or finding.value is None:
        return None
    return repair.value if isinstance(repair.value, str) else json.dumps(repair.value)


def repairable(summary: Summary) -> str:
    """How many findings would be repaired, as a sentence; "" where none would."""
    certain = sum(each.certain for each in summary.repairs.values())
    likely = sum(each.likely for each in summary.repairs.values())
    sentences = [f"{amount(certain, 'finding')} would be repaired (--fix)"] if certain else []
    sentences += [f"{amount(likely, 'finding')} would likely be repaired (--fix-likely)"] if likely else []
    return f"{', '.join(sentences)}." if sentences else ""


def certainty(repair: Repair | None) -> str:
    """How sure a repair is: "certain" or "likely"; "" for none."""
    return "" if repair is None else "certain" if repair.certain else "likely"


def repair_of(finding: Finding, *, values: bool) -> str:
    """The value that would repair a finding, else "certain" or "likely"; "" for no repair."""
    repair = finding.violation.repair
    if repair is None:
        return ""
    if repair.renames is not None:
        return names_of(repair.pointer)[-1]
    value = new_value(finding) if values else None
    if value is None:
        return certainty(repair)
    return value if repair.certain else f"{value} (likely)"


_KINDS: Final = {
    "printed": "The page prints this sentence as an error",
    "quoted": "The page states this sentence as a law",
    "ours": "The sentence is ours",
}


def provenance(source: Source, basis: Basis | None = None) -> str:
    """The source of a sentence, and the basis of its law."""
    sentence = _KINDS[source.kind] + (f": {source.section}." if source.section else ".")
    return f"{sentence} The law is {basis}." if basis else sentence


def columns_read(columns: Sequence[ColumnRead]) -> str:
    """How many of a table's columns are read, as a sentence; "" where all of them are."""
    counted = [each for each in columns if not each.ignored]
    read = sum(each.pointer is not None for each in counted)
    return "" if read == len(counted) else f"{read} of {amount(len(counted), 'column')} were read."


def few_columns(about: About, *, named: bool = True) -> Sequence[str]:
    """A line for each table of which fewer than half of the columns are read: it comes before all else."""
    return [
        f"{f'{name}: only' if named else 'Only'} {columns_read(columns)} See --explain-columns and --map."
        for name, columns in about.columns.items()
        if sum(each.pointer is not None for each in columns) * 2 < sum(not each.ignored for each in columns)
    ]


def explained(columns: Sequence[ColumnRead]) -> Sequence[str]:
    """A line for each column with its field."""
    return [f"{visible(each.name)}: {reading(each)}" for each in columns]


def reading(column: ColumnRead) -> str:
    """The field of a column."""
    if column.pointer is not None:
        return f"read as {visible(column.pointer)}"
    if column.ignored:
        return "needs not be read"
    return f"not read; {visible(column.hint)} reads it" if column.hint else "not read"


def title(family: str) -> str:
    """The subject of the check, as a heading."""
    return f"Participants of a {family}"


def encodable(text: str) -> str:
    r"""The text with lone surrogates, as a file's name may have, spelt as \udc80, so that UTF-8 takes it."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def no_formula(text: str) -> str:
    """A cell's text that no spreadsheet calculates: an apostrophe stands before one that it might."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


_invisible = re.compile(f"[{INVISIBLE}\t\n\r\u2028\u2029]")


def visible(text: str) -> str:
    r"""The text on one line; characters that steer a terminal or turn the order of letters are spelt \x1b."""
    return _invisible.sub(lambda each: ascii(each[0])[1:-1], encodable(text))


_unseen = re.compile(f"[{INVISIBLE}]")


def escaped(text: str) -> str:
    r"""The text of JSON, with invisible characters spelt as \u200b, as JSON itself allows."""
    if text.isascii():
        return text
    return _unseen.sub(lambda each: json.dumps(each[0])[1:-1], text)


def unseen(text: str) -> str:
    r"""The text with invisible characters spelt as \u200b; line ends stay."""
    return _unseen.sub(lambda each: ascii(each[0])[1:-1], text)


_LONGEST: Final = 200


def clipped(value: str) -> str:
    """A value, cut where it is too long to be read."""
    return value if len(value) <= _LONGEST else value[:_LONGEST] + "…"
