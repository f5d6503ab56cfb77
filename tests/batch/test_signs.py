"""Signs are remembered up to a number; beyond it, records are judged anew and told the same."""

from random import Random

import pytest

from participant_rules import survey
from participant_rules.batch import SurveyTask, check, check_sources
from participant_rules.batch.sources import given
from participant_rules.project import telling as of_projects
from participant_rules.survey import telling as of_surveys
from tests.batch.samples import SCENES, said_of


@pytest.mark.parametrize("family", SCENES)
def test_what_is_not_remembered_is_judged_anew(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no room for signs the outcomes are the same."""
    monkeypatch.setattr(of_surveys, "_ENOUGH", 0)
    monkeypatch.setattr(of_projects, "_ENOUGH", 0)
    for seed in range(8):
        scene = SCENES[family](Random(seed), 60)
        assert said_of(check_sources([given(scene.payloads)], scene.task, records=7)) == scene.expected


def test_laws_of_ones_own_are_remembered_apart() -> None:
    """What our laws said of a survey's records is not said where another set judges them."""
    definition = survey.Survey(invited=False, logged_on=True, group=False)
    record = {"loginSection": {"login": "", "subjects": [{"subjectName": ""}]}}
    laws = {**survey.RULES, survey.Operation.UPDATE: survey.UPDATE.without("login-name-required")}
    for rules, action in ((survey.RULES, "refused"), (laws, "update"), (survey.RULES, "refused")):
        assert [each.action for each in check([record], SurveyTask(definition, rules=rules))] == [action]
