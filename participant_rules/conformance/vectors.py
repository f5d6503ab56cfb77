"""Reading files of test vectors.

A file is `{"title": …, "cases": [{"name": …, "given": {…}, "steps": [{"request": {…}, …}]}]}`;
docs/conformance.md describes every member.
"""

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from attrs import field, frozen

from participant_rules.http import Request

__all__ = ["NotVectors", "Step", "Vector", "VectorFile", "load"]

Json = Mapping[str, Any]


class NotVectors(ValueError):
    """A file that cannot be read as test vectors; the message names the file and its fault."""


@frozen
class Step:
    """One request and the expectations on its answer."""

    request: Request
    caller: Json | None
    violations: list[list[str]] | None
    warnings: list[list[str]]
    response: Json | None


@frozen
class Vector:
    """One case: the initial contents of the store, and steps that run in order on it."""

    name: str
    file: str
    given: Json
    steps: tuple[Step, ...]


@frozen
class VectorFile:
    """A file of cases."""

    file: str
    title: str
    cases: tuple[Vector, ...] = field(repr=False)


def load(paths: Iterable[Path]) -> list[VectorFile]:
    """The vector files at these paths, folders searched for `*.json`; raises NotVectors."""
    files = [file for path in paths for file in _files(path)]
    if not files:
        raise NotVectors("there is no vector file")
    return [_read(file) for file in files]


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir():
        yield from sorted(path.rglob("*.json"))
    else:
        yield path


def _read(path: Path) -> VectorFile:
    file = str(path)
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as failure:
        raise NotVectors(f"{file}: cannot be read: {failure.strerror}") from None
    except (ValueError, RecursionError):
        raise NotVectors(f"{file}: is no JSON file in UTF-8") from None
    _expect(isinstance(data, dict) and isinstance(data.get("cases"), list), file, "has no list `cases`")
    cases = tuple(_case(each, file, f"{file}: case {i}") for i, each in enumerate(data["cases"]))
    names = [each.name for each in cases]
    _expect(len(set(names)) == len(names), file, "two cases have the same name")
    return VectorFile(file, str(data.get("title", "")), cases)


def _expect(holds: object, where: str, what: str) -> None:
    if not holds:
        raise NotVectors(f"{where}: {what}")


def _case(data: Any, file: str, where: str) -> Vector:
    _expect(isinstance(data, dict), where, "is no object")
    _expect(isinstance(data.get("name"), str), where, "has no `name`")
    where = f"{where} ({data['name']})"
    given, steps = data.get("given", {}), data.get("steps")
    _expect(isinstance(given, dict), where, "`given` is no object")
    _expect(isinstance(steps, list) and steps, where, "has no list `steps`")
    return Vector(
        data["name"], file, given, tuple(_step(each, f"{where}, step {i}") for i, each in enumerate(steps))
    )


def _step(data: Any, where: str) -> Step:
    _expect(isinstance(data, dict) and isinstance(data.get("request"), dict), where, "has no `request`")
    violations, response = data.get("violations"), data.get("response")
    _expect(
        violations is None or _are_findings(violations), where, "`violations` are no [code, pointer] pairs"
    )
    _expect(_are_findings(data.get("warnings", [])), where, "`warnings` are no [code, pointer] pairs")
    if response is not None:
        _expect(isinstance(response, dict) and isinstance(response.get("status"), int), where, "no `status`")
    return Step(
        _request(data["request"], where), data.get("caller"), violations, data.get("warnings", []), response
    )


def _are_findings(findings: Any) -> bool:
    return isinstance(findings, list) and all(
        isinstance(each, list) and len(each) in (2, 3) and all(isinstance(part, str) for part in each)
        for each in findings
    )


def _request(data: Json, where: str) -> Request:
    method, path = data.get("method"), data.get("path")
    _expect(
        isinstance(method, str) and isinstance(path, str), where, "the request has no `method` and `path`"
    )
    query = data.get("query", {})
    _expect(isinstance(query, dict), where, "`query` is no object")
    return Request(str(method), quote(str(path), safe="/%!$&'()*+,;=:@~"), query, body=_body(data, where))


def _body(data: Json, where: str) -> bytes:
    """The bytes of a request: `rawBodyBase64`, `rawBody` or `body`; none of them sends no bytes."""
    try:
        if "rawBodyBase64" in data:
            return b64decode(data["rawBodyBase64"], validate=True)
        if "rawBody" in data:
            return bytes(data["rawBody"].encode())
    except (AttributeError, TypeError, ValueError):
        raise NotVectors(f"{where}: the raw body is no text, or no base64") from None
    return json.dumps(data["body"]).encode() if "body" in data else b""
