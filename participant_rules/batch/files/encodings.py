"""The decoding of a table's bytes.

A byte order mark says it, and a file that is UTF-8 from end to end is UTF-8. One that is UTF-8 but for a few
bytes is UTF-8 too, with cells that cannot be read. Any other encoding is a guess, unless the caller names it.
The whole file is looked at first, so that all its rows are read in the same way.
"""

import codecs
import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from participant_rules.batch.files.boundaries import count_lines
from participant_rules.batch.files.content import Content, Kept, blocks, text_end
from participant_rules.batch.files.guessing import guessed, reads
from participant_rules.batch.records import Unusable

__all__ = ["Text", "text_of"]

_SAMPLE: Final = 1 << 12
_MARKS: Final = (  # UTF-32 before UTF-16, whose mark it begins with
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@frozen
class Text:
    """Text in an encoding that extends ASCII, which may be another than the file's.

    `start` is where it begins and `end` where it ends: a last line that is U+001A is none of it. The file
    itself is written in `written`, after the byte order mark `mark`. `guessed_at` is the line of the first
    byte that is not UTF-8, where the encoding is a guess. A `lenient` text has bytes that are not UTF-8.
    """

    content: Content
    encoding: str
    start: int
    end: int
    written: str
    mark: bytes
    guessed_at: int | None = None
    lenient: bool = False

    @property
    def errors(self) -> str:
        """The treatment of bytes that are not the encoding's, as codecs name it."""
        return "surrogateescape" if self.lenient else "strict"

    def open(self) -> io.TextIOWrapper:
        """A stream of the text; line ends stay as they are."""
        file = self.content.open()
        file.seek(self.start)
        return io.TextIOWrapper(file, encoding=self.encoding, errors=self.errors, newline="")


def text_of(content: Content, encoding: str | None = None) -> Text:
    """The text of a file, in the encoding that the caller names, or else the one that it seems to have.

    Raises Unusable where it is not in that encoding, or has NULs.
    """
    with content.open() as file:
        beginning = file.read(max(len(mark) for mark, _ in _MARKS))
    mark, marked = next((each for each in _MARKS if beginning.startswith(each[0])), (b"", ""))
    if encoding is not None:
        codec = _codec(encoding)
        is_marked = bool(mark) and marked.startswith(codec)  # which also says the order of bytes
        return _declared(content, marked if is_marked else codec, mark if is_marked else b"")
    if marked.startswith(("utf-16", "utf-32")):
        return _transcoded(content, marked, mark, "as its byte order mark says")
    return _found(content, mark)


def _codec(encoding: str) -> str:
    """Python's name of an encoding; raises Unusable for an unknown one."""
    try:
        known = codecs.lookup(encoding)
    except LookupError:
        known = None
    if known is None or not getattr(known, "_is_text_encoding", True):
        raise Unusable(f"--encoding: {encoding!r} is no encoding that is known")
    return known.name.removesuffix("-sig").removesuffix("_sig")


def _declared(content: Content, codec: str, mark: bytes) -> Text:
    if codec == "utf-8":
        return _plain(content, "utf-8", mark, lenient=not reads(content, "utf-8"))
    return _transcoded(content, codec, mark, "as --encoding says")


def _found(content: Content, mark: bytes) -> Text:
    """UTF-8 where the bytes are, or else the guessed encoding."""
    wide = "" if mark else _utf16(content)
    if wide:
        return _transcoded(content, wide, b"", "as it seems to be", guessed_at=1)
    _refuse_nul(content)
    if reads(content, "utf-8"):
        return _plain(content, "utf-8", mark)
    sound, broken, line = _runs(content)
    if sound - bool(mark) >= broken:  # the mark is a sound run, and says nothing of the others
        return _plain(content, "utf-8", mark, lenient=True)
    if mark:
        raise Unusable(f"{content.name}: the file is not UTF-8, as its byte order mark says")
    name = guessed(content)
    if name in _SEARCHABLE:
        return _plain(content, name, mark, guessed_at=line)
    return _transcoded(content, name, mark, "", guessed_at=line)


_SEARCHABLE: Final = frozenset(["utf-8", "cp1252", "latin-1", "iso8859-1"])


def _utf16(content: Content) -> str:
    """The byte order of UTF-16 without a mark, found by ASCII in it; "" where the text is not so written."""
    with content.open() as file:
        sample = file.read(_SAMPLE)
    high, low = sample[::2], sample[1::2]
    for order, zeros, others in (("utf-16-le", low, high), ("utf-16-be", high, low)):
        if zeros and zeros.count(0) * 2 > len(zeros) and not others.count(0) and content.size % 2 == 0:
            return order
    return ""


def _plain(
    content: Content, encoding: str, mark: bytes, *, guessed_at: int | None = None, lenient: bool = False
) -> Text:
    """Text that is read where it stands: no byte of ASCII is part of another character."""
    return Text(content, encoding, len(mark), text_end(content), encoding, mark, guessed_at, lenient)


# ---- UTF-8


def _refuse_nul(content: Content) -> None:
    passed = 0
    for block in blocks(content):
        nul = block.find(b"\0")
        if nul >= 0:
            with content.open() as file:
                row = 1 + count_lines(file.read(passed + nul), passed + nul)
            raise Unusable(
                f"{content.name}: row {row}: the text has a NUL; --encoding NAME says if it is UTF-16"
            )
        passed += len(block)


_run: Final = re.compile(b"[\x80-\xff]+")


def _runs(content: Content) -> tuple[int, int, int]:
    """How many runs of non-ASCII bytes are UTF-8, how many are not, and the line of the first of these."""
    sound, broken, line, first = 0, 0, 1, 1
    with content.open() as file:
        for each in file:
            for run in _run.finditer(each):
                if _is_utf8(run[0]):
                    sound += 1
                else:
                    first = first if broken else line + count_lines(each, run.start())
                    broken += 1
            line += count_lines(each, len(each))
    return sound, broken, first


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


# ---- other encodings


def _transcoded(
    content: Content, encoding: str, mark: bytes, why: str, *, guessed_at: int | None = None
) -> Text:
    """A copy of ours in UTF-8: elsewhere a line end is not a byte that could be found."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  it is closed with what keeps it
    kept = Kept(content.name, file)
    try:
        file.writelines(_utf8(blocks(content, len(mark)), encoding))
    except UnicodeError:
        named = encoding.upper().removesuffix("-LE").removesuffix("-BE")
        raise Unusable(f"{content.name}: the file is not {named}, {why}") from None
    _refuse_nul(kept)
    return Text(kept, "utf-8", 0, text_end(kept), encoding, mark, guessed_at)


def _utf8(blocks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for block in blocks:
        yield decoder.decode(block).encode()
    yield decoder.decode(b"", final=True).encode()
