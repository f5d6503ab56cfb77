"""The sentences with which a server refuses an unknown caller; of both families."""

from collections.abc import Mapping
from typing import Final

from participant_rules.rules import Rule, fault

__all__ = ["FAULTS", "PROJECT", "TOKEN", "key_wrong", "token_insufficient", "token_required"]

key_wrong = fault(
    "The user name or the API key is wrong, or the version is not 2.0.",
    "key-wrong",
    "A call of the survey API shows a user name, an API key, and version 2.0.",
    status=401,
)
token_required = fault(
    "A bearer token that is still good is required.",
    "token-required",
    "A call of the project API shows a bearer token.",
    status=401,
)

token_insufficient = fault(
    "A participant's token reads that participant and nothing else.",
    "token-insufficient",
    "A call of the project API with a participant's token reads that participant.",
    status=403,
)

FAULTS: Final[tuple[Rule, ...]] = (key_wrong, token_required, token_insufficient)
PROJECT: Final[tuple[Rule, ...]] = (token_required, token_insufficient)

TOKEN: Final[Mapping[str, Rule]] = {
    error: fault(message, error.replace("_", "-"), law)
    for error, message, law in (
        (
            "invalid_request",
            "The request for a token lacks a parameter, or has an odd one.",
            "A request for a token has a grant type and the parameters of that.",
        ),
        (
            "invalid_client",
            "The service account is not known, or its assertion is not good.",
            "A service account shows an assertion that it has signed.",
        ),
        (
            "invalid_grant",
            "What a token is asked for with is not good, or no longer.",
            "A participant's token is given for a token of the service account that is still good.",
        ),
        (
            "unauthorized_client",
            "The service account may not ask for such a token.",
            "A service account asks for tokens of the kinds that it may have.",
        ),
        (
            "unsupported_grant_type",
            "There are no tokens for this grant type.",
            "The grant type is client_credentials or delegated_participant.",
        ),
        (
            "invalid_scope",
            "There are no tokens for this scope.",
            "The scope is one that the service account may have.",
        ),
    )
}
"""Why there is no token, by the `error` of the answer (RFC 6749, 5.2)."""
