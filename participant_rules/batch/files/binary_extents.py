"""How far the cells of binary workbooks reach, .xls and .xlsb, before a reader makes room for all of them.

The records are those of Microsoft's [MS-XLS] and [MS-XLSB].
"""

from collections.abc import Iterator
from io import BytesIO
from struct import unpack_from
from typing import Final
from zipfile import ZipFile

from participant_rules.batch.files.archives import BROKEN
from participant_rules.batch.files.compound import COMPOUND, Unsound, workbook_of
from participant_rules.batch.files.extents import refuse_far
from participant_rules.batch.records import Unusable

__all__ = ["cells_of_xls", "cells_of_xlsb", "refuse_binary"]

Place = tuple[int, int]
"""A row and a column, from 0."""

_BEGIN: Final = 0x0809  # of a sheet's records
# FORMULA, MULRK, RSTRING, LABELSST, NUMBER, LABEL, BOOLERR, RK:
_CELLS: Final = frozenset([0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E])
_ROW: Final = 0  # BrtRowHdr
_LAST_CELL: Final = 11  # BrtCellRk (2) up to BrtFmlaError (11); 1 is a blank one


def refuse_binary(name: str, data: bytes) -> None:
    """Raise Unusable for an .xls or .xlsb file that no reader ends with, or with a giant sheet."""
    try:
        if data.startswith(COMPOUND):
            for places in cells_of_xls(workbook_of(data)):
                refuse_far(name, places)
            return
        with ZipFile(BytesIO(data)) as archive:
            for part in archive.namelist():
                if part.startswith("xl/worksheets/") and part.endswith(".bin"):
                    refuse_far(name, cells_of_xlsb(archive.read(part)))
    except (Unsound, *BROKEN):
        raise Unusable(f"{name}: the workbook cannot be read") from None


def cells_of_xls(stream: bytes) -> Iterator[list[Place]]:
    """The places of the cells with a value, a list for each sheet."""
    found: list[Place] = []
    at = 0
    while at + 4 <= len(stream):
        kind, size = unpack_from("<HH", stream, at)
        if kind == _BEGIN:
            yield found
            found = []
        elif kind in _CELLS and size >= 4 and at + 8 <= len(stream):  # noqa: PLR2004  two words
            found.append(unpack_from("<HH", stream, at + 4))
        at += 4 + size
    yield found


def cells_of_xlsb(data: bytes) -> Iterator[Place]:
    """The places of the cells with a value in the part of a worksheet."""
    at = row = 0
    while at < len(data):
        kind, at = _number(data, at, 2)
        size, at = _number(data, at, 4)
        if kind == _ROW and at + 4 <= len(data):
            (row,) = unpack_from("<I", data, at)
        elif 1 < kind <= _LAST_CELL and at + 4 <= len(data):
            yield row, unpack_from("<I", data, at)[0]
        at += size


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, and the place behind it."""
    value = 0
    for shift in range(most):
        if at >= len(data):
            break
        byte = data[at]
        value |= (byte & 0x7F) << (7 * shift)
        at += 1
        if byte < 0x80:  # noqa: PLR2004  the last one
            break
    return value, at
