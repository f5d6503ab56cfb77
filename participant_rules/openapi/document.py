"""The whole description: paths and components of both families."""

from collections.abc import Mapping
from typing import Any, Final

from participant_rules.openapi.calls import Call, path_of
from participant_rules.openapi.families import (
    project_calls,
    project_schemas,
    survey_calls,
    survey_schemas,
)
from participant_rules.project.api import ROUTES as PROJECT_ROUTES
from participant_rules.routes import Routes
from participant_rules.survey.api import ROUTES as SURVEY_ROUTES

__all__ = ["document", "titles"]

Json = dict[str, Any]

_SURVEY_NAMES: Final = ("surveyId", "participantUniqueId", "subjectName")
_PROJECT_NAMES: Final = ("projectId", "participantID")

_SURVEY_KEYS: Final[Json] = {"SurveyUser": [], "SurveyKey": []}
_PROJECT_TOKEN: Final[Json] = {"ProjectToken": []}

_SCHEMES: Final[Json] = {
    "SurveyUser": {"type": "apiKey", "in": "header", "name": "X-USERNAME"},
    "SurveyKey": {"type": "apiKey", "in": "header", "name": "X-API-KEY"},
    "ProjectToken": {"type": "http", "scheme": "bearer"},
}

_REFUSAL: Final[Json] = {
    "type": "object",
    "description": "Why a call is refused: the sentence that ranks first.",
    "properties": {"message": {"type": "string"}},
    "required": ["message"],
}

_ERROR: Final[Json] = {
    "type": "object",
    "properties": {"code": {"type": "string"}, "pointer": {"type": "string"}, "detail": {"type": "string"}},
    "required": ["code", "pointer", "detail"],
}

_PROBLEM: Final[Json] = {
    "type": "object",
    "description": "Why a call is refused: every violation, as RFC 9457 problem details.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "errors": {"type": "array", "items": _ERROR},
    },
    "required": ["type", "title", "status", "errors"],
}


def document(version: str = "1", *, server: str = "http://127.0.0.1:8000", required: bool = False) -> Json:
    """The OpenAPI 3.1 description of the documented calls, as a JSON object."""
    surveys, projects = survey_schemas(), project_schemas()
    paths = {
        **_paths("survey", SURVEY_ROUTES, survey_calls(surveys), _SURVEY_NAMES, _SURVEY_KEYS),
        **_paths("project", PROJECT_ROUTES, project_calls(projects), _PROJECT_NAMES, _PROJECT_TOKEN),
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Participants of surveys and projects", "version": version},
        "paths": paths,
        "components": {
            "schemas": {
                **surveys.components,
                **projects.components,
                "Refusal": _REFUSAL,
                "Problem": _PROBLEM,
            },
            "securitySchemes": _SCHEMES,
        },
    }


def _paths(
    family: str, routes: Routes[Any], calls: Mapping[Any, Call], names: tuple[str, ...], security: Json
) -> Json:
    paths: Json = {}
    for template, methods in routes.table.items():
        named = names[: template.count("{}")]
        paths[path_of(template, named)] = {
            method.lower(): calls[call].operation(family, named, security, problems=family == "project")
            for method, call in methods.items()
        }
    return paths


def titles() -> dict[str, list[tuple[str, str, str]]]:
    """Method, path and title of every call, by the name of the API."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append((method.upper(), path, operation["summary"]))
    return found
