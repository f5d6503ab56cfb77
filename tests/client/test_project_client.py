"""The client of project participants."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from participant_rules import Refused, Violation, at, project
from participant_rules.access import token_required
from participant_rules.http import NoResponse, Response, Unexpected
from participant_rules.memory import Loopback, MemoryProjects
from participant_rules.server import Access
from tests.client.transports import Canned, Later, Recording, answer

DEFINITION = project.Project.from_json(
    {"id": "P1", "defaultRegion": "GB", "customFields": [{"name": "Smoker", "type": "Integer"}]}
)
PARTICIPANTS = "/api/v1/administration/projects/P1/participants"
SEGMENT = "08936f17-0327-429b-bb2c-5c79180238cd"
ID = "3a713a06-295d-4803-9602-776f09a1483b"


@pytest.fixture
def transport() -> Recording:
    """A server of our own behind a transport that remembers."""
    segment = {
        "segmentID": SEGMENT,
        "segmentName": "Under 35",
        "members": [{"id": ID, "addDate": "2022-11-10"}],
    }
    stored = {"id": ID, "participantIdentifier": "A", "demographics": {"email": "a@example.com"}}
    store = MemoryProjects.from_json(
        [DEFINITION.to_json() | {"participants": [stored], "segments": [segment]}]
    )
    return Recording(Loopback({"/api/v1/": project.Api(store)}))


@pytest.fixture
def client(transport: Recording) -> project.Client:
    """A client that knows the project."""
    return project.Client(transport, "t0ken", projects=[DEFINITION])


def codes(call: Callable[[], object]) -> list[tuple[str, str | None]]:
    """Code and pointer of every violation that a call is refused with."""
    with pytest.raises(Refused) as refused:
        call()
    return [(each.code, each.pointer) for each in refused.value.violations]


def test_every_documented_call(client: project.Client, transport: Recording) -> None:
    """Add or update one and many, query, get, withdraw and delete."""
    assert client.put("P1", {"participantIdentifier": "B"}).action == "add"
    changed = client.put("P1", {"participantIdentifier": "B", "customFields": {"Smoker": 1}})
    assert (changed.action, changed.participant.custom_fields) == ("update", {"Smoker": 1})
    bulk = client.put_many(
        "P1", [{"participantIdentifier": "C"}, project.read({"id": ID})], allow_update=True
    )
    assert (bulk.total_added, bulk.total_updated) == (1, 0)
    assert [each.action for each in bulk.results] == ["add", "none"]
    page = client.page("P1", project.Query(page_size=2))
    assert (len(page.participants), page.total) == (2, 3)
    assert client.get("P1", "A").id == ID
    assert client.get("P1", ID, by_id=True).participant_identifier == "A"
    (membership,) = client.segments("P1", "A")
    assert (membership.segment_id, membership.segment_name) == (SEGMENT, "Under 35")
    assert client.withdraw("P1", "B").participant.withdraw_date
    assert client.delete("P1", ID, by_id=True).action == "delete"
    assert codes(lambda: client.get("P1", "A")) == [("participant-not-found", "")]
    assert transport.calls[:3] == [("PUT", PARTICIPANTS), ("PUT", PARTICIPANTS), ("POST", PARTICIPANTS)]
    assert transport.requests[2].query == {"allowUpdate": "true"}


def test_what_a_get_answers_goes_back(client: project.Client) -> None:
    """An entity is a payload as well, read-only members included."""
    assert client.put("P1", client.get("P1", "A")).action == "none"


def test_nothing_goes_out_that_breaks_a_law(client: project.Client, transport: Recording) -> None:
    """Every violation is raised at once, and the transport is not asked."""
    wrong = {
        "demographics": {"gender": "X"},
        "excludeFromExport": "no",
        "customFields": {"Smoker": "x", "Pets": 1},
    }
    assert codes(lambda: client.put("P1", wrong)) == [
        ("wrong-type", "/excludeFromExport"),
        ("identity-required", ""),
        ("gender-unknown", "/demographics/gender"),
        ("custom-field-undeclared", "/customFields/Pets"),
        ("custom-field-mistyped", "/customFields/Smoker"),
    ]
    assert codes(lambda: client.put("P1", b"[")) == [("not-json", "")]
    twins = [{"demographics": {"email": each}} for each in ("b@example.com", "B@EXAMPLE.com")]
    assert codes(lambda: client.put_many("P1", twins)) == [
        ("email-taken", "/participants/1/demographics/email")
    ]
    assert codes(lambda: client.put_many("P1", b"{}")) == [("wrong-type", "/participants")]
    assert codes(lambda: client.page("P1", project.Query(page_size=0))) == [
        ("parameter-malformed", "/pageSize")
    ]
    assert transport.requests == []
    with pytest.raises(TypeError, match="iterable"):
        client.put_many("P1", 7)


def test_of_an_unknown_project_nothing_regional_is_judged(transport: Recording) -> None:
    """A number without a calling code is somebody's somewhere: the server has the last word."""
    client = project.Client(transport)
    number = {"participantIdentifier": "B", "demographics": {"mobilePhone": "020 7946 0018"}}
    assert client.put("P1", number).action == "add"
    known = project.Client(transport, projects=[project.Project(id="P1", default_region="US")])
    assert codes(lambda: known.put("P1", number | {"demographics": {"mobilePhone": "1"}})) == [
        ("mobile-phone-malformed", "/demographics/mobilePhone")
    ]


def test_a_payload_is_sent_as_it_was_given(client: project.Client, transport: Recording) -> None:
    """Bytes to the byte; undocumented members too, whether read or not."""
    given = {"participantIdentifier": "B", "nickname": "K", "demographics": {"name": "John Doe"}}
    client.put("P1", json.dumps(given, indent=3).encode())
    assert transport.requests[-1].body == json.dumps(given, indent=3).encode()
    client.put("P1", project.read(given))
    assert json.loads(transport.requests[-1].body) == given
    client.put_many("P1", [given], allow_update=True, notify=True)
    assert json.loads(transport.requests[-1].body) == {
        "participants": [given],
        "sendDefaultInvitationNotifications": True,
    }
    body = json.dumps({"participants": [given], "note": 1})
    client.put_many("P1", body, allow_update=True)
    assert transport.requests[-1].body == body.encode()


def test_queries(client: project.Client, transport: Recording) -> None:
    """A query is sent in the documented spelling; defaults are left out."""
    query = project.Query(
        text="b",
        segment_id=SEGMENT,
        custom_fields=(("Smoker", "1"), ("Smoker", "2")),
        demographics=(("last_name", "Smith"), ("date_of_birth", "2000-06-16")),
        sort_by=project.Sort("demographic", "last_name"),
        ascending=False,
        page_number=3,
        page_size=7,
    )
    client.page("P1", query)
    assert transport.requests[-1].query == {
        "customField.Smoker": ["1", "2"],
        "demographicField.LastName": ["Smith"],
        "demographicField.DOB": ["2000-06-16"],
        "query": "b",
        "segmentID": SEGMENT,
        "sortBy": "DemographicField.LastName",
        "sortAscending": "false",
        "pageNumber": "3",
        "pageSize": "7",
    }
    for sort, spelt in (("custom", "CustomField.enrollment_date"), ("participant", "EnrollmentDate")):
        client.page("P1", project.Query(sort_by=project.Sort(sort, "enrollment_date")))
        assert transport.requests[-1].query == {"sortBy": spelt}
    client.page("P1")
    assert transport.requests[-1].query == {}


def test_an_empty_segment_is_no_query_for_everybody(client: project.Client, transport: Recording) -> None:
    """It is refused before anything is sent, as any other text that is no GUID."""
    query = project.Query(segment_id="")
    assert codes(lambda: client.page("P1", query)) == [("parameter-malformed", "/segmentID")]
    assert codes(lambda: list(client.participants("P1", query))) == [("parameter-malformed", "/segmentID")]
    assert transport.requests == []


def test_pages_are_fetched_when_they_are_reached(client: project.Client, transport: Recording) -> None:
    """A caller that stops early has not asked for the rest."""
    client.put_many("P1", [{"participantIdentifier": f"B{number}"} for number in range(4)])
    transport.requests.clear()
    found = client.participants("P1", project.Query(page_size=2))
    next(found)
    assert len(transport.requests) == 1
    assert len(list(found)) == 4
    assert len(transport.requests) == 3


def test_refusals_are_recognised(transport: Recording) -> None:
    """All errors of the problem details become the violations that the rules would have given."""
    client = project.Client(transport)
    with pytest.raises(Refused) as refused:
        client.put(
            "P1", {"demographics": {"email": "A@example.com", "mobilePhone": "1"}, "customFields": {"a b": 1}}
        )
    expected = [
        project.SENTENCES["mobile-phone-malformed"].violation(),
        project.SENTENCES["custom-field-undeclared"].violation(at(hint="")),
        project.SENTENCES["email-taken"].violation(),
    ]
    found = refused.value.violations
    assert [(each.code, each.message, each.source) for each in found] == [
        (each.code, each.message, each.source) for each in expected
    ]
    assert found[0] == expected[0]
    assert found[1].pointer == "/customFields/a b"
    assert codes(lambda: client.get("P9", "A")) == [("project-not-found", "")]


def test_a_strangers_errors_are_refusals() -> None:
    """Codes and details that are none of ours are handed on."""
    errors = [
        {"detail": "The moon is full."},
        {"code": "tide", "pointer": "#/a%20b", "detail": "It is high."},
    ]
    client = project.Client(Canned([answer({"errors": errors}, 422)]))
    with pytest.raises(Refused) as refused:
        client.get("P1", "A")
    assert refused.value.violations == (
        Violation("unrecognised", "The moon is full.", pointer=None, status=422),
        Violation("tide", "It is high.", pointer="/a b", status=422),
    )


@pytest.mark.parametrize(
    "response",
    [
        Response(500),
        Response(404, body=b"<html>"),
        answer({"errors": []}, 400),
        answer({"errors": ["odd"]}, 400),
        answer({"errors": [{"detail": 7}]}, 400),
        answer({"message": "no"}, 400),
        answer(["no"]),
        answer({"participantIdentifier": 7}),
    ],
)
def test_an_answer_in_no_documented_form(response: Response) -> None:
    """It is raised with the response."""
    with pytest.raises(Unexpected) as unexpected:
        project.Client(Canned([response])).get("P1", "A")
    assert unexpected.value.response == response


@pytest.mark.parametrize(
    "data",
    [
        {"actionTaken": "none"},
        {"actionTaken": "odd", "result": {}},
        {"totalParticipants": 1},
        {"totalAdded": 1, "totalUpdated": 1},
        {"totalAdded": 1, "totalUpdated": 1, "results": [7]},
        {"segments": []},
    ],
)
def test_answers_that_lack_something(data: Any) -> None:
    """They are not taken for something else."""
    calls: list[Callable[[project.Client], object]] = [
        lambda client: client.put("P1", {"id": ID}),
        lambda client: client.put_many("P1", []),
        lambda client: client.page("P1"),
        lambda client: client.segments("P1", "A"),
    ]
    for call in calls:
        with pytest.raises(Unexpected):
            call(project.Client(Canned([answer(data)])))


def test_the_token_is_sent_and_not_shown(client: project.Client, transport: Recording) -> None:
    """As a bearer token."""
    client.get("P1", "A")
    assert transport.requests[-1].headers == {"Accept": "application/json", "Authorization": "Bearer t0ken"}
    assert "t0ken" not in repr(client) + repr(client.token)
    with pytest.raises(ValueError, match="token") as failure:
        project.Token("t0ken\n")
    assert "t0ken" not in str(failure.value)


def test_a_transport_that_fails_is_heard() -> None:
    """Its exception passes through."""
    with pytest.raises(NoResponse):
        project.Client(Canned([NoResponse("gone")])).get("P1", "A")


def test_the_async_client(transport: Recording) -> None:
    """Every call again, as a coroutine."""

    async def converse() -> list[str]:
        client = project.AsyncClient(Later(transport), "t0ken", projects=[DEFINITION])
        assert (await client.put("P1", {"participantIdentifier": "B"})).action == "add"
        assert (await client.put_many("P1", [{"participantIdentifier": "C"}])).total_added == 1
        assert (await client.page("P1")).total == 3
        assert len([each async for each in client.participants("P1", project.Query(page_size=1))]) == 3
        assert (await client.get("P1", "A")).id == ID
        assert len(await client.segments("P1", "A")) == 1
        assert (await client.withdraw("P1", "A")).action == "update"
        assert (await client.delete("P1", "A")).action == "delete"
        with pytest.raises(Refused) as refused:
            await client.put("P1", {})
        return [each.code for each in refused.value.violations]

    assert asyncio.run(converse()) == ["identity-required"]


def test_warnings_are_kept(transport: Recording) -> None:
    """Of a payload, and of each row of a bulk; an answer of a server may be sent back without any."""
    shown: list[Any] = []
    client = project.Client(transport, projects=[DEFINITION], warned=shown.append)
    client.put("P1", {"participantIdentifier": "A", "enrolled": True, "nickname": "K"})
    assert [(each.code, each.pointer) for each in client.warnings] == [
        ("read-only-field", "/enrolled"),
        ("unknown-field", "/nickname"),
    ]
    client.put("P1", client.get("P1", "A"))
    assert (client.warnings, len(shown)) == ((), 1)
    odd = {"participantIdentifier": "B", "nickname": "K"}
    client.put_many("P1", [client.get("P1", "A"), odd], allow_update=True)
    assert [each.pointer for each in client.warnings] == ["/participants/1/nickname"]
    client.put("P1", project.read(odd))
    assert [each.pointer for each in client.warnings] == ["/nickname"]


def test_a_caller_unknown_to_the_sandbox() -> None:
    """Its sentence is recognised like any other."""
    refused = Access("robin@example.com", "k3y").refuse_project({})
    assert refused is not None
    with pytest.raises(Refused) as error:
        project.Client(Canned([refused])).get("P1", "A")
    assert error.value.violations == (token_required.violation(),)


def test_pages_are_asked_for_in_a_steady_order(client: project.Client, transport: Recording) -> None:
    """Whoever is added meanwhile comes last; a caller's own order is kept."""
    assert len(list(client.participants("P1"))) == 1
    assert transport.requests[-1].query == {"sortBy": "InsertedDate", "sortAscending": "true"}
    assert len(list(client.participants("P1", project.Query(ascending=False)))) == 1
    assert transport.requests[-1].query == {"sortBy": "InsertedDate", "sortAscending": "false"}
