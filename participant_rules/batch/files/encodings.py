"""How the bytes of a table become text.

A byte order mark says it. Without one a file that is UTF-8 from end to end is UTF-8; any other one is cp1252,
or latin-1 where it has a byte that cp1252 does not know. The whole file is looked at first, so that all its
rows are read in the same way.
"""

import codecs
import io
import tempfile
from collections.abc import Iterable, Iterator
from typing import Final

from attrs import frozen

from participant_rules.batch.files.content import Content, Kept
from participant_rules.batch.records import Unusable

__all__ = ["Text", "text_of"]

_BLOCK: Final = 1 << 20
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_IN_CP1252: Final = b"\x81\x8d\x8f\x90\x9d"


@frozen
class Text:
    """Text in an encoding that extends ASCII, which may be another than the file's.

    `start` is where it begins. The file itself is written in `written`, after the byte order mark `mark`.
    """

    content: Content
    encoding: str
    start: int
    written: str
    mark: bytes

    def open(self) -> io.TextIOWrapper:
        """A stream of the text; line ends stay as they are."""
        file = self.content.open()
        file.seek(self.start)
        return io.TextIOWrapper(file, encoding=self.encoding, newline="")


def text_of(content: Content) -> Text:
    """The text of a file; raises Unusable where its encoding is not what its mark says, or it has NULs."""
    with content.open() as file:
        beginning = file.read(max(len(mark) for mark, _ in _MARKS))
    mark, encoding = next((each for each in _MARKS if beginning.startswith(each[0])), (b"", ""))
    if encoding.startswith("utf-16"):
        return Text(_as_utf8(content, encoding, len(mark)), "utf-8", 0, encoding, mark)
    found = _encoding(content, declared=bool(mark))
    return Text(content, found, len(mark), found, mark)


def _encoding(content: Content, *, declared: bool) -> str:
    """UTF-8, or the encoding that knows all bytes."""
    is_utf8, is_cp1252 = True, True
    decoder = codecs.getincrementaldecoder("utf-8")()
    for block in _without_nul(content.name, _blocks(content)):
        is_utf8 = is_utf8 and _decodes(decoder, block)
        is_cp1252 = is_cp1252 and len(block.translate(None, _NOT_IN_CP1252)) == len(block)
    if is_utf8 and _decodes(decoder, b"", final=True):
        return "utf-8"
    if declared:
        raise Unusable(f"{content.name}: the file is not UTF-8, as its byte order mark says")
    return "cp1252" if is_cp1252 else "latin-1"


def _blocks(content: Content, start: int = 0) -> Iterator[bytes]:
    with content.open() as file:
        file.seek(start)
        while block := file.read(_BLOCK):
            yield block


def _without_nul(name: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
    row = 1
    for block in blocks:
        nul = block.find(b"\0")
        if nul >= 0:
            row += block.count(b"\n", 0, nul)
            raise Unusable(f"{name}: row {row}: the text has a NUL; is it a table in UTF-8 or cp1252?")
        row += block.count(b"\n")
        yield block


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _as_utf8(content: Content, encoding: str, start: int) -> Content:
    """A copy of ours: in UTF-16 a line end is not a byte that could be found."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  it is closed with what keeps it
    kept = Kept(content.name, file)
    try:
        file.writelines(_without_nul(content.name, _utf8(_blocks(content, start), encoding)))
    except UnicodeDecodeError:
        named = encoding[: len("utf-16")].upper()
        raise Unusable(f"{content.name}: the file is not {named}, as its byte order mark says") from None
    return kept


def _utf8(blocks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for block in blocks:
        yield decoder.decode(block).encode()
    yield decoder.decode(b"", final=True).encode()
