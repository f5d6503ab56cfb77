"""Repairs of any payload: what is repaired is right then, and what is right is never touched."""

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, Final

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from participant_rules import project, survey
from participant_rules.project.keys import schema_of
from participant_rules.repairing import Repaired
from participant_rules.schema.repairing import places
from participant_rules.schema.tree import Schema
from participant_rules.violations import Violation
from tests.schema.strategies import payloads_of
from tests.schema.test_repairing import SURVEY

PROJECT: Final = project.Project.from_json(
    {
        "id": "P",
        "customFields": [
            {"name": "Site", "type": "Text", "oneOf": ["North", "South-West"]},
            {"name": "Visits", "type": "Integer", "minimum": 0, "maximum": 99},
            {"name": "Weight", "type": "Decimal"},
            {"name": "Since", "type": "Date", "unique": True},
            {"name": "Smokes", "type": "Boolean"},
        ],
    }
)

_IDENTITY: Final = {"participantIdentifier": "A"}


@frozen
class Family:
    """What is done with the payloads of a family."""

    schema: Schema
    check: Callable[[Any], Sequence[Violation]]
    repair: Callable[..., Repaired]


FAMILIES: Final = {
    "project": Family(
        schema_of(PROJECT, project.Policy()),
        lambda payload: project.check(payload, PROJECT),
        lambda payload, **options: project.repair(payload, PROJECT, **options),
    ),
    "survey": Family(
        SURVEY.schema,
        lambda payload: survey.check(payload, SURVEY),
        lambda payload, **options: survey.repair(payload, SURVEY, **options),
    ),
}

_TEXTS: Final[Sequence[Callable[[str], Any]]] = (
    str.upper,
    str.title,
    lambda text: f" {text} ",
    lambda text: f"\u200b{text},",
    lambda text: f"<{text}>",
    lambda text: text.replace("-", "/"),
    lambda text: "/".join(reversed(text.split("-"))),
    lambda text: text[:-3],
    lambda text: text[1:],
    lambda text: text.replace(".", ","),
    lambda text: text.replace(";", ", "),
    lambda _: "yes",
    lambda _: "12/11/1990",
    lambda _: "Yes, often",
    lambda _: 5,
    lambda _: 3.0,
)


def messed(value: Any, random: Random) -> Any:
    """A payload with some of its texts and names in other forms."""
    if isinstance(value, dict):
        return {_name(name, random): messed(each, random) for name, each in value.items()}
    if isinstance(value, list):
        return [messed(each, random) for each in value]
    if isinstance(value, bool):
        return random.choice([value, value, "yes", "no", 1, "0", "perhaps"])
    if isinstance(value, str) and random.random() < 0.5:
        return random.choice(_TEXTS)(value)
    return value


def _name(name: str, random: Random) -> str:
    if random.random() < 0.9:
        return name
    return random.choice([name.upper(), name.replace("a", "_a"), name[:-1] or name, f"{name}s"])


def leaves(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The values of a payload by the names that lead to them."""
    if isinstance(value, dict) and value:
        for name, each in value.items():
            yield from leaves(each, (*path, name))
    elif isinstance(value, list) and value:
        for place, each in enumerate(value):
            yield from leaves(each, (*path, str(place)))
    else:
        yield path, value


@pytest.mark.parametrize("likely", [False, True])
@pytest.mark.parametrize("name", [*FAMILIES])
@given(st.data(), st.randoms(use_true_random=False))
def test_what_is_repaired(name: str, likely: bool, data: Any, random: Random) -> None:
    """It has none of the violations that were repaired, and nothing else has changed."""
    family = FAMILIES[name]
    payload = messed(data.draw(payloads_of(family.schema, wrong=True)), random) | (
        _IDENTITY if name == "project" else {}
    )
    found = family.check(payload)
    done = family.repair(payload, likely=likely)
    again = {(each.code, each.pointer) for each in family.check(done.payload)}
    for each in found:
        repair = each.repair
        if repair is not None and (repair.certain or likely):
            assert (each.code, each.pointer) not in again
    assert [each for each in done.repairs if not (each.certain or likely)] == []
    touched = {*map(places, done.repairs)} | {
        tuple(each.pointer.replace("~1", "/").replace("~0", "~").split("/")[1:]) for each in done.repairs
    }
    after = dict(leaves(done.payload))
    for path, value in leaves(payload):
        if not any(path[: len(each)] == tuple(each) for each in touched):
            assert after[path] is value or after[path] == value


@pytest.mark.parametrize("name", [*FAMILIES])
@given(st.data())
def test_what_is_right_is_not_touched(name: str, data: Any) -> None:
    """A payload that has no violation is the same one."""
    family = FAMILIES[name]
    payload = data.draw(payloads_of(family.schema))
    wrong = {each.pointer for each in family.check(payload)}
    done = family.repair(payload, likely=True)
    assert {each.pointer for each in done.repairs} <= wrong
    assert done.payload is payload or done.repairs


@pytest.mark.parametrize("name", [*FAMILIES])
@given(st.data(), st.randoms(use_true_random=False))
def test_repairing_twice_is_repairing_once(name: str, data: Any, random: Random) -> None:
    """Nothing is left that would be repaired."""
    family = FAMILIES[name]
    payload = messed(data.draw(payloads_of(family.schema, wrong=True)), random)
    done = family.repair(payload, likely=True)
    assert family.repair(done.payload, likely=True).repairs == ()
