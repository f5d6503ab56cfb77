"""A check with known reports: outcomes with and without findings, hostile names, and its end."""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from participant_rules.batch.outcomes import About, Finding, Outcome, Place, Summary
from participant_rules.batch.reports import Format, Report, open_report
from participant_rules.rules import At, at, rule
from participant_rules.violations import Source

HOSTILE = "=a</script>\x1b[31m\udc80\u202e.csv"
HOSTILE_COLUMN = "<img src=x onerror=document.title='hacked'>"


@rule("Must be unique within a project.", pointer="/email", source=Source("quoted", "Participant Object"))
def email_taken(_case: object) -> Iterator[At]:
    """No two participants have the same e-mail address."""
    return iter(())


@rule(" Survey does not have a '{item}' variable.", source=Source("printed", "Update Participant"))
def variable_unknown(_case: object) -> Iterator[At]:
    """A seeded variable is one of the survey's."""
    return iter(())


@rule("The member is not documented and is ignored.", severity="warning")
def unknown_field(_case: object) -> Iterator[At]:
    """A request has documented members only."""
    return iter(())


ABOUT = About("project", ["roster.csv", HOSTILE], [email_taken, variable_unknown, unknown_field])

TAKEN = Finding(Place("roster.csv", 3, "E-mail"), email_taken.violation(), Place("roster.csv", 2))
NO_V48 = Finding(Place("roster.csv", 4), variable_unknown.violation(at("seeding", "v48", item="v48")))
NO_V7 = Finding(Place(HOSTILE, 2, HOSTILE_COLUMN), variable_unknown.violation(at("seeding", "v7", item="v7")))
ODD = Finding(Place("roster.csv", 4), unknown_field.violation(at("colour")))
NOTICE = Finding(Place("roster.csv", 1, "Colour"), unknown_field.violation())

OUTCOMES = (
    Outcome(0, "roster.csv", (2,), "add"),
    Outcome(1, "roster.csv", (3,), "refused", (TAKEN,)),
    Outcome(2, "roster.csv", (4,), "refused", (NO_V48, ODD)),
    Outcome(3, HOSTILE, (2,), "refused", (NO_V7,)),
    Outcome(4, HOSTILE, (3,), "none"),
)


def refused(row: int, finding: Finding = TAKEN) -> Outcome:
    """One more refused record of roster.csv."""
    return Outcome(row - 2, "roster.csv", (row,), "refused", (finding,))


def warned(row: int, finding: Finding = ODD) -> Outcome:
    """One more record of roster.csv that stands, with a warning."""
    return Outcome(row - 2, "roster.csv", (row,), "add", (finding,))


def summary_of(
    outcomes: Sequence[Outcome], notices: Sequence[Finding] = (), *, stopped: bool = False
) -> Summary:
    """How a check with these outcomes ends."""
    findings = [finding for each in outcomes for finding in each.findings]
    errors = sum(each.is_error for each in findings)
    return Summary(
        len(outcomes),
        Counter(each.action for each in outcomes),
        errors,
        len(findings) - errors,
        Counter(each.violation.code for each in findings),
        notices,
        stopped,
    )


def fill(
    report: Report,
    outcomes: Iterable[Outcome] = OUTCOMES,
    summary: Summary | None = None,
    about: About = ABOUT,
) -> None:
    """A whole check, from beginning to end."""
    outcomes = list(outcomes)
    report.begin(about)
    for each in outcomes:
        report.add(each)
    report.end(summary or summary_of(outcomes))


def rendered(
    form: Format,
    outcomes: Iterable[Outcome] = OUTCOMES,
    summary: Summary | None = None,
    about: About = ABOUT,
    **options: Any,
) -> str:
    """The report of a check, which can be written as UTF-8 whatever names it has."""
    out = io.StringIO(newline="")
    fill(open_report(form, out, **options), outcomes, summary, about)
    return out.getvalue().encode("utf-8").decode("utf-8")
