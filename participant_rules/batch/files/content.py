"""Where the bytes of a file come from, so that they can be read again: from the disk, or from a copy of ours.

What can be read only once (standard input, a pipe) and what is compressed is copied to an anonymous temporary
file, which is gone when nobody needs it any more.
"""

import gzip
import io
import os
import sys
import tempfile
import threading
import weakref
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, Protocol, Self, cast

from attrs import field, frozen

from participant_rules.batch.records import Unusable

__all__ = ["Content", "InMemory", "Kept", "OnDisk", "blocks", "content_of", "is_blank", "keep", "text_end"]


class Content(Protocol):
    """Bytes that can be read any number of times."""

    @property
    def name(self) -> str:
        """The name of the file, as a person gave it."""
        ...

    @property
    def size(self) -> int:
        """How many there are."""
        ...

    def open(self) -> BinaryIO:
        """A stream from the first of them."""
        ...

    def carried(self, start: int, length: int) -> tuple["Content", int]:
        """The file from which another process reads a range of them, and the start of the range in it."""
        ...


@frozen
class OnDisk:
    """A file on disk, last modified at a time in nanoseconds: another process reads it itself."""

    name: str
    size: int
    modified: int

    @classmethod
    def at(cls, name: str) -> Self:
        """The file as it is now."""
        status = Path(name).stat()
        return cls(name, status.st_size, status.st_mtime_ns)

    def open(self) -> BinaryIO:
        """The file; raises Unusable where it is gone, or another one than it was."""
        try:
            file = open(self.name, "rb")  # noqa: PTH123, SIM115  it is opened for single records, and a Path costs as much again
        except OSError as failure:
            raise Unusable(f"{self.name}: {failure.strerror}") from None
        status = os.fstat(file.fileno())
        if (status.st_size, status.st_mtime_ns) != (self.size, self.modified):
            file.close()
            raise Unusable(f"{self.name}: the file was changed while it was read")
        return file

    def carried(self, start: int, length: int) -> tuple[Content, int]:  # noqa: ARG002  the port's
        """The same file."""
        return self, start


@frozen
class InMemory:
    """Bytes that are carried to another process."""

    name: str
    data: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.data)

    def open(self) -> BinaryIO:
        """A stream of them."""
        return io.BytesIO(self.data)

    def carried(self, start: int, length: int) -> tuple[Content, int]:
        """The range alone."""
        return InMemory(self.name, self.data[start : start + length]), 0


@frozen(eq=False)
class Kept:
    """A temporary file of ours; streams share it, since it has no name to open it by."""

    name: str
    _file: IO[bytes] = field(repr=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        weakref.finalize(self, self._file.close)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        with self._lock:
            return self._file.seek(0, io.SEEK_END)

    def open(self) -> BinaryIO:
        """A stream with a position of its own."""
        return cast("BinaryIO", io.BufferedReader(_Stream(self)))

    def read(self, start: int, length: int) -> bytes:
        """A range of the bytes."""
        with self._lock:  # a part is pickled by a thread of the pool while another one is read
            self._file.seek(start)
            return self._file.read(length)

    def carried(self, start: int, length: int) -> tuple[Content, int]:
        """The range in memory: no other process has the file."""
        return InMemory(self.name, self.read(start, length)), 0


class _Stream(io.RawIOBase):
    """A position in a file that others read too."""

    def __init__(self, kept: Kept) -> None:
        super().__init__()
        self._kept, self._position = kept, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._kept.size}[whence]
        self._position = base + offset
        return self._position

    def readinto(self, buffer: Any, /) -> int:
        data = self._kept.read(self._position, len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


def keep(name: str, source: IO[bytes], *, most: int | None = None) -> Kept:
    """A copy of all that a stream has; raises Unusable where that is more than so many bytes."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  it is closed with what keeps it
    kept = Kept(name, file)
    size = 0
    while block := source.read(_BLOCK):
        size += len(block)
        if most is not None and size > most:
            raise Unusable(
                f"{name}: the file unpacks to {_BOMB} times its size and more, which no table does"
            )
        file.write(block)
    return kept


# ---- opening


_GZIP: Final = b"\x1f\x8b"
_BLOCK: Final = 1 << 20
_LARGE: Final = 1 << 26  # bytes
_BOMB: Final = 100  # times as many bytes as they are packed in


def content_of(name: str) -> Content:
    """The bytes of a file, "-" for standard input; gzip is unpacked, whatever the name.

    Raises Unusable where they cannot be had.
    """
    try:
        raw = _raw(name)
        with raw.open() as file:
            if file.read(len(_GZIP)) != _GZIP:
                return raw
            file.seek(0)
            with gzip.GzipFile(fileobj=file) as packed:
                return keep(name, cast("IO[bytes]", packed), most=max(_LARGE, _BOMB * raw.size))
    except EOFError:
        raise Unusable(f"{name}: the gzip data ends too early") from None
    except (gzip.BadGzipFile, zlib.error):
        raise Unusable(f"{name}: the gzip data is damaged") from None
    except OSError as failure:
        raise Unusable(f"{name}: {failure.strerror}") from None


def _raw(name: str) -> Content:
    if name == "-":
        return keep(name, standard_input())
    path = Path(name)
    with path.open("rb") as file:
        return OnDisk.at(name) if path.is_file() else keep(name, file)


def standard_input() -> BinaryIO:
    """The bytes of standard input; raises Unusable where it is closed."""
    if sys.stdin is None:
        raise Unusable("-: standard input is closed")
    return sys.stdin.buffer


def blocks(content: Content, start: int = 0) -> Iterator[bytes]:
    """The bytes from a place on, as many at a time as are soon looked at."""
    with content.open() as file:
        file.seek(start)
        while block := file.read(_BLOCK):
            yield block


def is_blank(content: Content) -> bool:
    """Whether there is nothing but white space, after a byte order mark or without one."""
    return not any(block.removeprefix(BOM_UTF8).strip() for block in blocks(content))


_TAIL: Final = 64  # bytes
_END_OF_FILE: Final = b"\x1a"


def text_end(content: Content) -> int:
    """Where a text ends: before a last line that is nothing but U+001A, which is the end of a file."""
    start = max(0, content.size - _TAIL)
    with content.open() as file:
        file.seek(start)
        last = file.read().rstrip(b"\r\n")
    text = last.rstrip(_END_OF_FILE)
    if len(text) < len(last) and (text.endswith((b"\n", b"\r")) or not (text or start)):
        return start + len(text)
    return content.size
