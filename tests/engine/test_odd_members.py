"""Templates of members that no entity of ours has: flags that may be null, keys and forms of other sorts."""

from collections.abc import Mapping
from random import Random
from typing import Any, Final

import pytest
from attrs import frozen

from participant_rules import project
from participant_rules.engine.slots import Slots
from participant_rules.project.custom import CustomFields
from participant_rules.schema.entity import Entity
from participant_rules.schema.form import key_form, text_form
from participant_rules.schema.members import extras, member
from participant_rules.schema.reads import Read, faults, malformed, state, value
from participant_rules.schema.tree import Schema
from participant_rules.unset import UNSET, Unset
from tests.engine.reading import Drawn, Law, examined, taught, written

CODE: Final = text_form(lambda text: text.isupper(), "[A-Z]+")
NAME: Final = key_form(lambda text: text.lower() if text.isalpha() else None)
FIELDS: Final = CustomFields(
    (
        project.CustomField("N", "Integer"),
        project.CustomField("T", "Text"),
        project.CustomField("R", "Text", required=True),
        project.CustomField("U", "Text", unique=True),
    )
)
FREE: Final = CustomFields((project.CustomField("U", "Text", unique=True),))


@frozen(weakref_slot=False)
class Odd(Entity):
    """Unique texts with a form alone, or with a key that is made one by one; flags that may be null."""

    code: str | None | Unset = member(form=CODE, unique=True)
    name: str | None | Unset = member(form=NAME, unique=True)
    flag: bool | None | Unset = member()
    other: bool | None | Unset = member()
    fields: Mapping[str, Any] | None | Unset = member(members=lambda terms: terms)
    loose: Mapping[str, Any] | None | Unset = member()
    extras: Mapping[str, Any] = extras()


READS: Final[Mapping[str, list[Read]]] = {
    "states": [*map(state, ("code", "name", "flag", "fields", "loose")), value("other")],
    "texts": [
        malformed("code"),
        value("name"),
        value("flag"),
        state("other"),
        value("fields"),
        value("loose"),
    ],
    "faults": [faults("fields"), malformed("name"), state("other")],
    "nothing": [],
}
LAYOUTS: Final = ("code name flag fields", "name other loose", "fields", "loose", "code flag other zzz")


class Bodies:
    """Draws bodies of a layout."""

    def __init__(self, names: str) -> None:
        self.names, self.how_odd = names.split(), 0.0

    def __call__(self, random: Random) -> dict[str, Any]:
        """One body, as odd as it is to be."""
        odd = [None, "", " a", "ab1", 5, True, {}, {"N": "x"}, {"R": "", "U": "u"}]

        def one(*right: Any) -> Any:
            return random.choice(odd if random.random() < self.how_odd else right)

        fields = {"N": one(1, "2"), "T": one("t"), "R": one("r", ""), "U": one("u", 5)}
        made = {
            "code": one("AB", "C", None),
            "name": one("Kim", "lee", ""),
            "flag": one(True, False, None),
            "other": one(True, None),
            "fields": one(fields, {"R": "r", "U": "v"}, fields),
            "loose": one({}, {}, {"a": 1}, {"b": "x", "c": 2}),
            "zzz": one(1, "x"),
        }
        return {name: made[name] for name in self.names}


@pytest.mark.parametrize("terms", [UNSET, FIELDS, FREE], ids=["undeclared", "required", "unique"])
@pytest.mark.parametrize("reads", READS)
def test_texts_are_read_as_their_values(reads: str, terms: object) -> None:
    """Of texts as they are drawn and of bent ones."""
    law, random = Law(Slots.of(Schema(Odd, terms), READS[reads])), Random(3)
    for names in LAYOUTS:
        draw = Bodies(names)
        for tight in (False, True):
            reader = law.reader()
            texts = [written(draw(random), tight=tight) for _ in range(4)]
            if taught(reader, *texts):
                law.learned.append((reader, draw, tight))

    def drawn(random: Random, draw: Drawn) -> dict[str, Any]:
        assert isinstance(draw, Bodies)
        draw.how_odd = random.choice((0, 0.1, 0.3))
        return draw(random)

    straight, _ = examined(law, drawn, 500, seed=4)
    assert straight > 10


def test_what_is_no_object_is_not_learned() -> None:
    """However often it is met."""
    reader = Law(Slots.of(Schema(Odd, FIELDS), READS["states"])).reader()
    assert not any(reader.learn(b"[]", []) for _ in range(200))
