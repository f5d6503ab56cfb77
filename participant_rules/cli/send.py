"""`participant-rules send`: the records of a file to a server, each once, resumable."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Annotated

from attrs import frozen
from cyclopts import Parameter

from participant_rules.batch.copies import Verdicts, annotate
from participant_rules.batch.files import NOTICES, FileSource
from participant_rules.batch.outcomes import About
from participant_rules.batch.records import ColumnRead
from participant_rules.batch.repeats import REPEATS
from participant_rules.batch.reports import Format
from participant_rules.batch.reports.phrases import amount
from participant_rules.batch.summary import SummaryCounter, notices_of
from participant_rules.cli.against import NOBODY, JudgedBy
from participant_rules.cli.arguments import COUNT, form_of, refuse_overwriting, refuse_strange_files
from participant_rules.cli.connecting import Link, Server
from participant_rules.cli.reading import AS_FOUND, FLAG, Reading
from participant_rules.cli.reporting import begun_report
from participant_rules.cli.rules import catalogue_of
from participant_rules.cli.sending import sending_bar
from participant_rules.delivery import Journal, Marks, Stopped
from participant_rules.delivery.job import DELIVERY, Job
from participant_rules.planning import Totals
from participant_rules.planning.reports.phrases import lines_of_totals, notice_phrases
from participant_rules.unusable import Unusable
from participant_rules.violations import Refused, listing

__all__ = ["send"]

_INTERRUPTED = 3


def send(
    file: Annotated[str, Parameter(name="FILE", negative="", allow_leading_hyphen=True)],
    /,
    *,
    url: str,
    judged_by: JudgedBy = NOBODY,
    credentials: Path | None = None,
    notify: Annotated[bool, FLAG] = False,
    batch: Annotated[int, COUNT] = 100,
    fetch: Annotated[bool, FLAG] = False,
    good_only: Annotated[bool, FLAG] = False,
    yes: Annotated[bool, FLAG] = False,
    full_speed: Annotated[bool, FLAG] = False,
    timeout: float = 60.0,
    journal: Path | None = None,
    reading: Reading = AS_FOUND,
    output_format: Annotated[Format | None, Parameter(name="--format")] = None,
    output: Path | None = None,
    annotated: Annotated[Path | None, Parameter(name="--annotate")] = None,
    show_values: Annotated[bool, FLAG] = False,
    every_warning: Annotated[bool, FLAG] = False,
) -> int:
    """Send the records of a file to a server, each once; calls of unknown arrival are asked for.

    Exit status: 0 all are sent, 1 some are refused, 2 the usage is wrong, 3 interrupted: run again, it goes
    on.

    Args:
        file: CSV, XLSX, JSON or JSON lines, also packed with gzip.
        url: The server's base address.
        judged_by: What the records are judged by, and sent to.
        credentials: A JSON file: {"token": …} for a project, {"username": …, "apiKey": …} for a survey.
            Without it the environment has PARTICIPANT_RULES_TOKEN, or _USERNAME and _API_KEY.
        notify: Participants that are added to a project get an invitation.
        batch: How many records a call to a project takes.
        fetch: Ask the server first who is there, so that more is judged before anything is sent.
        good_only: A call that is refused for some records is made again without them; else sending stops.
        yes: Do not ask before sending.
        full_speed: Do not keep the survey vendor's limits, a call a second and ten a minute.
        timeout: The seconds that an answer may take.
        journal: The journal; without it FILE.journal.jsonl.
        reading: How the file is read.
        output_format: For people (text, html), programs (json, jsonl, csv) or other tools (junit, sarif).
        output: The file for the report; without it standard output.
        annotated: Write the input again, with columns for the outcome and the reasons.
        show_values: Show what stands where something is wrong. It is personal data.
        every_warning: Say a warning row by row also where more than half of the records have it.
    """
    _refuse_strange(file, judged_by)
    _refuse_odd_timeout(timeout)
    path = journal or Path(f"{file}.journal.jsonl")
    written = (path, Marks.path(path), output, annotated)
    refuse_overwriting([file, judged_by.definition, credentials], written)
    report = _Report(form_of(output_format, output), output, annotated, show_values, every_warning)
    against = judged_by.read(assume_empty=False)
    (source,) = reading.sources([file], against.layout)
    marks = Marks.beside(path)
    server = Server(url, against.task, credentials, timeout=timeout, full_speed=full_speed)
    laws = (*catalogue_of(against.family, against.rules), *NOTICES, *REPEATS, *DELIVERY)
    rules_by_code = {each.code: each for each in laws}
    with server.connected() as link, closing(Journal.at(path, marks, server.purpose)) as kept:
        post = link.post(batch=batch, notify=notify)
        job = Job(
            source,
            against.task,
            post,
            kept,
            marks,
            good_only=good_only,
            notify=notify,
            patience=link.patience,
            rules=rules_by_code,
        )
        stopped = _send(job, link, fetch=fetch, yes=yes, values=show_values, host=server.host)
        refused = report.write(job, source, About(against.family, (file,), laws, _columns(source)))
    return _status(stopped, refused, job)


def _send(job: Job, link: Link, *, fetch: bool, yes: bool, values: bool, host: str) -> Stopped | None:
    """Go on where an earlier run ended, judge, ask, and send; returns the error that stopped it, if any."""
    try:
        records = job.read()
        found = job.resume()
        if found:
            _say(f"asked what became of {amount(found, 'record')} of an interrupted call")
        if fetch:
            job.task = link.with_roster(job.payloads())
        _print_plan(job.plan(values=values), records)
        if job.to_send and not (yes or _is_wanted(job, host)):
            return Stopped("nothing was sent")
        with sending_bar(job.to_send) as shown:
            link.voice.show = shown.waits
            for _ in _sent(job):
                shown.sent()
    except Stopped as stopped:
        return stopped
    except Refused as refused:
        return Stopped(f"the server refuses to say who is there: {listing(refused.violations)}")
    except KeyboardInterrupt:
        return Stopped("interrupted")
    return None


def _sent(job: Job) -> Iterator[object]:
    """Yield the states of rows; raises Stopped also for files that can no longer be read or written."""
    try:
        yield from job.send()
    except Unusable as wrong:
        raise Stopped(str(wrong)) from None
    except OSError as failure:
        raise Stopped(f"the journal cannot be written: {failure.strerror}") from None


def _print_plan(totals: Totals, records: int) -> None:
    """Print the plan of the records that were not sent yet."""
    done = records - totals.records
    if done:
        was = "was" if done == 1 else "were"
        _say(f"{amount(done, 'record')} of {records} {was} sent before, or refused by the server")
    for line in lines_of_totals(totals):
        sys.stderr.write(f"{line}\n")


def _is_wanted(job: Job, host: str) -> bool:
    """Whether the answer on standard input is yes; raises Unusable where there is none.

    How the file was read is said before: what is left out of it is not sent.
    """
    for line in notice_phrases(notices_of(job.source), is_single=True):
        sys.stderr.write(f"{line}\n")
    sys.stderr.write(f"Send {amount(job.to_send, 'record')} to {host}? [y/N] ")
    sys.stderr.flush()
    answer = ""
    with suppress(OSError, AttributeError):  # of an input that cannot be read, or is closed
        answer = sys.stdin.readline()
    if sys.stdin is None or not sys.stdin.isatty():
        sys.stderr.write("\n")
    if not answer:
        raise Unusable("nobody can be asked whether to send: --yes sends")
    return answer.strip().lower() in {"y", "yes"}


@frozen
class _Report:
    """The report of the outcomes of records."""

    form: Format
    output: Path | None
    annotated: Path | None
    values: bool
    every_warning: bool

    def write(self, job: Job, source: FileSource, about: About) -> int:
        """Write it, and the copy; returns how many records are refused."""
        counter, verdicts = SummaryCounter(every_warning=self.every_warning), Verdicts(sent=True)
        with begun_report(self.form, self.output, about, values=self.values) as report:
            for each in job.outcomes():
                counter.add(each)
                report.add(each)
                verdicts.add(each)
            summary = counter.summary(notices_of(source), sent=True)
            report.end(summary)
        verdicts.say_once(summary.frequent, summary.records)
        if self.annotated is not None and (lost := annotate(source, verdicts, self.annotated)):
            _say(f"the copy lacks {', '.join(lost)}")
        return counter.refused


def _columns(source: FileSource) -> dict[str, Sequence[ColumnRead]]:
    """How the columns of a table are read, by its name."""
    return {source.name: source.columns} if source.columns else {}


def _status(stopped: Stopped | None, refused: int, job: Job) -> int:
    """The exit status; prints how many records are left."""
    if stopped is not None:
        left = f"{amount(job.to_send, 'record')} not sent" if job.to_send else "everything was sent"
        left = left if job.is_judged else "nothing was sent now"
        again = "the same command goes on from here" if stopped.resumable else _OTHERS
        _say(f"{stopped}; {left}; {again}")
        return _INTERRUPTED if stopped.resumable else 1
    if refused:
        _say(f"{amount(refused, 'record')} refused; {_MENDED}")
    return 1 if refused else 0


_MENDED = "mended in the file, the same command sends what is mended and nothing else"
_OTHERS = "--good-only sends the others, or mend what is refused and give the same command"


def _say(text: str) -> None:
    sys.stderr.write(f"participant-rules: {text}\n")


def _refuse_strange(file: str, judged_by: JudgedBy) -> None:
    judged_by.refuse_strange()
    refuse_strange_files([file], judged_by.definition)
    if file == "-":
        raise Unusable("a journal stands beside a file: standard input cannot be sent")
    if judged_by.survey_file is None and judged_by.project_file is None:
        raise Unusable("--project or --survey says what the records are sent to")


_LONGEST = 86_400.0


def _refuse_odd_timeout(seconds: float) -> None:
    if not 0 < seconds <= _LONGEST:  # nor a number that is none
        raise Unusable("--timeout takes seconds, more than 0 and at most a day")
