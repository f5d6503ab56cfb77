"""The whole description: paths and components of both families."""

from collections.abc import Mapping
from typing import Any, Final

from attrs import evolve

from participant_rules import project, survey
from participant_rules.openapi import tokens
from participant_rules.openapi.calls import Api, Call, path_of
from participant_rules.openapi.projects import project_calls, project_schemas
from participant_rules.openapi.surveys import survey_calls, survey_schemas
from participant_rules.project.api import ROUTES as PROJECT_ROUTES
from participant_rules.routes import Routes
from participant_rules.survey.api import ROUTES as SURVEY_ROUTES

__all__ = ["document", "titles"]

Json = dict[str, Any]

_TAGS: Final = {
    "surveys": "Participants of a survey, as Snap XMP Online has them.",
    "projects": "Participants of a project, as MyDataHelps has them.",
    tokens.TAG: "Tokens for the calls of projects.",
}

_SURVEY_KEYS: Final[Json] = {"SurveyUser": [], "SurveyKey": [], "SurveyVersion": []}
_PROJECT_TOKEN: Final[Json] = {"ProjectToken": []}

_SCHEMES: Final[Json] = {
    "SurveyUser": {
        "type": "apiKey",
        "in": "header",
        "name": "X-USERNAME",
        "description": "The user's e-mail address.",
    },
    "SurveyKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-API-KEY",
        "description": "The user's API key.",
    },
    "SurveyVersion": {
        "type": "apiKey",
        "in": "header",
        "name": "X-VERSION",
        "description": "The version of the API: 2.0.",
    },
    "ProjectToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token of the token endpoint.",
    },
}

_REFUSAL: Final[Json] = {
    "type": "object",
    "description": "Why a call is refused: the sentence that ranks first.",
    "properties": {"message": {"type": "string"}},
    "required": ["message"],
}

_ERROR: Final[Json] = {
    "type": "object",
    "description": "One violation: the code of a rule, where in the request, and the rule's sentence.",
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
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemError"}},
    },
    "required": ["type", "title", "status", "errors"],
}

_REFUSALS: Final[Json] = {"Refusal": _REFUSAL, "Problem": _PROBLEM, "ProblemError": _ERROR}

_INFO: Final[Json] = {
    "title": "Participants of surveys and projects",
    "description": (
        "The documented calls about participants of surveys (Snap XMP Online) and of projects (MyDataHelps),"
        " with every sentence that may refuse one as an example."
    ),
    "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
    "contact": {"name": "The participant_rules authors"},
}


_SURVEY: Final = Api(
    "survey",
    "surveys",
    survey.RULES,
    ("surveyId", "participantUniqueId", "subjectName"),
    [_SURVEY_KEYS],
    frozenset({401, 429}),
    problems=False,
)
_PROJECT: Final = Api(
    "project",
    "projects",
    project.RULES,
    ("projectId", "participantID"),
    [_PROJECT_TOKEN],
    frozenset({401, 403, 429}),
    problems=True,
)


def document(version: str = "1", *, server: str = "http://127.0.0.1:8000", required: bool = False) -> Json:
    """The OpenAPI 3.1 description of the documented calls, as a JSON object.

    `server` is where they are answered, `required` says whether a caller must show credentials there.
    """
    surveys, projects = survey_schemas(), project_schemas()
    survey_api, project_api = (
        api if required else evolve(api, security=[{}, *api.security]) for api in (_SURVEY, _PROJECT)
    )
    paths = {
        **_paths(survey_api, SURVEY_ROUTES, survey_calls(surveys)),
        **_paths(project_api, PROJECT_ROUTES, project_calls(projects)),
        **tokens.TOKEN,
    }
    return {
        "openapi": "3.1.0",
        "info": _INFO | {"version": version},
        "servers": [{"url": server, "description": "A sandbox."}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": surveys.components | projects.components | tokens.SCHEMAS | _REFUSALS,
            "securitySchemes": _SCHEMES,
        },
    }


def _paths(api: Api, routes: Routes[Any], calls: Mapping[Any, Call]) -> Json:
    paths: Json = {}
    for template, methods in routes.table.items():
        named = api.named[: template.count("{}")]
        paths[path_of(template, named)] = {
            method.lower(): calls[call].operation(api, named) for method, call in methods.items()
        }
    return paths


def titles() -> dict[str, list[tuple[str, str, str]]]:
    """Method, path and title of every call, by the subject of an API."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            about = _TAGS[operation["tags"][0]].removesuffix(".")
            found.setdefault(about, []).append((method.upper(), path, operation["summary"]))
    return found
