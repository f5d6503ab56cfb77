"""The entities of the survey family."""

import pickle

import pytest

from participant_rules import UNSET, survey
from participant_rules.survey.model import address_key
from participant_rules.unset import UNREADABLE
from participant_rules.wire import Malformed
from tests.survey.samples import SECRETS, a_survey, facts, payload, secret_participant

DEFINITION = {
    "id": "S1",
    "invited": True,
    "loggedOn": True,
    "group": False,
    "importState": None,
    "interviewers": ["Ann@Example.com"],
    "inviteSeeding": ["Surname"],
    "questionnaireSeeding": ["v46"],
    "variables": [{"variableId": "V46", "responseType": "Single", "codes": [{"codeValue": "5"}]}],
    "fixedSubjects": False,
}


def test_a_definition_goes_through_json_and_back() -> None:
    """A survey is written as it was read; left out members are left out again."""
    for definition in (DEFINITION, facts("login"), facts("invite", interviewers=None, variables=[])):
        assert survey.Survey.from_json(definition).to_json() == definition


def test_what_is_left_out_of_a_definition_is_unknown() -> None:
    """Only the kind of survey must be stated; subjects are fixed unless the definition says otherwise."""
    least = a_survey("invite")
    assert [
        least.import_state,
        least.interviewers,
        least.invite_seeding,
        least.questionnaire_seeding,
        least.variables,
        least.variables_by_key,
        least.seedable_keys,
        least.invitable_keys,
        least.interviewer_keys,
    ] == [UNSET] * 9
    nameless = {name: value for name, value in facts().items() if name != "id"}
    assert (least.fixed_subjects, survey.Survey.from_json(nameless).id) == (True, "")


@pytest.mark.parametrize("name", ["invited", "loggedOn", "group"])
def test_the_kind_of_survey_must_be_stated(name: str) -> None:
    """Leaving it out is a set-up error, and so is a null."""
    definition = facts()
    with pytest.raises(Malformed, match=f"^survey: /{name} The value must be true or false"):
        survey.Survey.from_json({**definition, name: None})
    del definition[name]
    with pytest.raises(Malformed, match=f"^survey: /{name} The value must be true or false"):
        survey.Survey.from_json(definition)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"interviewers": "ann@example.com"}, "/interviewers"),
        ({"inviteSeeding": None}, "/inviteSeeding"),
        ({"variables": [{"responseType": "Single"}]}, "/variables/0/variableId"),
        ({"variables": [{"variableId": "V1", "codes": ["1"]}]}, "/variables/0/codes/0"),
        (
            {"variables": [{"variableId": "V1", "codes": [{"codeValue": 1}]}]},
            "/variables/0/codes/0/codeValue",
        ),
        ({"fixedSubjects": None}, "/fixedSubjects"),
        ({"importState": True}, "/importState"),
    ],
)
def test_a_definition_of_the_wrong_shape(wrong: dict[str, object], pointer: str) -> None:
    """The error says where the definition is wrong."""
    with pytest.raises(Malformed, match=f"^survey: {pointer} "):
        survey.Survey.from_json({**facts(), **wrong})


def test_keys_compare_without_regard_to_case() -> None:
    """Seeding keys, variables and addresses have one key for all spellings."""
    known = survey.Survey.from_json(DEFINITION)
    assert isinstance(known.variables, tuple)
    assert (known.variables_by_key, known.seedable_keys, known.invitable_keys, known.interviewer_keys) == (
        {"v46": known.variables[0]},
        frozenset({"v46"}),
        frozenset({"surname"}),
        frozenset({"ann@example.com"}),
    )


def test_what_is_null_is_known() -> None:
    """A null and an empty list are facts."""
    nulls = a_survey(interviewers=None, questionnaireSeeding=None)
    empty = a_survey(interviewers=[], questionnaireSeeding=[], inviteSeeding=[], variables=[])
    assert (nulls.interviewer_keys, nulls.seedable_keys) == (None, None)
    assert (empty.interviewer_keys, empty.seedable_keys, empty.invitable_keys, empty.variables_by_key) == (
        frozenset(),
        frozenset(),
        frozenset(),
        {},
    )


@pytest.mark.parametrize(
    ("kind", "supported"), [("login", True), ("invite", True), ("both", True), ("neither", False)]
)
def test_which_surveys_take_participants(kind: str, supported: bool) -> None:
    """Surveys that send invitations, or let respondents log in, or both."""
    assert a_survey(kind).supports_participants is supported


def test_identities() -> None:
    """The login where respondents log in, else the e-mail address; a blank one is none."""
    both = survey.Participant(
        survey.InvitationSection(email_address="Kim@Example.com"), survey.LoginSection(login="kim")
    )
    assert [a_survey(kind).identity(both) for kind in ("login", "both", "invite")] == [
        "kim",
        "kim",
        "Kim@Example.com",
    ]
    for nobody in (
        survey.Participant(),
        survey.Participant(None, None),
        survey.Participant(UNREADABLE, UNREADABLE),
        survey.Participant(survey.InvitationSection(), survey.LoginSection()),
        survey.Participant(survey.InvitationSection(email_address=" "), survey.LoginSection(login=" ")),
        survey.Participant(
            survey.InvitationSection(email_address=None), survey.LoginSection(login=UNREADABLE)
        ),
    ):
        assert [a_survey(kind).identity(nobody) for kind in ("login", "invite")] == [None, None]


def test_keys_of_identities() -> None:
    """Logins compare as they are written, addresses do not."""
    assert a_survey("login").keys({"Kim", " Kim@Example.com"}) == {"Kim", " Kim@Example.com"}
    assert a_survey("invite").keys({"nonsense ", " Kim@Example.com"}) == {"nonsense", "kim@example.com"}


def test_identities_compare() -> None:
    """Logins exactly, addresses by their key."""
    assert a_survey("both").key(" Kim@Example.com ") == " Kim@Example.com "
    assert a_survey("invite").key(" Kim@BÜCHER.example ") == a_survey("invite").key(
        "kim@xn--bcher-kva.example"
    )


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("Kim@Example.COM", "kim@example.com"),
        (" kim@example.com\t", "kim@example.com"),
        ("Kim-at-Example", "kim-at-example"),
        (" KIM@ ", "kim@"),
        ("", ""),
    ],
)
def test_address_key(address: str, key: str) -> None:
    """A text that is no address compares by its trimmed form in lower case."""
    assert address_key(address) == key


CHOICES = {
    "5": ("", "", ""),
    "": ("", "", ""),
    "5;6": ("many", "", ""),
    "5;5": ("many", "repeated", ""),
    "7": ("", "", "7"),
    "7;8;7": ("many", "repeated", "7;8"),
    " 6 ; ": ("", "", ""),
}


@pytest.mark.parametrize("text", CHOICES)
@pytest.mark.parametrize("kind", ["Single", "Multiple", "Text", "single", None])
def test_choices(kind: str | None, text: str) -> None:
    """A single choice takes one value, a multiple one each value once; others take anything."""
    variable = survey.Variable("V1", kind, (survey.Code("5"), survey.Code("6")))
    values = [value.strip() for value in text.split(";") if value.strip()]
    many, repeated, unknown = CHOICES[text]
    judged = kind in ("Single", "Multiple") and not (kind == "Single" and many)
    assert variable.has_too_many(values) is (kind == "Single" and many == "many")
    assert variable.repeats(values) is (kind == "Multiple" and repeated == "repeated")
    assert variable.unknown_codes(values) == (tuple(unknown.split(";")) if judged and unknown else ())


@pytest.mark.parametrize("codes", [UNSET, None])
def test_codes_that_are_not_known(codes: None) -> None:
    """A choice without codes has unknown ones."""
    variable = survey.Variable("V1", "Single", codes)
    assert (variable.code_values, variable.unknown_codes(["9"])) == (None, ())


def test_a_choice_with_no_codes() -> None:
    """An empty list of codes is known, and takes nothing."""
    variable = survey.Variable("V1", "Multiple", ())
    assert (variable.code_values, variable.unknown_codes(["9", "9"])) == (frozenset(), ("9",))


def test_nothing_personal_is_shown() -> None:
    """No entity's repr has a member's value."""
    participant = survey.read({**secret_participant(), "Robin": "hunter2"})
    shown = repr([participant, participant.login_section, participant.invitation_section, survey.Caller()])
    assert [secret for secret in SECRETS if secret in shown] == []
    assert repr(a_survey(interviewers=["robin@example.com"])) == (
        "Survey(id='S1', invited=False, logged_on=True, group=False, interviewers=<1>, fixed_subjects=True)"
    )


def test_entities_travel_between_processes() -> None:
    """A pickled participant or survey is equal to the original, caches and all."""
    participant, definition = survey.read(secret_participant()), survey.Survey.from_json(DEFINITION)
    survey.check(payload("both"), definition)
    assert definition.made
    assert pickle.loads(pickle.dumps((participant, definition))) == (participant, definition)


def test_entities_compare_as_values() -> None:
    """Undocumented members of a payload are no part of it."""
    assert survey.read({"x": 1, "enabled": True}) == survey.Participant(enabled=True)
    assert survey.read({"enabled": True}) != survey.Participant(enabled=False)
