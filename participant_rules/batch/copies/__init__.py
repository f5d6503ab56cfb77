"""Copies of a file that was judged: with what became of each record, or split by it.

A copy has the format of its file, and every original cell byte for byte; only what is added is ours.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Final, cast

from participant_rules.batch.copies import delimited, documents, lines, workbooks
from participant_rules.batch.copies.choices import ALL, BAD, COLUMNS, GOOD, Choice
from participant_rules.batch.copies.original import Original, Table
from participant_rules.batch.copies.output import same_file, writing
from participant_rules.batch.copies.verdicts import Verdicts
from participant_rules.batch.records import Kind, Unusable

__all__ = ["COLUMNS", "Original", "Table", "Verdicts", "annotate", "split"]


def annotate(original: Original, verdicts: Verdicts, out: Path) -> None:
    """Write the file again with what became of each record: its columns (or members) and `COLUMNS`.

    Rows that are no record have none of it, blank lines stay as they are. Nothing is at `out` before all is
    written. Raises Unusable where the copy cannot be made.
    """
    with writing(out, original.name) as stream:
        _copy(original, verdicts, ALL, stream)


def split(original: Original, verdicts: Verdicts, good: Path | None, bad: Path | None) -> None:
    """Write the records that stand to `good`, and the refused ones to `bad`; what is None is not written.

    `bad` also says why, in the last of `COLUMNS`: it is what a person mends. Records that were not judged and
    rows that are none are in neither. Both files appear at the end, or none. Raises Unusable where a copy
    cannot be made.
    """
    if good is not None and bad is not None and same_file(good, bad):
        raise Unusable(f"{bad}: good and bad records need a file each")
    wanted = [(choice, out) for choice, out in ((GOOD, good), (BAD, bad)) if out is not None]
    with ExitStack() as stack:
        streams = [(choice, stack.enter_context(writing(out, original.name))) for choice, out in wanted]
        for choice, stream in streams:
            _copy(original, verdicts, choice, stream)


_Copy = Callable[[Original, Verdicts, Choice, BinaryIO], None]


def _delimited(original: Original, verdicts: Verdicts, choice: Choice, out: BinaryIO) -> None:
    delimited.copy(cast("Table", original), verdicts, choice, out)


_FORMATS: Final[Mapping[Kind, _Copy]] = {
    "csv": _delimited,
    "json": documents.copy,
    "jsonl": lines.copy,
    "xlsx": workbooks.copy,
}


def _copy(original: Original, verdicts: Verdicts, choice: Choice, out: BinaryIO) -> None:
    _FORMATS[original.kind](original, verdicts, choice, out)
