"""The parts of an .xlsx file beside the values of a sheet: formulas, errors, formats, extent.

Parts are read in pieces, and a document type is refused, so that no entity is ever expanded.
"""

import posixpath
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from io import BytesIO
from typing import Any, Final
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType
from zipfile import BadZipFile, ZipFile

from attrs import define, frozen

from participant_rules.batch.files.number_formats import BUILT_IN, is_plain
from participant_rules.batch.records import Unusable

__all__ = ["BROKEN", "Archive", "archive_of", "parse"]

BROKEN: Final = (OSError, ValueError, LookupError, EOFError, RuntimeError, BadZipFile, zlib.error, ExpatError)
"""The exceptions of reading a broken archive."""

_PIECE: Final = 1 << 20
_LARGE: Final = 1 << 23  # bytes of a part
_BOMB: Final = 100  # times as many bytes as they are packed in
_MOST: Final = 1 << 32
_MOST_STYLES: Final = 1 << 17  # spreadsheets keep half as many
_FOLDERS: Final = ("xl/", "xl\\")
_HEAD: Final = "xl/workbook.xml"
_CONTENT: Final = "content.xml"  # of an .ods file


class _Dtd(ValueError):
    """A part has a document type."""


@frozen(eq=False)
class Archive:
    """An .xlsx file: the parts of its worksheets by their names, and the formats that are not plain."""

    name: str
    zip: ZipFile
    sheets: Mapping[str, str]
    formats: Mapping[int, str]

    def pieces(self, sheet: str) -> Iterator[bytes]:
        """The bytes of a worksheet; none where it has no part."""
        part = self.sheets.get(sheet)
        if part is not None and part in self.zip.NameToInfo:
            yield from _part(self.zip, part)


def archive_of(name: str, data: bytes) -> Archive | None:
    """The archive; None for a file that is no .xlsx. Raises Unusable for one that must not be unpacked."""
    try:
        archive = ZipFile(BytesIO(data))
    except BROKEN:
        return None
    _refuse_bombs(name, archive)
    if _CONTENT in archive.NameToInfo:
        _refuse_repeated(name, archive)
    if not any(each == _CONTENT or each.casefold().startswith(_FOLDERS) for each in archive.NameToInfo):
        raise Unusable(
            f"{name}: the file is a ZIP archive and no workbook that is known; unpack it, or save it as XLSX"
        )
    if _HEAD not in archive.NameToInfo:
        return None
    try:
        return Archive(name, archive, _sheets(archive), _formats(archive))
    except _Dtd:
        raise Unusable(f"{name}: the workbook has a document type, which no program writes") from None
    except BROKEN:
        raise Unusable(f"{name}: the workbook cannot be read") from None


def _refuse_bombs(name: str, archive: ZipFile) -> None:
    infos = archive.infolist()
    for each in infos:
        if each.file_size > _LARGE and each.file_size > _BOMB * max(1, each.compress_size):
            raise Unusable(
                f"{name}: the workbook unpacks to more than {_BOMB} times its size, which no table does"
            )
    if sum(each.file_size for each in infos) > _MOST:
        raise Unusable(f"{name}: the workbook unpacks to more than 4 GiB")


def _refuse_repeated(name: str, archive: ZipFile) -> None:
    """Raise Unusable for an .ods file in which a few cells are repeated many times."""
    counted = _Repeats()
    try:
        parse(_part(archive, _CONTENT), counted.start, counted.end)
    except BROKEN:
        raise Unusable(f"{name}: the workbook cannot be read") from None
    if counted.places > _MANY and counted.places > _BOMB * counted.cells:
        raise Unusable(f"{name}: a sheet repeats cells {counted.places} times, which no table does")


_MANY: Final = 10_000  # cells


@define
class _Repeats:
    """How many cells with a value an .ods file has, and in how many places they stand."""

    cells: int = 0
    places: int = 0
    _rows: int = 1
    _filled: int = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "table-row":
            self._rows, self._filled = _repeated(attributes, "number-rows-repeated"), 0
        elif name == "table-cell" and any(_local(each) == "value-type" for each in attributes):
            self.cells += 1
            self._filled += _repeated(attributes, "number-columns-repeated")

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "table-row":
            self.places += self._rows * self._filled


def _repeated(attributes: Mapping[str, str], name: str) -> int:
    return next((int(value) for each, value in attributes.items() if _local(each) == name), 1)


# ---- XML


def parse(pieces: Iterator[bytes], start: Any, end: Any = None, text: Any = None) -> None:
    """Call functions with the elements' local names and attributes, as expat does; raises BROKEN."""
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_dtd
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(_local(name))
    if text is not None:
        parser.CharacterDataHandler = text
    _feed(parser, pieces)


def _feed(parser: XMLParserType, pieces: Iterator[bytes]) -> None:
    for piece in pieces:
        parser.Parse(piece, False)  # noqa: FBT003  positional only
    parser.Parse(b"", True)  # noqa: FBT003  as above


def _refuse_dtd(*_: object) -> None:
    raise _Dtd


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _part(archive: ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as file:
        while piece := file.read(_PIECE):
            yield piece


def _sheets(archive: ZipFile) -> Mapping[str, str]:
    """The parts of the worksheets."""
    ids: dict[str, str] = {}
    targets: dict[str, str] = {}

    def of_workbook(name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            found = [value for key, value in attributes.items() if _local(key) == "id" and " " in key]
            ids[attributes.get("name", "")] = found[0] if found else ""

    def of_relations(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    parse(_part(archive, _HEAD), of_workbook)
    with suppress(KeyError):
        parse(_part(archive, "xl/_rels/workbook.xml.rels"), of_relations)
    return {
        name: posixpath.normpath(posixpath.join("/xl", targets[each])).lstrip("/")
        for name, each in ids.items()
        if each in targets
    }


def _formats(archive: ZipFile) -> Mapping[int, str]:
    """The codes of the number formats that are not plain, by the styles of cells that have them."""
    codes = dict(BUILT_IN)
    styles: list[int] = []
    inside: list[str] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "cellXfs":
            inside.append(name)
        elif name == "xf" and inside:
            styles.append(int(attributes.get("numFmtId", "0")))
            if len(styles) > _MOST_STYLES:
                raise ValueError("more styles than a workbook has")

    def end(name: str) -> None:
        if name == "cellXfs":
            inside.clear()

    if "xl/styles.xml" not in archive.NameToInfo:
        return {}
    parse(_part(archive, "xl/styles.xml"), start, end)
    found = {style: codes.get(number, "") for style, number in enumerate(styles)}
    return {style: code for style, code in found.items() if not is_plain(code)}


_reference = re.compile(r"([A-Z]{1,3})([0-9]{1,7})").fullmatch


def place_of(reference: str) -> tuple[int, int] | None:
    """The row and the column of a cell's reference, from 1; None for any other text.

    >>> place_of("B2"), place_of("XFD1048576")
    ((2, 2), (1048576, 16384))
    """
    match = _reference(reference)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column
