"""The meaning of the options of `check`, and their conflicts."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from cyclopts import Parameter, Token

from participant_rules.batch.copies.output import same_file
from participant_rules.batch.reports import Format
from participant_rules.planning.reports import PlanFormat
from participant_rules.unusable import Unusable

__all__ = [
    "COUNT",
    "NUMBER",
    "form_of",
    "limit_of",
    "pairs_of",
    "plan_form_of",
    "refuse_overwriting",
    "refuse_strange_files",
]


def refuse_strange_files(files: Sequence[str], definition: str | None) -> None:
    """Raise Unusable for files that are options, and for one that is named twice."""
    if unknown := next((file for file in files if file.startswith("-") and file != "-"), None):
        raise Unusable(f"unknown option {unknown}")
    if [*files, definition].count("-") > 1:
        raise Unusable("standard input is named twice")
    if "" in (*files, definition):
        raise Unusable("the name of a file is empty")
    if len({each if each == "-" else os.path.realpath(each) for each in files}) < len(files):
        raise Unusable("a file is named twice")


def refuse_overwriting(read: Sequence[str | Path | None], outs: Sequence[Path | None]) -> None:
    """Raise Unusable where an output would be written over a file that is read, or over another output."""
    inputs = [Path(file) for file in read if file is not None and file != "-"]
    named = [out for out in outs if out is not None]
    for place, out in enumerate(named):
        if any(same_file(file, out) for file in inputs):
            raise Unusable(f"{out}: the input would be overwritten")
        if any(same_file(other, out) for other in named[:place]):
            raise Unusable(f"{out}: two outputs would be written to it")


FormT = TypeVar("FormT", bound=str)

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


_PLAN_FORMS: Final[Mapping[str, PlanFormat]] = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".json": "json",
}


def form_of(declared: Format | None, output: Path | None) -> Format:
    """The form of the report: as asked for, or else by the ending of its name; raises Unusable."""
    return _form_of(declared, output, _FORMS) or "text"


def plan_form_of(declared: PlanFormat | None, output: Path | None) -> PlanFormat:
    """The form of a plan; see `form_of`."""
    return _form_of(declared, output, _PLAN_FORMS) or "text"


def _form_of(declared: FormT | None, output: Path | None, forms: Mapping[str, FormT]) -> FormT | None:
    named = None if output is None else forms.get(Path(output.name.casefold().removesuffix(".gz")).suffix)
    if declared and named and named != declared and (named, declared) != ("json", "sarif"):
        raise Unusable(f"{output}: the ending says {named}, and --format {declared}")
    return declared or named


def _whole(least: int) -> Parameter:
    """An option that takes a whole number; cyclopts would round others."""

    def convert(_type: type, tokens: Sequence[Token]) -> int:
        (token,) = tokens
        if not token.value.isdecimal() or int(token.value) < least:
            raise ValueError(f"takes a whole number from {least}")
        return int(token.value)

    return Parameter(converter=convert)


COUNT: Final = _whole(1)
NUMBER: Final = _whole(0)


def pairs_of(mapping: Sequence[str]) -> Mapping[str, str]:
    """The fields by their columns, from texts like "Column=field"; raises Unusable."""
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


def limit_of(text: str) -> Any:
    """How many of so many records may fail."""
    match = _share(text)
    if match is None:
        raise Unusable("--fail-over takes a number, or a share as in 5%")
    number = float(match[1])
    return (lambda records: records * number / 100) if match[2] else (lambda _: number)
