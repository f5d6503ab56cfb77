"""How the text of a table is written: its encoding, its separator and its quotes."""

from attrs import frozen

__all__ = ["Dialect", "Grammar", "is_undecoded"]


@frozen
class Grammar:
    r"""The separator of cells, and whether a quote inside quotes is written `\"`."""

    separator: str
    escapes: bool = False

    def quoted(self, text: str) -> str:
        """A cell with this text, in quotes."""
        inner = text.replace("\\", r"\\").replace('"', r"\"") if self.escapes else text.replace('"', '""')
        return f'"{inner}"'


@frozen
class Dialect:
    """The encoding of a table's text, its byte order mark (or b""), and the separator of its cells.

    `lenient` says that the text has bytes which are not its encoding's; they are read as lone surrogates.
    """

    encoding: str
    mark: bytes
    separator: str
    escapes: bool = False
    lenient: bool = False

    @property
    def grammar(self) -> Grammar:
        """How rows are parted into cells."""
        return Grammar(self.separator, self.escapes)

    @property
    def errors(self) -> str:
        """The treatment of bytes that are not the encoding's, as codecs name it."""
        return "surrogateescape" if self.lenient else "strict"


def is_undecoded(text: str) -> bool:
    """Whether a text has bytes that are not its encoding's, read as lone surrogates."""
    return not text.isascii() and any("\udc80" <= each <= "\udcff" for each in text)
