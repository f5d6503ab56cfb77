"""The examples of the description, answered by a sandbox with the examples of the docs."""

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from participant_rules import openapi
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.server import MemoryStores, sandbox
from tests.server.processes import ROOT

DOCUMENT = openapi.document()
CALLS = {
    operation["operationId"]: (path, method, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def stored(name: str) -> list[Any]:
    """A definition beside the docs."""
    return [json.loads((ROOT / "docs" / "examples" / name).read_text("utf-8"))]


def body_of(operation: Any) -> tuple[str, Any] | None:
    """The media type and the example of a body."""
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        (example,) = content["examples"].values()
        return media_type, example["value"]
    return None


def valid(schema: Any, value: Any) -> bool:
    """Whether a value is as a schema of the description says."""
    validator = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
    return bool(validator.is_valid(value))


@pytest.mark.parametrize("name", CALLS)
def test_every_example_stands(name: str) -> None:
    """Of every operation, about names that are there; request and answer are as described."""
    path, method, operation = CALLS[name]
    surveys, projects = stored("survey.json"), stored("project.json")
    app = sandbox(MemoryStores(MemorySurveys.from_json(surveys), MemoryProjects.from_json(projects)))
    for each in operation.get("parameters", ()):
        if each["in"] == "path":
            path = path.replace("{" + each["name"] + "}", each["example"])
    headers, content = {}, None
    if body := body_of(operation):
        media_type, value = body
        assert valid(operation["requestBody"]["content"][media_type]["schema"], value)
        headers = {"Content-Type": media_type}
        content = json.dumps(value) if media_type == "application/json" else urlencode(value)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox") as client:
            return await client.request(method, path, headers=headers, content=content)

    answer = asyncio.run(ask())
    assert answer.status_code == 200, answer.text
    described = operation["responses"]["200"].get("content")
    if described is None:
        assert answer.content == b""
    else:
        assert valid(described["application/json"]["schema"], answer.json())


def test_the_schema_is_looked_at() -> None:
    """A value that is not as described is none."""
    schema = {"$ref": "#/components/schemas/SurveyParticipantInput"}
    assert valid(schema, {"enabled": True})
    assert not valid(schema, {"enabled": "true"})
    assert not valid(schema, {"loginSection": {"login": "a\0"}})
