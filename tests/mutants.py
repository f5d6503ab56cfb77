"""JSON texts bent or broken in every way that a reader of texts could overlook."""

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Final

__all__ = ["VALUES", "Bender"]

VALUES: Final[list[bytes]] = [
    *b"01 1. .5 - -0 -01 1e5 1E5 0e0 1e999 -1e999 1.5e3 +1 0x1 1.2.3 --1 1- 0.0 -0.0 00 -1.50 007.5".split(),
    *b"12345678901234567890 123456789012345 1234567890123456 0.1234567890123456 -999999999999999".split(),
    *b"NaN Infinity -Infinity true false null True None nul nulls truefalse tru falsee".split(),
    *b'[] {} [1] [\'a\'] {"a":1} {"a":1,"a":2} {\'a\':1} [[[]]] [{}] {"":{}} \'a\' \' " "" """'.split(),
    *b'"a""b" "a":"b" "a","b" "a a" "M" "O" "m" "pending" "Sent" "0" "555" "+1-212-555-0100"'.split(),
    *b'"a@example.com" "no" "a@b..c" "2000-01-31" "2001-02-29" "1899-01-01" "-04:00:00" "+14:00:00"'.split(),
    *[b'""', b'" "', b'"  a "', b'" 7 "', b'"1;2"', b'"2;2"', b'{"v1": "1"}', b'{"v1": "1", "v1": "2"}'],
    *[
        b"1 2",
        b"1, 2",
        b'"a", "b"',
        b'"a": "b"',
        b"{} {}",
        b"",
        b" ",
        b"0 ",
        b"/**/1",
        b'"a"//',
        b"\t1",
        b"\n0",
    ],
    *[
        b'"\\u0000"',
        b'"\\ud800"',
        b'"\\u003a"',
        b'"\\u0041"',
        b'"\\""',
        b'"\\\\"',
        b'"\\/"',
        b'"\\x"',
        b'"\\"',
    ],
    *[
        b'"\0"',
        b'"\x1f"',
        b'"\x7f"',
        b'"\n"',
        b'"\t"',
        b'"\xff"',
        b'"\xc0\x80"',
        b'"\xed\xa0\x80"',
        b'"\xc3"',
    ],
    *[
        each.encode()
        for each in ('"\u2028"', '"\u2003"', '"ü"', '"😀"', '"\ufeff"', '"\u0661"', '"\x85"', '"ß"')
    ],
    *[
        each.encode()
        for each in ("\u0661", "1\u0662", "\u2003" + "1", "\ufeff1", '"(212) 555\u2011' + '0100"')
    ],
]
"""What is put in the place of a value."""

PIECES: Final[list[bytes]] = [
    *b'" \\ { } [ ] , : 0 1 . - e E + ; # a A'.split(),
    *b"' \\\" \\\\ \\u0000 \\ud800 \\u003a \\u003A \\n \\u {} [] null".split(),
    *b'"" "," ":" "a":1, ,"a":1 "a":"b", \x7f \xff \xc3 \xc0\x80 \xed\xa0\x80 \xf4\x90\x80\x80 \x80'.split(),
    *[b" ", b"\t", b"\n", b"\r", b"\r\n", b"\x0b", b"\x0c", b"\0", b"\x1f", b"\xef\xbb\xbf", b"  "],
    *[b'", "', b'": "', b'", "v1": "1', b'", "v3": "', b'": ', b', "', b'"v1": "1", ', b',"v1":"1"', b'{"'],
    *[each.encode() for each in ("\u2028", "\u2003", "ü", "😀", "\x85", "\xa0", "\u0661")],
]
"""What is put anywhere."""

_TOKEN: Final = re.compile(rb'"[^"\\]*"|-?[0-9.]+|true|false|null').finditer
_MEMBER: Final = re.compile(rb'"[^"\\]*": ?(?:"[^"\\]*"|[^,{}\[\]"]+)').finditer
_NAME: Final = re.compile(rb'"[^"\\]*"(?=: ?["{\[a-z0-9-])').finditer
_VALUE: Final = re.compile(rb'(?<=[:,] |.[:,\[])(?:"[^"\\]*"|[-0-9.]+|true|false|null)(?=[,}\]])').finditer
_OBJECT: Final = re.compile(rb"\{[^{}]*\}|\[[^][]*\]").finditer
_Spans = Callable[[bytes], Iterator["re.Match[bytes]"]]
Span = tuple[int, int]


class Bender:
    """Bends texts, each in one way or two."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.ways: list[Callable[[bytes], bytes]] = [
            *[self._value, self._value_of_another] * 4,
            *[self._repeated, self._within] * 2,
            *[self._cut, self._put_in, self._replaced, self._doubled, self._swapped, self._moved],
            *[self._around, self._restyled, self._renamed, self._dropped, self._section, self._byte],
        ]

    def bent(self, text: bytes) -> bytes:
        """The text, bent or broken."""
        bent = self.random.choice(self.ways)(text)
        return bent if self.random.random() < 0.7 else self.random.choice(self.ways)(bent)

    def _place(self, text: bytes) -> int:
        return self.random.randrange(len(text) + 1)

    def _span(self, text: bytes, spans: _Spans) -> Span:
        found = [each.span() for each in spans(text)]
        return self.random.choice(found) if found else (0, 0)

    def _value(self, text: bytes) -> bytes:
        start, end = self._span(text, _VALUE)
        return text[:start] + self.random.choice(VALUES) + text[end:]

    def _value_of_another(self, text: bytes) -> bytes:
        (start, end), (first, last) = self._span(text, _VALUE), self._span(text, _TOKEN)
        return text[:start] + text[first:last] + text[end:]

    def _repeated(self, text: bytes) -> bytes:
        """A member once more, there or elsewhere, with the same value or another one, in an escape or not."""
        random, (start, end) = self.random, self._span(text, _MEMBER)
        name, _, value = text[start:end].partition(b":")
        if random.random() < 0.5:
            value = b" " * value.startswith(b" ") + random.choice(VALUES)
        if random.random() < 0.2 and len(name) > 2:
            name = b'"\\u%04x' % name[1] + name[2:]
        between = b", " if b'", "' in text else b","
        member = name + b":" + value
        if random.random() < 0.3:
            (at, _) = self._span(text, _MEMBER)
            return text[:at] + member + between + text[at:]
        return text[:end] + between + member + text[end:]

    def _within(self, text: bytes) -> bytes:
        """Something inside a token."""
        start, end = self._span(text, _TOKEN)
        at = self.random.randint(start, end)
        return text[:at] + self.random.choice(PIECES) + text[at:]

    def _cut(self, text: bytes) -> bytes:
        at = self._place(text)
        return text[:at] + text[at + self.random.choice((1, 1, 2, 5, 40)) :]

    def _put_in(self, text: bytes) -> bytes:
        at = self._place(text)
        return text[:at] + self.random.choice(PIECES) + text[at:]

    def _replaced(self, text: bytes) -> bytes:
        at = self._place(text)
        return text[:at] + self.random.choice(PIECES) + text[at + 1 :]

    def _byte(self, text: bytes) -> bytes:
        at = self._place(text)
        return text[:at] + bytes([self.random.randrange(256)]) + text[at + 1 :]

    def _doubled(self, text: bytes) -> bytes:
        at = self._place(text)
        end = at + self.random.choice((1, 1, 2, 10, 60))
        return text[:end] + text[at:end] + text[end:]

    def _swapped(self, text: bytes) -> bytes:
        """Two members, or two values, in each other's place."""
        spans = self.random.choice((_MEMBER, _VALUE, _NAME, _OBJECT))
        (start, end), (first, last) = sorted((self._span(text, spans), self._span(text, spans)))
        if first < end:
            return text
        return text[:start] + text[first:last] + text[end:first] + text[start:end] + text[last:]

    def _moved(self, text: bytes) -> bytes:
        """A member elsewhere."""
        start, end = self._span(text, _MEMBER)
        member, rest = text[start:end], text[:start] + text[end:].removeprefix(b",").removeprefix(b" ")
        at, _ = self._span(rest, _MEMBER)
        return rest[:at] + member + b", " + rest[at:]

    def _dropped(self, text: bytes) -> bytes:
        start, end = self._span(text, self.random.choice((_MEMBER, _TOKEN, _OBJECT)))
        return text[:start] + text[end:].removeprefix(self.random.choice((b", ", b",", b"")))

    def _section(self, text: bytes) -> bytes:
        """Something else in the place of an object or a list."""
        start, end = self._span(text, _OBJECT)
        return text[:start] + self.random.choice(VALUES) + text[end:]

    def _renamed(self, text: bytes) -> bytes:
        (start, end), (first, last) = self._span(text, _NAME), self._span(text, _NAME)
        return text[:start] + text[first:last] + text[end:]

    def _around(self, text: bytes) -> bytes:
        piece = self.random.choice([*PIECES, b"{}", b"}", b"\n\n", b"\x1a", b"//", b"\n{}", text])
        return self.random.choice((text + piece, piece + text, text[:-1], text[1:], text + b" \n" + piece))

    def _restyled(self, text: bytes) -> bytes:
        """Other white space between tokens, once or everywhere."""
        old, new = self.random.choice(
            [
                (b", ", b","),
                (b": ", b":"),
                (b",", b" ,"),
                (b":", b" :"),
                (b", ", b",\n"),
                (b": ", b":\t"),
                (b", ", b",  "),
                (b", ", b",\x0c"),
                (b": ", b":\xc2\xa0"),
                (b"{", b"{ "),
                (b"}", b" }"),
                (b"[", b"[ "),
                (b'"', b"'"),
            ]
        )
        return text.replace(old, new, self.random.choice((1, 2, -1)))
