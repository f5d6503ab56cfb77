"""Shapes are learned from texts that are met often; what their expressions match is JSON."""

import json
import re
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain, permutations
from random import Random
from time import perf_counter
from typing import Any, Final, TypeVar

import pytest

from participant_rules import jsontext
from participant_rules.jsontext import MAX_BYTES
from participant_rules.patterns import (
    CAPTURED,
    FLAG,
    INTEGER,
    NUMBER,
    ODD,
    SCALAR,
    TEXT,
    TEXT_OR_ODD,
    Style,
    object_of,
    one_of,
    plain_or_odd,
    value_of,
)
from participant_rules.skims import _LONGEST as LONGEST
from participant_rules.skims import _MOST as MOST
from participant_rules.skims import _OFTEN as OFTEN
from participant_rules.skims import Columns, Row, Shape, Skimmer, Tell
from tests.mutants import VALUES, Bender, alone, taught

T = TypeVar("T")


def rows(columns: Columns) -> list[Row]:
    """What was captured of each text."""
    return list(zip(*columns[:-1], strict=True)) if len(columns) > 1 else [()] * len(columns[-1])


def sure(told: Iterable[T | None]) -> tuple[list[Any], list[int]]:
    """What is told, and the places of what is not."""
    found = list(told)
    return found, [place for place, each in enumerate(found) if each is None]


def shape(body: Any, style: Style) -> Shape[Row]:
    """Objects of texts, all of which are looked at."""
    pattern = object_of(dict.fromkeys(body, CAPTURED), style)
    return Shape(pattern, lambda columns: sure(rows(columns)), lambda row: row[:-1])


def written(*names: str) -> bytes:
    """An object with these names."""
    return json.dumps(dict.fromkeys(names, "x")).encode()


def shown(skimmer: Skimmer[T], payload: object, value: object, times: int) -> Skimmer[T]:
    """A skimmer that was shown a text so often."""
    for _ in range(times):
        skimmer.learn(payload, value)
    return skimmer


# ---- what is learned


def test_a_shape_is_learned_when_it_was_met_often() -> None:
    """Not before; each further shape than the second takes twice as many texts."""
    skimmer = Skimmer(shape)
    for place, often in enumerate((OFTEN, *[OFTEN << more for more in range(MOST - 1)])):
        names = [str(each) for each in range(place + 1)]
        shown(skimmer, written(*names), dict.fromkeys(names), often - 1)
        assert alone(skimmer, written(*names)) is None
        skimmer.learn(written(*names), dict.fromkeys(names))
        assert alone(skimmer, written(*names)) == ("x",) * len(names)


def test_a_skimmer_knows_so_many_shapes_and_no_more() -> None:
    """All of them are told, another one never."""
    skimmer = Skimmer(shape)
    learned = [taught(skimmer, written(name), {name: "x"}) for name in "abcdefgh"]
    assert learned == [True] * MOST + [False, False]
    assert [alone(skimmer, written(name)) for name in "abcdefgh"] == [("x",)] * MOST + [None, None]


def test_a_shape_is_learned_from_a_text_that_is_like_most_others() -> None:
    """One that has as many names as any; how many texts there are is counted over all."""
    skimmer = shown(Skimmer(shape), written("a"), {"a": "x"}, OFTEN // 2)
    shown(skimmer, written("a", "b"), {"a": "x", "b": "x"}, OFTEN // 2 - 1)
    assert not skimmer.learn(written("a", "b", "c"), dict.fromkeys("abc"))
    assert skimmer.learn(written("c"), {"c": "x"})
    assert [alone(skimmer, written(*names)) for names in ("a", "c", "ab")] == [None, ("x",), None]


def test_after_a_shape_that_cannot_be_told_others_are_learned() -> None:
    """It is tried again after twice as many texts more."""
    asked: list[Any] = []

    def picky(body: Any, style: Style) -> Shape[Row] | None:
        asked.append(body)
        return shape(body, style) if "b" in body else None

    skimmer = shown(Skimmer(picky), written("a"), {"a": "x"}, 3 * OFTEN - 1)
    assert (alone(skimmer, written("a")), asked) == (None, [{"a": "x"}])
    shown(skimmer, written("a"), {"a": "x"}, 1)
    assert (alone(skimmer, written("a")), asked) == (None, [{"a": "x"}] * 2)
    shown(skimmer, written("b"), {"b": "x"}, 4 * OFTEN)
    assert (alone(skimmer, written("b")), len(asked)) == (("x",), 3)


def test_what_is_tried_in_vain_is_tried_ever_more_seldom() -> None:
    """Texts whose shape cannot be learned cost little: a try takes milliseconds."""
    asked = 0

    def shy(_body: Any, _style: Style) -> None:
        nonlocal asked
        asked += 1

    shown(Skimmer(shy), written("a"), {"a": "x"}, 255 * OFTEN - 1)
    assert asked == 7
    skimmer = shown(Skimmer(shape), b'{"a": 1}', {"a": "x"}, 255 * OFTEN)
    assert alone(skimmer, written("a")) is None
    shown(skimmer, written("a"), {"a": "x"}, 255 * OFTEN)
    assert alone(skimmer, written("a")) is None
    shown(skimmer, written("a"), {"a": "x"}, OFTEN)
    assert alone(skimmer, written("a")) == ("x",)


@pytest.mark.parametrize(
    "text",
    [
        b'{"a": 1}',
        b'{"a": "\\u0041"}',
        b'{ "a": "x"}',
        b' {"a": "x"}',
        b'{"a" : "x"}',
        b'{"a": "x", "a": "x"}',
    ],
    ids=range(6),
)
def test_a_text_that_its_own_shape_does_not_match_is_not_learned(text: bytes) -> None:
    """Whatever it is that does not match."""
    skimmer = shown(Skimmer(shape), text, {"a": "x"}, 2 * OFTEN)
    assert (alone(skimmer, text), alone(skimmer, written("a"))) == (None, None)
    shown(skimmer, written("a"), {"a": "x"}, OFTEN)
    assert (alone(skimmer, text), alone(skimmer, written("a"))) == (None, ("x",))


def test_nothing_is_learned_from_long_texts() -> None:
    """A text of the greatest length is learned from, a longer one not; it may be told all the same."""
    long = {"a": "x" * (LONGEST - len(b'{"a": ""}'))}
    text = json.dumps(long).encode()
    longer = text.replace(b"x", b"xx", 1)
    assert (len(text), len(longer)) == (LONGEST, LONGEST + 1)
    assert alone(shown(Skimmer(shape), longer, long, 2 * OFTEN), longer) is None
    assert alone(shown(Skimmer(shape), text, long, OFTEN), longer) == (long["a"] + "x",)


@pytest.mark.parametrize(
    "make", [bytes.decode, bytearray, memoryview, json.loads], ids=["str", "array", "view", "value"]
)
def test_only_bytes_are_learned_and_told(make: Callable[[bytes], object]) -> None:
    """Texts, arrays and values are left to the reader."""
    text = written("a")
    assert alone(shown(Skimmer(shape), make(text), {"a": "x"}, 2 * OFTEN), text) is None
    skimmer = shown(Skimmer(shape), text, {"a": "x"}, OFTEN)
    assert (alone(skimmer, make(text)), alone(skimmer, text)) == (None, ("x",))


# ---- what is told


@pytest.mark.parametrize(
    "odd", [b"\xff", b"\xc3", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80"], ids=str
)
def test_what_is_no_utf8_is_not_told(odd: bytes) -> None:
    """In a value, behind the text, and before it."""
    skimmer = shown(Skimmer(shape), written("a"), {"a": "x"}, OFTEN)
    text = written("a")
    texts = [text.replace(b"x", odd), text + odd, odd + text]
    assert [alone(skimmer, each) for each in texts] == [None] * 3


def test_a_text_of_the_greatest_size_is_told() -> None:
    """And none that is longer."""
    skimmer = shown(Skimmer(shape), written("a"), {"a": "x"}, OFTEN)
    room = MAX_BYTES - len(b'{"a": ""}')
    for text, expected in (
        (b'{"a": "%s"}' % (b"x" * room), ("x" * room,)),
        (b'{"a": "%s"}' % (b"x" * (room + 1)), None),
        (written("a").ljust(MAX_BYTES), ("x",)),
        (written("a").ljust(MAX_BYTES + 1), None),
    ):
        assert alone(skimmer, text) == expected
        assert (expected is None) is (jsontext.read(text)[1] != ())


@pytest.mark.parametrize(
    "end", ["", " ", "\n", " \t\r\n", "\x0b", "\x0c", "\xa0", "\u2028", "\0", "x", "{}", "\ufeff"], ids=ascii
)
def test_what_may_stand_behind_a_text(end: str) -> None:
    """The white space of JSON, and nothing else."""
    skimmer, text = shown(Skimmer(shape), written("a"), {"a": "x"}, OFTEN), written("a") + end.encode()
    assert (alone(skimmer, text) is not None) is (jsontext.read(text)[1] == ())
    assert alone(skimmer, b"\xef\xbb\xbf" + text) is None


def test_the_first_shape_that_matches_tells() -> None:
    """And where it is not sure, no other one is asked."""
    answers: list[Tell[str]] = [lambda _: sure([None]), lambda _: sure(["second"])]
    skimmer = Skimmer(lambda body, style: Shape(shape(body, style).pattern, answers.pop(0)))
    shown(skimmer, written("a"), {"a": "x"}, 3 * OFTEN)
    assert (answers, alone(skimmer, written("a"))) == ([], None)


def test_the_shape_of_most_texts_is_tried_first() -> None:
    """It is the first one that tells then; a few texts change nothing."""
    answers: list[tuple[str, Tell[str]]] = [
        ("1", lambda columns: sure(["a"] * len(columns[-1]))),
        ("[0-9]", lambda columns: sure(["any"] * len(columns[-1]))),
    ]

    def shape_of(body: Any, style: Style) -> Shape[str]:
        pattern, tell = answers.pop(0)
        return Shape(object_of(dict.fromkeys(body, pattern), style), tell)

    skimmer = Skimmer(shape_of)
    assert taught(skimmer, b'{"a": 1}', {"a": 1})
    assert taught(skimmer, b'{"a": 2}', {"a": 2})
    one, two = b'{"a": 1}', b'{"a": 2}'
    for texts in ([one, two], [two] * OFTEN, [one] * 200 + [two] * 200):
        skimmer.skim(texts)
        assert (alone(skimmer, one), alone(skimmer, two)) == ("a", "any")
    skimmer.skim([one] * 199 + [two] * 201)
    assert (alone(skimmer, one), alone(skimmer, two)) == ("any", "any")


def test_a_number_that_is_none_is_not_told() -> None:
    """It is found when it is decoded."""
    skimmer: Skimmer[Any] = Skimmer(
        lambda body, style: Shape(object_of(dict.fromkeys(body, ODD), style), told(body))
    )
    assert taught(skimmer, b'{"a": 1}', {"a": 1})
    assert [
        alone(skimmer, b'{"a": %s}' % each) for each in (b"1.50", b"01", b"1.", b"-", b".5", b"1.2.3")
    ] == [{"a": 1.5}] + [None] * 5


# ---- many at once

PIECES: Final = [
    b"",
    b'"',
    b'"',
    b"}",
    b"\n",
    b"\\",
    b"\xff",
    b"\x00",
    b" ",
    "ü".encode(),
    b'{"a": "',
    b'", "b": "',
    b'"}',
]


def pieced(random: Random) -> object:
    """A text of a shape that may be known, or pieces of such texts, or no text at all."""
    if random.random() < 0.05:
        return random.choice([None, "{}", {}, [], bytearray(written("a")), written("a").decode()])
    if random.random() < 0.6:
        return json.dumps(dict.fromkeys(random.choice(["a", "ab", "c"]), random.choice("xyz"))).encode()
    return b"".join(random.choices(PIECES, k=random.randrange(6)))


def test_many_texts_are_told_as_each_would_be_alone() -> None:
    """Whatever stands beside them: a text without its last quote does not run into the next one."""
    random, skimmer, told = Random(7), Skimmer(shape), 0
    assert taught(skimmer, written("a"), {"a": "x"})
    assert taught(skimmer, written("a", "b"), {"a": "x", "b": "x"})
    for _ in range(2_000):
        payloads = [pieced(random) for _ in range(random.randrange(12))]
        single = {place: alone(skimmer, each) for place, each in enumerate(payloads)}
        assert skimmer.skim(payloads) == {place: each for place, each in single.items() if each is not None}
        told += len(payloads)
    assert told > 1_000


def test_a_text_that_runs_into_the_next_one_is_none() -> None:
    """Together they would be one of the shape, with a line break in a text."""
    skimmer = Skimmer(shape)
    assert taught(skimmer, written("a", "b"), {"a": "x", "b": "x"})
    one, other = b'{"a": "{}', b'{}", "b": "x"}'
    assert skimmer.skim([one, other]) == {}
    assert skimmer.skim([one, other, written("a", "b"), one]) == {2: ("x", "x")}


def test_those_behind_a_learned_shape_are_skimmed_again() -> None:
    """Each text is read until its shape is learned, and no longer."""
    skimmer = Skimmer(shape)
    payloads = [written("a"), b'{"b": 1}'] * 100
    read: list[int] = []

    def reader(place: int) -> bool:
        read.append(place)
        return skimmer.learn(payloads[place], json.loads(payloads[place]))

    told = skimmer.sift(payloads, range(11, 200), reader)
    assert read == [*range(11, 11 + OFTEN), *range(11 + OFTEN, 200, 2)]
    assert told == dict.fromkeys(range(12 + OFTEN, 200, 2), ("x",))


# ---- expressions

TOKENS: Final = [
    token
    for token in [*VALUES, *[b'"%s"' % each for each in VALUES], *[b"-" + each for each in VALUES]]
    if not re.search(rb"[\\\x00-\x1f]", token)  # texts with these are not skimmed
]
EXPRESSIONS: Final[dict[str, tuple[str, Any]]] = {
    "CAPTURED": (CAPTURED, str),
    "TEXT": (TEXT, str),
    "FLAG": (FLAG, bool),
    "INTEGER": (INTEGER, int),
    "NUMBER": (NUMBER, (int, float)),
    "SCALAR": (SCALAR, (str, int, float, bool, type(None))),
    "ODD": (ODD, (str, int, float, bool, type(None))),
    "TEXT_OR_ODD": (TEXT_OR_ODD, (str, int, float, bool, type(None))),
    "one of": (one_of(["M", "a.b", "O"]), str),
    "an integer or odd": (plain_or_odd(INTEGER), (str, int, float, bool, type(None))),
    "a flag or odd": (plain_or_odd(FLAG), (str, int, float, bool, type(None))),
    "one of some or odd": (plain_or_odd(one_of(["M", "O"])), (str, int, float, bool, type(None))),
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_what_an_expression_matches_is_a_scalar(name: str) -> None:
    """A strict reading finds no fault in it, or it is captured and has no value."""
    pattern, types = EXPRESSIONS[name]
    match, matched = re.compile(rf"\[(?:{pattern})\]").fullmatch, 0
    for token in TOKENS:
        try:
            found = match(f"[{token.decode()}]")
        except UnicodeDecodeError:
            continue
        if found is None:
            continue
        matched += 1
        value, faults = jsontext.read(b"[%s]" % token)
        captured = found.groups()[-1] if found.groups() else None
        if faults:
            assert captured is not None, token
            with pytest.raises(ValueError, match=r"."):
                value_of(captured)
        else:
            assert isinstance(value[0], types), token
            told = None if captured is None else captured if pattern is CAPTURED else value_of(captured)
            assert captured is None or (told == value[0] and told.__class__ is value[0].__class__), token
    assert matched > 1


@pytest.mark.parametrize(
    ("pattern", "plain", "odd"),
    [
        (plain_or_odd(FLAG), ["true", "false", "null"], ['"true"', "1", '""', "-0.5"]),
        (
            plain_or_odd(INTEGER),
            ["0", "-12", "999999999999999", "null"],
            ["1.5", '"1"', "true", "1234567890123456"],
        ),
        (plain_or_odd(NUMBER), ["0", "-12.50", "null"], ['"1.5"', "false", "1234567890123456"]),
        (
            plain_or_odd(one_of(["M", "a.b"])),
            ['"M"', '"a.b"', '""', "null"],
            ['"m"', '"axb"', '" M"', "1", "true"],
        ),
        (TEXT_OR_ODD, ['"x"', '""', "null"], ["1", "true", "-1.5"]),
    ],
    ids=range(5),
)
def test_what_is_plain_is_not_captured(pattern: str, plain: list[str], odd: list[str]) -> None:
    """And what is odd is, whole."""
    match = re.compile(pattern).fullmatch
    found = [match(each) for each in (*plain, *odd)]
    assert [each and each.groups() for each in found] == [(None,)] * len(plain) + [(each,) for each in odd]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1, "b": 2}', Style(", ", ": ")),
        ('{"a":1,"b":2}', Style(",", ":")),
        ('{"a": 1,"b": 2}', Style(",", ": ")),
        ('{"a":1, "b":2}', Style(", ", ":")),
        ("{}", Style(",", ":")),
        ('{"a": {}}', Style(",", ": ")),
    ],
    ids=range(6),
)
def test_a_style(text: str, expected: Style) -> None:
    """What stands between members, and behind a name."""
    assert Style.of(text) == expected


def test_an_object_has_its_names_in_their_order() -> None:
    """Whatever characters the names have."""
    members = {"a.b*": "1", "(x)?": TEXT, "": "null"}
    match = re.compile(object_of(members, Style(",", ": "))).fullmatch
    assert match('{"a.b*": 1,"(x)?": "y","": null}')
    assert not match('{"(x)?": "y","a.b*": 1,"": null}')
    assert not match('{"axbb": 1,"x": "y","": null}')
    assert re.fullmatch(object_of({}, Style(",", ":")), "{}")


@pytest.mark.parametrize("optional", ["", "a", "b", "c", "ab", "ac", "bc", "abc"])
def test_members_that_may_be_left_out(optional: str) -> None:
    """Each of them; in the same order, and with a comma between two. Where all may be, none may."""
    match = re.compile(object_of({name: name for name in "abc"}, Style(", ", ": "), optional)).fullmatch
    for names in ("", *map("".join, chain(*[permutations("abc", count) for count in (1, 2, 3)]))):
        text = "{" + ", ".join(f'"{name}": {name}' for name in names) + "}"
        complete = {*"abc"} - {*names} <= {*optional} if len(optional) < 3 else names == "abc"
        assert bool(match(text)) is (complete and [*names] == sorted(names)), text
    for text in ('{"a": a"b": b, "c": c}', '{"a": a, , "c": c}', '{, "b": b, "c": c}', '{"a": a, "b": b, }'):
        assert not match(text)


# ---- the law, for any shape


def told(values: dict[str, Any]) -> Tell[dict[str, Any]]:
    """What tells the values of names."""

    def values_of(row: Row) -> dict[str, Any] | None:
        try:
            return {name: value_of(text) if text else None for name, text in zip(values, row, strict=True)}
        except ValueError:
            return None

    return lambda columns: sure(map(values_of, rows(columns)))


def of_kinds(kinds: dict[str, str], body: Any, style: Style) -> Shape[Any]:
    """The shape of objects whose values these expressions match."""
    return Shape(object_of(kinds, style), told(body))


def examined(count: int, seed: int) -> int:
    """Bend so many texts of objects of scalars; returns how many were told."""
    random, bender, found = Random(seed), Bender(seed), 0
    patterns = [
        ODD,
        plain_or_odd(INTEGER),
        plain_or_odd(NUMBER),
        plain_or_odd(FLAG),
        TEXT_OR_ODD,
        plain_or_odd(TEXT),
    ]
    for _ in range(count // 1_000):
        kinds = {random.choice("abcdefghij.*[(ü"): random.choice(patterns) for _ in range(5)}
        body = {name: random.choice(["x", 1, 1.5, True, None, ""]) for name in kinds}
        skimmer: Skimmer[Any] = Skimmer(partial(of_kinds, kinds))
        text = json.dumps(body, ensure_ascii=False, separators=random.choice([None, (",", ":")])).encode()
        assert taught(skimmer, text, body)
        for _ in range(1_000):
            bent = bender.bent(text)
            values = alone(skimmer, bent)
            if values is not None:
                found += 1
                value, faults = jsontext.read(bent)
                assert (faults, [*value]) == ((), [*kinds]), bent
                seen = {name: each for name, each in values.items() if each is not None}
                assert seen == {name: value[name] for name in seen}, bent
                assert all(_is_plain(kinds[name], value[name]) for name in value if name not in seen), bent
    return found


def _is_plain(pattern: str, value: Any) -> bool:
    """Whether a value is one that need not be looked at."""
    plain: dict[str, tuple[type, ...]] = {
        plain_or_odd(INTEGER): (int,),
        plain_or_odd(NUMBER): (int, float),
        plain_or_odd(FLAG): (bool,),
        TEXT_OR_ODD: (str,),
        plain_or_odd(TEXT): (str,),
    }
    return value is None or value.__class__ in plain.get(pattern, ())


def test_what_is_told_is_what_is_read() -> None:
    """Of bent texts of any shape: their values, and no fault."""
    assert examined(30_000, seed=1) > 3_000


@pytest.mark.heavy
def test_what_is_told_of_many_is_what_is_read() -> None:
    """More of them."""
    assert examined(3_000_000, seed=2) > 300_000


# ---- what it costs


@pytest.mark.usefixtures("uncollected")
def test_a_text_that_matches_until_its_end_takes_linear_time() -> None:
    """Four hundred members, each with several ways to be matched, in any of their values."""
    patterns = [
        ODD,
        plain_or_odd(INTEGER),
        plain_or_odd(NUMBER),
        plain_or_odd(one_of(["M"])),
        TEXT_OR_ODD,
        SCALAR,
    ]
    kinds = {f"n{place}": patterns[place % 6] for place in range(400)}
    skimmer: Skimmer[Any] = Skimmer(
        lambda body, style: Shape(object_of(kinds, style), lambda columns: sure(map(bool, rows(columns))))
    )
    assert taught(skimmer, json.dumps(dict.fromkeys(kinds, 1)).encode(), kinds)
    for value in (1, 1.5, "M", "", "true", 123456789012345, None, False, "x" * 2_500, '", "' + "-" * 9):
        text = json.dumps(dict.fromkeys(kinds, value)).encode()
        for bad in (text[:-1], text + b"x", text[:-2] + b"\x00}", text.replace(b'"n399"', b'"n398"')):
            start = perf_counter()
            assert alone(skimmer, bad) is None
            assert perf_counter() - start < 0.5
