"""The refused records as JUnit XML, for servers that show tests.

It is the de-facto form that Jenkins, GitLab and others read: a suite a file, a failed test a refused record.
"""

import re
from collections.abc import Sequence
from typing import Final, TextIO
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from attrs import define, field

from participant_rules.batch.outcomes import About, Finding, Outcome, Summary
from participant_rules.batch.reports.phrases import (
    STOPPED,
    also,
    amount,
    clipped,
    ending,
    few_columns,
    provenance,
    repair_phrase,
    repairable,
    spot,
    title,
    unseen,
    where,
)

__all__ = ["JUnitReport"]

_MOST: Final = 10_000


class JUnitReport:
    """Keeps the first 10,000 refused records, since counts come first; all is written at the end.

    The records of a file that stand are one passed test, with the first 10,000 warnings about them.
    """

    def __init__(self, out: TextIO, *, most: int = _MOST) -> None:
        self._out = out
        self._room = self._room_for_warnings = most
        self._name = ""
        self._suites: dict[str, _Suite] = {}

    def begin(self, about: About, /) -> None:
        """Every file has its suite, also one without records."""
        self._about, self._name = about, title(about.family)
        self._suites = {file: _Suite() for file in about.files}

    def add(self, outcome: Outcome, /) -> None:
        """Count the record, and keep a refused one."""
        suite = self._suites.setdefault(outcome.place.file, _Suite())
        suite.records += 1
        if outcome.refused:
            suite.refused += 1
            if self._room:
                self._room -= 1
                suite.cases.append(_case(outcome))
            return
        for each in outcome.findings:
            suite.warned += 1
            if self._room_for_warnings:
                self._room_for_warnings -= 1
                suite.warnings.append(_warning(each))

    def end(self, summary: Summary, /) -> None:
        """Suite by suite."""
        refused = summary.actions.get("refused", 0)
        root = _element("testsuites", name=self._name, tests=summary.records, failures=refused, errors=0)
        few = few_columns(self._about)
        root.extend([_suite(file, suite, summary, few) for file, suite in self._suites.items()])
        indent(root)
        self._out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        self._out.write(tostring(root, encoding="unicode") + "\n")


@define
class _Suite:
    """The records of a file: how many, how many refused and the first of these; warnings about the others."""

    records: int = 0
    refused: int = 0
    warned: int = 0
    cases: list[Element] = field(factory=list)
    warnings: list[str] = field(factory=list)


def _suite(file: str, suite: _Suite, summary: Summary, few: Sequence[str]) -> Element:
    counts = {"tests": suite.records, "failures": suite.refused, "errors": 0, "skipped": 0}
    element = _element("testsuite", name=file or "records", **counts)
    element.extend(suite.cases)
    if standing := suite.records - suite.refused:
        element.append(_standing(file, standing, suite))
    notes = [_warning(each) for each in summary.notices if each.place.file == file]
    if unlisted := suite.refused - len(suite.cases):
        notes.append(f"{amount(unlisted, 'refused record')} more, not listed here.")
    if summary.stopped:
        notes.append(STOPPED)
    _say(element, [*few, *notes, f"All files: {ending(summary)}", *filter(None, [repairable(summary)])])
    return element


def _standing(file: str, records: int, suite: _Suite) -> Element:
    """The records that stand: a passed test, with the warnings about them."""
    name = f"{amount(records, 'record')} {'stands' if records == 1 else 'stand'}"
    case = _element("testcase", name=name, classname=file or "records")
    unlisted = suite.warned - len(suite.warnings)
    more = [f"{amount(unlisted, 'warning')} more, not listed here."] if unlisted else []
    _say(case, [*suite.warnings, *more])
    return case


def _case(outcome: Outcome) -> Element:
    """A refused record: a failure for each violation, and its warnings."""
    place = outcome.place
    case = _element("testcase", name=f"row {place.row}", classname=place.file or "records")
    case.extend([_failure(each) for each in outcome.findings if each.is_error])
    _say(case, [_warning(each) for each in outcome.findings if not each.is_error])
    return case


def _failure(finding: Finding) -> Element:
    violation = finding.violation
    failure = _element("failure", type=violation.code, message=violation.text)
    value = None if finding.value is None else f'Value: "{clipped(finding.value)}"'
    repair = _capital(repair_phrase(finding))
    lines = [_place(finding), violation.text, also(finding), value, repair, provenance(violation.source)]
    failure.text = _allowed("\n".join(each for each in lines if each))
    return failure


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _warning(finding: Finding) -> str:
    violation = finding.violation
    repair = f" ({phrase})" if (phrase := repair_phrase(finding)) else ""
    return f"{violation.severity.value}: {_place(finding)} {violation.text}{repair} [{violation.code}]"


def _place(finding: Finding) -> str:
    return f"{spot(finding.place)} {where(finding)}"


def _say(element: Element, lines: Sequence[str]) -> None:
    if lines:
        SubElement(element, "system-out").text = _allowed("\n".join(lines))


def _element(tag: str, **attributes: str | int) -> Element:
    return Element(tag, {name: _allowed(str(value)) for name, value in attributes.items()})


_forbidden = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _allowed(text: str) -> str:
    """The text with every character that XML 1.0 forbids replaced."""
    return _forbidden.sub("\ufffd", unseen(text))
