"""Files that appear whole or not at all."""

import gzip
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Final, cast

from participant_rules.batch.records import Unusable

__all__ = ["descriptor_of", "same_file", "writing"]


@contextmanager
def writing(out: Path, source: str | None = None) -> Iterator[BinaryIO]:
    """A stream that becomes the file `out` when the block ends well; gzip where the name ends with .gz.

    Raises Unusable where `out` is the file that is read, is something else than a file, or cannot be written.
    """
    if source is not None and same_file(out, Path(source)):
        raise Unusable(f"{out}: is the file that is read; the copy needs another name")
    try:
        target = _real(out)  # a link stays a link
        if descriptor_of(out) is not None or (target.exists() and not target.is_file()):
            raise Unusable(f"{out}: is no file that could be replaced")
        with _beside(target) as draft:
            with _stream(draft, out.name) as stream:
                yield stream
            draft.replace(target)
    except (OSError, EOFError) as failure:
        why = getattr(failure, "strerror", None) or "the copy could not be made"
        raise Unusable(f"{out}: {why}") from None


_descriptor: Final = re.compile(r"/dev/fd/([0-9]{1,6})|/proc/self/fd/([0-9]{1,6})").fullmatch


def descriptor_of(path: Path) -> int | None:
    """The number of an open stream that a path names; a file behind it is not ours to replace."""
    if str(path) in ("/dev/stdout", "/dev/stderr"):
        return 1 if path.name == "stdout" else 2
    named = _descriptor(str(path))
    return None if named is None else int(named[1] or named[2])


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file; it need not exist yet."""
    try:
        return _real(one) == _real(other) or one.samefile(other)
    except OSError:
        return False


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))  # Path.resolve raises RuntimeError where links go in a circle


_LONGEST: Final = 255  # bytes of a name, in usual file systems


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """The path of a file in the same folder, so that it can be moved over the target; gone afterwards."""
    end = f".{token_hex(4)}.tmp"
    name = os.fsencode(target.name)[: _LONGEST - len(end) - 1].decode("utf-8", "ignore")
    draft = target.with_name(f".{name}{end}")
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _stream(path: Path, name: str) -> Iterator[BinaryIO]:
    with path.open("xb") as file:
        if not name.casefold().endswith(".gz"):
            yield file
            return
        packed = gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0)
        with io.BufferedWriter(cast("io.RawIOBase", packed)) as stream:  # pieces are small
            yield stream
