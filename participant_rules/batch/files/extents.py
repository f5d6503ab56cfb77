"""The size of a worksheet before it is read: it is held whole, however few of its cells are filled."""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Final

from attrs import define, field, frozen

from participant_rules.batch.files.archives import parse, place_of
from participant_rules.batch.records import Unusable

__all__ = ["Scanned", "refuse_far", "refuse_giant", "scan"]

_MOST: Final = 1_048_576 * 200  # cells
_SPARSE: Final = 6_000_000  # cells of which at least one of twenty is filled
_ONE_OF: Final = 20
_OF_A_CELL: Final = 40  # bytes
_NARROW: Final = 26  # columns

_wide = re.compile(rb'r="([A-Z]{2,3})[0-9]').findall
_far = re.compile(rb'r="[A-Z]{1,3}[0-9]{6,7}"').search
_rows = re.compile(rb'row\s[^>]*?r="([0-9]{1,7})"').findall
_OVERLAP: Final = 64


@frozen
class Scanned:
    """The contents that a worksheet may have, by its bytes; false is sure."""

    has_errors: bool = False
    has_formulas: bool = False
    is_filled: bool = False
    styles: frozenset[int] = frozenset()
    is_large: bool = False
    has_merged: bool = False
    has_hidden: bool = False

    def is_odd(self, styles: Collection[int]) -> bool:
        """Whether its cells need to be looked at, where these styles matter."""
        is_special = self.has_errors or self.has_formulas or not self.styles.isdisjoint(styles)
        return is_special or self.has_merged or self.has_hidden


def scan(pieces: Iterable[bytes], styles: Iterable[int]) -> Scanned:
    """Search the bytes of a worksheet for odd contents; `styles` are the styles of cells that matter."""
    marks = {style: (b's="%d"' % style, b"s='%d'" % style) for style in styles}
    errors = formulas = filled = far = merged = hidden = False
    used: set[int] = set()
    wide: set[bytes] = set()
    rows = 0
    rest = b""
    for piece in pieces:
        data = rest + piece
        errors = errors or b't="e"' in data or b"t='e'" in data
        formulas = formulas or b"<f" in data or b":f>" in data or b":f " in data or b":f/" in data
        filled = filled or b"<v" in data or b":v>" in data or b"<is" in data or b":is>" in data or formulas
        used.update(
            [style for style, each in marks.items() if style not in used and any(m in data for m in each)]
        )
        merged = merged or b"mergeCell " in data
        hidden = hidden or b"hidden=" in data or b'ht="0"' in data or b'width="0"' in data
        wide.update(_wide(data))
        far = far or b"r='" in data or _far(data) is not None
        rows = max(rows, *map(int, _rows(data)), 0)
        rest = data[-_OVERLAP:]
    columns = max([place[1] for each in wide if (place := place_of(each.decode() + "1"))], default=_NARROW)
    large = far or rows * columns > _SPARSE
    return Scanned(errors, formulas, filled, frozenset(used), large, merged, hidden)


@define
class _Extent:
    """The cells of a sheet that have a value."""

    first: tuple[int, int] = (1 << 30, 1 << 30)
    last: tuple[int, int] = (0, 0)
    filled: int = 0
    _place: tuple[int, int] = field(default=(0, 0), init=False)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self._place = (int(attributes.get("r", self._place[0] + 1)), 0)
        elif name == "c":
            place = place_of(attributes.get("r", ""))
            self._place = place or (self._place[0], self._place[1] + 1)
        elif name in {"v", "is"}:
            self.take(*self._place)

    def take(self, row: int, column: int) -> None:
        """Take in a cell with a value."""
        first, last = self.first, self.last
        self.filled += 1
        self.first = min(row, first[0]), min(column, first[1])
        self.last = max(row, last[0]), max(column, last[1])

    @property
    def cells(self) -> int:
        """How many stand between the first and the last value."""
        (top, left), (bottom, right) = self.first, self.last
        return max(0, bottom - top + 1) * max(0, right - left + 1)


def refuse_giant(
    name: str, sheet: str, pieces: Iterator[bytes], memory: Callable[[], int] | None = None
) -> None:
    """Raise Unusable where a sheet's extent is too large to be held, or its values stand too far apart.

    Args:
        name: The file.
        sheet: The sheet.
        pieces: The bytes of the sheet.
        memory: Tells how many bytes there are for it; by default the machine's.
    """
    extent = _Extent()
    parse(pieces, extent.start)
    _refuse(f'{name}: the values of the sheet "{sheet}"', extent, memory)


def refuse_far(name: str, places: Iterable[tuple[int, int]]) -> None:
    """The same of cells in a binary workbook; rows and columns count from 0."""
    extent = _Extent()
    for row, column in places:
        extent.take(row + 1, column + 1)
    _refuse(f"{name}: the values of a sheet", extent)


def _refuse(values: str, extent: _Extent, memory: Callable[[], int] | None = None) -> None:
    cells = extent.cells
    is_sparse = cells > _SPARSE and extent.filled * _ONE_OF < cells
    if cells > _MOST or is_sparse or cells * _OF_A_CELL > (memory or _available)():
        row, column = extent.last
        raise Unusable(f"{values} reach to row {row}, column {column}: too far; delete what stands there")


def _available() -> int:
    """How many bytes of memory are free."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # not on this system
        return _MOST * _OF_A_CELL
