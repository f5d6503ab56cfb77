"""Lines for people: pieces of text, painted, broken between words where a terminal is narrow."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, NamedTuple
from unicodedata import combining, east_asian_width

from attrs import define, field, frozen

__all__ = ["PLAIN", "Look", "Paint", "Piece", "Style", "plain"]

Style = Literal["", "bold red", "bold yellow", "cyan", "dim"]
Paint = Callable[[str, Style], str]
"""Gives a piece of text a colour, where that can be seen."""

_INDENT: Final = 4
_LEAST: Final = 20  # a narrower terminal is written to as if it were as wide


def plain(text: str, _style: Style) -> str:
    """The text without colour."""
    return text


class Piece(NamedTuple):
    """Words that belong together, their colour, and whether a line may end between them."""

    text: str
    style: Style = ""
    splits: bool = True


@frozen
class Look:
    """How lines look: their colours, and the columns of the terminal; None where a line is never broken."""

    paint: Paint = plain
    width: int | None = None

    def lines(self, pieces: Sequence[Piece], indent: int = 0) -> Iterator[str]:
        """Pieces, two spaces apart, as one line or several; further ones are indented by four more."""
        width = None if self.width is None else max(self.width, _LEAST)
        line = _Line(self.paint, indent)
        for number, piece in enumerate(each for each in pieces if each.text):
            gap = 2 if number else 0
            for word in piece.text.split(" ") if width and piece.splits else [piece.text]:
                if width and line.is_filled and line.end + gap + _columns(word) > width:
                    yield line.painted()
                    line, gap = _Line(self.paint, indent + _INDENT), 0
                line.add(word, gap, piece.style)
                gap = 1
        yield line.painted()


PLAIN: Final = Look()


@define
class _Line:
    """A line in the making; words of one colour are painted together."""

    _paint: Paint
    end: int
    _runs: list[tuple[str, Style]] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self._runs.append((" " * self.end, ""))

    @property
    def is_filled(self) -> bool:
        return len(self._runs) > 1

    def add(self, word: str, gap: int, style: Style) -> None:
        before, painted = self._runs[-1]
        if self.is_filled and painted == style and gap == 1:
            self._runs[-1] = (f"{before} {word}", style)
        else:
            self._runs += [(" " * gap, ""), (word, style)]
        self.end += gap + _columns(word)

    def painted(self) -> str:
        return "".join([self._paint(text, style) if style else text for text, style in self._runs])


def _columns(text: str) -> int:
    """The columns that a text takes in a terminal."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(each) else 2 if east_asian_width(each) in "WF" else 1 for each in text)
