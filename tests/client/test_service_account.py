"""Where bearer tokens come from."""

import asyncio
from urllib.parse import parse_qs

import pytest

from participant_rules import project
from participant_rules.http import Response, Unexpected
from participant_rules.sending import Clock
from tests.client.transports import Canned, Later, answer

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


def test_a_token_that_nobody_says_the_end_of_is_not_held() -> None:
    """The next call asks again."""
    account = project.ServiceAccount(
        Canned([answer({"access_token": "a"}), answer({"access_token": "b"})]), str
    )
    assert [account.token(), account.token()] == ["a", "b"]


@pytest.mark.parametrize("response", [Response(400), answer({}), answer({"access_token": 7}), answer([])])
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
