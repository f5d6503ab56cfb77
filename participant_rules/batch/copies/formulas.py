"""The formulas of a workbook with their values: openpyxl keeps only one of the two."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from attrs import define, field, frozen

from participant_rules.batch.files.archives import BROKEN, archive_of, parse
from participant_rules.batch.records import Unusable

__all__ = ["Formula", "Formulas", "formulas_of", "lost_parts", "with_values"]


@frozen
class Formula:
    """The text of a formula, the type of its stored value, and this value; None where none is stored."""

    text: str
    kind: str
    value: str | None


Formulas = Mapping[str, Formula]
"""The formulas of a sheet by the references of their cells."""


@define
class _Cells:
    """The cells of a sheet with a formula, as they come."""

    found: dict[str, Formula] = field(factory=dict)
    _reference: str = field(default="", init=False)
    _kind: str = field(default="", init=False)
    _texts: dict[str, list[str]] = field(factory=dict, init=False)
    _inside: str = field(default="", init=False)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "c":
            self._reference, self._kind = attributes.get("r", ""), attributes.get("t", "n")
            self._texts = {}
        elif name in {"f", "v"}:
            self._inside = name
            self._texts[name] = []

    def text(self, text: str) -> None:
        """Text of an element."""
        if self._inside:
            self._texts[self._inside].append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        self._inside = ""
        if name == "c" and "f" in self._texts:
            value = "".join(self._texts["v"]) if "v" in self._texts else None
            stored = None if value == "" and self._kind != "str" else value
            self.found[self._reference] = Formula("".join(self._texts["f"]), self._kind, stored)


def formulas_of(name: str, data: bytes) -> Mapping[str, Formulas]:
    """The formulas of each sheet of an .xlsx file; raises Unusable."""
    archive = archive_of(name, data)
    if archive is None:
        return {}
    found: dict[str, Formulas] = {}
    try:
        for sheet in archive.sheets:
            cells = _Cells()
            pieces = list(archive.pieces(sheet))
            if any(b"<f" in piece or b":f" in piece for piece in pieces):
                parse(iter(pieces), cells.start, cells.end, cells.text)
            found[sheet] = cells.found
    except BROKEN:
        raise Unusable(f"{name}: the workbook cannot be copied") from None
    return found


_cell = re.compile(r'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f[^>]*>(?:[^<]*</f>)?|<f[^>]*/>)<v ?/?>(?:</v>)?</c>')
_type = re.compile(r' t="[^"]*"')


def with_values(saved: BytesIO, sheets: Sequence[Formulas]) -> BytesIO:
    """A workbook that openpyxl has written, with the stored values of its formulas."""
    if not any(sheets):
        return saved
    out = BytesIO()
    with ZipFile(saved) as before, ZipFile(out, "w", ZIP_DEFLATED) as after:
        for info in before.infolist():
            data = before.read(info)
            match = _sheet_part(info.filename)
            if match and int(match[1]) <= len(sheets):
                data = _with_values(data.decode(), sheets[int(match[1]) - 1]).encode()
            after.writestr(info, data)
    return out


_sheet_part = re.compile(r"xl/worksheets/sheet([0-9]+)\.xml").fullmatch


def _with_values(xml: str, formulas: Formulas) -> str:
    def put(cell: re.Match[str]) -> str:
        formula = formulas.get(cell[1])
        if formula is None or formula.value is None:
            return cell[0]
        kind = "" if formula.kind == "n" else f' t="{formula.kind}"'
        return f'<c r="{cell[1]}"{_type.sub("", cell[2])}{kind}>{cell[3]}<v>{escape(formula.value)}</v></c>'

    return _cell.sub(put, xml)


_LOST: Final[Mapping[str, str]] = {
    "xl/charts/": "charts",
    "xl/media/": "pictures",
    "xl/slicers/": "slicers",
    "xl/ctrlProps/": "form controls",
    "xl/embeddings/": "embedded objects",
    "xl/threadedComments/": "the threads of comments",
}


def lost_parts(data: bytes) -> Sequence[str]:
    """The parts of a workbook that a copy by openpyxl lacks."""
    with ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
    return [word for prefix, word in _LOST.items() if any(each.startswith(prefix) for each in names)]
