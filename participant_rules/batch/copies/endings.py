"""The format that the ending of a copy's name stands for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from participant_rules.batch.records import Kind, Unusable

__all__ = ["target_of"]

_ENDINGS: Final[Mapping[str, str]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "old",
    ".xlsb": "old",
    ".ods": "old",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".html": "html",
}


def target_of(out: Path, kind: Kind) -> str:
    """How a copy of a file of this kind is written: as the kind, or the separator of a workbook's CSV.

    Raises Unusable where the ending names a format that such a copy cannot have.
    """
    name = Path(out.name.casefold().removesuffix(".gz"))
    named = _ENDINGS.get(name.suffix, kind)
    if named == kind:
        return kind
    if kind == "xlsx" and named == "csv":
        return "\t" if name.suffix == ".tsv" else ","
    if named == "old":
        raise Unusable(f"{out}: a copy of a workbook is written as .xlsx or .csv")
    raise Unusable(f"{out}: the ending says {named}, and the copy of the file is {kind}")
