"""Error values that python-calamine does not know (#SPILL!, #GETTING_DATA): it would give up the workbook."""

import re
from io import BytesIO
from typing import Final
from zipfile import ZipFile

from participant_rules.batch.files.archives import Archive

__all__ = ["with_known_errors"]

_KNOWN: Final = frozenset([b"#DIV/0!", b"#N/A", b"#NAME?", b"#NULL!", b"#NUM!", b"#REF!", b"#VALUE!"])
_cell: Final = re.compile(
    rb"""
    (
        <(?:\w+:)?c\s[^>]*\bt=["']e["'][^>]*>
        \s*(?:<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>))?\s*
        <(?:\w+:)?v>
    )
    ([^<]*)
    """,
    re.VERBOSE,
)


def with_known_errors(archive: Archive, sheet: str) -> bytes | None:
    """The workbook with #N/A for each other error value of a sheet; None where it has no such value."""
    part = archive.sheets.get(sheet, "")
    data = b"".join(archive.pieces(sheet))
    mended = _cell.sub(_known, data)
    if mended == data:
        return None
    out = BytesIO()
    with ZipFile(out, "w") as copy:
        for name in archive.zip.NameToInfo:
            copy.writestr(name, mended if name == part else archive.zip.read(name))
    return out.getvalue()


def _known(cell: re.Match[bytes]) -> bytes:
    return cell[1] + (cell[2] if cell[2] in _KNOWN else b"#N/A")
