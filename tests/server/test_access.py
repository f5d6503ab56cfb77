"""Access of callers, and their tokens."""

import time

import pytest

from participant_rules.access import TOKEN as TOKEN_FAULTS
from participant_rules.http import Request, Response
from participant_rules.server import Access
from tests.server.asking import ASSERTION, asking, form


def test_a_token_for_any_assertion() -> None:
    """In the form of RFC 6749, and not to be kept."""
    answer = asking()(form(**ASSERTION))
    granted = answer.json()
    assert (answer.status, answer.header("Cache-Control")) == (200, "no-store")
    assert granted.pop("access_token")
    assert granted == {"expires_in": 300, "token_type": "Bearer", "scope": "api"}


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "invalid_client"),
        ({"grant_type": "delegated_participant"}, "invalid_grant"),
        ({"grant_type": "delegated_participant", "token": "made.up", "participant_id": "A"}, "invalid_grant"),
    ],
)
def test_no_token(members: dict[str, str], error: str) -> None:
    """A request that is none for a token is refused."""
    answer = asking()(form(**members))
    assert (answer.status, answer.json()) == (
        400,
        {"error": error, "error_description": TOKEN_FAULTS[error].message},
    )


def test_required_credentials_of_a_survey() -> None:
    """All three headers; the token endpoint and the description stay open."""
    ask = asking(access=Access("robin@example.com", "k3y"))
    right = {"X-USERNAME": "robin@example.com", "X-API-KEY": "k3y", "X-VERSION": "2.0"}
    assert ask(Request("GET", "/surveys/S1/participants", headers=right)).status == 200
    for name in right:
        for wrong in ({}, {name: "other"}):
            headers = {key: value for key, value in right.items() if key != name} | wrong
            answer = ask(Request("GET", "/surveys/S1/participants", headers=headers))
            assert (answer.status, list(answer.json())) == (401, ["message"])
    assert ask(Request("GET", "/openapi.json")).status == 200


def test_required_tokens_of_a_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that this sandbox gave, and that is still good."""
    ask = asking(access=Access("robin@example.com", "k3y"))
    address = "/api/v1/administration/projects/P1/participants"
    token = ask(form(**ASSERTION)).json()["access_token"]
    assert ask(Request("GET", address, headers={"Authorization": f"bearer {token}"})).status == 200
    found, _, signature = token.partition(".")
    forged = [token + "0", "A" + token[1:], found, f"{found}.", f".{signature}", "", ".", "9" * 400]
    for header in (None, "Basic " + token, *(f"Bearer {each}" for each in forged)):
        headers = {"Authorization": header} if header is not None else {}
        answer = ask(Request("GET", address, headers=headers))
        assert (answer.status, answer.header("WWW-Authenticate")) == (401, "Bearer")
        assert answer.json()["errors"][0]["code"] == "token-required"
    later = time.time() + 301
    monkeypatch.setattr("participant_rules.server.access.time", lambda: later)
    assert ask(Request("GET", address, headers={"Authorization": f"Bearer {token}"})).status == 401


@pytest.mark.parametrize("odd", ["Bearer ².a", "Bearer ž", "ÿ", "Bearer"])
def test_odd_headers_are_no_server_error(odd: str) -> None:
    """Whatever bytes come."""
    access = Access("robin@example.com", "k3y")
    assert access.refuse_project({"authorization": odd}) is not None
    assert access.refuse_survey({"x-username": odd}) is not None


def test_secrets_are_not_shown() -> None:
    """Not in a repr."""
    assert repr(Access("robin@example.com", "k3y")) == "Access()"


def bearer(token: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": f"Bearer {token}"}


def test_each_grant_makes_another_token() -> None:
    """Nobody can take two of them for one."""
    ask = asking()
    assert len({ask(form(**ASSERTION)).json()["access_token"] for _ in range(5)}) == 5


ADDRESS = "/api/v1/administration/projects/P1/participants"


@pytest.mark.parametrize("access", [Access(), Access("robin@example.com", "k3y")])
def test_a_participants_token(access: Access) -> None:
    """It reads that participant and nothing else, whether tokens are asked for or not."""
    ask = asking(access=access)
    service = ask(form(**ASSERTION)).json()["access_token"]
    added = ask(
        Request("PUT", ADDRESS, headers=bearer(service), body=b'{"participantIdentifier": "K"}')
    ).json()["result"]

    def delegated(**members: str) -> Response:
        return ask(form(grant_type="delegated_participant", **members))

    granted = delegated(token=service, participant_id=added["id"].upper())
    assert granted.status == 200
    own = bearer(granted.json()["access_token"])
    assert ask(Request("GET", f"{ADDRESS}/K", headers=own)).json() == added
    assert ask(Request("HEAD", f"{ADDRESS}/K", headers=own)).status == 200
    by_id = Request("GET", f"{ADDRESS}/{added['id']}", {"queryByID": "true"}, own)
    assert ask(by_id).json() == added
    for method, path in (
        ("GET", ADDRESS),
        ("GET", f"{ADDRESS}/A"),
        ("GET", f"{ADDRESS}/nobody"),
        ("GET", f"{ADDRESS}/K/segments"),
        ("PUT", ADDRESS),
        ("POST", ADDRESS),
        ("PATCH", ADDRESS),
        ("DELETE", f"{ADDRESS}/K"),
        ("POST", f"{ADDRESS}/K/withdraw"),
    ):
        answer = ask(Request(method, path, headers=own, body=b"{}"))
        assert (answer.status, answer.json()["errors"][0]["code"]) == (403, "token-insufficient")
        assert answer.header("WWW-Authenticate") == 'Bearer error="insufficient_scope"'
    assert ask(Request("GET", f"{ADDRESS}/K", headers=bearer(service))).json() == added
    assert delegated(token=service).json()["error"] == "invalid_request"
    again = delegated(token=own["Authorization"].removeprefix("Bearer "), participant_id=added["id"])
    assert (again.status, again.json()["error"]) == (400, "invalid_grant")
