"""The memory of a judge is bounded, and kept apart by its rules."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from participant_rules import survey
from participant_rules.batch import SurveyTask, check, check_sources
from participant_rules.batch.sources import given
from participant_rules.engine.recent import Recent
from tests.batch.samples import SCENES, results_of


@pytest.mark.parametrize("family", SCENES)
def test_what_is_not_remembered_is_judged_anew(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one verdict the outcomes are the same."""
    begin = Recent.__init__

    def small(self: Recent[Any, Any], make: Callable[[Any], Any], most: int = 1, **options: Any) -> None:
        begin(self, make, min(most, 1), **options)

    monkeypatch.setattr(Recent, "__init__", small)
    for seed in range(3):
        scene = SCENES[family](Random(seed), 60)
        assert results_of(check_sources([given(scene.payloads)], scene.task, records=7)) == scene.expected


def test_laws_of_ones_own_are_remembered_apart() -> None:
    """Verdicts of our laws on a survey's records are not given under another set."""
    definition = survey.Survey(invited=False, logged_on=True, group=False)
    record = {"loginSection": {"login": "", "subjects": [{"subjectName": ""}]}}
    laws = {**survey.RULES, survey.Operation.UPDATE: survey.UPDATE.without("login-name-required")}
    for rules, action in ((survey.RULES, "refused"), (laws, "update"), (survey.RULES, "refused")):
        assert [each.action for each in check([record], SurveyTask(definition, rules=rules))] == [action]
