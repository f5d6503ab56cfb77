"""A Python client made of the description."""

import asyncio
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from participant_rules import openapi
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.server import Access, MemoryStores, sandbox
from tests.openapi.test_examples import CALLS, body_of, stored

pytestmark = pytest.mark.tools

KEYS = {"X-USERNAME": "robin@example.com", "X-API-KEY": "k3y", "X-VERSION": "2.0"}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The package that openapi-python-client makes."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "o.json").write_text(json.dumps(openapi.document()))
    generator = str(Path(sys.executable).with_name("openapi-python-client"))
    (folder / "config.yml").write_text("post_hooks: []")
    done = subprocess.run(
        [
            generator,
            "generate",
            *("--path", "o.json", "--output-path", "made_client", "--meta", "none"),
            *("--config", "config.yml", "--fail-on-warning"),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module("made_client")
    sys.path.remove(str(folder))


def snake(name: str) -> str:
    """A name as the generator writes it."""
    spaced = "".join(f"_{each.lower()}" if each.isupper() else each for each in name.replace("ID", "Id"))
    return spaced.replace("-", "_").lstrip("_")


def ask(made: Any, name: str, app: Any, client: Any) -> Any:
    """The answer of an operation to its example."""
    _, _, operation = CALLS[name]
    module = importlib.import_module(f"{made.__name__}.api.{operation['tags'][0]}.{snake(name)}")
    names = [each["example"] for each in operation.get("parameters", ()) if each["in"] == "path"]
    options = {}
    if body := body_of(operation):
        media_type, value = body
        schema = operation["requestBody"]["content"][media_type]["schema"]
        reference = schema.get("$ref") or schema["oneOf"][0]["$ref"]
        models = importlib.import_module(f"{made.__name__}.models")
        options["body"] = getattr(models, reference.rpartition("/")[2]).from_dict(value)
    return asyncio.run(module.asyncio_detailed(*names, client=client, **options))


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("access", [Access(), Access("robin@example.com", "k3y")])
def test_every_call(made: Any, name: str, access: Access) -> None:
    """With and without credentials; without demanded ones it is refused."""
    surveys, projects = stored("survey.json"), stored("project.json")
    stores = MemoryStores(MemorySurveys.from_json(surveys), MemoryProjects.from_json(projects))
    app = sandbox(stores, access=access)

    def client(token: str | None = None, **headers: str) -> Any:
        options = {"base_url": "http://sandbox", "httpx_args": {"transport": httpx.ASGITransport(app)}}
        if token is None:
            return made.Client(headers=headers, **options)
        return made.AuthenticatedClient(token=token, **options)

    if access.is_required and name != "token":
        refused = ask(made, name, app, client())
        assert refused.status_code == 401
        assert type(refused.parsed).__name__ == ("Problem" if name.startswith("project") else "Refusal")
        token = ask(made, "token", app, client()).parsed.access_token
        shown = client(token) if name.startswith("project") else client(**KEYS)
    else:
        shown = client()
    answer = ask(made, name, app, shown)
    assert answer.status_code == 200, answer.content
    assert type(answer.parsed).__name__ not in {"Problem", "Refusal", "TokenRefusal"}
    assert (answer.parsed is None) is (answer.content == b"")


def test_what_was_answered(made: Any) -> None:
    """Comes as values of the right types."""
    app = sandbox(MemoryStores(projects=MemoryProjects.from_json(stored("project.json"))))
    client = made.Client(base_url="http://sandbox", httpx_args={"transport": httpx.ASGITransport(app)})
    person = ask(made, "project-read", app, client).parsed
    assert person.participant_identifier == "A-0001"
    assert person.enrolled is True
    assert person.custom_fields.additional_properties["Smoker"] == 0
    assert person.invitation_status.value == "approved"
