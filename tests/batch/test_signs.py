"""Signs are remembered up to a number; beyond it, records are judged anew and told the same."""

from random import Random

import pytest

from participant_rules.batch import check_sources
from participant_rules.batch import survey as of_surveys
from participant_rules.batch.sources import given
from participant_rules.project import telling
from tests.batch.samples import SCENES, said_of


@pytest.mark.parametrize("family", SCENES)
def test_what_is_not_remembered_is_judged_anew(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no room for signs the outcomes are the same."""
    monkeypatch.setattr(of_surveys, "_ENOUGH", 0)
    monkeypatch.setattr(telling, "_ENOUGH", 0)
    for seed in range(8):
        scene = SCENES[family](Random(seed), 60)
        assert said_of(check_sources([given(scene.payloads)], scene.task, records=7)) == scene.expected
