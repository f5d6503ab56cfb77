"""What became of each record, for people and for programs."""

import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from attrs import frozen
from rich.console import Console
from rich.text import Text

from participant_rules.cli.files import Record
from participant_rules.violations import Severity, Violation

__all__ = ["Outcome", "print_json", "print_text"]


@frozen
class Outcome:
    """A record, what would be done with it, and all that is said of it; pointers start at the record."""

    record: Record
    action: str
    findings: tuple[Violation, ...]

    @property
    def refused(self) -> bool:
        """Whether it has a violation."""
        return any(each.severity is Severity.ERROR for each in self.findings)


_DONE = {"add": "would be added", "update": "would be updated", "none": "unchanged"}


def _summary(outcomes: Sequence[Outcome]) -> dict[str, int]:
    accepted = Counter(each.action for each in outcomes if not each.refused)
    said = Counter(found.severity for each in outcomes for found in each.findings)
    return {
        "records": len(outcomes),
        "add": accepted["add"],
        "update": accepted["update"],
        "none": accepted["none"],
        "refused": sum(each.refused for each in outcomes),
        "violations": said[Severity.ERROR],
        "warnings": said[Severity.WARNING],
    }


def print_json(outcomes: Sequence[Outcome]) -> None:
    """Everything as one JSON object."""
    records = [_as_dict(each) for each in outcomes]
    json.dump({"summary": _summary(outcomes), "records": records}, sys.stdout, indent=2, ensure_ascii=False)
    print()


def _as_dict(outcome: Outcome) -> dict[str, Any]:
    return {
        "file": outcome.record.file,
        "record": outcome.record.number,
        "action": "refused" if outcome.refused else outcome.action,
        "findings": [each.as_dict() for each in outcome.findings],
    }


def print_text(outcomes: Sequence[Outcome]) -> None:
    """One line a finding, and a summary."""
    console = Console(soft_wrap=True, highlight=False)
    file = None
    for outcome in outcomes:
        if outcome.findings and outcome.record.file != file:
            file = outcome.record.file
            console.print(Text(file, style="bold"))
        for each in outcome.findings:
            console.print(_line(outcome.record, each, outcomes))
    summary = _summary(outcomes)
    done = [f"{summary[action]} {words}" for action, words in _DONE.items()]
    console.print(
        f"{_count(summary['records'], 'record')}: {', '.join(done)}, {summary['refused']} refused "
        f"({_count(summary['violations'], 'violation')}, {_count(summary['warnings'], 'warning')})"
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _line(record: Record, found: Violation, outcomes: Sequence[Outcome]) -> Text:
    style = "red" if found.severity is Severity.ERROR else "yellow"
    line = Text(f"  record {record.number}  ")
    line.append(f"{found.pointer or '/'}  ", style="cyan")
    line.append(found.text, style=style)
    line.append(f"{_other_row(found, outcomes)}  [{found.code}]", style="dim")
    return line


def _other_row(found: Violation, outcomes: Sequence[Outcome]) -> str:
    """Which earlier record has the value, where it is one of the same files."""
    match = re.match(r"/participants/(\d+)", found.related or "")
    if match is None:
        return ""
    other = outcomes[int(match.group(1))].record
    return f" (record {other.number} of {other.file} has it)"
