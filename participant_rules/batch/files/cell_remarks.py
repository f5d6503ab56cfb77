"""Findings on the cells of a worksheet: errors, formulas without a value, numbers that look otherwise."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from attrs import define, field, frozen

from participant_rules.batch.files.archives import parse, place_of
from participant_rules.batch.files.number_formats import displayed, shows_texts
from participant_rules.batch.files.sheets import Remark

__all__ = ["Applied", "Looked", "Place", "cell_remarks"]

_TRUE: Final = ("1", "true")
_TEXTS: Final = ("s", "str", "inlineStr")

Place = tuple[int, int]
"""A row and a column, from 1."""

Applied = Mapping[Place, str]
"""The displayed texts of cells, where these are their texts."""


@frozen
class Looked:
    """The facts about a sheet: remarks by place, displayed texts, merged ranges, hidden rows and columns.

    Hidden columns are ranges, with their last one.
    """

    remarks: Mapping[Place, Remark] = field(factory=dict)
    applied: Applied = field(factory=dict)
    merged: Sequence[tuple[Place, Place]] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: Sequence[tuple[int, int]] = ()


@define
class _Cells:
    """The cells of a sheet, as they come."""

    formats: Mapping[int, str]
    text_of: Callable[[object], str]
    remarks: dict[Place, Remark] = field(factory=dict)
    applied: dict[Place, str] = field(factory=dict)
    merged: list[tuple[Place, Place]] = field(factory=list)
    hidden_rows: list[int] = field(factory=list)
    hidden_columns: list[tuple[int, int]] = field(factory=list)
    _place: Place = field(default=(0, 0), init=False)
    _type: str = field(default="", init=False)
    _style: int = field(default=0, init=False)
    _formula: bool = field(default=False, init=False)
    _value: list[str] | None = field(default=None, init=False)
    _reads: bool = field(default=False, init=False)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "row":
            self._place = (int(attributes.get("r", self._place[0] + 1)), 0)
            if _is_hidden(attributes, "ht"):
                self.hidden_rows.append(self._place[0])
        elif name == "col" and _is_hidden(attributes, "width"):
            self.hidden_columns.append((int(attributes.get("min", "0")), int(attributes.get("max", "0"))))
        elif name == "mergeCell":
            first, _, last = attributes.get("ref", "").partition(":")
            if (begins := place_of(first)) and (ends := place_of(last)):
                self.merged.append((begins, ends))
        elif name == "c":
            self._place = place_of(attributes.get("r", "")) or (self._place[0], self._place[1] + 1)
            self._type, self._style = attributes.get("t", "n"), int(attributes.get("s", "0"))
            self._formula, self._value = False, None
        elif name == "f":
            self._formula = True
        elif name in {"v", "is"}:
            self._value, self._reads = [], True

    def text(self, text: str) -> None:
        """Text of an element."""
        if self._reads and self._value is not None:
            self._value.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if name in {"v", "is"}:
            self._reads = False
        elif name == "c":
            self._judge("".join(self._value) if self._value is not None else None)

    def _judge(self, value: str | None) -> None:
        if self._type == "e":
            self.remarks[self._place] = Remark("unreadable", f"it has the error {value or '#N/A'}")
        elif self._formula and (value is None or (not value and self._type != "str")):
            self.remarks[self._place] = Remark("unreadable", _NO_VALUE)
        elif value and self._style in self.formats:
            if self._type == "n":
                self._display(float(value), self.formats[self._style])
            elif self._type in _TEXTS and not shows_texts(self.formats[self._style]):
                self.remarks[self._place] = Remark("displayed")

    def _display(self, number: float, code: str) -> None:
        """A number with a format that is not plain."""
        plain, shown = self.text_of(number), displayed(number, code)
        if shown is None:
            if not _shows_itself(number, code):
                self.remarks[self._place] = Remark("displayed")
        elif shown != plain:
            self.applied[self._place] = shown
            self.remarks[self._place] = Remark("displayed", value=plain, applied=True)


def _is_hidden(attributes: Mapping[str, str], size: str) -> bool:
    """Whether a row or a column is hidden, or has no size."""
    return attributes.get("hidden") in _TRUE or attributes.get(size) == "0"


_NO_VALUE: Final = "it is a formula whose value is not stored; save the file in a spreadsheet program"


def _shows_itself(number: float, code: str) -> bool:
    """Whether a format with thousands shows a small whole number as it is."""
    return code == "#,##0" and number.is_integer() and abs(number) < 1000  # noqa: PLR2004  no separator yet


def cell_remarks(
    pieces: Iterator[bytes], formats: Mapping[int, str], text_of: Callable[[object], str]
) -> Looked:
    """The remarks by place, the texts of numbers that read as they are displayed, and more; raises BROKEN.

    Args:
        pieces: The bytes of the worksheet.
        formats: The number formats that are not plain, by style.
        text_of: The text of a plain number.
    """
    cells = _Cells(formats, text_of)
    parse(pieces, cells.start, cells.end, cells.text)
    return Looked(
        cells.remarks,
        cells.applied,
        tuple(cells.merged),
        frozenset(cells.hidden_rows),
        tuple(cells.hidden_columns),
    )
