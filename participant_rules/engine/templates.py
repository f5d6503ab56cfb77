"""JSON texts of a layout that is met often, read without being decoded.

Files repeat their layout: the same members in the same order, with the same white space between them. From a
few texts of a layout a template is made: a regular expression, which matches only JSON whose names are these,
each once, and whose values are such that no more than what it captures needs to be looked at. So a match is
the same as a strict reading, and costs a fraction of it; a text that does not match proves nothing and is
decoded.

Many texts are read in one go, by columns: nearly all is done in C then.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import compress
from operator import itemgetter, not_
from typing import Any, Final, NamedTuple

from participant_rules.engine.capture_groups import can_capture
from participant_rules.engine.captures import Captures
from participant_rules.engine.layouts import Layout
from participant_rules.engine.patterns import Style
from participant_rules.engine.readings import Reading, Readings
from participant_rules.engine.sightings import Sighting, Sightings
from participant_rules.engine.slots import Slots
from participant_rules.jsontext import MAX_BYTES

__all__ = ["Template", "TemplateReader"]

_Row = tuple[str, ...]  # what was captured of one text


class TemplateReader:
    """Learns templates from texts that are met often, and reads texts with them.

    It knows a few templates at most, each of a bounded size. One that reads fewer texts than a further one
    would have read in the same time gives way. Making a template takes some milliseconds, so after each try
    more texts must be met before the next one.
    """

    def __init__(self, slots: Slots) -> None:
        self.slots, self._learns = slots, can_capture(slots)
        self._known: tuple[Template, ...] = ()
        self._met = Sightings(slots.schema)
        self._unread = 0  # texts that no template read since the last try
        self._pause = _OFTEN

    def read_one(self, payload: object) -> Reading | None:
        """The reading of one text; None where it is not sure."""
        text = _plain(payload) if self._known else None
        if text is None:
            return None
        for template in self._known:
            row = template.row(text)
            if row is not None:
                self._count(template, 1)
                return template.read_row(row)
        return None

    def sift(
        self,
        payloads: Sequence[object],
        places: Sequence[int],
        found: Readings,
        read: Callable[[int], bool],
    ) -> None:
        """Add the readings of the texts at some places; `read` reads the texts that no template does.

        It is given their places, in order, and returns whether a template was learned by the way; if so,
        those that follow are tried again.
        """
        while places:
            before = len(found)
            self._read(payloads, places, found)
            if len(found) - before == len(places):
                return
            known = {*found.places[before:]}
            rest = iter([place for place in places if place not in known])
            places = list(rest) if any(map(read, rest)) else ()

    def _read(self, payloads: Sequence[object], places: Sequence[int], found: Readings) -> None:
        known = self._known
        rest = _lines(payloads, places) if known else _NO_LINES
        for template in known:
            if not rest.places:
                break
            is_usual = template is known[0] and template.is_usual
            left = (template.read if is_usual else template.read_most)(rest, found)
            template.is_usual = 2 * len(left.places) < len(rest.places)
            self._count(template, len(rest.places) - len(left.places))
            rest = left

    def _count(self, template: "Template", texts: int) -> None:
        """Note that a template read texts; the one that read most texts is tried first."""
        template.used += texts
        known = self._known
        if known and template is not known[0] and template.used > known[0].used + _OFTEN:
            self._known = (template, *[each for each in known if each is not template])

    # ---- learning

    def learn(self, payload: object, value: Any) -> bool:
        """Note a text that was decoded and has no value of a wrong type; it may be read when many are alike.

        Returns whether a template was learned now, so that it pays to try again what was not read before.
        """
        if not self._learns or not isinstance(payload, bytes) or len(payload) > _LONGEST:
            return False
        self._unread += 1
        sighting = self._met.sighting(value)
        if sighting is None or sighting.count < _OFTEN or self._unread < self._pause:
            return False
        if len(self._known) == _MOST and min(each.used for each in self._known) >= sighting.count:
            self._forget()
            return False
        return self._try(payload, value, sighting)

    def _try(self, payload: bytes, value: Any, sighting: Sighting) -> bool:
        """Whether a template could be made of a text."""
        text = _plain(payload)
        layout = self._layout(text, value, sighting) if text is not None else None
        if text is None or layout is None:
            sighting.count = 0
            return False
        template, is_first = Template(layout, sighting.layout), not self._known
        row = template.row(text)
        reads = row is not None and template.read_row(row) is not None
        self._pause = _OFTEN if is_first and reads else min(self._pause * 2, _LONGEST_PAUSE)
        if reads:
            least = min(self._known, key=lambda each: each.used) if len(self._known) == _MOST else None
            self._known = (template, *[each for each in self._known if each is not least])
        self._forget()
        return reads

    def _layout(self, text: str, value: Any, sighting: Sighting) -> Layout | None:
        """The layout of texts like one; the usual values are seen in a few, where all can be read."""
        is_known = any(each.names == sighting.layout for each in self._known)
        for bodies in ((value, *sighting.bodies), (value,)):
            try:
                return Layout(self.slots, bodies, Style.of(text), general=is_known)
            except ValueError:
                continue
        return None

    def _forget(self) -> None:
        """Begin to count anew."""
        self._met.clear()
        self._unread = 0
        for each in self._known:
            each.used = 0


class _Lines(NamedTuple):
    """Texts, each with a line break behind it and none within, and their places."""

    places: Sequence[int]
    text: str

    def parted(self, count: int) -> tuple["_Lines", "_Lines"]:
        """The first ones, and the others."""
        end = 0
        for _ in range(count):
            end = self.text.index("\n", end) + 1
        return _Lines(self.places[:count], self.text[:end]), _Lines(self.places[count:], self.text[end:])

    def halves(self) -> tuple["_Lines", "_Lines"]:
        """The first half of them, and the second one."""
        return self.parted(len(self.places) // 2)


class Template:
    """Reads texts of one layout; `names` is the number of their names."""

    def __init__(self, layout: Layout, names: int) -> None:
        captures = Captures(layout)
        if captures.needless:
            layout = layout.leaner(captures.needless)
            captures = Captures(layout, captures.matters)
        # The last group captures a line of another layout, and is blank else.
        expression = re.compile(f"(?:{layout.pattern}\\n|([^\\n]*+\\n))")
        self._find: Callable[[str], list[_Row]] = expression.findall
        if expression.groups == 1:  # what is found are no tuples then
            self._find = lambda text: [(other,) for other in expression.findall(text)]
        self._captures, self.names = captures, names
        self.used = 0
        """The texts that it has read lately."""
        self.is_usual = False
        """Whether it read most texts of the latest ones."""

    def row(self, text: str) -> _Row | None:
        """The captured groups of one text; None where it has another layout."""
        (groups,) = self._find(text + "\n")
        return None if groups[-1] else groups

    def read_row(self, row: _Row) -> Reading | None:
        """The reading of one text."""
        return self._captures.read_one(row)

    def read_most(self, lines: _Lines, found: Readings) -> _Lines:
        """Read the texts of this layout where the first few of some have one; returns the others."""
        if len(lines.places) <= _FEW:
            return self.read(lines, found)
        first, others = lines.parted(_FEW)
        left = self.read(first, found)
        if len(left.places) == _FEW:
            return lines
        rest = self.read(others, found)
        return _Lines([*left.places, *rest.places], left.text + rest.text)

    def read(self, lines: _Lines, found: Readings) -> _Lines:
        """Read the texts of this layout; returns the others."""
        rows = self._find(lines.text)
        if len(rows) != len(lines.places):  # a text without its last quote ran into the next line
            first, second = [self.read(half, found) for half in lines.halves()]
            return _Lines([*first.places, *second.places], first.text + second.text)
        others = list(map(_last, rows))
        if not any(others):
            self._note(lines.places, rows, found)
            return _NO_LINES
        if not all(others):
            ours = list(map(not_, others))
            self._note([*compress(lines.places, ours)], compress(rows, ours), found)
        return _Lines([*compress(lines.places, others)], "".join(others))

    def _note(self, places: Sequence[int], rows: Iterable[_Row], found: Readings) -> None:
        read = self._captures.read(places, list(zip(*rows, strict=True)))
        found.extend(read.places, read.keys, read.odd, read.texts)


def _lines(payloads: Sequence[object], places: Sequence[int]) -> _Lines:
    """The texts that are objects in UTF-8 without escapes or control characters, without white space behind.

    Mostly all are, and they are looked at together.
    """
    if len(places) < len(payloads):
        payloads = [payloads[place] for place in places]
    joined = _joined(payloads)
    if joined is not None:
        return _Lines(places, joined)
    texts = [*map(_plain, payloads)]
    plain = [text is not None for text in texts]
    return _Lines([*compress(places, plain)], "".join([f"{text}\n" for text in compress(texts, plain)]))


def _joined(payloads: Sequence[Any]) -> str | None:
    """Texts with a line break behind each; None where one of them is not plain, or has white space behind."""
    if {*map(type, payloads)} != {bytes} or {*map(_end, payloads)} != {b"}"}:
        return None
    joined = b"".join(payloads)
    if len(joined) > MAX_BYTES or any(map(joined.__contains__, _ODD_BYTES)):
        return None
    try:
        return b"\n".join([*payloads, b""]).decode()
    except UnicodeDecodeError:
        return None


def _plain(payload: object) -> str | None:
    if not isinstance(payload, bytes) or len(payload) > MAX_BYTES:
        return None
    text = payload if payload.endswith(b"}") else payload.rstrip(b" \t\r\n")
    if not text.endswith(b"}") or len(text.translate(None, _ODD)) != len(text):
        return None
    try:
        return text.decode()
    except UnicodeDecodeError:
        return None


_NO_LINES: Final = _Lines((), "")
_last: Callable[[_Row], str] = itemgetter(-1)
_end: Callable[[Any], Any] = itemgetter(slice(-1, None))
_ODD: Final = bytes([*range(0x20), ord("\\")])
_ODD_BYTES: Final = [bytes([each]) for each in _ODD]
_OFTEN: Final = 32  # texts, before it is tried to learn their layout
_FEW: Final = 64  # texts that show whether a template reads others beside them
_LONGEST_PAUSE: Final = 128  # texts that are not read, between two tries
_MOST: Final = 6  # templates: a text that none of them reads has been tried by all
_LONGEST: Final = 1 << 15  # bytes of a text to learn from
