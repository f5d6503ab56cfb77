"""Templates are learned from texts that are met often, and bounded in number and size."""

import json
from collections.abc import Iterable
from random import Random
from time import process_time
from typing import Any, Final

import pytest

from participant_rules import jsontext
from participant_rules.engine.readings import Readings
from participant_rules.engine.slots import Slots
from participant_rules.engine.templates import _LONGEST as LONGEST
from participant_rules.engine.templates import _MOST as MOST
from participant_rules.engine.templates import _OFTEN as OFTEN
from participant_rules.engine.templates import TemplateReader
from participant_rules.engine.values import reader_of
from participant_rules.jsontext import MAX_BYTES
from participant_rules.schema.form import ANY_TEXT
from tests.engine.entities import READS, Definition, slots_of
from tests.engine.reading import alone, read_all, taught, written

SLOTS: Final = slots_of(Definition())
NAMES: Final = ("login", "password", "interviewer")


def reader() -> TemplateReader:
    """One that has learned nothing."""
    return TemplateReader(SLOTS)


def text(*names: str, **more: Any) -> bytes:
    """A body with a login section of these names, and some more members."""
    return written({"loginSection": dict.fromkeys(names, "x"), **more})


def shown(known: TemplateReader, payload: object, times: int) -> TemplateReader:
    """A reader that met a text so often."""
    value = json.loads(payload) if isinstance(payload, bytes | str) else payload
    for _ in range(times):
        known.learn(payload, value)
    return known


def others(count: int) -> list[bytes]:
    """Texts of so many layouts."""
    return [text("login", **{f"m{number}": 1}) for number in range(count)]


# ---- what is learned


def test_a_layout_is_learned_when_it_was_met_often() -> None:
    """Not before."""
    known = shown(reader(), text("login"), OFTEN - 1)
    assert alone(known, text("login")) is None
    assert known.learn(text("login"), json.loads(text("login")))
    found = alone(known, text("login"))
    assert found is not None
    assert found[0] == ("x",)


def test_a_layout_is_learned_from_texts_that_are_like_it() -> None:
    """Texts that are all different are learned from never."""
    known = reader()
    assert not any(known.learn(each, json.loads(each)) for each in others(500))


def test_a_template_that_reads_less_gives_way() -> None:
    """A reader knows a few, and used ones stay."""
    known = reader()
    texts = others(MOST + 2)
    assert all(taught(known, each) for each in texts[:MOST])
    for _ in range(200):
        assert all(alone(known, each) is not None for each in texts[1:MOST])
    assert taught(known, texts[MOST])
    assert [alone(known, each) is not None for each in texts] == [False, *[True] * MOST, False]


def test_a_further_layout_is_not_learned_while_all_templates_read_more() -> None:
    """Then nothing is tried."""
    known = reader()
    texts = others(MOST + 1)
    assert all(taught(known, each) for each in texts[:MOST])
    body = json.loads(texts[MOST])
    for _ in range(300):
        assert not known.learn(texts[MOST], body)
        for _ in range(2):
            assert len(read_all(known, texts[:MOST])) == MOST


@pytest.mark.parametrize(
    "odd",
    [
        b'{"enabled": true, "a": "\\u0041"}',
        b'{ "enabled": true}',
        b' {"enabled": true}',
        b'{"enabled" : true}',
        b'{"enabled": true, "enabled": true}',
        b'{"enabled": true, "a": 1e5}',
        b'{"enabled": true, "a": [1]}',
        b'{"enabled": true, "a": {}}',
    ],
    ids=range(8),
)
def test_a_text_that_its_own_template_does_not_match_is_not_learned(odd: bytes) -> None:
    """Whatever it is that does not match; after it others are learned all the same."""
    known = shown(reader(), odd, 10 * OFTEN)
    assert alone(known, odd) is None
    assert taught(known, b'{"enabled": true}')
    assert alone(known, odd) is None


def test_nothing_is_learned_from_long_texts() -> None:
    """A text of the greatest length is learned from, a longer one not; it may be read all the same."""
    short = text("password")
    longest = short.replace(b"x", b"x" * (LONGEST - len(short) + 1))
    longer = longest.replace(b"x", b"xx", 1)
    assert (len(longest), len(longer)) == (LONGEST, LONGEST + 1)
    assert alone(shown(reader(), longer, 4 * OFTEN), longer) is None
    assert alone(shown(reader(), longest, OFTEN), longer) is not None


@pytest.mark.parametrize("names", [300, 4_000])
def test_nothing_is_learned_from_texts_of_many_members(names: int) -> None:
    """Undeclared ones, nor members of an open object, declared or not; a try costs little."""
    many = {f"n{number}": 1 for number in range(names)}
    slots = slots_of(Definition(fields=dict.fromkeys(many, ANY_TEXT)), READS)
    for body in (many, {"customFields": many}, {"loginSection": many}):
        known = TemplateReader(slots)
        start = process_time()
        assert not any(known.learn(written(body)[:LONGEST], body) for _ in range(200))
        assert process_time() - start < 2


@pytest.mark.parametrize(
    "make", [bytes.decode, bytearray, memoryview, json.loads], ids=["str", "array", "view", "value"]
)
def test_only_bytes_are_learned_and_read(make: Any) -> None:
    """Texts, arrays and values are left to the reader."""
    known = shown(reader(), text("login"), 0)
    for _ in range(2 * OFTEN):
        assert not known.learn(make(text("login")), json.loads(text("login")))
    known = shown(reader(), text("login"), OFTEN)
    assert (alone(known, make(text("login"))), alone(known, text("login")) is None) == (None, False)


# ---- what is read


@pytest.mark.parametrize(
    "odd", [b"\xff", b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"], ids=str
)
def test_what_is_no_utf8_is_not_read(odd: bytes) -> None:
    """In a value, behind the text, and before it."""
    known, right = shown(reader(), text("login"), OFTEN), text("login")
    assert [alone(known, each) for each in (right.replace(b"x", odd), right + odd, odd + right)] == [None] * 3


def test_a_text_of_the_greatest_size_is_read() -> None:
    """And none that is longer."""
    known, right = shown(reader(), text("password"), OFTEN), text("password")
    room = MAX_BYTES - len(right) + 1
    for payload, expected in (
        (right.replace(b"x", b"x" * room), True),
        (right.replace(b"x", b"x" * (room + 1)), False),
        (right.ljust(MAX_BYTES), True),
        (right.ljust(MAX_BYTES + 1), False),
    ):
        assert (alone(known, payload) is not None) is expected
        assert (jsontext.read(payload)[1] == ()) is expected


@pytest.mark.parametrize(
    "end", ["", " ", "\n", " \t\r\n", "\x0b", "\x0c", "\xa0", "\u2028", "\0", "x", "{}", "\ufeff"], ids=ascii
)
def test_what_may_stand_behind_a_text(end: str) -> None:
    """The white space of JSON, and nothing else."""
    known, payload = shown(reader(), text("login"), OFTEN), text("login") + end.encode()
    assert (alone(known, payload) is not None) is (jsontext.read(payload)[1] == ())
    assert alone(known, b"\xef\xbb\xbf" + payload) is None


PIECES: Final = [
    *[b"", b'"', b'"', b"}", b"\n", b"\\", b"\xff", b"\x00", b" ", "ü".encode(), b'"}', b'"}}'],
    *[b'{"loginSection": {"login": "', b'", "password": "'],
]


def pieced(random: Random) -> object:
    """A text of a layout that may be known, or pieces of such texts, or no text at all."""
    if random.random() < 0.05:
        return random.choice([None, "{}", {}, [], bytearray(text("login")), text("login").decode()])
    if random.random() < 0.6:
        return text(*random.choice([("login",), ("login", "password"), ("interviewer",)]))
    return b"".join(random.choices(PIECES, k=random.randrange(6)))


def test_many_texts_are_read_as_each_would_be_alone() -> None:
    """Whatever stands beside them: a text without its last quote does not run into the next one."""
    random, known, read = Random(7), reader(), 0
    assert taught(known, text("login"))
    assert taught(known, text("login", "password"))
    for _ in range(2_000):
        payloads = [pieced(random) for _ in range(random.randrange(12))]
        single = {place: alone(known, each) for place, each in enumerate(payloads)}
        found = read_all(known, payloads)
        assert found == {place: each for place, each in single.items() if each is not None}
        read += len(found)
    assert read > 1_000


def test_a_text_that_runs_into_the_next_one_is_none() -> None:
    """Together they would be one of the layout, with a line break in a text."""
    known, whole = reader(), text("login", "password")
    assert taught(known, whole)
    one, other = b'{"loginSection": {"login": "{}', b'{}", "password": "x"}}'
    assert read_all(known, [one, other]) == {}
    assert sorted(read_all(known, [one, other, whole, one])) == [2]
    many = [*[whole] * 100, *[one] * 100, whole, other, *[whole] * 100]
    assert sorted(read_all(known, many)) == [*range(100), 200, *range(202, 302)]


def test_texts_behind_a_learned_layout_are_tried_again() -> None:
    """Each text is read until its layout is learned, and no longer."""
    known = reader()
    payloads = [text("login"), b'{"b": []}'] * 100
    met: list[int] = []

    def read(place: int) -> bool:
        met.append(place)
        return known.learn(payloads[place], json.loads(payloads[place]))

    found = Readings(SLOTS)
    known.sift(payloads, range(10, 200), found, read)
    last = 10 + 2 * (OFTEN - 1)
    assert met == [*range(10, last + 1), *range(last + 1, 200, 2)]
    assert sorted(found.places) == [*range(last + 2, 200, 2)]


def test_the_first_texts_show_whether_a_template_reads_any() -> None:
    """A template that reads none of them is passed by; its texts are left to the reader."""
    known, (one, other) = reader(), others(2)
    assert taught(known, one)
    assert taught(known, other)
    assert len(read_all(known, [one, other] * 500)) == 1_000
    assert sorted(read_all(known, [*[text("password")] * 500, one])) == []


# ---- what it costs


def _cost(known: TemplateReader, slots: Slots, payloads: Iterable[bytes]) -> tuple[int, float]:
    """How many texts no template read, and the seconds that it took."""
    value_reader, texts, by_value = reader_of(slots), list(payloads), 0
    start = process_time()
    for first in range(0, len(texts), 1_000):
        chunk = texts[first : first + 1_000]

        def read(place: int, chunk: list[bytes] = chunk) -> bool:
            nonlocal by_value
            by_value += 1
            body = json.loads(chunk[place])
            reading = value_reader(body)
            return reading is not None and not reading[4] and known.learn(chunk[place], body)

        known.sift(chunk, range(len(chunk)), Readings(slots), read)
    return by_value, process_time() - start


HOSTILE: Final[dict[str, list[bytes]]] = {
    "six large layouts": [
        written({f"f{shape}_{i}": None for i in range(1_500)})
        for shape in range(6)
        for _ in range(34 << min(shape, 2))
    ],
    "six layouts that are learned": [
        written({f"f{shape}_{i}": None for i in range(60)}) for shape in range(6) for _ in range(600)
    ],
    "ever new layouts": [text(**{f"n{i}": "x"}) for i in range(4_000)],
    "layouts that cannot be learned": [text("login", zz=10**20)] * 3_000,
    "layouts like the honest ones": [
        text("login", "password", "interviewer", **{f"k{shape}": 1}) for shape in range(6) for _ in range(400)
    ],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_do_not_keep_honest_ones_from_being_read(name: str) -> None:
    """After them a few more honest ones are met before their template is made, and no more."""
    honest = [text(*NAMES).replace(b"x", b"x%d" % number, 1) for number in range(2_000)]
    known = reader()
    _cost(known, SLOTS, HOSTILE[name])
    by_value, _ = _cost(known, SLOTS, honest)
    assert by_value <= 4 * OFTEN
    assert len(read_all(known, honest)) == len(honest)


@pytest.mark.usefixtures("uncollected")
def test_a_text_that_matches_until_its_end_takes_linear_time() -> None:
    """Two hundred members, each with several ways to be matched, in any of their values."""
    names = [f"n{place}" for place in range(200)]
    slots = slots_of(Definition(), (*READS,))
    known = TemplateReader(slots)
    assert taught(known, written(dict.fromkeys(names, 1)))
    for value in (1, 1.5, "M", "", "true", 123456789012345, None, False, "x" * 2_500, '", "' + "-" * 9):
        payload = written(dict.fromkeys(names, value))
        for bad in (
            payload[:-1],
            payload + b"x",
            payload[:-2] + b"\x00}",
            payload.replace(b'"n199"', b'"n198"'),
        ):
            start = process_time()
            assert alone(known, bad) is None
            assert process_time() - start < 0.5
