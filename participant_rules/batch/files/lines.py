"""JSON lines: a record on each line that is not blank."""

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import BinaryIO, Final

from attrs import field, frozen

from participant_rules.batch.files.content import Content
from participant_rules.batch.files.stretches import Stretch, stretches
from participant_rules.batch.records import Chunk, Kind, Notice

__all__ = ["Lines"]

_MARK: Final = b"\xef\xbb\xbf"


@frozen
class Lines:
    """A file of JSON lines; what stands on them is not looked at."""

    content: Content
    kind: Kind = field(default="jsonl", init=False)
    notices: Sequence[Notice] = field(default=(), init=False)

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

    def parts(self, records: int) -> Iterator["LinesPart"]:
        """Its parts, of about so many lines each."""
        start = len(_MARK) if _has_mark(self.content) else 0
        for each in stretches(self.content, start=start, row=1, records=records, cut=_cut, lines=_lines):
            yield LinesPart(each)

    def column(self, pointer: str) -> None:
        """Lines have no columns."""


@frozen
class LinesPart:
    """Some of the lines."""

    stretch: Stretch

    @property
    def size(self) -> int:
        """How many bytes they take."""
        return self.stretch.length

    def read(self) -> Chunk:
        """The lines without their ends, blank ones left out."""
        data = self.stretch.read()
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n")
        lines = data.split(b"\n")
        if not lines[-1]:
            del lines[-1]
        payloads = [line for line in lines if line and not line.isspace()]
        rows: Sequence[int] = range(self.stretch.row, self.stretch.row + len(lines))
        if len(payloads) < len(lines):
            rows = [row for row, line in zip(rows, lines, strict=True) if line and not line.isspace()]
        return Chunk(payloads, rows)

    def payload(self, place: int) -> bytes:
        """That of one record: the lines before it are passed over."""
        lines = (line for line in BytesIO(self.stretch.read()) if not line.isspace())
        line = next(islice(lines, place, None))
        return line[:-2] if line.endswith(b"\r\n") else line.removesuffix(b"\n")


def _has_mark(content: Content) -> bool:
    with content.open() as file:
        return file.read(len(_MARK)) == _MARK


def _cut(block: bytes, limit: int) -> int:
    return block.find(b"\n", max(0, limit - 1)) + 1


def _lines(block: bytes, end: int) -> int:
    return block.count(b"\n", 0, end)
