"""Bytes that are kept can be read by several streams, and are gone when nobody needs them."""

import io
import pickle

import pytest

from participant_rules.batch.files.byte_ranges import ByteRange
from participant_rules.batch.files.content import InMemory, Kept, keep


@pytest.fixture
def kept() -> Kept:
    """Some bytes that are kept."""
    return keep("-", io.BytesIO(b"0123456789"))


def test_streams_have_positions_of_their_own(kept: Kept) -> None:
    """A stream that is read moves no other one; each can be wound back and forth."""
    with kept.open() as one, kept.open() as other:
        assert (one.read(2), other.read(4), one.read(2)) == (b"01", b"0123", b"23")
        assert (one.seek(-3, io.SEEK_END), one.read()) == (7, b"789")
        assert (one.seek(0), one.seek(2, io.SEEK_CUR), one.tell(), one.read(1)) == (0, 2, 2, b"2")
    assert (kept.name, kept.size) == ("-", 10)


def test_a_byte_range_travels_with_its_bytes(kept: Kept) -> None:
    """Another process gets just the bytes of a range, and may pass them on."""
    part = ByteRange(kept, 3, 4, 17)
    travelled = pickle.loads(pickle.dumps(part))
    assert travelled == ByteRange(InMemory("-", b"3456"), 0, 4, 17)
    assert pickle.loads(pickle.dumps(travelled)) == travelled
    assert part.read() == travelled.read() == b"3456"
    assert travelled.content.size == 4


def test_the_file_is_closed(kept: Kept) -> None:
    """A temporary file lives as long as its keeper and its streams."""
    file = kept._file
    stream = kept.open()
    del kept
    assert (file.closed, stream.read(1)) == (False, b"0")
    del stream
    assert not file.closed  # the fixture has it still
