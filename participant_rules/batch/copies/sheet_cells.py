"""Other texts in some cells of a worksheet; every other byte of its part, and all other parts, stay."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final
from xml.parsers.expat import ParserCreate
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from attrs import define, field

from participant_rules.batch.files.archives import BROKEN, archive_of, place_of
from participant_rules.batch.records import Unusable

__all__ = ["formula_places", "with_cells"]

Place = tuple[int, int]
"""A row and a column, from 1."""


@define
class _Cell:
    """A cell as it stands: where, in which bytes, by which tag, and whether it calculates."""

    place: Place
    begin: int
    tag: str
    attributes: Mapping[str, str]
    end: int = 0
    calculates: bool = False


@define
class _Cells:
    """The cells of a worksheet, found as its elements come."""

    data: bytes
    found: dict[Place, _Cell] = field(factory=dict)
    _parser: Any = field(init=False)
    _row: int = field(default=0, init=False)
    _last: int = field(default=0, init=False)
    _open: _Cell | None = field(default=None, init=False)

    def parse(self) -> None:
        """Find them; raises BROKEN."""
        self._parser = ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.Parse(self.data, True)  # noqa: FBT003  positional only

    def _start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self._row, self._last = int(attributes.get("r", self._row + 1)), 0
        elif name == "c":
            place = place_of(attributes.get("r", "")) or (self._row, self._last + 1)
            self._last = place[1]
            self._open = _Cell(place, self._parser.CurrentByteIndex, tag, attributes)
        elif name == "f" and self._open is not None:
            self._open.calculates = True

    def _end(self, tag: str) -> None:
        if self._open is not None and tag == self._open.tag:
            place = self._parser.CurrentByteIndex  # of the end tag; of an empty element what stands behind it
            is_tag = self.data.startswith(f"</{tag}".encode(), place)
            self._open.end = self.data.index(b">", place) + 1 if is_tag else place
            self.found[self._open.place] = self._open
            self._open = None


def formula_places(name: str, data: bytes, sheet: str) -> frozenset[Place]:
    """The cells of a worksheet that are formulas; raises Unusable."""
    return frozenset(place for place, cell in _cells(name, data, sheet)[1].items() if cell.calculates)


def with_cells(name: str, data: bytes, sheet: str, texts: Mapping[Place, str]) -> bytes:
    """An .xlsx file with other texts in some cells of a worksheet, which are there; raises Unusable."""
    part, cells = _cells(name, data, sheet)
    out = BytesIO()
    with ZipFile(BytesIO(data)) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for info in before.infolist():
            content = before.read(info)
            after.writestr(info, _replaced(content, cells, texts) if info.filename == part else content)
    return out.getvalue()


def _cells(name: str, data: bytes, sheet: str) -> tuple[str, Mapping[Place, _Cell]]:
    """The name of a worksheet's part, and its cells."""
    archive = archive_of(name, data)
    part = archive.sheets.get(sheet) if archive is not None else None
    if archive is None or part is None:
        raise Unusable(f"{name}: the workbook cannot be repaired")
    try:
        cells = _Cells(b"".join(archive.pieces(sheet)))
        cells.parse()
    except BROKEN:
        raise Unusable(f"{name}: the workbook cannot be repaired") from None
    return part, cells.found


_KEPT: Final[Sequence[str]] = ("r", "s")


def _replaced(data: bytes, cells: Mapping[Place, _Cell], texts: Mapping[Place, str]) -> bytes:
    wanted = sorted(((cells[place], text) for place, text in texts.items()), key=lambda each: -each[0].begin)
    for cell, text in wanted:
        data = data[: cell.begin] + _xml(cell, text).encode() + data[cell.end :]
    return data


def _xml(cell: _Cell, text: str) -> str:
    """A cell with a text of its own; its style stays."""
    prefix = cell.tag.removesuffix("c")
    kept = "".join([f' {each}="{cell.attributes[each]}"' for each in _KEPT if each in cell.attributes])
    tag, inline, plain = cell.tag, f"{prefix}is", f"{prefix}t"
    inner = f'<{inline}><{plain} xml:space="preserve">{escape(text)}</{plain}></{inline}>'
    return f'<{tag}{kept} t="inlineStr">{inner}</{tag}>'
