"""The findings that a page lists, in columns of numbers: a hundred thousand take few megabytes."""

import json
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Final

from participant_rules.batch.frequent import WarningKey, warning_key
from participant_rules.batch.outcomes import Finding
from participant_rules.batch.reports.phrases import ALSO, ALSO_OF_FILE, clipped, repair_of, visible, where

__all__ = ["FindingStore", "Listed"]

_COLUMNS: Final = ("file", "row", "kind", "other_file", "other_row")


class _Kept:
    """Findings of one severity, as many as there is room for; texts by the places of their findings."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.files, self.rows, self.kinds, self.other_files, self.other_rows = (array("I") for _ in _COLUMNS)
        self.values: dict[int, str] = {}
        self.repairs: dict[int, str] = {}

    def columns(self, places: Sequence[int]) -> Iterator[list[int]]:
        """The numbers of some of them, column by column."""
        for each in (self.files, self.rows, self.kinds, self.other_files, self.other_rows):
            yield [each[place] for place in places]


class FindingStore:
    """Keeps findings while there is room: so many errors, and ten times as many warnings.

    More warnings than are listed, since those that most records have are said once; which ones these are is
    known at the end. Findings that differ in their places alone are of one kind.
    """

    def __init__(self, most: int, *, values: bool) -> None:
        self._most, self._shows = most, values
        self._errors, self._warnings = _Kept(most), _Kept(10 * most)
        self._files: dict[str, int] = {}
        self._kinds: dict[tuple[str, str | None, str], int] = {}
        self._firsts: list[Finding] = []  # of each kind

    def add(self, finding: Finding) -> None:
        """Keep a finding."""
        kept = self._errors if finding.is_error else self._warnings
        place, violation, other = finding.place, finding.violation, finding.other
        at = len(kept.rows)
        if at == kept.room:
            return
        key = violation.code, place.column or violation.pointer, violation.text
        kind = self._kinds.setdefault(key, len(self._firsts))
        if kind == len(self._firsts):
            self._firsts.append(finding)
        kept.kinds.append(kind)
        kept.rows.append(place.row)
        kept.files.append(self._files.setdefault(place.file, len(self._files)))
        kept.other_rows.append(0 if other is None else other.row)
        kept.other_files.append(0 if other is None else self._files.setdefault(other.file, len(self._files)))
        if self._shows and finding.value is not None:
            kept.values[at] = clipped(visible(finding.value))
        if repair := repair_of(finding, values=self._shows):
            kept.repairs[at] = visible(repair)

    def listed(self, notices: Iterable[Finding], once_keys: Collection[WarningKey]) -> "Listed":
        """The listed findings: errors first, then notices on files as a whole, then the other warnings."""
        before, self._warnings = self._warnings, _Kept(self._most)
        for notice in notices:
            self.add(notice)
        once = {kind for kind, first in enumerate(self._firsts) if warning_key(first) in once_keys}
        rest = [at for at, kind in enumerate(before.kinds) if kind not in once]
        room, parts = self._most, list[tuple[_Kept, Sequence[int]]]()
        for kept, places in (
            (self._errors, range(len(self._errors.rows))),
            (self._warnings, range(len(self._warnings.rows))),
            (before, rest),
        ):
            parts.append((kept, places[:room]))
            room -= len(parts[-1][1])
        return Listed(list(map(visible, self._files)), self._firsts, parts)


class Listed:
    """The findings that a page lists, in their order."""

    def __init__(
        self, files: Sequence[str], firsts: Sequence[Finding], parts: Sequence[tuple[_Kept, Sequence[int]]]
    ) -> None:
        self._files = files
        self._kinds = [tuple(map(visible, _texts(each))) for each in firsts]
        columns = zip(*(kept.columns(places) for kept, places in parts), strict=True)
        self._numbers = {name: [*chain(*some)] for name, some in zip(_COLUMNS, columns, strict=True)}
        self._values = [kept.values.get(at, "") for kept, places in parts for at in places]
        self._repairs = [kept.repairs.get(at, "") for kept, places in parts for at in places]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._values)

    @property
    def has_repairs(self) -> bool:
        """Whether one of them can be repaired."""
        return any(self._repairs)

    def rows(self, most: int) -> Iterator[dict[str, str]]:
        """The first ones as texts, by the names of the page's columns."""
        numbers = zip(*self._numbers.values(), self._values, self._repairs, strict=True)
        for file, row, kind, other_file, other_row, value, repair in islice(numbers, most):
            where, reason, code, severity = self._kinds[kind]
            also = (ALSO if other_file == file else ALSO_OF_FILE) if other_row else ""
            yield {
                "file": self._files[file],
                "row": str(row),
                "where": where,
                "reason": f"{reason} {also.format(row=other_row, file=self._files[other_file])}".strip(),
                "value": value,
                "repair": repair,
                "rule": code,
                "severity": severity,
            }

    def as_json(self) -> str:
        """All of them for the page's script, as JSON that ends no element of HTML."""
        data = {"files": self._files, "kinds": self._kinds, "also": [ALSO, ALSO_OF_FILE], **self._numbers}
        texts = {"value": self._values, "repair": self._repairs}
        data |= {name: column for name, column in texts.items() if any(column)}
        return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _texts(finding: Finding) -> tuple[str, str, str, str]:
    """The common texts of findings of a kind: the column or member, the sentence, the code, the severity."""
    violation = finding.violation
    return where(finding), violation.text, violation.code, violation.severity.value
