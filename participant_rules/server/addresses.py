"""The addresses of a sandbox: those of the vendors, with their prefixes or without, and some of its own."""

from typing import Any, Final

from starlette.types import Scope

from participant_rules.project.api import ROUTES as PROJECTS
from participant_rules.routes import Routes
from participant_rules.survey.api import ROUTES as SURVEYS

__all__ = ["DESCRIPTION", "PAGE", "RESET", "TOKENS", "raw_path", "routes_of", "template_of", "without_prefix"]

PAGE: Final = "/"
DESCRIPTION: Final = "/openapi.json"
RESET: Final = "/sandbox/given"

_SURVEY: Final = "/surveys/"
_SURVEY_PREFIX: Final = "/snaponline/api"
_PROJECT: Final = "/api/v1/"
_PROJECT_PREFIX: Final = "/inv"  # the host that the older quickstart programs name has it
_TOKEN: Final = "/identityserver/connect/token"  # noqa: S105  an address, and no token
TOKENS: Final = (_TOKEN, _PROJECT_PREFIX + _TOKEN)


def raw_path(scope: Scope) -> str:
    """The path of a request as it came."""
    return str((scope.get("raw_path") or scope["path"].encode()).decode("latin-1"))


def without_prefix(path: str) -> str:
    """The path as the pages print it, of one as it is at a vendor."""
    if path.startswith(_PROJECT_PREFIX + _PROJECT):
        return path.removeprefix(_PROJECT_PREFIX)
    return path.removeprefix(_SURVEY_PREFIX) if path.startswith(_SURVEY_PREFIX + _SURVEY) else path


def routes_of(path: str) -> Routes[Any]:
    """The routes of the API that a path without a prefix belongs to."""
    return PROJECTS if path.startswith(_PROJECT) else SURVEYS


def template_of(path: str) -> str | None:
    """The template of a path that a vendor answers too; None for any other."""
    if path in TOKENS:
        return path
    own = without_prefix(path)
    template = routes_of(own).template(own)
    return None if template is None else path.removesuffix(own) + template
