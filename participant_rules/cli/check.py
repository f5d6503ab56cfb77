"""`participant-rules check`: judge the records of files before they are sent."""

import gc
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TextIO, cast

from attrs import frozen
from cyclopts import Parameter

from participant_rules import jsontext, project, survey
from participant_rules.batch import ProjectTask, SurveyTask, check_sources
from participant_rules.batch.copies import Original, Verdicts, annotate, split
from participant_rules.batch.copies.output import same_file, writing
from participant_rules.batch.files import NOTICES, FileSource, Layout, open_source
from participant_rules.batch.files.options import Options
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.files.survey import SurveyLayout, variable_names
from participant_rules.batch.judges import Task
from participant_rules.batch.outcomes import About
from participant_rules.batch.repeats import REPEATS
from participant_rules.batch.reports import Format, Report, open_report
from participant_rules.batch.reports.phrases import columns_read, explained, visible
from participant_rules.batch.summary import SummaryCounter, notices_of
from participant_rules.cli.definitions import Definition, read_definition
from participant_rules.cli.fields import MAP
from participant_rules.cli.progress import progress
from participant_rules.cli.rules import Family, catalogue_of
from participant_rules.cli.text import painter
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.unusable import Unusable
from participant_rules.wire import Malformed

__all__ = ["check"]

Flag = Parameter(negative="")


def check(
    files: Annotated[list[str], Parameter(name="FILE", negative="", allow_leading_hyphen=True)],
    /,
    *,
    survey_file: Annotated[str | None, Parameter(name="--survey")] = None,
    project_file: Annotated[str | None, Parameter(name="--project")] = None,
    operation: Literal["add", "update"] | None = None,
    allow_update: Annotated[bool, Flag] = False,
    input_format: Literal["csv", "json", "jsonl", "xlsx"] | None = None,
    mapping: Annotated[list[str] | None, Parameter(name="--map", negative="", help=MAP)] = None,
    blank: Literal["omit", "clear"] = "omit",
    encoding: str | None = None,
    separator: str | None = None,
    escape: Literal["\\", ""] | None = None,
    header_row: int | None = None,
    sheet: str | None = None,
    columns: Literal["lenient", "strict"] = "lenient",
    explain_columns: Annotated[bool, Flag] = False,
    output_format: Annotated[Format | None, Parameter(name="--format")] = None,
    output: Path | None = None,
    annotated: Annotated[Path | None, Parameter(name="--annotate")] = None,
    good: Path | None = None,
    bad: Path | None = None,
    show_values: Annotated[bool, Flag] = False,
    max_errors: int | None = None,
    fail_on: Literal["error", "warning"] = "error",
    fail_over: str = "0",
    jobs: int = 1,
) -> int:
    """Say what a server would answer to the records of files, and everything that is wrong with them.

    Args:
        files: CSV, XLSX, JSON or JSON lines, also packed with gzip; - is standard input. All are one batch.
        survey_file: The definition of a survey, with its stored participants if they are known.
        project_file: The definition of a project, with its stored participants; without it an empty project.
        operation: How the records are sent to a survey: update (the default) or add.
        allow_update: Records may update stored participants of a project.
        input_format: The format of the files, where their endings do not tell it.
        mapping: A column and the field that it is, as "Column=field".
        blank: What a blank cell means: the field is left out (omit) or becomes null (clear).
        encoding: The encoding of texts, where it is not what would be guessed: cp1252, utf-16 …
        separator: What stands between the cells of a text: a character, or tab.
        escape: A backslash where quotes inside quotes are written with one before them; "" where none is.
        header_row: The row of the header, where it is not the first with most known columns.
        sheet: The sheet of a workbook.
        columns: strict makes a column that is not read an error of the file.
        explain_columns: Say how each column is read, and judge nothing.
        output_format: For people (text, html), programs (json, jsonl, csv) or other tools (junit, sarif).
        output: The file for the report; without it standard output.
        annotated: Write the input again, with columns for the outcome and the reasons.
        good: Write the records that stand.
        bad: Write the refused records, with the reasons.
        show_values: Show what stands where something is wrong. It is personal data.
        max_errors: Stop after so many violations.
        fail_on: Exit with 1 where records are refused (error), or where anything is said of them (warning).
        fail_over: Exit with 1 only where more records than that fail: a number, or a share as in 5%.
        jobs: How many processes judge.
    """
    _refuse_strange(files, survey_file, project_file, operation, allow_update=allow_update)
    _refuse_odd_numbers(max_errors, jobs)
    form = _form(output_format, output)
    limit = _limit(fail_over)
    _refuse_overwriting(files, [each for each in (output, annotated, good, bad) if each is not None])
    if (annotated or good or bad) and len(files) > 1:
        raise Unusable("--annotate, --good and --bad take one file")
    against = _against(survey_file, project_file, operation or "update", allow_update=allow_update)
    options = Options(
        mapping=_pairs(mapping or ()),
        blank=blank,
        encoding=encoding,
        separator=separator,
        escape=escape,
        header_row=header_row,
        sheet=sheet,
        columns=columns,
    )
    sources = [
        open_source(name, against.layout, input_format=input_format, options=options) for name in files
    ]
    if explain_columns:
        return _explain(sources)
    verdicts = Verdicts() if annotated or good or bad else None
    with _output(output) as out:
        paint = painter(out) if form == "text" and output is None else None
        report = open_report(form, out, values=show_values, **({"paint": paint} if paint else {}))
        rules = (*catalogue_of(against.family), *NOTICES, *REPEATS)
        tables = {each.name: each.columns for each in sources if each.columns}
        report.begin(About(against.family, tuple(files), rules, tables))
        counter = SummaryCounter()
        stopped = _judge(
            against.task, sources, report, counter, verdicts, max_errors, values=show_values, jobs=jobs
        )
        notices = [notice for source in sources for notice in notices_of(source)]
        report.end(counter.summary(notices, stopped=stopped))
    if verdicts is not None:
        lost = _copy(cast("Original", sources[0]), verdicts, annotated, good, bad)
        if lost:
            sys.stderr.write(f"participant-rules: the copy lacks {', '.join(lost)}\n")
    failed = counter.refused + (counter.warned + len(notices) if fail_on == "warning" else 0)
    return 1 if failed > limit(counter.records) else 0


def _judge(  # noqa: PLR0917  told apart by their types
    task: Task,
    sources: Sequence[FileSource],
    report: Report,
    counter: SummaryCounter,
    verdicts: Verdicts | None,
    max_errors: int | None,
    *,
    values: bool,
    jobs: int,
) -> bool:
    """Judge the records, and tell the report of each; returns whether it stopped early."""
    gc.freeze()  # definitions and stored participants stay until the end
    with progress(sum(each.size for each in sources)) as advance:
        outcomes = check_sources(sources, task, values=values, glance=_glance(), jobs=jobs, progress=advance)
        for outcome in outcomes:
            counter.add(outcome)
            report.add(outcome)
            if verdicts is not None:
                verdicts.add(outcome)
            if max_errors is not None and counter.violations >= max_errors:
                outcomes.close()
                return True
    return False


def _glance() -> jsontext.Glance:
    """The fastest sound decoder that is installed."""
    if find_spec("msgspec") is None:
        return jsontext.glance
    from participant_rules.adapters.msgspec import glance  # noqa: PLC0415  the extra may not be there

    return glance


def _explain(sources: Sequence[FileSource]) -> int:
    """Print how the columns of each file are read."""
    for source in sources:
        print(f"{visible(source.name)}: {columns_read(source.columns) or 'all columns are read.'}")
        for line in explained(source.columns):
            print(f"  {line}")
    return 0


def _copy(
    original: Original, verdicts: Verdicts, annotated: Path | None, good: Path | None, bad: Path | None
) -> Sequence[str]:
    """Write the copies; returns what they lack."""
    lost: list[str] = []
    if annotated is not None:
        lost += annotate(original, verdicts, annotated)
    if good is not None or bad is not None:
        lost += split(original, verdicts, good, bad)
    return list(dict.fromkeys(lost))


# ---- what the records are judged against


@frozen
class _Against:
    """A definition: how its tables are read, and what judges its records."""

    family: Family
    layout: Layout
    task: Task


def _against(
    survey_file: str | None,
    project_file: str | None,
    operation: Literal["add", "update"],
    *,
    allow_update: bool,
) -> _Against:
    name = "survey" if survey_file is not None else "project"
    file = survey_file or project_file
    given = Definition("", "", {"id": ""}) if file is None else read_definition(file, name)
    data = given.value
    try:
        if survey_file is not None:
            surveyed = survey.Survey.from_json(data)
            known = MemorySurveys.from_json([data]) if "participants" in data else None
            layout = SurveyLayout(surveyed, variable_names(data))
            return _Against("survey", layout, SurveyTask(surveyed, known, operation))
        definition, store = project.Project.from_json(data), MemoryProjects.from_json([data])
        task = ProjectTask(definition, store, allow_update=allow_update)
        return _Against("project", ProjectLayout(definition), task)
    except Malformed as wrong:
        raise given.unusable(wrong) from None


# ---- options


def _refuse_strange(
    files: Sequence[str],
    survey_file: str | None,
    project_file: str | None,
    operation: str | None,
    *,
    allow_update: bool,
) -> None:
    if survey_file is not None and (project_file is not None or allow_update):
        raise Unusable("--survey goes with --operation only, not with --project or --allow-update")
    if survey_file is None and operation is not None:
        raise Unusable("--operation needs --survey")
    if unknown := next((file for file in files if file.startswith("-") and file != "-"), None):
        raise Unusable(f"unknown option {unknown}")
    if len(set(files)) < len(files):
        raise Unusable("a file is named twice")


def _refuse_overwriting(files: Sequence[str], outs: Sequence[Path]) -> None:
    for place, out in enumerate(outs):
        if any(file != "-" and same_file(Path(file), out) for file in files):
            raise Unusable(f"{out}: the input would be overwritten")
        if any(same_file(other, out) for other in outs[:place]):
            raise Unusable(f"{out}: two outputs would be written to it")


_FORMS: Final[Mapping[str, Format]] = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".xml": "junit",
    ".sarif": "sarif",
}


def _form(declared: Format | None, output: Path | None) -> Format:
    """The form of the report: what is said, or else what the ending of its name says."""
    named = None if output is None else _FORMS.get(output.suffix.casefold())
    if declared is None or named is None:
        return declared or named or "text"
    if named != declared and (named, declared) != ("json", "sarif"):
        raise Unusable(f"{output}: the ending says {named}, and --format {declared}")
    return declared


def _refuse_odd_numbers(max_errors: int | None, jobs: int) -> None:
    if max_errors is not None and max_errors < 1:
        raise Unusable("--max-errors takes a number from 1")
    if jobs < 1:
        raise Unusable("--jobs takes a number from 1")


def _pairs(mapping: Sequence[str]) -> Mapping[str, str]:
    pairs: dict[str, str] = {}
    for each in mapping:
        column, equals, field = each.rpartition("=")
        if not equals or not column or not field:
            raise Unusable('--map takes "Column=field"')
        if column in pairs:
            raise Unusable(f"--map names the column {column!r} twice")
        pairs[column] = field
    return pairs


_share: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?)(%?)").fullmatch


def _limit(text: str) -> Any:
    """How many of so many records may fail."""
    match = _share(text)
    if match is None:
        raise Unusable("--fail-over takes a number, or a share as in 5%")
    number = float(match[1])
    return (lambda records: records * number / 100) if match[2] else (lambda _: number)


@contextmanager
def _output(path: Path | None) -> Iterator[TextIO]:
    """Where the report goes; line ends stay as they are written."""
    if path is not None and (path.is_file() or not path.exists()):
        with writing(path) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
            try:
                yield text
                text.flush()
            finally:
                with suppress(OSError):  # it is said already
                    text.detach()  # who has opened the stream closes it
        return
    if path is not None:  # a pipe or a device
        try:
            with path.open("w", encoding="utf-8", newline="") as file:
                yield file
        except OSError as failure:
            raise Unusable(f"{path}: {failure.strerror}") from None
        return
    if sys.stdout is None:
        raise Unusable("the output cannot be written: it is closed")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", newline="")
    yield sys.stdout
