"""The places of cells in a row of delimited text, and the text of a cell that replaces one."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from participant_rules.batch.files.dialect import Grammar

__all__ = ["replaced"]

_Span = tuple[int, int]


def replaced(text: str, cells: Mapping[int, str], grammar: Grammar) -> str:
    """The text of a row, its line end included, with other cells at some places; all else stays as it is."""
    spans = list(_spans(text, grammar))
    for place in sorted(cells, reverse=True):
        begin, end = spans[place]
        quoted = text[begin:end].lstrip().startswith('"')
        text = text[:begin] + _cell(cells[place], grammar, quoted=quoted) + text[end:]
    return text


def _spans(text: str, grammar: Grammar) -> Iterator[_Span]:
    """Where each cell begins and ends, its quotes included; the text is known to be sound."""
    body = len(text.rstrip("\r\n"))
    begin = 0
    while True:
        opened = _opening.match(text, begin)
        end = (
            _closing(text, opened.end(), grammar)
            if opened and grammar.separator not in opened[0]
            else text.find(grammar.separator, begin)
        )
        end = body if end < 0 else end
        yield begin, end
        if not text.startswith(grammar.separator, end):
            return
        begin = end + 1


_opening: Final = re.compile(r'[^\S\r\n]*"')


def _closing(text: str, place: int, grammar: Grammar) -> int:
    """The place behind the closing quote of the cell that begins there."""
    while True:
        if grammar.escapes and text[place] == "\\":
            place += 2
        elif text[place] != '"':
            place += 1
        elif not grammar.escapes and text[place + 1 : place + 2] == '"':
            place += 2
        else:
            return place + 1


def _cell(text: str, grammar: Grammar, *, quoted: bool) -> str:
    if not quoted and not any(each in text for each in (grammar.separator, '"', "\r", "\n")):
        return text
    return grammar.quoted(text)
