"""The documented calls as OpenAPI operations: parameters, bodies, answers, and all sentences of refusals."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Self

from attrs import field, frozen

from participant_rules import jsontext, wire
from participant_rules.http import phrase_of, problem
from participant_rules.openapi.examples import BODIES, NAMES
from participant_rules.openapi.parts import FAILURE
from participant_rules.rules import At, Rule
from participant_rules.ruleset import RuleSet
from participant_rules.wrong_types import wrong_type

__all__ = ["Api", "Call", "parameter", "path_of"]

Json = dict[str, Any]

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"


@frozen
class Api:
    """The common part of one API's calls.

    `named` are the names in its paths, in their order, `security` is what a caller shows. With `problems`
    refusals are problem details, else they have a message; `statuses` are those of refusals that no rule
    gives.
    """

    name: str
    tag: str
    named: Sequence[str]
    security: Sequence[Json]
    statuses: frozenset[int]
    problems: bool


@frozen
class Call:
    """One operation: its name, meaning, parameters and answers; `laws` may refuse it.

    `links` say, by a name, what may be asked next: an operation, and its parameters.
    """

    name: str
    title: str
    description: str
    laws: RuleSet
    answer: Json | None = None
    body: Json | None = None
    query: Sequence[Json] = field(default=())
    links: Mapping[str, tuple[str, Mapping[str, Any]]] = field(factory=dict)

    @classmethod
    def under(
        cls,
        rules: Mapping[Any, RuleSet],
        name: str,
        title: str,
        description: str,
        answer: Json | None = None,
        **more: Any,
    ) -> Self:
        """The call of a name, with its rules; `more` are the body, the query and the links."""
        return cls(name, title, description, rules[name], answer, **more)

    def operation(self, api: Api, names: Iterable[str]) -> Json:
        """The OpenAPI operation at a path with these names."""
        id_ = f"{api.name}-{self.name}"
        described: Json = {
            "operationId": id_,
            "summary": self.title,
            "description": self.description,
            "tags": [api.tag],
            "parameters": [*map(_named, names), *self.query],
            "security": list(api.security),
            "responses": {"200": self._success(api), **self._refusals(api)},
        }
        if self.body is not None:
            content = {"schema": self.body, "examples": {"example": {"value": BODIES[id_]}}}
            described["requestBody"] = {"required": True, "content": {JSON: content}}
        return described

    def _success(self, api: Api) -> Json:
        answered: Json = {"description": "OK"}
        if self.answer is not None:
            answered["content"] = {JSON: {"schema": self.answer}}
        if self.links:
            answered["links"] = {
                name: {"operationId": f"{api.name}-{operation}", "parameters": dict(parameters)}
                for name, (operation, parameters) in self.links.items()
            }
        return answered

    def _refusals(self, api: Api) -> Mapping[str, Json]:
        laws = [each for each in self.laws if each.severity.value == "error"]
        laws += [*jsontext.FAULTS, wrong_type] if self.body is not None else []
        laws += [wire.parameter_malformed] if self.query else []
        statuses = sorted(api.statuses.union(each.status for each in laws))
        refusals = {str(status): _refusal(status, laws, problems=api.problems) for status in statuses}
        return refusals | FAILURE


def parameter(name: str, schema: Json, description: str) -> Json:
    """A query parameter."""
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def path_of(template: str, names: Iterable[str]) -> str:
    """A template of a route with the documented names in its places."""
    return template.format(*(f"{{{each}}}" for each in names))


def _named(name: str) -> Json:
    schema = {"type": "string", "minLength": 1}
    described = {"description": _NAMED[name], "schema": schema, "example": NAMES[name]}
    return {"name": name, "in": "path", "required": True} | described


_NAMED: Final = {
    "surveyId": "The id of the survey.",
    "participantUniqueId": "The login name, or the e-mail address in a survey without logins.",
    "subjectName": "The name of the subject; the word `null` for the one of a non-group questionnaire.",
    "projectId": "The id of the project.",
    "participantID": "The participant's identifier, or its id where `queryByID` is true.",
}


def _refusal(status: int, laws: Iterable[Rule], *, problems: bool) -> Json:
    examples = {
        each.code: {"summary": each.law, "value": _example(each, problems=problems)}
        for each in laws
        if each.status == status
    }
    content: Json = {"schema": {"$ref": f"#/components/schemas/{'Problem' if problems else 'Refusal'}"}}
    if examples:
        content["examples"] = examples
    described: Json = {
        "description": _STATUSES.get(status) or f"{phrase_of(status)}.",
        "content": {PROBLEM if problems else JSON: content},
    }
    return described | ({"headers": _RETRY_AFTER} if status == _TOO_MANY else {})


_TOO_MANY: Final = 429
_RETRY_AFTER: Final[Json] = {
    "Retry-After": {
        "description": "The seconds after which to ask again.",
        "schema": {"type": "integer", "minimum": 1},
    }
}
_STATUSES: Final = {
    400: "The request does not stand.",
    401: "The caller is not known, or has no access.",
    403: "The token is a participant's, and good only for reading that participant.",
    404: "Who or what the path names does not exist.",
    429: "The caller asks more often than is allowed.",
}


class _Placeholders(dict[str, str]):
    """The words of a sentence as the pages print them: `<item>`."""

    def __missing__(self, name: str) -> str:
        return f"<{name}>"


def _example(law: Rule, *, problems: bool) -> Any:
    violation = law.violation(At(law.pointer, _Placeholders(), None))
    return problem(law.status, [violation]).json() if problems else {"message": violation.message}
