"""The documented calls as OpenAPI operations: parameters, bodies, answers, and all sentences of refusals."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from attrs import field, frozen

from participant_rules import jsontext, wire
from participant_rules.http import problem
from participant_rules.rules import At, Rule, RuleSet

__all__ = ["Call", "parameter", "path_of"]

Json = dict[str, Any]

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"


@frozen
class Call:
    """One operation: what it is called, takes and answers; `laws` are those that may refuse it."""

    name: str
    summary: str
    laws: RuleSet
    answer: Json | None = None
    body: Json | None = None
    query: Sequence[Json] = field(default=())

    def operation(self, family: str, names: Iterable[str], security: Json, *, problems: bool) -> Json:
        """The OpenAPI operation; with `problems` refusals are problem details, else they have a message."""
        described: Json = {
            "operationId": f"{family}-{self.name}",
            "summary": self.summary,
            "tags": [family],
            "parameters": [*map(_named, names), *self.query],
            "security": [{}, security],
            "responses": {"200": self._success(), **self._refusals(problems=problems)},
        }
        if self.body is not None:
            described["requestBody"] = {"required": True, "content": {JSON: {"schema": self.body}}}
        return described

    def _success(self) -> Json:
        content = {} if self.answer is None else {"content": {JSON: {"schema": self.answer}}}
        return {"description": "OK"} | content

    def _refusals(self, *, problems: bool) -> Mapping[str, Json]:
        laws = [each for each in self.laws if each.severity.value == "error"]
        laws += [*jsontext.FAULTS, wire.wrong_type] if self.body is not None else []
        laws += [wire.parameter_malformed] if self.query else []
        statuses = sorted({401, *(each.status for each in laws)})
        return {str(status): _refusal(status, laws, problems=problems) for status in statuses}


def parameter(name: str, schema: Json, description: str = "") -> Json:
    """A query parameter."""
    said = {"description": description} if description else {}
    return {"name": name, "in": "query", "required": False, "schema": schema, **said}


def path_of(template: str, names: Iterable[str]) -> str:
    """A template of a route with the documented names in its places."""
    return template.format(*(f"{{{each}}}" for each in names))


def _named(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}


def _refusal(status: int, laws: Iterable[Rule], *, problems: bool) -> Json:
    examples = {
        each.code: {"summary": each.law, "value": _example(each, problems=problems)}
        for each in laws
        if each.status == status
    }
    content: Json = {"schema": {"$ref": f"#/components/schemas/{'Problem' if problems else 'Refusal'}"}}
    if examples:
        content["examples"] = examples
    return {"description": _STATUSES[status], "content": {PROBLEM if problems else JSON: content}}


_STATUSES: Final = {
    400: "The request does not stand.",
    401: "The caller is not known, or has no access.",
    404: "Who or what the path names does not exist.",
}


class _Placeholders(dict[str, str]):
    """The words of a sentence as the pages print them: `<item>`."""

    def __missing__(self, name: str) -> str:
        return f"<{name}>"


def _example(law: Rule, *, problems: bool) -> Any:
    violation = law.violation(At(law.pointer, _Placeholders(), None))
    return problem(law.status, [violation]).json() if problems else {"message": violation.message}
