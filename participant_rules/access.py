"""The sentences with which a server refuses a caller whom it does not know; of both families."""

from typing import Final

from participant_rules.rules import Rule, fault

__all__ = ["FAULTS", "PROJECT", "key_wrong", "token_insufficient", "token_required"]

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
