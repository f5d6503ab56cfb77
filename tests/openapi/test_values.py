"""Values that the description allows are well formed to the server, and others are refused.

Payloads are drawn from the declarations of the members, so that a new form is compared without a change here.
"""

from collections.abc import Iterable
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from participant_rules import openapi, project, survey
from participant_rules.declared import _WellFormed
from participant_rules.project.keys import schema_of
from participant_rules.ruleset import RuleSet
from participant_rules.schema.tree import Schema
from participant_rules.unset import UNSET
from tests.schema.strategies import payloads_of

COMPONENTS: Final = openapi.document()["components"]
PROJECT: Final = project.Project(id="P")
SURVEY: Final = survey.Survey(id="S", invited=True, logged_on=True, group=False)
OF_PROJECT: Final = payloads_of(schema_of(PROJECT, project.Policy()), wrong=True)
OF_SURVEY: Final = payloads_of(Schema(survey.Participant, UNSET), wrong=True)
BEYOND_A_SCHEMA: Final = {"email-malformed", "email-required", "mobile-phone-malformed"}


def validator(name: str) -> Any:
    """The validator of values by a schema of the description."""
    described = {"$ref": f"#/components/schemas/{name}", "components": COMPONENTS}
    return Draft202012Validator(described, format_checker=FormatChecker())


def codes_of_forms(rules: RuleSet) -> set[str]:
    """The codes of the rules that a value has the form of its member."""
    return {each.code for each in rules if isinstance(each.check, _WellFormed)}


def compared(fits: bool, found: Iterable[Any], of_forms: set[str]) -> None:
    """Fail where description and server differ about the form of values."""
    codes = {each.code for each in found if each.severity == "error"}
    if fits:
        assert not codes & (of_forms | {"wrong-type"}) - BEYOND_A_SCHEMA
    else:
        assert codes


PARTICIPANT: Final = validator("ProjectParticipantInput")
OF_FORMS: Final = codes_of_forms(project.PUT)


@given(OF_PROJECT)
def test_a_project(payload: dict[str, Any]) -> None:
    """Dates, offsets, choices, addresses, numbers."""
    compared(PARTICIPANT.is_valid(payload), project.check(payload, PROJECT), OF_FORMS)


def test_a_batch_of_a_project() -> None:
    """Its rows are described as one participant is."""
    batch = validator("ProjectBatch")
    for gender, fits in (("M", True), ("m", False)):
        assert batch.is_valid({"participants": [{"demographics": {"gender": gender}}]}) is fits


SENT: Final = validator("SurveyParticipantInput")


@given(OF_SURVEY, st.sampled_from([True, False]))
def test_a_survey(payload: dict[str, Any], invited: bool) -> None:
    """An address, and types."""
    definition = SURVEY if invited else survey.Survey(id="S", invited=True, logged_on=False, group=False)
    compared(SENT.is_valid(payload), survey.check(payload, definition, operation="add"), set())


def test_forms_have_rules() -> None:
    """The comparison looks at some."""
    assert {"gender-unknown", "date-of-birth-malformed", "utc-offset-malformed"} <= OF_FORMS
    assert "invitation-status-unknown" in OF_FORMS
