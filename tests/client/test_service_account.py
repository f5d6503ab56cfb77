"""Where bearer tokens come from."""

import asyncio
from urllib.parse import parse_qs

import pytest

from participant_rules import Refused, project
from participant_rules.access import TOKEN
from participant_rules.http import Response, Unexpected
from participant_rules.sending import Clock
from tests.client.transports import Canned, Later, answer
from tests.server.asking import Ask, asking

GRANT = {"access_token": "t1", "expires_in": 300, "token_type": "Bearer"}


def test_a_token_is_asked_for_with_an_assertion_and_held() -> None:
    """Until shortly before it expires."""
    seconds = 0.0
    server = Canned([answer(GRANT), answer(GRANT | {"access_token": "t2"})])
    clock = Clock(monotonic=lambda: seconds)
    account = project.ServiceAccount(server, lambda: "signed.by.me", clock=clock)
    assert [account.token(), account.token()] == ["t1", "t1"]
    seconds = 269.0
    assert account.token() == "t1"
    seconds = 271.0
    assert account.token() == "t2"
    request = server.requests[0]
    assert (request.method, request.path) == ("POST", "/identityserver/connect/token")
    assert request.headers == {"Content-Type": "application/x-www-form-urlencoded"}
    assert parse_qs(request.body.decode()) == {
        "scope": ["api"],
        "grant_type": ["client_credentials"],
        "client_assertion_type": ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"],
        "client_assertion": ["signed.by.me"],
    }
    assert "t2" not in repr(account)


def test_a_token_without_an_end_is_not_held() -> None:
    """The next call asks again."""
    account = project.ServiceAccount(
        Canned([answer({"access_token": "a"}), answer({"access_token": "b"})]), str
    )
    assert [account.token(), account.token()] == ["a", "b"]


REFUSALS = [
    ({"error": "invalid_client"}, "invalid-client", TOKEN["invalid_client"].message),
    ({"error": "invalid_grant", "error_description": " Expired. "}, "invalid-grant", " Expired. "),
    ({"error": "invalid_scope", "error_description": 7}, "invalid-scope", TOKEN["invalid_scope"].message),
    ({"error": "tea_pot"}, "unrecognised", "tea_pot"),
    ({"error": "tea_pot", "error_description": "Short and stout."}, "unrecognised", "Short and stout."),
]


@pytest.mark.parametrize(("body", "code", "message"), REFUSALS, ids=range(len(REFUSALS)))
def test_a_refusal_of_the_endpoint_is_recognised(body: object, code: str, message: str) -> None:
    """By the errors of RFC 6749, in the endpoint's own words where it has some."""
    for status in (400, 401):
        with pytest.raises(Refused) as refused:
            project.ServiceAccount(Canned([answer(body, status)]), str).token()
        (found,) = refused.value.violations
        assert (found.code, found.message, found.text) == (code, message, message.strip())
        assert (found.pointer, found.status) == (None, status)


def test_our_sandbox_is_understood() -> None:
    """Each of its refusals, by the client."""
    account = project.ServiceAccount(Asking(asking()), str)
    with pytest.raises(Refused) as refused:
        account.token()
    assert str(refused.value) == (
        "The service account is not known, or its assertion is not good. (invalid-client)"
    )


class Asking:
    """A transport that asks a sandbox."""

    def __init__(self, ask: Ask) -> None:
        self.send = ask


@pytest.mark.parametrize(
    "response",
    [
        Response(400),
        answer({}, 400),
        answer({"error": 7}, 400),
        answer({"error": "invalid_client"}, 500),
        answer({}),
        answer({"access_token": 7}),
        answer([]),
    ],
)
def test_no_token(response: Response) -> None:
    """The answer is raised."""
    with pytest.raises(Unexpected):
        project.ServiceAccount(Canned([response]), str).token()


def test_a_token_that_no_header_can_hold_is_not_shown() -> None:
    """Whatever the endpoint sends."""
    with pytest.raises(ValueError, match="token") as failure:
        project.ServiceAccount(Canned([answer({"access_token": "s3cret\r\nX: y"})]), str).token()
    assert "s3cret" not in str(failure.value)


def test_clients_ask_their_token_port() -> None:
    """Sync and async alike, before each call."""
    server = Canned([answer(GRANT), answer([]), answer([])])
    client = project.Client(server, project.ServiceAccount(server, str))
    client.segments("P1", "A")
    client.segments("P1", "A")
    assert [each.headers.get("Authorization") for each in server.requests] == [None, "Bearer t1", "Bearer t1"]

    async def converse() -> None:
        later = Later(Canned([answer(GRANT), answer([])]))
        await project.AsyncClient(later, project.AsyncServiceAccount(later, str)).segments("P1", "A")

    asyncio.run(converse())
