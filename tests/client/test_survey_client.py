"""The client of survey participants."""

import asyncio
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from participant_rules import Refused, Violation, survey
from participant_rules.calling import PayloadWarning, warn
from participant_rules.http import NoResponse, Response, Unexpected
from participant_rules.memory import Loopback, MemorySurveys
from participant_rules.server import Access
from tests.client.transports import Canned, Later, Recording, answer

DEFINITION = survey.Survey.from_json(
    {
        "id": "S1",
        "invited": True,
        "loggedOn": True,
        "group": True,
        "importState": None,
        "interviewers": None,
        "inviteSeeding": ["surname"],
        "variables": [{"variableId": "V48", "responseType": "Single", "codes": [{"codeValue": "1"}]}],
    }
)
PLAIN = survey.Survey(id="S2", invited=False, logged_on=True, group=False)
KEY = "k3y-of-robin"


def payload(login: str = "kim", *subjects: str, **members: Any) -> dict[str, Any]:
    """A payload that stands."""
    named = [{"subjectName": each} for each in subjects or ("Chester Zoo",)]
    return {
        "invitationSection": {"emailAddress": "kim@example.com", "sendInvitations": True},
        "loginSection": {"login": login, "interviewer": None, "subjects": named},
        **members,
    }


@pytest.fixture
def transport() -> Recording:
    """A server of our own behind a transport that remembers."""
    return Recording(Loopback({"": survey.Api(MemorySurveys([DEFINITION, PLAIN]))}))


@pytest.fixture
def client(transport: Recording) -> survey.Client:
    """A client that knows one of the surveys."""
    return survey.Client(transport, survey.Credentials("robin@example.com", KEY), surveys=[DEFINITION])


def codes(call: Callable[[], object]) -> list[tuple[str, str | None]]:
    """Code and pointer of every violation that a call is refused with."""
    with pytest.raises(Refused) as refused:
        call()
    return [(each.code, each.pointer) for each in refused.value.violations]


def test_every_documented_call(client: survey.Client, transport: Recording) -> None:
    """Add, get, update, list and delete a participant and its subjects."""
    added = client.add("S1", payload())
    assert client.get("S1", "kim") == added
    assert client.update("S1", "kim", payload(enabled=False)).enabled is False
    assert client.page("S1").up_to_date
    assert [each.subject_name for each in client.subjects("S1", "kim")] == ["Chester Zoo"]
    assert client.add_subject("S1", "kim", {"subjectName": "Alton Towers"}).status == "NotStarted"
    seeded = {"subjectName": "Alton Towers", "questionnaireSeeding": {"v48": "1"}}
    assert client.update_subject("S1", "kim", "Alton Towers", seeded).questionnaire_seeding == {"v48": "1"}
    assert client.get_subject("S1", "kim", "Alton Towers").subject_name == "Alton Towers"
    client.delete_subject("S1", "kim", "Alton Towers")
    client.delete("S1", "kim")
    assert codes(lambda: client.get("S1", "kim")) == [("participant-not-found", "")]
    assert transport.calls[:3] == [
        ("POST", "/surveys/S1/participants"),
        ("GET", "/surveys/S1/participants/kim"),
        ("PUT", "/surveys/S1/participants/kim"),
    ]


@pytest.mark.parametrize("login", ["a/b", "100%", "..", ".", "a b", "ž?#&+;", "null"])
def test_any_login_finds_its_way(client: survey.Client, login: str) -> None:
    """A name is one segment of the path, whatever is in it."""
    client.add("S1", payload(login))
    found = client.get("S1", login).login_section
    assert isinstance(found, survey.LoginSection)
    assert found.login == login


def kept(client: survey.Client) -> list[tuple[str, str | None]]:
    """Code and pointer of the warnings that a client keeps."""
    return [(each.code, each.pointer) for each in client.warnings]


def test_warnings_are_kept(transport: Recording) -> None:
    """A member that a server ignores is a warning before it is sent, and stays with the client."""
    shown: list[tuple[Violation, ...]] = []
    client = survey.Client(transport, surveys=[DEFINITION], warned=shown.append)
    assert client.warnings == ()
    client.add("S1", payload(nickname="K"))
    assert kept(client) == [("unknown-field", "/nickname")]
    assert shown == [client.warnings]
    assert survey.Client(transport, surveys=[DEFINITION]).warnings == ()
    client.update("S1", "kim", payload())
    assert client.warnings == ()
    assert len(shown) == 1
    of_another = {"loginSection": {"login": "kim", "subject": [], "subjects": [{"subjectName": ""}]}}
    client.add("S2", of_another)
    assert kept(client) == [("unknown-field", "/loginSection/subject")]


def test_warnings_as_python_has_them(transport: Recording) -> None:
    """Where somebody wants them so they are Python warnings, at the line of the call."""
    client = survey.Client(transport, surveys=[DEFINITION], warned=warn)
    with pytest.warns(PayloadWarning) as caught:
        client.add("S1", payload(nickname="K"))
    assert isinstance(caught[0].message, PayloadWarning)
    assert str(caught[0].message) == (
        "The member is not documented and is ignored. (unknown-field at /nickname)"
    )
    assert (caught[0].filename, client.warnings) == (__file__, caught[0].message.violations)
    assert pickle.loads(pickle.dumps(caught[0].message)).violations == client.warnings


def test_a_caller_unknown_to_the_sandbox() -> None:
    """Its sentence is recognised like any other."""
    refused = Access("robin@example.com", KEY).refuse_survey({})
    assert refused is not None
    client = survey.Client(Canned([refused]))
    with pytest.raises(Refused) as error:
        client.get("S1", "kim")
    assert [(each.code, each.status, each.pointer) for each in error.value.violations] == [
        ("key-wrong", 401, "")
    ]


def test_what_a_get_answers_goes_back(client: survey.Client) -> None:
    """An entity is a payload as well."""
    added = client.add("S1", payload())
    assert client.update("S1", "kim", added) == added


def test_a_subject_of_a_questionnaire_without_groups(client: survey.Client, transport: Recording) -> None:
    """Its name is empty, and its path's word is `null`."""
    client.add("S2", {"loginSection": {"login": "kim", "subjects": [{"subjectName": ""}]}})
    assert client.get_subject("S2", "kim", "") == client.get_subject("S2", "kim", None)
    assert transport.calls[-1] == ("GET", "/surveys/S2/participants/kim/subjects/null")
    assert codes(lambda: client.delete_subject("S2", "kim", None)) == [("subject-required", "")]
    assert codes(lambda: client.add_subject("S2", "kim", {"subjectName": "b"})) == [
        ("subject-not-single", "")
    ]


def test_nothing_goes_out_that_breaks_a_law(client: survey.Client, transport: Recording) -> None:
    """Every violation is raised at once, and the transport is not asked."""
    wrong = payload("", "", enabled="yes")
    assert codes(lambda: client.add("S1", wrong)) == [
        ("wrong-type", "/enabled"),
        ("login-name-required", "/loginSection/login"),
        ("subject-name-blank", "/loginSection/subjects/0/subjectName"),
    ]
    assert codes(lambda: client.update("S1", "lee", payload())) == [
        ("identity-mismatch", "/loginSection/login")
    ]
    assert codes(lambda: client.add("S1", b"{")) == [("not-json", "")]
    assert codes(lambda: client.add_subject("S1", "kim", {"questionnaireSeeding": {"v48": "2"}})) == [
        ("subject-name-blank", "/subjectName"),
        ("choice-unknown", "/questionnaireSeeding/v48"),
    ]
    assert transport.requests == []


def test_of_an_unknown_survey_only_the_shape_is_judged(transport: Recording) -> None:
    """Unknown facts refuse nothing: the server has the last word."""
    client = survey.Client(transport)
    assert codes(lambda: client.add("S1", {"enabled": 1})) == [("wrong-type", "/enabled")]
    assert transport.requests == []
    assert codes(lambda: client.add("S1", {})) == [("login-section-required", "/loginSection")]
    assert len(transport.requests) == 1


def test_a_payload_is_sent_as_it_was_given(client: survey.Client, transport: Recording) -> None:
    """Bytes and text to the byte; undocumented members too."""
    given = payload(nickname="K", status=["odd"])
    for each in (json.dumps(given, indent=3), json.dumps(given, indent=2).encode()):
        client.add("S1", each)
        assert transport.requests[-1].body == (each if isinstance(each, bytes) else each.encode())
        client.delete("S1", "kim")
    client.add("S1", given)
    assert json.loads(transport.requests[-1].body) == given
    client.update("S1", "kim", survey.read(given))
    assert json.loads(transport.requests[-1].body) == given


def test_headers(client: survey.Client, transport: Recording) -> None:
    """Each call has the caller's credentials and the documented version; a body has its type."""
    client.add("S1", payload())
    assert transport.requests[-1].headers == {
        "Content-Type": "application/json",
        "X-USERNAME": "robin@example.com",
        "X-API-KEY": KEY,
        "X-VERSION": "2.0",
    }
    survey.Client(transport).get("S1", "kim")
    assert transport.requests[-1].headers == {}


def test_base_path() -> None:
    """The real service stands under a prefix."""
    server = Canned([answer({"enabled": True})])
    survey.Client(server, base_path="/snaponline/api/").get("S1", "kim")
    assert server.requests[0].path == "/snaponline/api/surveys/S1/participants/kim"


def test_pages_are_fetched_when_they_are_reached(client: survey.Client, transport: Recording) -> None:
    """A caller that stops early has not asked for the rest."""
    for number in range(5):
        client.add("S1", payload(f"p{number}"))
    transport.requests.clear()
    found = client.participants("S1", page_size=2)
    assert transport.requests == []
    next(found)
    assert [each.query for each in transport.requests] == [{"maxParticipants": "2", "startingFrom": "0"}]
    assert len(list(found)) == 4
    assert len(transport.requests) == 3
    assert list(client.participants("S2")) == []


def test_a_list_without_progress_ends() -> None:
    """A server that says "more" and gives nothing is not asked for ever."""
    server = Canned([answer({"progress": 7, "upToDate": False, "participants": []})])
    assert list(survey.Client(server).participants("S1")) == []


def test_a_refusal_is_recognised(transport: Recording) -> None:
    """The server's sentence becomes the violation that the rules would have given."""
    client = survey.Client(transport)
    client.add("S1", payload())
    with pytest.raises(Refused) as refused:
        client.add("S1", payload())
    (violation,) = refused.value.violations
    ours = survey.SENTENCES["login-name-taken"].violation()
    assert violation == ours
    assert codes(lambda: client.get("S9", "kim")) == [("survey-not-accessible", "")]
    assert codes(lambda: client.page("S1", limit=0)) == [("parameter-malformed", None)]
    assert codes(lambda: client.update("S1", "kim", payload("lee"))) == [("identity-mismatch", None)]
    seeded = {"subjectName": "Chester Zoo", "questionnaireSeeding": {"v48": "7"}}
    assert codes(lambda: client.update_subject("S1", "kim", "Chester Zoo", seeded)) == [
        ("choice-unknown", "/questionnaireSeeding/v48")
    ]
    assert codes(lambda: client.update_subject("S1", "kim", "Chester Zoo", {"subjectName": "b"})) == [
        ("subjects-mismatch", "/subjectName")
    ]


def test_a_strangers_refusal_is_a_refusal() -> None:
    """A sentence that no page prints is handed on."""
    client = survey.Client(Canned([answer({"message": "The moon is full."}, 400)]))
    with pytest.raises(Refused) as refused:
        client.get("S1", "kim")
    assert refused.value.violations == (
        Violation("unrecognised", "The moon is full.", pointer=None, status=400),
    )


@pytest.mark.parametrize(
    "response",
    [
        Response(500),
        Response(302, {"Location": "http://example.com"}),
        Response(400, body=b"<html>"),
        answer({"error": "no"}, 400),
        answer(["no"], 400),
        answer({"message": 7}, 400),
        Response(200, body=b"<html>"),
        answer(["no"]),
        answer({"enabled": "yes", "secret": "hunter2"}),
    ],
)
def test_an_answer_in_no_documented_form(response: Response) -> None:
    """It is raised with the response, which the message does not show."""
    with pytest.raises(Unexpected) as unexpected:
        survey.Client(Canned([response])).get("S1", "kim")
    assert unexpected.value.response == response
    assert str(response.status) in str(unexpected.value)
    assert "hunter2" not in repr(unexpected.value) + str(unexpected.value)


@pytest.mark.parametrize(
    "data", [{"participants": []}, {"progress": "1"}, {"progress": "1", "participants": [7]}, []]
)
def test_a_list_in_no_documented_form(data: Any) -> None:
    """It is not taken for an empty one."""
    with pytest.raises(Unexpected):
        survey.Client(Canned([answer(data)])).page("S1")
    with pytest.raises(Unexpected):
        survey.Client(Canned([answer({})])).subjects("S1", "kim")


def test_a_transport_that_fails_is_heard() -> None:
    """Its exception passes through."""
    with pytest.raises(NoResponse):
        survey.Client(Canned([NoResponse("gone")])).get("S1", "kim")


def test_an_empty_name_is_no_path(client: survey.Client, transport: Recording) -> None:
    """Without it the path would be another call's."""
    with pytest.raises(ValueError, match="empty"):
        client.delete("S1", "")
    assert transport.requests == []


def test_secrets_are_not_shown(client: survey.Client) -> None:
    """Neither the key nor the user name is in a repr, and odd ones not in an error."""
    assert KEY not in repr(client)
    assert "robin" not in repr(client)
    for odd in (KEY + "\n", "", "ž" + KEY):
        with pytest.raises(ValueError, match="API key") as failure:
            survey.Credentials("robin@example.com", odd)
        assert KEY not in str(failure.value)


def test_the_async_client(transport: Recording) -> None:
    """Every call again, as a coroutine."""

    async def converse() -> list[str]:
        client = survey.AsyncClient(Later(transport), surveys=[DEFINITION])
        added = await client.add("S1", payload())
        assert await client.get("S1", "kim") == added
        assert await client.update("S1", "kim", added) == added
        await client.add("S1", payload("lee"))
        listed = [each async for each in client.participants("S1", page_size=1)]
        assert len(listed) == 2
        assert (await client.page("S1")).up_to_date
        assert len(await client.subjects("S1", "kim")) == 1
        subject = await client.add_subject("S1", "kim", {"subjectName": "b"})
        assert await client.get_subject("S1", "kim", "b") == subject
        assert await client.update_subject("S1", "kim", "b", subject) == subject
        await client.delete_subject("S1", "kim", "b")
        await client.delete("S1", "kim")
        with pytest.raises(Refused) as refused:
            await client.add("S1", {})
        return [each.code for each in refused.value.violations]

    assert asyncio.run(converse()) == ["login-section-required", "invitation-section-required"]
