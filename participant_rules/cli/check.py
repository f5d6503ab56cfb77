"""`participant-rules check`: judge the records of files before they are sent."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from participant_rules.batch.copies import Verdicts, annotate, split
from participant_rules.batch.files import NOTICES, FileSource
from participant_rules.batch.outcomes import About
from participant_rules.batch.repairs import REPAIRS
from participant_rules.batch.repeats import REPEATS
from participant_rules.batch.reports import Format
from participant_rules.batch.reports.phrases import columns_read, explained, visible
from participant_rules.cli.against import NOBODY, Against, JudgedBy
from participant_rules.cli.arguments import (
    COUNT,
    form_of,
    limit_of,
    refuse_overwriting,
    refuse_strange_files,
)
from participant_rules.cli.fixing import fix_file
from participant_rules.cli.judging import Judging
from participant_rules.cli.reading import AS_FOUND, FLAG, Reading
from participant_rules.cli.rules import catalogue_of
from participant_rules.unusable import Unusable

__all__ = ["check"]


def check(
    *files: Annotated[str, Parameter(name="FILE", negative="", required=True, allow_leading_hyphen=True)],
    judged_by: JudgedBy = NOBODY,
    reading: Reading = AS_FOUND,
    explain_columns: Annotated[bool, FLAG] = False,
    output_format: Annotated[Format | None, Parameter(name="--format")] = None,
    output: Path | None = None,
    annotated: Annotated[Path | None, Parameter(name="--annotate")] = None,
    good: Path | None = None,
    bad: Path | None = None,
    fix: Path | None = None,
    fix_likely: Annotated[bool, FLAG] = False,
    show_values: Annotated[bool, FLAG] = False,
    every_warning: Annotated[bool, FLAG] = False,
    max_errors: Annotated[int | None, COUNT] = None,
    fail_on: Literal["error", "warning"] = "error",
    fail_over: str = "0",
    jobs: Annotated[int, COUNT] = 1,
) -> int:
    """Report the answers of a server to the records of files, and every violation.

    Args:
        files: CSV, XLSX, JSON or JSON lines, also packed with gzip; - is standard input. All are one batch.
        judged_by: What the records are judged by.
        reading: How the files are read.
        explain_columns: Say how each column is read, and judge nothing.
        output_format: For people (text, html), programs (json, jsonl, csv) or other tools (junit, sarif).
        output: The file for the report; without it standard output.
        annotated: Write the input again, with columns for the outcome and the reasons.
        good: Write the records that stand.
        bad: Write the refused records, with the reasons.
        fix: Write the input again, with the repairs that are certain, and judge what results.
        fix_likely: Make the repairs too that are merely likely.
        show_values: Show what stands where something is wrong. It is personal data.
        every_warning: Say a warning row by row also where more than half of the records have it.
        max_errors: Stop after so many violations.
        fail_on: Exit with 1 where records are refused (error), or where anything is said of them (warning).
        fail_over: Exit with 1 only where more records than that fail: a number, or a share as in 5%.
        jobs: How many processes judge.
    """
    judged_by.refuse_strange()
    refuse_strange_files(files, judged_by.definition)
    form = form_of(output_format, output)
    limit = limit_of(fail_over)
    _refuse_outputs(files, judged_by.definition, output, [annotated, good, bad, fix])
    if explain_columns and any([output, annotated, good, bad, fix]):
        raise Unusable("--explain-columns judges nothing: there is no report, and no copy")
    if fix_likely and fix is None:
        raise Unusable("--fix-likely needs --fix")
    against = judged_by.read()
    sources = reading.sources(files, against.layout)
    if explain_columns:
        return _explain(sources)
    repaired = None
    if fix is not None:
        repaired = fix_file(sources[0], against, reading.options, fix, likely=fix_likely, jobs=jobs)
        sources, files = [repaired.source], (str(fix),)
    verdicts = Verdicts() if annotated or good or bad else None
    judging = Judging(form, output, show_values, every_warning, max_errors, jobs)
    about = _about(against, files, sources)
    counter, summary = judging.report(against.task, sources, about, verdicts=verdicts, repaired=repaired)
    if verdicts is not None:
        verdicts.say_once(summary.frequent, summary.records)
        _copy(sources[0], verdicts, annotated, good, bad)
    failed = counter.refused + (counter.warned + len(summary.notices) if fail_on == "warning" else 0)
    return 1 if failed > limit(counter.records) else 0


def _refuse_outputs(
    files: Sequence[str], definition: str | None, report: Path | None, copies: Sequence[Path | None]
) -> None:
    """Raise Unusable where outputs overwrite a file, or there are several files to be copied."""
    refuse_overwriting([*files, definition], [report, *copies])
    if any(copies) and len(files) > 1:
        raise Unusable("--annotate, --good, --bad and --fix take one file")


def _about(against: Against, files: Sequence[str], sources: Sequence[FileSource]) -> About:
    """The subject of a report: the family, the files, their columns, and the rules."""
    laws = (*catalogue_of(against.family, against.rules), *NOTICES, *REPEATS, *REPAIRS)
    tables = {each.name: each.columns for each in sources if each.columns}
    return About(against.family, tuple(files), laws, tables, tuple(against.task.asked))


def _explain(sources: Sequence[FileSource]) -> int:
    """Print how the columns of each file are read."""
    for source in sources:
        print(f"{visible(source.name)}: {columns_read(source.columns) or 'all columns are read.'}")
        for line in explained(source.columns):
            print(f"  {line}")
    return 0


def _copy(
    original: FileSource, verdicts: Verdicts, annotated: Path | None, good: Path | None, bad: Path | None
) -> None:
    """Write the copies, and name the parts of the original that they lack."""
    lost: list[str] = []
    if annotated is not None:
        lost += annotate(original, verdicts, annotated)
    if good is not None or bad is not None:
        lost += split(original, verdicts, good, bad)
    if lost:
        sys.stderr.write(f"participant-rules: the copy lacks {', '.join(dict.fromkeys(lost))}\n")
