"""Copies of a file that was judged: with the outcome of each record, or split by it.

A copy has the format of its file, and every original cell byte for byte; only what is added is ours. A
workbook's copy may be CSV, where its name says so.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, cast

from participant_rules.batch.copies import delimited, documents, lines, values, workbooks
from participant_rules.batch.copies.choices import ALL, BAD, GOOD, Choice
from participant_rules.batch.copies.endings import target_of
from participant_rules.batch.copies.original import Original, Spreadsheet, Table
from participant_rules.batch.copies.output import same_file, writing
from participant_rules.batch.copies.verdicts import Verdicts
from participant_rules.batch.files.annotated import COLUMNS
from participant_rules.batch.records import Unusable

__all__ = ["COLUMNS", "Original", "Spreadsheet", "Table", "Verdicts", "annotate", "split", "target_of"]


def annotate(original: Original, verdicts: Verdicts, out: Path) -> Sequence[str]:
    """Write the file again with the outcome of each record: its columns (or members) and `COLUMNS`.

    Rows that are no record have none of it, blank lines stay as they are. Nothing is at `out` before all is
    written. Returns what the copy lacks. Raises Unusable where the copy cannot be made.
    """
    with writing(out, original.name) as stream:
        return _copy(original, verdicts, ALL, out, stream)


def split(original: Original, verdicts: Verdicts, good: Path | None, bad: Path | None) -> Sequence[str]:
    """Write the accepted records to `good`, and the refused ones to `bad`; None is not written.

    `bad` also says where each record stood, and why it is refused: it is what a person mends. Records that
    were not judged and rows that are none are in neither. Both files appear at the end, or none. Returns what
    the copies lack. Raises Unusable where a copy cannot be made.
    """
    if good is not None and bad is not None and same_file(good, bad):
        raise Unusable(f"{bad}: good and bad records need a file each")
    wanted = [(choice, out) for choice, out in ((GOOD, good), (BAD, bad)) if out is not None]
    with ExitStack() as stack:
        streams = [(choice, out, stack.enter_context(writing(out, original.name))) for choice, out in wanted]
        lost = [each for choice, out, to in streams for each in _copy(original, verdicts, choice, out, to)]
    return list(dict.fromkeys(lost))


def _copy(
    original: Original, verdicts: Verdicts, choice: Choice, out: Path, stream: BinaryIO
) -> Sequence[str]:
    """Write a copy; returns the parts of the original that it lacks."""
    target = target_of(out, original.kind)
    if original.kind == "xlsx":
        sheet = cast("Spreadsheet", original)
        if target != "xlsx":
            values.copy(sheet, verdicts, choice, target, stream)
            return ()
        write = workbooks.copy if sheet.is_archive else workbooks.copy_values
        return write(sheet, verdicts, choice, stream)
    if original.kind == "csv":
        delimited.copy(cast("Table", original), verdicts, choice, stream)
    elif original.kind == "json":
        documents.copy(original, verdicts, choice, stream)
    else:
        lines.copy(original, verdicts, choice, stream)
    return ()
