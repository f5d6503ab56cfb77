"""Templates that were learned, held to the walk over decoded values."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from random import Random
from typing import Any

from participant_rules import jsontext
from participant_rules.engine.readings import Reading, Readings
from participant_rules.engine.slots import Slots
from participant_rules.engine.templates import TemplateReader
from participant_rules.engine.values import reader_of
from tests.mutants import Bender

__all__ = ["Law", "alone", "examined", "read_all", "taught", "written"]

Drawn = Callable[[Random], dict[str, Any]]


def written(body: object, *, tight: bool = False) -> bytes:
    """A body as JSON, in one of two styles."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":") if tight else None).encode()


def read_all(reader: TemplateReader, payloads: Sequence[object]) -> dict[int, Reading]:
    """The readings of texts by their places, without texts that no template reads."""
    found = Readings(reader.slots)
    reader.sift(payloads, range(len(payloads)), found, lambda _: False)
    return {place: found[index] for index, place in enumerate(found.places)}


def alone(reader: TemplateReader, payload: object) -> Reading | None:
    """The reading of a text in a column of one, which is that without columns."""
    found, one = read_all(reader, [payload]).get(0), reader.read_one(payload)
    assert (found is None) is (one is None), payload
    assert found is None or one is None or comparable(found) == comparable(one), payload
    return found


def comparable(reading: Any) -> Any:
    """A reading without the order of its odd slots, and with values as a dictionary has them."""
    keys, odd, texts = reading
    return tuple(keys), dict(odd), tuple(dict(each) if isinstance(each, Mapping) else each for each in texts)


def taught(reader: TemplateReader, *texts: bytes) -> bool:
    """Whether it reads a text now, which it met often among others like it."""
    bodies = [json.loads(each) for each in texts]
    for _ in range(2_000):
        if alone(reader, texts[0]) is not None:
            return True
        for text, body in zip(texts[::-1], bodies[::-1], strict=True):
            if alone(reader, text) is None:
                reader.learn(text, body)
    return False


class Law:
    """Templates read the same as a strict reading and the value reader."""

    def __init__(self, slots: Slots) -> None:
        self.slots = slots
        self._read = reader_of(slots)
        self.learned: list[tuple[TemplateReader, Drawn, bool]] = []

    def reader(self) -> TemplateReader:
        """One that has learned nothing."""
        return TemplateReader(self.slots)

    def learn(self, *drawn: Drawn, seed: int = 0) -> None:
        """Learn the layouts of bodies, a few in each reader; of some layouts from several bodies."""
        reader = self.reader()
        for tight in (False, True):
            for place, draw in enumerate(drawn):
                if place % 5 == 0:
                    reader = self.reader()
                random = Random(seed + place)
                bodies = [draw(random) for _ in range(random.choice((1, 3)))]
                texts = [written(each, tight=tight) for each in bodies]
                assert taught(reader, *texts), texts[0]
                self.learned.append((reader, draw, tight))

    def holds(self, reader: TemplateReader, payload: bytes) -> bool:
        """Whether a text is read, and rightly."""
        found = alone(reader, payload)
        if found is None:
            return False
        value, faults = jsontext.read(payload)
        assert faults == (), payload
        by_value = self._read(value)
        assert by_value is not None, payload
        _, keys, odd, texts, mistyped = by_value
        assert not mistyped, payload
        assert comparable(found) == comparable((keys, odd, texts)), payload
        return True

    @cached_property
    def readers(self) -> Sequence[TemplateReader]:
        """The templates that have learned something."""
        return [*{id(each): each for each, _, _ in self.learned}.values()]


def examined(
    law: Law, drawn: Callable[[Random, Drawn], dict[str, Any]], count: int, seed: int
) -> tuple[int, int]:
    """Bend so many texts and hold each to the law; returns how many were read, as they were and bent."""
    bender, random = Bender(seed), Random(seed)
    straight = bent = 0
    for _ in range(count // 10):
        reader, draw, tight = random.choice(law.learned)
        text = written(drawn(random, draw), tight=tight)
        straight += law.holds(reader, text)
        texts = [bender.bent(text) for _ in range(9)]
        bent += sum(law.holds(reader, each) for each in texts)
        together = {place: read_all(reader, [each]).get(0) for place, each in enumerate((text, *texts))}
        read = {place: comparable(each) for place, each in read_all(reader, [text, *texts]).items()}
        assert read == {place: comparable(each) for place, each in together.items() if each is not None}
    return straight, bent
