"""Made-up values, and the texts of JSON values: right ones, odd ones, and ones with faults."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, Final

WRONG: Final = [1, True, 1.5, [], {}, ["x"], {"x": "y: z"}]


def one_of(random: Random, *usual: object, odd: Sequence[object] = (), how_odd: float = 0.1) -> Any:
    """One of the usual values, rarely an odd one."""
    return random.choice(odd if odd and random.random() < how_odd else usual)


def some(random: Random, members: dict[str, Callable[[], object]], share: float = 0.6) -> dict[str, Any]:
    """An object with some of its members, in any order."""
    names = [name for name in members if random.random() < share]
    random.shuffle(names)
    return {name: members[name]() for name in names}


# ---- texts


def text_of(random: Random, body: object) -> object:
    """A body as a JSON text, as bytes, or as it is; texts have odd white space and escapes, some faults."""
    if random.random() < 0.3 and not isinstance(body, str):  # a string would be a text
        return body
    text = json.dumps(
        body,
        ensure_ascii=random.random() < 0.3,
        indent=random.choice([None, None, 1]),
        separators=random.choice([None, (",", ":"), (" ,", " : ")]),
    )
    if random.random() < 0.12:
        text = _with_fault(random, text)
    return text if random.random() < 0.4 else text.encode("utf-8", "surrogatepass")


def _with_fault(random: Random, text: str) -> str:
    """A text with a repeated name, an escaped name, a fault, or an end that is missing or too long."""
    kind = random.randrange(7)
    if kind == 0 and text.startswith("{"):
        again = '{"participantIdentifier": "A", "enabled": true, ' + text[1:]
        return again.replace("4:", random.choice(["4:", "4\\u003a"]), 1)  # one name more, one colon less
    if kind == 1 and text.startswith("{"):
        return '{"a": {"b": 1, "b": 2}, ' + text[1:] if len(text) > 2 else '{"a": {"b": 1, "b": 2}}'
    if kind == 2:
        return text.replace('"id"', '"\\u0069d"').replace('"login"', '"lo\\u0067in"')
    if kind == 3:
        return text.replace("null", "NaN").replace("true", "1e999")
    if kind == 4:
        return text.replace("A", "\\u0000", 1).replace("B", "\\ud800", 1)
    return text[:-1] if kind == 5 else text + "}"
