"""Batches of one layout, which is learned, and of records beside it that are bent."""

import json
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, Final

from participant_rules import project, survey
from participant_rules.batch import ProjectTask, SurveyTask
from tests.batch.drawing import WRONG
from tests.batch.participants import (
    participant,
    participants_one_by_one,
    stored_participants,
    survey_definition,
    survey_store,
)
from tests.batch.rows import people, project_of, row, rows_one_by_one, store_of
from tests.batch.samples import OPERATIONS, Scene

ALIKE: Final = 40  # records of the layout, more than it takes to learn it
BENT: Final = 16
ODD: Final = [None, "", " ", "1", "x: y", "ü", 'a"b', 10**16, -0.0, *WRONG]
OWN: Final[dict[str, Callable[[int], str]]] = {
    "participantIdentifier": "N{}".format,
    "email": "n{}@example.com".format,
    "emailAddress": "n{}@example.com".format,
    "mobilePhone": "212555{:04}".format,
    "login": "n{}".format,
}
"""The values that each record has for itself."""


def project_layout(random: Random) -> Scene:
    """Rows of a project, nearly all of one layout."""
    definition, policy = project_of(random), project.Policy(valid_phones=random.random() < 0.3)
    store = store_of(definition, people(random), policy) if random.random() < 0.7 else None
    texts = _texts(random, _bodies(random, row(random, 0.2)))
    expected = rows_one_by_one(texts, definition, store, allow_update=True, policy=policy)
    return Scene(texts, ProjectTask(definition, store, True, policy), expected)


def survey_layout(random: Random) -> Scene:
    """Participants of a survey, nearly all of one layout."""
    definition = survey_definition(random)
    store = survey_store(definition, stored_participants(random, definition))
    operation, caller = random.choice(OPERATIONS), survey.Caller(random.random() < 0.5)
    texts = _texts(random, _bodies(random, participant(random, definition, 0.1)))
    expected = participants_one_by_one(texts, definition, store, operation=operation, caller=caller)
    return Scene(texts, SurveyTask(definition, store, operation, caller), expected)


LAYOUTS: Final[dict[str, Callable[[Random], Scene]]] = {"project": project_layout, "survey": survey_layout}


def _texts(random: Random, bodies: Sequence[Any]) -> list[bytes]:
    separators = random.choice([None, (",", ":")])
    return [json.dumps(each, ensure_ascii=False, separators=separators).encode() for each in bodies]


def _bodies(random: Random, body: Any) -> list[Any]:
    """Bodies like one, of which sections may be nothing, and bent ones among and behind them."""
    for section in [*body] if isinstance(body, dict) else ():
        if random.random() < 0.1:
            body[section] = random.choice([None, {}])
    alike = [_like(body, number) for number in range(2 * ALIKE)]
    bent = [_bent(random, random.choice(alike)) for _ in range(BENT)]
    return [*alike[:ALIKE], *bent, *alike[ALIKE:]]


def _like(value: Any, number: int, name: str = "") -> Any:
    """A value with what a record of this number has for itself."""
    if isinstance(value, dict):
        return {each: _like(held, number, each) for each, held in value.items()}
    if isinstance(value, list):
        return [_like(each, number) for each in value]
    return OWN[name](number) if name in OWN and isinstance(value, str) and value.strip() else value


def _bent(random: Random, body: Any) -> Any:
    """A body with one member left out, made odd, or moved behind the others."""
    bent = json.loads(json.dumps(body))
    holder, name = random.choice([*_places(bent)] or [(None, None)])
    if holder is None:
        return bent
    value = holder.pop(name)
    if random.random() < 0.7:
        odd = random.choice([*ODD, value])
        holder.update({name: odd}) if isinstance(holder, dict) else holder.insert(name, odd)
    return bent


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every object and list, with the names of its members or the places of its elements."""
    held = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in held:
        yield value, name
        yield from _places(each)
