"""Participants of a survey: the view of a batch of them, and the cost of judging them."""

from collections.abc import Iterator
from json import dumps
from typing import Any, Literal

import pytest

from participant_rules import rule, survey
from participant_rules.batch import SurveyTask, check, check_sources
from participant_rules.batch.sources import given
from participant_rules.memory import MemorySurveys
from participant_rules.rules import At, at
from participant_rules.survey.case import Operation
from participant_rules.unset import UNSET
from tests.batch.samples import a_group_survey, codes_of_rules, results_of, survey_store

INVITED = survey.Survey.from_json({"id": "S", "invited": True, "loggedOn": False, "group": False})
TRACKED = a_group_survey()
CODES = list[tuple[str, list[str]]]


def invited(address: str, **members: object) -> dict[str, Any]:
    """A participant of an invite-only survey."""
    section = {"optedOut": False, "sendInvitations": False, "emailAddress": address, "inviteSeeding": {}}
    return {"invitationSection": section | members, "enabled": True}


def tracked(login: str, *names: str, **members: object) -> dict[str, Any]:
    """A participant with a login."""
    subjects = [{"subjectName": name, "questionnaireSeeding": {}} for name in names or ("A",)]
    section = {"login": login, "password": None, "interviewer": None, "subjects": subjects}
    return {"loginSection": section | members, "enabled": True}


def batched(
    payloads: list[Any],
    definition: survey.Survey,
    operation: Literal["add", "update"],
    roster: Any = None,
    records: int = 1,
    **options: Any,
) -> CODES:
    """The outcomes of participants, in chunks of so many: as values, and the same as texts."""
    task = SurveyTask(definition, roster, operation, **options)
    texts = [dumps(each) for each in payloads]
    found, of_texts = (
        results_of(check_sources([given(each)], task, records=records)) for each in (payloads, texts)
    )
    assert of_texts == found
    return [(action, codes_of_rules(results)) for action, results in found]


@pytest.mark.parametrize("records", [1, 2, 10])
def test_an_address_in_any_spelling_is_one_participant(records: int) -> None:
    """A participant added in one spelling is there in another one."""
    payloads = [
        invited(each) for each in ("a@example.com", " A@EXAMPLE.com", "b@example.com", "a@example.COM ")
    ]
    assert batched(payloads, INVITED, "add", records=records) == [
        ("add", []),
        ("refused", ["email-taken"]),
        ("add", []),
        ("refused", ["email-taken"]),
    ]


@pytest.mark.parametrize("records", [1, 2, 10])
def test_a_new_spelling_brings_back_nothing_old(records: int) -> None:
    """A store that is asked in another spelling does not undo an earlier row."""
    definition = survey.Survey.from_json(INVITED.to_json() | {"inviteSeeding": ["nick"]})
    roster = survey_store(definition, [invited("a@example.com", inviteSeeding={"nick": "x"})])
    payloads = [
        invited("a@example.com"),
        invited("a@example.com"),
        invited("A@example.com", inviteSeeding={"nick": "y"}),
        invited("A@EXAMPLE.com"),
        invited("A@EXAMPLE.COM"),
    ]
    warned = ("update", ["reset-by-omission"])
    assert batched(payloads, definition, "update", roster, records) == [
        warned,
        ("update", []),
        ("update", []),
        warned,
        ("update", []),
    ]


@pytest.mark.parametrize("records", [1, 2, 10])
def test_a_malformed_address_that_is_stored(records: int) -> None:
    """It names its participant in any case, and is malformed all the same."""
    roster = survey_store(INVITED, [invited("legacy address")])
    payloads = [invited(each) for each in (" Legacy Address", "other address", "LEGACY ADDRESS")]
    of_one_stored, of_nobody = ["email-required"], ["email-required", "email-unknown"]
    assert batched(payloads, INVITED, "update", roster, records) == [
        ("refused", of_one_stored),
        ("refused", of_nobody),
        ("refused", of_one_stored),
    ]


@pytest.mark.parametrize("records", [1, 10])
@pytest.mark.parametrize("operation", ["add", "update"])
def test_only_the_text_of_a_record_is_judged(operation: Literal["add", "update"], records: int) -> None:
    """Where it cannot be read; a gate ends the judging of all the others."""
    importing = survey.Survey.from_json(INVITED.to_json() | {"importState": "running"})
    texts = ["{", '{"enabled": 1, "enabled": 2}', dumps(invited("a@example.com"))]
    task = SurveyTask(importing, None, operation)
    found = [*check_sources([given(texts)], task, records=records)]
    assert [[each.violation.code for each in outcome.findings] for outcome in found] == [
        ["not-json"],
        ["key-repeated"],
        ["import-in-progress"],
    ]


@pytest.mark.parametrize("records", [1, 10])
def test_a_login_is_compared_exactly(records: int) -> None:
    """Another case is another participant."""
    payloads = [tracked("kim"), tracked("Kim"), tracked("kim"), tracked(" kim")]
    assert batched(payloads, TRACKED, "add", records=records) == [
        ("add", []),
        ("add", []),
        ("refused", ["login-name-taken"]),
        ("add", []),
    ]


@pytest.mark.parametrize("records", [1, 10])
def test_later_updates_see_the_subjects_of_earlier_ones(records: int) -> None:
    """Where they are not fixed, an update takes others; where nobody was asked, nothing is known of them."""
    roster = survey_store(TRACKED, [tracked("kim", "A", "B")])
    free = survey.Survey.from_json(TRACKED.to_json() | {"fixedSubjects": False})
    seeded = tracked("kim", "A")
    seeded["loginSection"]["subjects"][0]["questionnaireSeeding"] = {"v3": "x"}
    payloads = [tracked("kim", "A"), seeded, tracked("kim", "A"), tracked("lee")]
    found = batched(payloads, free, "update", roster, records)
    unknown = ("refused", ["login-name-unknown"])
    assert found == [("update", []), ("update", []), ("update", ["reset-by-omission"]), unknown]
    mismatch = ("refused", ["subjects-mismatch"])
    assert batched(payloads, TRACKED, "update", roster, records) == [mismatch] * 3 + [unknown]
    assert batched(payloads, TRACKED, "update", None, records) == [("update", [])] * 4


@rule("A login has no blanks.", pointer="/loginSection/login")
def no_blanks(case: survey.Case) -> Iterator[At]:
    """A login is one word."""
    if case.login and " " in case.login:
        yield at()


@pytest.mark.parametrize("records", [1, 10])
def test_laws_of_ones_own_count(records: int) -> None:
    """No walk vouches for them: all records take the whole road."""
    rules = {Operation.ADD: survey.ADD + no_blanks}
    payloads = [tracked("kim"), tracked("k m"), tracked("kim"), tracked("lee", " ")]
    assert batched(payloads, TRACKED, "add", None, records, rules=rules) == [
        ("add", []),
        ("refused", ["no-blanks"]),
        ("refused", ["login-name-taken"]),
        ("refused", ["subject-name-blank"]),
    ]


def test_a_law_that_ends_a_participant_as_unwanted() -> None:
    """While an import runs no participant is written, and there are no other findings."""
    running = survey.Survey.from_json(TRACKED.to_json() | {"importState": "running"})
    expected: CODES = [("refused", ["import-in-progress"])] * 2
    assert batched([tracked("kim"), tracked("kim", " ")], running, "add") == expected


class Counting:
    """A roster that counts its questions."""

    def __init__(self, register: MemorySurveys) -> None:
        self.register, self.asked = register, list[frozenset[str]]()

    def find(self, keys: survey.Keys) -> survey.Known:
        """The answer of the store."""
        self.asked.append(keys.identities)
        return self.register.find(keys)


def test_the_store_is_asked_once_about_anybody() -> None:
    """For each chunk, and once more for the conflicting ones."""
    roster = Counting(survey_store(TRACKED, []))
    payloads = [
        tracked("kim"),
        tracked("lee", interviewer="x"),
        tracked("kim"),
        {"loginSection": {"login": " "}},
    ]
    assert len([*check_sources([given(payloads)], SurveyTask(TRACKED, roster, "add"), records=2)]) == 4
    assert [*map(sorted, roster.asked)] == [["kim", "lee"], ["kim"], ["kim"]]


def test_the_survey_of_the_task_counts() -> None:
    """Not the one that the roster may know."""
    roster = survey_store(TRACKED, [])
    other = survey.Survey.from_json(TRACKED.to_json() | {"group": False})
    (outcome,) = check([tracked("kim", "A")], SurveyTask(other, roster, "add"))
    assert [each.violation.code for each in outcome.findings] == ["subject-not-single"]


def test_many_ways_to_be_wrong_are_judged_all_the_same() -> None:
    """A judge remembers some thousand of them; the others it judges again."""
    payloads = [tracked("kim", "A", "B") for _ in range(1_500)]
    for number, each in enumerate(payloads):
        each["loginSection"]["login"] = str(number)
        each["loginSection"]["subjects"][1]["questionnaireSeeding"] = {f"v{number + 10}": "x"}
    task = SurveyTask(TRACKED, operation="add")
    found = [[each.violation.pointer for each in outcome.findings] for outcome in check(payloads, task)]
    assert found == [
        [f"/loginSection/subjects/1/questionnaireSeeding/v{number + 10}"] for number in range(1_500)
    ]


def test_a_roster_is_asked_about_identities_alone() -> None:
    """A record without one, or with one that cannot be read, asks nothing."""
    roster = Counting(survey_store(TRACKED, [tracked("kim")]))
    nameless: dict[str, Any] = {"subjects": [{"subjectName": "A"}]}
    odd = [{"loginSection": nameless}, {"loginSection": nameless | {"login": 5}}, tracked(" ")]
    texts = [dumps(each) for each in [tracked("kim"), *odd, tracked("kim")]]
    found = results_of(check_sources([given(texts)], SurveyTask(TRACKED, roster, "update")))
    assert [codes_of_rules(said) for _, said in found] == [
        [],
        ["login-name-required"],
        ["wrong-type"],
        ["login-name-required"],
        [],
    ]
    assert {each for asked in roster.asked for each in asked} == {"kim"}


def test_participants_who_are_repeated_in_later_chunks() -> None:
    """The roster is asked about them as well when they are decided in their order."""
    roster = survey_store(TRACKED, [tracked(each) for each in ("kim", "lee", "max")])
    logins = ["kim", "kim", "lee", "lee", "max", "max", "zed", "zed"]
    unknown = ("refused", ["login-name-unknown"])
    found = batched([tracked(each) for each in logins], TRACKED, "update", roster, records=2)
    assert found == [("update", [])] * 6 + [unknown] * 2
    added = batched([tracked(each) for each in logins], TRACKED, "add", roster, records=2)
    taken = ("refused", ["login-name-taken"])
    assert added == [taken] * 6 + [("add", []), taken]


STORED = "the stored participant is not known"
VARIABLES = "the survey's variables are not known"


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("records", [1, 10])
def test_facts_that_rules_lack(jobs: int, records: int) -> None:
    """The rules that could not judge are named, with the lacking fact; a wrong type is no missing fact."""
    lean = survey.Survey.from_json({"id": "S", "invited": False, "loggedOn": True, "group": True})
    payloads = [tracked("a"), tracked("b", enabled="yes"), tracked("c")]
    untold: dict[str, str] = {}
    task = SurveyTask(lean)
    list(check_sources([given(payloads)], task, records=records, jobs=jobs, untold=untold))
    found = {why: {code for code in untold if untold[code] == why} for why in untold.values()}
    assert found[STORED] >= {"login-name-unknown", "subjects-mismatch"}
    assert found[VARIABLES] >= {"variable-unknown", "choice-unknown"}
    assert {*untold} <= {each.code for each in task.asked}
    whole = a_group_survey()
    known = SurveyTask(whole, survey_store(whole, []))
    untold = {}
    list(check_sources([given(payloads)], known, records=records, jobs=jobs, untold=untold))
    assert {STORED, VARIABLES}.isdisjoint(untold.values())


@pytest.mark.parametrize("stored", [False, True])
def test_participants_without_an_identity(stored: bool) -> None:
    """Where a caller's rules let them pass, they are added, and nobody is known by nothing."""
    definition = survey.Survey(invited=False, logged_on=True, group=False)
    store = MemorySurveys([definition]) if stored else None
    rules = {**survey.RULES, survey.Operation.ADD: survey.ADD.without("login-name-required")}
    sections = [{"login": each, "subjects": [{"subjectName": ""}]} for each in (None, None, "kim", "kim")]
    records = [{"loginSection": each} for each in sections]
    found = [*check([*records, *map(dumps, records)], SurveyTask(definition, store, "add", rules=rules))]
    assert [each.action for each in found] == ["add"] * 3 + ["refused"] + ["add"] * 2 + ["refused"] * 2


def test_a_participant_met_by_no_key() -> None:
    """No identity."""
    side = SurveyTask(survey.Survey(invited=False, logged_on=True, group=False), None, "add").judge().side
    roll = side.roll([()], [])
    blank, kim = roll.meet((UNSET,)), roll.meet(("kim",))
    assert blank is not None
    assert kim is not None
    assert (blank.held, blank.adds, kim.action({})) == ((), True, "add")
    roll.add(dict, (UNSET,), 0)
    assert roll.met([(UNSET, "kim")]) == set()
