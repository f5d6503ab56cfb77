"""A plan as one JSON object: the totals, then record by record."""

from collections.abc import Sequence
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import Any, Final, TextIO

from attrs import asdict

from participant_rules.batch.outcomes import About, Finding
from participant_rules.batch.reports.json import as_dict, json_text, with_file
from participant_rules.changes import MemberChange
from participant_rules.planning.records import PlannedRecord, Totals

__all__ = ["JsonPlan"]

_IN_MEMORY: Final = 1 << 20


class JsonPlan:
    """Keeps the records in a temporary file until the totals are known; each stands on a line of its own."""

    def __init__(self, out: TextIO, about: About, *, values: bool = False) -> None:
        self._out, self._about, self._values = out, about, values
        self._records = SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="")  # noqa: SIM115  closed at the end
        self._between = "\n"

    def add(self, planned: PlannedRecord, /) -> None:
        """A record."""
        outcome = planned.outcome
        changes = zip(planned.effect.changes, planned.columns, strict=True)
        entry = {
            "file": outcome.file,
            "record": outcome.place.row,
            "action": outcome.action,
            "invited": planned.effect.invited,
            "changes": [self._change(change, column) for change, column in changes],
            "findings": [as_dict(each) for each in outcome.findings],
        }
        self._records.write(f"{self._between}    {json_text(entry)}")
        self._between = ",\n"

    def end(self, totals: Totals, notices: Sequence[Finding] = (), /) -> None:
        """The totals and the notices, then the records."""
        head = {
            "files": [*self._about.files],
            "totals": asdict(totals),
            "notices": [with_file(each) for each in notices],
        }
        members = "".join(f'  "{name}": {json_text(value)},\n' for name, value in head.items())
        self._out.write(f'{{\n{members}  "records": [')
        with self._records as records:
            records.seek(0)
            copyfileobj(records, self._out)
        self._out.write("]\n}\n" if self._between == "\n" else "\n  ]\n}\n")

    def _change(self, change: MemberChange, column: str | None) -> dict[str, Any]:
        entry = {
            "pointer": change.pointer,
            "column": column,
            "kind": change.kind,
            "omitted": change.omitted,
        }
        return entry | {"stored": change.stored, "new": change.new} if self._values else entry
