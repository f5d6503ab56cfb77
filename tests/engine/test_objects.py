"""Objects of texts, judged as they are written."""

import json
from random import Random
from typing import Any, Final

import pytest

from participant_rules import survey
from participant_rules.engine import objects
from participant_rules.engine.members import faults_of
from participant_rules.engine.objects import UNSURE, LazyObject, Members
from participant_rules.engine.patterns import Style
from participant_rules.survey.seeding import QuestionnaireSeeding

SEEDS: Final = QuestionnaireSeeding(
    survey.Survey.from_json(
        {
            "invited": False,
            "loggedOn": True,
            "group": False,
            "questionnaireSeeding": None,
            "variables": [
                {
                    "variableId": "V1",
                    "responseType": "Multiple",
                    "codes": [{"codeValue": str(n)} for n in range(9)],
                },
                {"variableId": "V2", "responseType": "Text"},
                {"variableId": "V3", "responseType": "Text"},
            ],
        }
    )
)
STYLE: Final = Style(", ", ": ")


def seeding(random: Random) -> dict[str, str]:
    """A seeding, right or wrong."""
    texts = ["1", "2;3", "1;2;3;4;5;6;7;8;0", "9", "9;8;7;6;5;4", "2;2", "x y", ""]
    return {name: random.choice(texts) for name in random.sample(["v1", "v2", "v3", "v9", "V1"], 3)}


@pytest.mark.parametrize(
    "limits",
    [{}, {"_MOST_NAMES": 1}, {"_SHORT": 12}, {"_ENOUGH": 1}, {"_LONG": 10}],
    ids=str,
)
@pytest.mark.parametrize("of_texts", [True, False])
def test_verdicts(limits: dict[str, int], monkeypatch: pytest.MonkeyPatch, *, of_texts: bool) -> None:
    """The faults of each object, blank for right and absent ones, whatever is remembered."""
    for name, most in limits.items():
        monkeypatch.setattr(objects, name, most)
    random = Random(1)
    seedings = [seeding(random) if random.random() < 0.9 else {} for _ in range(200)]
    column = [json.dumps(each)[1 + of_texts : -1] for each in seedings]
    members = Members(SEEDS, STYLE, of_texts=of_texts)
    expected: list[Any] = [faults_of(SEEDS, each) or "" for each in seedings]
    if "_LONG" in limits:
        expected = [faults and UNSURE for faults in expected]
    assert list(members.verdicts(column)) == list(members.verdicts(column)) == expected
    assert list(members.verdicts(["", ""])) == ["", ""]


def test_an_object_is_decoded_when_it_is_looked_at() -> None:
    """Then it is a mapping of its members."""
    raw = LazyObject('{"a": 1, "b": null}')
    assert (dict(raw), len(raw), raw["a"], "c" in raw) == ({"a": 1, "b": None}, 2, 1, False)
