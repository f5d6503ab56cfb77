"""Repairs of any payload: a repaired value is right then, and a right one is never touched."""

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
from participant_rules.schema.repairing import places, value_at
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
    """The functions for the payloads of a family."""

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
    lambda text: f"\u201c{text}\u201d.",
    lambda text: text.translate({ord("0") + digit: 0x660 + digit for digit in range(10)}),
    lambda text: text.replace("-", "\u2013"),
    lambda text: text.replace("@", " at "),
    lambda text: f"{text}.0",
    lambda text: f"00{text}",
    lambda text: text.replace("example", "gmial"),
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


_ADDRESSES: Final = (
    "kim@example.com",
    "<kim@example.com>",
    "Kim@Example.com,",
    "kim@gmail,com",
    "kim@gmail.com",
    5,
)
_NUMBERS: Final = ("2125550123", "212 555 0123\u0000", 2125550123, "2125550123.0", "+1 212 555 0123")
_DAYS: Final = ("2020-05-13", "13/05/2020", "5/13/2020", "2020-05-13T00:00:00")
_ROW: Final = st.fixed_dictionaries(
    {"demographics": st.fixed_dictionaries({}, optional={"mobilePhone": st.sampled_from(_NUMBERS)})},
    optional={
        "participantIdentifier": st.sampled_from(["A", "B", 5, "5"]),
        "customFields": st.fixed_dictionaries({"Since": st.sampled_from(_DAYS)}),
    },
).flatmap(lambda row: st.sampled_from(_ADDRESSES).map(lambda address: _addressed(row, address)))


def _addressed(row: dict[str, Any], address: Any) -> dict[str, Any]:
    return {**row, "demographics": {**row["demographics"], "email": address}}


def holders(rows: Sequence[Any], schema: Schema) -> set[tuple[str, int, int]]:
    """The pairs of rows that have the same unique value: its path, and their places."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, row in enumerate(rows):
        for node in schema.unique:
            names = (*node.section.split("."), node.element) if node.element else node.path.split(".")
            value = value_at(row, names)
            key = node.key_of_value(value) if isinstance(value, str) else None
            if key is not None:
                found.setdefault((node.path, key), []).append(place)
    return {
        (path, one, other)
        for (path, _), places in found.items()
        for one in places
        for other in places
        if one < other
    }


@given(st.lists(_ROW, min_size=2, max_size=5))
def test_no_two_people_become_one(rows: list[Any]) -> None:
    """Rows of a batch have the same unique value after repairs only where they had it before."""
    schema = FAMILIES["project"].schema
    done = project.repair({"participants": rows}, PROJECT, operation="bulk", likely=True)
    assert holders(done.payload["participants"], schema) <= holders(rows, schema)
