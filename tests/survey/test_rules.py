"""The rule sets of the survey family; the contents of each law are in the vectors."""

from collections.abc import Mapping

import pytest

from participant_rules import UNSET, Severity, survey
from participant_rules.survey import Survey, check
from participant_rules.survey.case import Case, Change, Known, Operation
from tests.survey.samples import Json, a_survey, codes, login_section, payload

GATES = ["survey-not-accessible", "participants-unsupported"]
BODY = [
    "login-section-required",
    "login-name-required",
    "invitation-section-required",
    "invitation-section-unexpected",
    "login-section-unexpected",
    "identity-mismatch",
    "interviewer-not-allowed",
    "interviewer-required",
    "interviewer-without-access",
    "subject-required",
    "subject-not-single",
    "subjects-required",
    "subject-name-blank",
    "opted-out-and-invited",
    "email-required",
    "email-malformed",
    "login-name-unknown",
    "login-name-taken",
    "email-taken",
    "subject-repeated",
    "participant-vanished",
    "subjects-mismatch",
    "email-unknown",
    "invite-seeding-twice",
    "seeding-repeated",
    "invite-seeding-unknown",
    "questionnaire-seeding-unknown",
    "variable-unknown",
    "choice-not-single",
    "choice-repeated",
    "choice-unknown",
    "reset-by-omission",
    "unknown-field",
]
SEEDING = [
    "seeding-repeated",
    "questionnaire-seeding-unknown",
    "variable-unknown",
    "choice-not-single",
    "choice-repeated",
    "choice-unknown",
]


def _but(*left_out: str) -> list[str]:
    return [code for code in BODY if code not in left_out]


SETS = {
    Operation.LIST: GATES,
    Operation.READ: [*GATES, "participant-not-found"],
    Operation.LIST_SUBJECTS: [*GATES, "participant-not-found", "subject-not-found"],
    Operation.READ_SUBJECT: [*GATES, "participant-not-found", "subject-not-found"],
    Operation.DELETE: [*GATES, "import-in-progress", "participant-not-found", "participant-vanished"],
    Operation.ADD: [
        *GATES,
        "import-in-progress",
        *_but(
            "identity-mismatch",
            "login-name-unknown",
            "participant-vanished",
            "subjects-mismatch",
            "email-unknown",
            "reset-by-omission",
        ),
    ],
    Operation.UPDATE: [
        *GATES,
        "import-in-progress",
        "participant-not-found",
        *_but("login-name-taken", "email-taken"),
    ],
    Operation.ADD_SUBJECT: [
        *GATES,
        "import-in-progress",
        "participant-not-found",
        "subject-not-found",
        "subject-not-single",
        "subject-name-blank",
        "subject-repeated",
        "participant-vanished",
        *SEEDING,
        "unknown-field",
    ],
    Operation.UPDATE_SUBJECT: [
        *GATES,
        "import-in-progress",
        "participant-not-found",
        "subject-not-found",
        "subject-name-blank",
        "participant-vanished",
        "subjects-mismatch",
        *SEEDING,
        "reset-by-omission",
        "unknown-field",
    ],
    Operation.DELETE_SUBJECT: [
        *GATES,
        "import-in-progress",
        "participant-not-found",
        "subject-not-found",
        "subject-required",
        "subjects-required",
        "participant-vanished",
    ],
}


@pytest.mark.parametrize("operation", Operation)
def test_the_laws_of_each_call(operation: Operation) -> None:
    """Every call has its laws, in the order of precedence."""
    assert list(survey.RULES[operation].codes) == SETS[operation]


def test_the_named_sets_are_those_of_the_calls() -> None:
    """The sets that a caller extends are the judging ones."""
    assert survey.RULES == {
        Operation.LIST: survey.LIST,
        Operation.READ: survey.READ,
        Operation.ADD: survey.ADD,
        Operation.UPDATE: survey.UPDATE,
        Operation.DELETE: survey.DELETE,
        Operation.LIST_SUBJECTS: survey.READ_SUBJECT,
        Operation.READ_SUBJECT: survey.READ_SUBJECT,
        Operation.ADD_SUBJECT: survey.ADD_SUBJECT,
        Operation.UPDATE_SUBJECT: survey.UPDATE_SUBJECT,
        Operation.DELETE_SUBJECT: survey.DELETE_SUBJECT,
    }


def test_all_sentences() -> None:
    """The family's laws: 31 printed sentences, five of ours, and two warnings."""
    laws = survey.SENTENCES
    assert [each.code for each in laws if each.severity is Severity.WARNING] == [
        "reset-by-omission",
        "unknown-field",
    ]
    assert sum(each.source.kind == "printed" for each in laws) == 31
    assert [each.code for each in laws if each.source.kind == "ours"] == [
        "survey-not-accessible",
        "subject-not-found",
        "email-taken",
        "invite-seeding-twice",
        "seeding-repeated",
        "reset-by-omission",
        "unknown-field",
    ]


def test_every_law_is_stated() -> None:
    """A law has a sentence of its own for people that read the catalogue."""
    assert [
        each.code for each in survey.SENTENCES if not each.law.endswith(".") or each.law == each.message
    ] == []
    assert len({each.law for each in survey.SENTENCES}) == len(survey.SENTENCES)


def test_form_needs_no_store() -> None:
    """Rules of a body and a definition run to their end without a store; the rest is left out."""
    definition = a_survey(
        "both",
        importState=None,
        interviewers=None,
        inviteSeeding=[],
        questionnaireSeeding=None,
        variables=[],
    )
    case = Case.of(
        Change(Operation.UPDATE, "S1", "kim", asked=survey.read(payload("both"))),
        Known(definition),
        survey.Caller(),
    )
    assert [
        (each.rule.code, each.why) for each in survey.FORM.explain(case) if each.outcome == "skipped"
    ] == []
    assert [code for code in survey.SENTENCES.codes if code not in survey.FORM] == [
        "survey-not-accessible",
        "import-in-progress",
        "participant-not-found",
        "subject-not-found",
        "login-name-unknown",
        "login-name-taken",
        "email-taken",
        "participant-vanished",
        "subjects-mismatch",
        "email-unknown",
        "reset-by-omission",
    ]


FACTS: Mapping[str, set[str]] = {
    "importState": {"import-in-progress"},
    "interviewers": {"interviewer-not-allowed", "interviewer-without-access"},
    "inviteSeeding": {"invite-seeding-unknown"},
    "questionnaireSeeding": {"questionnaire-seeding-unknown"},
    "variables": {
        "questionnaire-seeding-unknown",
        "variable-unknown",
        "choice-not-single",
        "choice-repeated",
        "choice-unknown",
    },
}


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_that_is_left_out_keeps_its_laws_from_running(fact: str) -> None:
    """Without a fact, just the laws that need it are skipped."""
    shown: Json = {
        "importState": None,
        "interviewers": ["ann@example.com"],
        "inviteSeeding": [],
        "questionnaireSeeding": [],
        "variables": [{"variableId": "V1", "responseType": "Single", "codes": []}],
    }
    del shown[fact]
    body = payload("both")
    body["invitationSection"]["inviteSeeding"] = {"town": "x"}
    body["loginSection"] |= {
        "interviewer": "bob@example.com",
        "subjects": [{"subjectName": "", "questionnaireSeeding": {"v1": "1"}}],
    }
    change = Change(Operation.UPDATE, "S1", "kim", asked=survey.read(body))
    stored = {"kim": survey.Stored(survey.wire.read_stored(payload("both")))}
    case = Case.of(change, Known(a_survey("both", **shown), stored), survey.Caller())
    verdicts = survey.UPDATE.explain(case)
    assert {each.rule.code for each in verdicts if each.outcome == "skipped"} - {
        "login-name-unknown",
        "email-unknown",
    } == FACTS[fact]


def test_a_body_without_seedings_needs_no_keys() -> None:
    """The rules about seedings hold for it, whatever may be seeded."""
    change = Change(Operation.UPDATE, "S1", "kim", asked=survey.read(payload("both")))
    verdicts = survey.FORM.explain(Case.of(change, Known(a_survey("both")), survey.Caller()))
    about = {each.rule.code: each.outcome for each in verdicts if "seeding" in each.rule.code}
    assert about == {
        "invite-seeding-twice": "held",
        "seeding-repeated": "held",
        "invite-seeding-unknown": "held",
        "questionnaire-seeding-unknown": "held",
    }


def test_a_law_of_ones_own() -> None:
    """A caller's law joins the set, and is judged with the others."""
    from participant_rules import at, rule  # noqa: PLC0415

    @rule("Staff register with their work address.")
    def staff_address(case: Case):  # type: ignore[no-untyped-def]  # noqa: ANN202
        """The address of staff is that of their work."""
        if not (case.email_address or "").endswith("@work.example"):
            yield at("invitationSection", "emailAddress")

    rules = {**survey.RULES, Operation.ADD: survey.ADD + staff_address}
    found = survey.check(payload("invite"), a_survey("invite"), operation="add", rules=rules)
    assert [(each.code, each.pointer, each.text) for each in found] == [
        ("staff-address", "/invitationSection/emailAddress", "Staff register with their work address.")
    ]
    assert survey.check(payload("login"), a_survey("login"), operation="add", rules=rules) == ()


def test_an_address_is_compared_as_what_it_is() -> None:
    """A body that is judged alone has no path to differ from."""
    change = Change(Operation.UPDATE, "S1", asked=survey.read({"loginSection": login_section("x")}))
    assert change.uid is UNSET
    assert codes(survey.UPDATE.violations(Case.of(change, Known(a_survey()), survey.Caller()))) == []


def test_every_seeding_with_a_repeated_key_is_found() -> None:
    """The first seeding, with or without a fault, does not end the search."""
    definition = Survey.from_json({"id": "S1", "invited": False, "loggedOn": True, "group": True})
    seedings = [{"v1": "a"}, {"v1": "a", "V1": "b", "v2": "a", "V2": "b"}, {"V1": "a", "v1": "b"}]
    subjects = [
        {"subjectName": str(number), "questionnaireSeeding": each} for number, each in enumerate(seedings)
    ]
    found = check({"loginSection": {"login": "E", "subjects": subjects}}, definition, operation="add")
    assert [(each.code, each.pointer) for each in found] == [
        ("seeding-repeated", f"/loginSection/subjects/{number}/questionnaireSeeding/{key}")
        for number, key in [(1, "V1"), (1, "V2"), (2, "v1")]
    ]


@pytest.mark.parametrize("spelt", ["inviteSeeding", "invitationSeeding"])
@pytest.mark.parametrize(("seeding", "differs"), [({"surname": "Lee"}, True), ({}, False)])
def test_a_null_spelling_of_the_invite_seeding_seeds_nothing(
    spelt: str, seeding: dict[str, str], *, differs: bool
) -> None:
    """Null differs from a seeding with keys, whichever of the spellings is null."""
    definition = Survey.from_json({"id": "S1", "invited": True, "loggedOn": False, "group": False})
    section = {"emailAddress": "kim@example.com", "inviteSeeding": None, "invitationSeeding": None}
    found = check({"invitationSection": section | {spelt: seeding}}, definition, operation="add")
    expected = [("invite-seeding-twice", "/invitationSection/invitationSeeding")]
    assert [(each.code, each.pointer) for each in found] == (expected if differs else [])


@pytest.mark.parametrize("wrong", ["inviteSeeding", "invitationSeeding"])
def test_an_invite_seeding_that_cannot_be_read_is_not_compared(wrong: str) -> None:
    """Its value has the wrong type, under whichever of the spellings, and that is all that is said."""
    definition = Survey.from_json({"id": "S1", "invited": True, "loggedOn": False, "group": False})
    section = {
        "emailAddress": "kim@example.com",
        "inviteSeeding": {"a": "b"},
        "invitationSeeding": {"a": "b"},
    }
    found = check({"invitationSection": section | {wrong: {"a": 5}}}, definition, operation="add")
    assert [(each.code, each.pointer) for each in found] == [("wrong-type", f"/invitationSection/{wrong}/a")]


STORED: Json = {"loginSection": {"login": "E", "subjects": [{"subjectName": "a"}, {"subjectName": "b"}]}}
GROUP: Json = {"id": "S1", "invited": False, "loggedOn": True, "group": True}


@pytest.mark.parametrize(("name", "expected"), [("a", ["subject-repeated"]), ("c", [])])
def test_a_subject_is_added_beside_the_stored_ones(name: str, expected: list[str]) -> None:
    """Its name differs from theirs."""
    subject = survey.Subject(subject_name=name)
    change = Change(Operation.ADD_SUBJECT, "S1", "E", asked=subject)
    stored = {"E": survey.Stored(survey.wire.read_stored(STORED))}
    case = Case.of(change, Known(Survey.from_json(GROUP), stored), survey.Caller())
    assert codes(survey.decide(case).violations) == expected


@pytest.mark.parametrize(("names", "expected"), [("ab", []), ("ba", []), ("ac", ["subjects-mismatch"])])
def test_an_update_keeps_the_names_of_the_subjects(names: str, expected: list[str]) -> None:
    """As many others are not enough."""
    subjects = [{"subjectName": name} for name in names]
    body = {"loginSection": {"login": "E", "subjects": subjects}}
    stored = {"E": survey.Stored(survey.wire.read_stored(STORED))}
    definition = Survey.from_json(GROUP)
    known = Known(definition, stored)
    found = check(body, definition, operation="update", uid="E", known=known, warnings=False)
    assert [each.code for each in found] == expected


def test_the_seedings_of_all_subjects_are_opened() -> None:
    """Asked one by one too, where no plan has read them."""
    seeding = {"v1": "a", "V1": "b"}
    names = ("a", "b")
    subjects = tuple(survey.Subject(subject_name=name, questionnaire_seeding=seeding) for name in names)
    asked = survey.Participant(login_section=survey.LoginSection(login="E", subjects=subjects))
    case = Case.of(Change(Operation.ADD, "S1", asked=asked), Known(Survey.from_json(GROUP)), survey.Caller())
    assert codes(survey.ADD.violations(case)) == ["seeding-repeated"] * 2


def test_names_that_cannot_be_read_are_not_the_same() -> None:
    """Nor are they blank: asked one by one too, where no plan has read them."""
    subjects = [{"subjectName": 5}, {"subjectName": 5}, {"subjectName": "a"}, {"subjectName": "a"}]
    change = survey.wire.read_change(
        Change(Operation.ADD, "S1"), {"loginSection": {"login": "E", "subjects": subjects}}
    )
    case = Case.of(change, Known(Survey.from_json(GROUP)), survey.Caller())
    assert codes(change.faults) == ["wrong-type"] * 2
    assert [(each.code, each.pointer) for each in survey.ADD.violations(case)] == [
        ("subject-repeated", "/loginSection/subjects/3/subjectName")
    ]


def test_a_code_that_is_unknown_under_a_key_in_capitals() -> None:
    """The sentence has the key as the body spells it."""
    codes_of = [{"codeValue": "1"}]
    variables = [{"variableId": "V48", "responseType": "Multiple", "codes": codes_of}]
    subject = {"subjectName": "a", "questionnaireSeeding": {"V48": "1; 9"}}
    body = {"loginSection": {"login": "E", "subjects": [subject]}}
    found = check(body, Survey.from_json(GROUP | {"variables": variables}), operation="add")
    assert [(each.code, each.pointer, each.message) for each in found] == [
        (
            "choice-unknown",
            "/loginSection/subjects/0/questionnaireSeeding/V48",
            " Survey variable 'V48' does not contain code value '9'.",
        )
    ]


def test_a_subject_that_cannot_be_read_keeps_its_place() -> None:
    """It is not judged; those beside it are, at their own positions, by a plan and one by one."""
    twice = {"subjectName": "a", "questionnaireSeeding": {"v1": "", "V1": ""}}
    body = {"loginSection": {"login": "E", "subjects": [None, {"subjectName": " "}, twice, twice]}}
    definition = Survey.from_json(GROUP)
    case = Case.of(
        survey.wire.read_change(Change(Operation.ADD, "S1"), body), Known(definition), survey.Caller()
    )
    wrong = [("wrong-type", "/loginSection/subjects/0")]
    expected = [
        ("subject-name-blank", "/loginSection/subjects/1/subjectName"),
        ("subject-repeated", "/loginSection/subjects/3/subjectName"),
        ("seeding-repeated", "/loginSection/subjects/2/questionnaireSeeding/V1"),
        ("seeding-repeated", "/loginSection/subjects/3/questionnaireSeeding/V1"),
    ]
    found = check(body, definition, operation="add")
    assert [(each.code, each.pointer) for each in found] == wrong + expected
    assert [(each.code, each.pointer) for each in survey.ADD.violations(case)] == expected
