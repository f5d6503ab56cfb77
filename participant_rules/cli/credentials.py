"""Credentials of the caller: from a file or the environment, never from the command line."""

import json
import os
from pathlib import Path
from typing import Any, ClassVar, Final

from attrs import frozen

from participant_rules.calling import header_value
from participant_rules.survey.credentials import Credentials
from participant_rules.unusable import Unusable

__all__ = ["FileToken", "survey_credentials", "token_source"]

USERNAME: Final = "PARTICIPANT_RULES_USERNAME"
API_KEY: Final = "PARTICIPANT_RULES_API_KEY"
TOKEN: Final = "PARTICIPANT_RULES_TOKEN"  # noqa: S105  the name of a variable


@frozen
class FileToken:
    """A TokenSource that reads its file before each call, since another program may renew it."""

    file: Path
    answers_at_once: ClassVar[bool] = True

    def token(self) -> str:
        """The token in the file; raises Unusable."""
        return _header(_members(self.file, "token")["token"], "the token")


@frozen
class _EnvironmentToken:
    """A TokenSource that reads the environment."""

    answers_at_once: ClassVar[bool] = True

    def token(self) -> str:
        """The token; raises Unusable."""
        return _header(os.environ[TOKEN], "the token")


def token_source(file: Path | None) -> FileToken | _EnvironmentToken | None:
    """The source of bearer tokens: {"token": …} in a file, or the environment; None without either.

    Raises Unusable where what is there is none.
    """
    source = FileToken(file) if file else _EnvironmentToken() if TOKEN in os.environ else None
    if source is not None:
        source.token()
    return source


def survey_credentials(file: Path | None) -> Credentials | None:
    """A survey's user: {"username": …, "apiKey": …} in a file, or the environment; None without either."""
    if file is not None:
        found = _members(file, "username", "apiKey")
        username, api_key = found["username"], found["apiKey"]
    elif USERNAME in os.environ and API_KEY in os.environ:
        username, api_key = os.environ[USERNAME], os.environ[API_KEY]
    else:
        return None
    return Credentials(_header(username, "the user name"), _header(api_key, "the API key"))


def _members(file: Path, *names: str) -> dict[str, str]:
    """The members of a file's JSON object that are texts; no message shows its content."""
    try:
        data: Any = json.loads(file.read_text("utf-8"))
    except OSError as failure:
        raise Unusable(f"{file}: {failure.strerror}") from None
    except ValueError:
        raise Unusable(f"{file}: the credentials are no JSON") from None
    if not isinstance(data, dict) or not all(isinstance(data.get(name), str) for name in names):
        raise Unusable(f"{file}: a JSON object with {' and '.join(names)} is expected")
    return {name: data[name] for name in names}


def _header(value: str, name: str) -> str:
    try:
        return header_value(value, name)
    except ValueError as wrong:
        raise Unusable(str(wrong)) from None
