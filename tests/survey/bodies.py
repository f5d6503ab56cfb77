"""Bodies of participants that are right, odd, faulty or hostile."""

from collections.abc import Iterator
from copy import deepcopy
from random import Random
from typing import Any

from participant_rules import survey
from tests.batch.samples import WRONG, participant


def bodies(random: Random, definition: survey.Survey, count: int) -> Iterator[Any]:
    """Bodies that are right, odd or faulty."""
    for number in range(count):
        body = participant(random, definition, how_odd=(0.02, 0.1, 0.3)[number % 3])
        yield hostile(random, body) if number % 5 == 0 else body


def hostile(random: Random, body: Any) -> Any:
    """A body with a value replaced by one from elsewhere, or with a member taken away."""
    body = deepcopy(body)
    places = [*containers(body)]
    if not places:
        return body
    held = random.choice(places)
    name = random.choice([*held, "enabled", "login", "subjects", "v1", "V1", "\u0130", "i\u0307", "", "x"])
    held[name] = random.choice(
        [*WRONG, "1", "2;1", "", " ", None, False, "A@EXAMPLE.com", "\u2003", {"v1": "1", "V1": "1"}]
    )
    if random.random() < 0.2:
        del held[name]
    return body


def containers(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a body."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from containers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from containers(inner)
