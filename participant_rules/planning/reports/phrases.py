"""The phrases that reports of plans share."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from participant_rules.batch.outcomes import Finding
from participant_rules.batch.reports.phrases import OUTCOMES, also, amount, clipped, spot, visible, where
from participant_rules.changes import ChangeKind, MemberChange
from participant_rules.planning.records import Totals

__all__ = [
    "LOST",
    "UNKNOWN",
    "change_phrases",
    "figures",
    "finding_phrase",
    "lines_of_totals",
    "notice_phrases",
    "shown",
]

_COUNTED: Final[Mapping[ChangeKind, str]] = {"set": "set", "changes": "changed", "is cleared": "cleared"}
LOST: Final = "lost, since the record leaves it out"
UNKNOWN: Final = "It is not known who is stored: what is updated, changed and lost is not known either."


def figures(totals: Totals) -> Sequence[tuple[str, int]]:
    """Everything counted, in words."""
    members = [(f"members {phrase}", totals.members.get(kind, 0)) for kind, phrase in _COUNTED.items()]
    return [
        ("records", totals.records),
        *((phrase, totals.actions.get(action, 0)) for action, phrase in OUTCOMES.items()),
        *members,
        ("stored values lost", totals.lost),
        ("would be invited", totals.invited),
        ("violations", totals.violations),
        ("warnings", totals.warnings),
    ]


def lines_of_totals(totals: Totals) -> Iterator[str]:
    """The totals as lines of text; members and losses are left out where there are none."""
    actions = [f"{totals.actions.get(action, 0)} {phrase}" for action, phrase in OUTCOMES.items()]
    invited = f"{totals.invited} would be invited"
    yield f"{amount(totals.records, 'record')}: {', '.join(actions)}; {invited}"
    if totals.members:
        members = [f"{totals.members.get(kind, 0)} {phrase}" for kind, phrase in _COUNTED.items()]
        yield f"members of updates: {', '.join(members)}"
    if totals.lost:
        yield f"lost by full replacement: {amount(totals.lost, 'value')} in {amount(totals.losing, 'record')}"
    if not totals.known:
        yield UNKNOWN


def notice_phrases(notices: Sequence[Finding], *, is_single: bool) -> Iterator[str]:
    """The first notices on files, a line each, and how many more; a file that `is_single` is not named."""
    for notice in notices[:_NOTICES]:
        yield f"{visible(spot(notice.place, named=not is_single))}  {finding_phrase(notice)}"
    if len(notices) > _NOTICES:
        yield f"and {len(notices) - _NOTICES} more"


_NOTICES: Final = 20


def change_phrases(change: MemberChange, column: str | None, *, values: bool) -> tuple[str, str, str]:
    """The place of a change, its kind, and the values of the member (or "")."""
    kind = f"{change.kind} ({LOST})" if change.omitted else change.kind
    pair = f"{shown(change.stored)} → {shown(change.new)}" if values else ""
    return visible(column or change.pointer), kind, pair


def shown(value: Any) -> str:
    """A value as JSON."""
    return visible(clipped(json.dumps(value, ensure_ascii=False)))


def finding_phrase(finding: Finding) -> str:
    """The texts of a record's findings."""
    phrase = f"{visible(where(finding))}  {visible(finding.violation.text)}  [{finding.violation.code}]"
    return f"{phrase}  {visible(also(finding))}" if finding.other else phrase
