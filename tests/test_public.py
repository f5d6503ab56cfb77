"""The first views of a newcomer: help, versions, the page of public names, and the README's links."""

import ast
import email
import importlib
import inspect
import pydoc
import re
import tomllib
from collections.abc import Callable
from email.message import Message
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hatchling.metadata.core import ProjectMetadata
from hatchling.metadata.spec import DEFAULT_METADATA_VERSION
from hatchling.metadata.spec import get_core_metadata_constructors as constructors
from hatchling.plugin.manager import PluginManager

import participant_rules
from participant_rules import batch, project, survey
from participant_rules.http import AsyncTransport, Transport

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "public.md").read_text("utf-8")
LISTED = re.findall(r"`(participant_rules[a-z_.]*)`", PAGE.split("Of `participant_rules.wire`")[0])
REFERENCE = "\n".join(each.read_text("utf-8") for each in (ROOT / "docs" / "reference").glob("*.md"))


@pytest.mark.parametrize(
    "function",
    [project.check, survey.check, batch.check, project.decide_all],
    ids=lambda each: each.__module__,
)
def test_help_fits_a_screen(function: Callable[..., Any]) -> None:
    """Twenty-four lines of eighty characters; Python 3.13 gives each parameter one, which is not counted."""
    documented = [f"    {line}" for line in pydoc.getdoc(function).splitlines()]
    lines = ["the title", "", str(inspect.signature(function)), *documented]
    assert sum(len(line) // 80 + 1 for line in lines) <= 24


def test_a_set_of_rules_is_shown_by_its_size() -> None:
    """All of its rules would fill pages."""
    assert repr(project.QUERY) == "<1 rule>"
    assert repr(project.BULK) == f"<{len(project.BULK)} rules>"


def test_the_version_is_that_of_the_package() -> None:
    """There is one place for it."""
    assert participant_rules.__version__ == version("participant_rules")


def is_module(name: str) -> bool:
    """Whether there is a module with this name."""
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # what would hold it is no package
        return False


HIDDEN = {
    f"{module}.{name}": f"{value.__module__}.{name}"
    for module in LISTED
    for name, value in vars(importlib.import_module(module)).items()
    if inspect.isfunction(value)
    if name in importlib.import_module(module).__all__ and is_module(f"{module}.{name}")
}
"""The functions that a reference of their package lacks, since a module has the same name."""


def test_every_public_module_is_in_the_reference() -> None:
    """Functions that are called like a module stand alone; of two modules only some names are public."""
    shown = re.findall(r"^::: (\S+)$", REFERENCE, re.MULTILINE)
    others = [*HIDDEN.values(), "participant_rules.calling", "participant_rules.wire"]
    assert sorted(shown) == sorted([*LISTED, *others])


def test_functions_that_are_called_like_a_module_have_their_public_name() -> None:
    """Nobody imports them from that module."""
    shown = dict(re.findall(r"^::: (\S+)\n    options:\n      heading: (\S+)$", REFERENCE, re.MULTILINE))
    assert shown == {place: name for name, place in HIDDEN.items()}
    assert {"participant_rules.project.check", "participant_rules.survey.check"} <= HIDDEN.keys()


def is_documented(module: str, name: str) -> bool:
    """Whether a text stands behind the assignment of a name, or in its function, where that is made."""
    statements = ast.parse(inspect.getsource(importlib.import_module(module))).body
    for each, after in zip(statements, [*statements[1:], None], strict=True):
        if isinstance(each, ast.ImportFrom) and each.module:
            whence = next((one.name for one in each.names if (one.asname or one.name) == name), None)
            if whence is not None:
                return is_documented(each.module, whence)
        if isinstance(each, ast.FunctionDef) and each.name == name:
            return ast.get_docstring(each) is not None
        targets = each.targets if isinstance(each, ast.Assign) else [getattr(each, "target", None)]
        if name in [one.id for one in targets if isinstance(one, ast.Name)]:
            return isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
    raise LookupError(name)


@pytest.mark.parametrize("name", LISTED)
def test_every_public_constant_says_what_it_is(name: str) -> None:
    """The reference leaves out what says nothing."""
    module = importlib.import_module(name)
    constants = [
        each
        for each in module.__all__
        if not is_code(value := getattr(module, each)) and not inspect.ismodule(value)
    ]
    assert [each for each in constants if not is_documented(name, each)] == []


def is_code(value: object) -> bool:
    """Whether it is a class or a function, and no alias of a type."""
    return inspect.isclass(value) or inspect.isfunction(value)


@pytest.mark.parametrize("name", [each for each in LISTED if each != "participant_rules"])
def test_every_public_name_has_a_docstring(name: str) -> None:
    """Classes and functions have docstrings; nothing in `__all__` is missing."""
    module = importlib.import_module(name)
    public = {each: getattr(module, each) for each in module.__all__}
    silent = [each for each, value in public.items() if is_code(value) and not value.__doc__]
    assert (bool(public), silent) == (True, [])


PORTS = [project.Register, project.Notifier, survey.Register, Transport, AsyncTransport]


@pytest.mark.parametrize("port", PORTS, ids=lambda each: f"{each.__module__}.{each.__name__}")
def test_an_implementation_may_name_its_parameters(port: type) -> None:
    """Type checkers want the same names where arguments may come by name."""
    methods = [
        each for name, each in inspect.getmembers(port, inspect.isfunction) if not name.startswith("_")
    ]
    kinds = {one.kind for each in methods for one in inspect.signature(each).parameters.values()}
    assert (bool(methods), kinds) == (True, {inspect.Parameter.POSITIONAL_ONLY})


MAINTAINERS = {"maintaining.md", "performance.md"}
"""Pages for whoever changes the package itself."""


def test_examples_import_public_names_alone() -> None:
    """A reader may rely upon every shown name."""
    public = {
        each: {*importlib.import_module(each).__all__} for each in LISTED if each != "participant_rules"
    }
    public["participant_rules"] = {*participant_rules.__all__, "batch", "openapi", "project", "survey"}
    public |= {
        "participant_rules.wire": {"Malformed"},
        "participant_rules.calling": {"PayloadWarning", "warn"},
    }
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    for page in (each for each in pages if each.name not in MAINTAINERS):
        imports = re.findall(
            r"^ *from (participant_rules\S*) import (.+)$", page.read_text("utf-8"), re.MULTILINE
        )
        private = [(name, {*names.split(", ")} - public.get(name, set())) for name, names in imports]
        assert [each for each in private if each[1]] == [], page.name


def metadata() -> Message:
    """The metadata that the checkout is built with."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    project = ProjectMetadata(str(ROOT), PluginManager(), config)
    return email.message_from_string(constructors()[DEFAULT_METADATA_VERSION](project))


URLS = {
    "Snap XMP Online API": "https://www.snapsurveys.com/support-snapxmp/snapxmp/api-update-participant/",
    "MyDataHelps API": "https://developer.mydatahelps.org/api/participants.html",
}
"""The pages that the rules are taken from."""


def test_the_urls_of_the_project() -> None:
    """There is nothing but the vendors' pages yet; an index takes labels of 32 letters."""
    named = dict(each.split(", ") for each in metadata().get_all("Project-URL", []))
    assert (named, max(map(len, named)) <= 32) == (URLS, True)


def test_links_that_work_on_a_package_index() -> None:
    """The description links to whole addresses alone, and names files that there are."""
    built = metadata()
    prose = re.sub(r"```.*?```", "", str(built.get_payload()), flags=re.DOTALL)
    assert built["Description-Content-Type"] == "text/markdown"
    links = re.findall(r"\]\((.*?)\)", prose)
    assert links == [*URLS.values(), "https://www.apache.org/licenses/LICENSE-2.0"]
    assert re.findall(r"<(?:a|img)\b|!\[|^\[.+\]:|\]\[", prose, re.MULTILINE) == []  # other ways to link
    named = re.findall(r"`((?:docs/)?[A-Za-z-]+\.md)`", prose)
    assert [each for each in named if not (ROOT / each).is_file()] == []
    assert {each.name for each in (ROOT / "docs").glob("*.md")} - {Path(each).name for each in named} == {
        "index.md",  # the README itself
        "changelog.md",  # CHANGELOG.md itself
        "batch-clusters.md",  # from the page on batches
    }
