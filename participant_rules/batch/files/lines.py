"""JSON lines: a record on each line that is not blank."""

from abc import abstractmethod
from array import array
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import BinaryIO

from attrs import field, frozen

from participant_rules.batch.files.byte_ranges import ByteRange, byte_ranges, offsets_of
from participant_rules.batch.files.content import Content, text_end
from participant_rules.batch.files.json_remarks import remarks_of
from participant_rules.batch.files.text_places import fault_position, json_text
from participant_rules.batch.member_values import AT_ONCE, texts_at
from participant_rules.batch.records import Chunk, ColumnRead, Kind, Notice, Part
from participant_rules.jsonplaces import Place

__all__ = ["JsonFile", "Lines"]


@frozen
class JsonFile:
    """A file with records in JSON, which has no columns."""

    content: Content
    notices: Sequence[Notice] = field(default=(), init=False)
    columns: Sequence[ColumnRead] = field(default=(), init=False)

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.content.name

    @property
    def size(self) -> int:
        """Its bytes."""
        return self.content.size

    def open(self) -> BinaryIO:
        """Its bytes from the beginning."""
        return self.content.open()

    @abstractmethod
    def parts(self, records: int) -> Iterator[Part]:
        """Its parts, of about so many records each."""

    def column(self, pointer: str) -> None:
        """There are no columns."""

    def values(self, pointer: str) -> Iterator[str]:
        """The texts that the records have at a pointer."""
        yield from texts_at(self.parts(AT_ONCE), pointer)


@frozen
class Lines(JsonFile):
    """A file of JSON lines; the lines themselves are not decoded."""

    kind: Kind = field(default="jsonl", init=False)

    def parts(self, records: int) -> Iterator["LinesPart"]:
        """Its parts, of about so many lines each."""
        start = len(BOM_UTF8) if _has_mark(self.content) else 0
        for each in byte_ranges(
            self.content,
            start=start,
            end=text_end(self.content),
            row=1,
            records=records,
            find=_find,
            lines=_lines,
        ):
            yield LinesPart(each)

    def fault_place(self, row: int, payload: object, pointer: str) -> str:
        """The line and the column of a fault of a record's text."""
        position = fault_position(json_text(payload), pointer)
        return "" if position is None else str(Place(row, position + 1))


@frozen
class LinesPart:
    """Some of the lines."""

    where: ByteRange

    @property
    def size(self) -> int:
        """How many bytes they take."""
        return self.where.length

    def read(self) -> Chunk:
        """The lines without their ends, blank ones left out."""
        data = self.where.read()
        lines = data.split(b"\n")
        offsets = offsets_of(lines)
        if b"\r" in data:
            lines = data.replace(b"\r\n", b"\n").split(b"\n")
        if not lines[-1]:
            del lines[-1]
        rows: Sequence[int] = range(self.where.row, self.where.row + len(lines))
        whole = [line and not line.isspace() for line in lines]
        if all(whole):
            return Chunk(lines, rows, offsets=offsets[: len(lines)], remarks=remarks_of(lines, rows, data))
        payloads, rows = [*compress(lines, whole)], [*compress(rows, whole)]
        remarks = remarks_of(payloads, rows, data)
        return Chunk(payloads, rows, offsets=array("I", compress(offsets, whole)), remarks=remarks)

    def payload(self, offset: int) -> bytes:
        """That of one record: its line."""
        line = self.where.line(offset)
        return line[:-2] if line.endswith(b"\r\n") else line.removesuffix(b"\n")


def _has_mark(content: Content) -> bool:
    with content.open() as file:
        return file.read(len(BOM_UTF8)) == BOM_UTF8


def _find(block: bytes, limit: int) -> int:
    return block.find(b"\n", max(0, limit - 1)) + 1


def _lines(block: bytes, end: int) -> int:
    return block.count(b"\n", 0, end)
