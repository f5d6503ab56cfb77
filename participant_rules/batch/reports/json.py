"""Everything as one JSON object, written record by record."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TextIO

from participant_rules.batch.outcomes import About, Finding, Outcome, Place, Summary
from participant_rules.batch.records import ColumnRead
from participant_rules.batch.reports.phrases import OUTCOMES, encodable, escaped, new_value

__all__ = ["JsonReport", "as_dict", "json_text", "with_file"]


class JsonReport:
    """The records in order, then the summary: indented by two spaces, and a finding is one line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._between = "\n"

    def begin(self, about: About, /) -> None:
        """The list of records opens."""
        self._about = about
        self._out.write('{\n  "records": [')

    def add(self, outcome: Outcome, /) -> None:
        """A record and its findings."""
        self._out.write(self._between + _record(outcome))
        self._between = ",\n"

    def end(self, summary: Summary, /) -> None:
        """The list closes; the summary."""
        closing = "]" if self._between == "\n" else "\n  ]"
        files = _indented([_file(name, columns) for name, columns in self._about.columns.items()], 2)
        totals = _indented(_totals(summary), 2)
        self._out.write(f'{closing},\n  "files": {files},\n  "summary": {totals}\n}}\n')


def _file(name: str, columns: Sequence[ColumnRead]) -> Mapping[str, Any]:
    """How the columns of a table are read."""
    named = [{"name": each.name, "pointer": each.pointer, "hint": each.hint} for each in columns]
    return {"file": name, "columns": named}


def as_dict(finding: Finding) -> dict[str, Any]:
    """A finding of a known file as JSON values; its value and the repaired one only where they are shown."""
    place, other = finding.place, finding.other
    entry = {"row": place.row, "column": place.column, **finding.violation.as_dict(), "other": _other(other)}
    repair = finding.violation.repair
    if repair is not None and new_value(finding) is not None:
        entry["repair"] = {**entry["repair"], "value": repair.value}
    return entry if finding.value is None else entry | {"value": finding.value}


def with_file(finding: Finding) -> dict[str, Any]:
    """A finding of any file as JSON values."""
    return {"file": finding.place.file} | as_dict(finding)


def _other(place: Place | None) -> Mapping[str, str | int] | None:
    return None if place is None else {"file": place.file, "row": place.row}


def _record(outcome: Outcome) -> str:
    """A record's JSON; by hand, since json.dumps with an indent would cost more than judging does."""
    lines = ",\n        ".join([json_text(as_dict(each)) for each in outcome.findings])
    findings = f"[\n        {lines}\n      ]" if lines else "[]"
    return (
        f'    {{\n      "file": {_quoted(outcome.place.file)},\n      "record": {outcome.place.row},\n'
        f'      "action": "{outcome.action}",\n      "findings": {findings}\n    }}'
    )


@lru_cache(maxsize=64)
def _quoted(name: str) -> str:
    return json_text(name)


def json_text(value: object) -> str:
    """The JSON of a value on one line, with invisible characters escaped."""
    return escaped(encodable(json.dumps(value, ensure_ascii=False)))


def _indented(value: object, depth: int) -> str:
    """The JSON of a value that stands so deep; every line end in it is one of the layout."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return escaped(encodable(text.replace("\n", "\n" + " " * depth)))


def _totals(summary: Summary) -> dict[str, Any]:
    return {
        "records": summary.records,
        **{action: summary.actions.get(action, 0) for action in OUTCOMES},
        "violations": summary.violations,
        "warnings": summary.warnings,
        "rules": dict(summary.rules),
        "skipped": dict(summary.skipped),
        "repairs": {code: each._asdict() for code, each in summary.repairs.items()},
        "notices": [with_file(each) for each in summary.notices],
        "stopped": summary.stopped,
    }
