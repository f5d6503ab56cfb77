"""Files are cut into byte_ranges of whole records."""

import io
from typing import BinaryIO, cast

import pytest

from participant_rules.batch.files.byte_ranges import ByteRange, byte_ranges
from participant_rules.batch.files.content import Content, InMemory
from participant_rules.batch.records import Unusable


def cut(block: bytes, limit: int) -> int:
    """Records end with a full stop."""
    return block.find(b".", limit - 1) + 1


def count(block: bytes, end: int) -> int:
    """So they are counted."""
    return block.count(b".", 0, end)


def cut_up(data: bytes, records: int) -> list[tuple[int, bytes]]:
    """The byte_ranges from the second byte on: their rows and bytes."""
    content = InMemory("x", data)
    found = byte_ranges(content, start=1, end=content.size, row=10, records=records, find=cut, lines=count)
    return [(each.row, each.read()) for each in found]


def test_records_of_one_length() -> None:
    """Each range has as many records as are asked for, and knows the row of its first one."""
    assert cut_up(b"#" + b"ab." * 5, 2) == [(10, b"ab.ab."), (12, b"ab.ab."), (14, b"ab.")]
    assert cut_up(b"#", 2) == []


def test_a_last_record_without_an_end() -> None:
    """The text behind the last end is a record too."""
    assert cut_up(b"#ab.ab.ab", 1) == [(10, b"ab.ab."), (12, b"ab")]


def test_records_that_become_longer() -> None:
    """A record may be longer than all that is read at once."""
    long = b"x" * 20_000 + b"."
    assert cut_up(b"#" + b"a." * 3_000 + long + b"b.", 2_000) == [
        (10, b"a." * 2_000),
        (2_010, b"a." * 1_000 + long),
        (3_011, b"b."),
    ]


def test_bytes_that_are_no_longer_there() -> None:
    """A byte range that is not whole says so, and so does its last line without an end."""
    part = ByteRange(InMemory("people.csv", b"a\nbc"), 0, 10, 1)
    for read in (part.read, lambda: part.line(2)):
        with pytest.raises(Unusable, match=r"^people\.csv: the file was changed while it was read$"):
            read()
    assert part.line(0) == b"a\n"


class Failing:
    """A file that can be opened and not be read."""

    name = "disk"
    size = 10

    def open(self) -> BinaryIO:
        class Stream(io.BytesIO):
            def read(self, size: int | None = -1, /) -> bytes:
                raise OSError(5, "Input/output error")

        return Stream()

    def carried(self, start: int, length: int) -> tuple[Content, int]:
        return self, start


def test_a_disk_that_fails() -> None:
    """The error has the system's words, whether a file is cut or a byte range is read."""
    failing = cast("Content", Failing())
    with pytest.raises(Unusable, match=r"^disk: Input/output error$"):
        ByteRange(failing, 0, 10, 1).read()
    with pytest.raises(Unusable, match=r"^disk: Input/output error$"):
        list(byte_ranges(failing, start=0, end=9, row=1, records=5, find=cut, lines=count))
