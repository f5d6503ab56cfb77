"""A report that a command writes: to a file, a pipe or the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from participant_rules.batch.outcomes import About
from participant_rules.batch.reports import Format, Look, Report, open_report
from participant_rules.cli.output import report_output
from participant_rules.cli.text import look_of

__all__ = ["begun_report"]


@contextmanager
def begun_report(form: Format, path: Path | None, about: About, *, values: bool) -> Iterator[Report]:
    """A report with its beginning; on the terminal, where there is no path, in colour and its width."""
    with report_output(path) as out:
        look = look_of(out) if form == "text" and path is None else Look()
        report = open_report(form, out, values=values, look=look)
        report.begin(about)
        yield report
