"""The findings as SARIF 2.1.0, for tools that show the findings of analysers."""

import json
import os
from pathlib import PurePath
from typing import Any, Final, TextIO
from urllib.parse import quote

from participant_rules.batch.outcomes import About, Finding, Outcome, Place, Summary
from participant_rules.batch.reports.phrases import OUTCOMES, also, new_value, provenance
from participant_rules.rules import Rule

__all__ = ["SarifReport"]

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


class SarifReport:
    """Writes every finding as soon as it is known, and at the end the notices on files as a whole."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._between = "\n"
        self._index: dict[str, int] = {}

    def begin(self, about: About, /) -> None:
        """The tool with its rules; the list of results opens."""
        self._index = {rule.code: index for index, rule in enumerate(about.rules)}
        driver = {"name": "participant-rules", "rules": [_rule(each) for each in about.rules]}
        self._out.write(f'{{"$schema": "{_SCHEMA}", "version": "2.1.0", "runs": [{{\n')
        self._out.write(f'"tool": {json.dumps({"driver": driver})},\n"results": [')

    def add(self, outcome: Outcome, /) -> None:
        """A result a finding."""
        for finding in outcome.findings:
            self._write(finding)

    def end(self, summary: Summary, /) -> None:
        """A result for each notice; how it ended."""
        for notice in summary.notices:
            self._write(notice)
        actions: dict[str, int] = {action: summary.actions.get(action, 0) for action in OUTCOMES}
        repairs = {code: each._asdict() for code, each in summary.repairs.items()}
        totals = {"records": summary.records, **actions, "stopped": summary.stopped, "repairs": repairs}
        self._out.write(f'\n],\n"properties": {json.dumps(totals)}\n}}]}}\n')

    def _write(self, finding: Finding) -> None:
        self._out.write(self._between + json.dumps(self._result(finding)))
        self._between = ",\n"

    def _result(self, finding: Finding) -> dict[str, Any]:
        violation = finding.violation
        result: dict[str, Any] = {"ruleId": violation.code}
        if violation.code in self._index:  # a law of a caller's own may be missing
            result["ruleIndex"] = self._index[violation.code]
        result["level"] = violation.severity.value
        result["message"] = {"text": f"{violation.text} {also(finding)}".strip()}
        result["locations"] = [_location(finding.place) | _member(finding)]
        if finding.other is not None:
            message = {"text": "This record has the value."}
            result["relatedLocations"] = [{"id": 0, **_location(finding.other), "message": message}]
        if properties := _properties(finding):
            result["properties"] = properties
        return result


def _properties(finding: Finding) -> dict[str, Any]:
    """The value where values are shown, and the repair, with its value then."""
    repair, value = finding.violation.repair, finding.value
    properties: dict[str, Any] = {} if value is None else {"value": value}
    if repair is not None:
        entry: dict[str, Any] = {"pointer": repair.pointer, "certain": repair.certain}
        properties["repair"] = entry if new_value(finding) is None else entry | {"value": repair.value}
    return properties


def _rule(rule: Rule) -> dict[str, Any]:
    source = rule.source
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.law},
        "help": {"text": provenance(source, rule.basis)},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"kind": source.kind, "section": source.section, "basis": rule.basis},
    }


def _location(place: Place) -> dict[str, Any]:
    artifact = {"uri": _uri(place.file or "-")}
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": place.row}}}


def _member(finding: Finding) -> dict[str, Any]:
    """The member of the record, named as its column where it has one; nothing for the whole record."""
    column, pointer = finding.place.column, finding.violation.pointer
    if not column and not pointer:
        return {}
    return {"logicalLocations": [{"name": column or pointer, "fullyQualifiedName": pointer or column}]}


def _uri(file: str) -> str:
    """The address of a file; a relative one stays relative."""
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))
