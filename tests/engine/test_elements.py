"""The patterns of members of objects whose names a definition makes."""

import pytest

from participant_rules.engine.elements import is_never_wrong, right_in
from participant_rules.engine.patterns import FLAG, INTEGER, NUMBER
from participant_rules.project import CustomField, FieldType
from participant_rules.project.custom import CustomFields
from participant_rules.schema.form import OpenForm
from participant_rules.survey import Survey
from participant_rules.survey.seeding import InviteSeeding, QuestionnaireSeeding

SURVEY = Survey.from_json(
    {
        "id": "S",
        "invited": True,
        "loggedOn": True,
        "group": False,
        "inviteSeeding": ["surname"],
        "variables": [{"variableId": "V1", "responseType": "Single", "codes": [{"codeValue": "1"}]}],
    }
)
FIELDS = CustomFields(
    (
        CustomField("T", FieldType.TEXT),
        CustomField("R", FieldType.TEXT, required=True),
        CustomField("I", FieldType.INTEGER),
    )
)


@pytest.mark.parametrize(
    ("members", "name", "of_texts", "never"),
    [
        (InviteSeeding(SURVEY), "surname", True, True),
        (InviteSeeding(SURVEY), "nick", True, False),
        (QuestionnaireSeeding(SURVEY), "v1", True, False),
        (FIELDS, "T", False, True),
        (FIELDS, "R", False, False),
        (FIELDS, "I", False, False),
        (FIELDS, "Z", False, False),
    ],
)
def test_members_that_are_never_wrong(members: OpenForm, name: str, *, of_texts: bool, never: bool) -> None:
    """Any text is right, a blank one and null among them, and any other scalar where there may be one."""
    assert is_never_wrong(members, name, of_texts=of_texts) is never


def test_values_that_have_no_fault() -> None:
    """Texts, blanks and other scalars; of an object of texts there are no others."""
    assert list(right_in(QuestionnaireSeeding(SURVEY), "v1", of_texts=True)) == ['""', "null"]
    assert list(right_in(FIELDS, "I", of_texts=False))[1:] == ['""', "null", INTEGER]
    assert list(right_in(FIELDS, "R", of_texts=False))[1:] == [FLAG, NUMBER]
    assert list(right_in(FIELDS, "Z", of_texts=False)) == []
