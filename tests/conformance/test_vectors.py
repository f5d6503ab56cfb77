"""Files of test vectors are read, or refused with their faults."""

import json
from pathlib import Path
from typing import Any

import pytest

from participant_rules.conformance import NotVectors, load
from participant_rules.http import Request

STEP = {"request": {"method": "GET", "path": "/surveys/S1/participants"}}


def vectors(*cases: Any) -> dict[str, Any]:
    """A file's object."""
    return {"title": "a title", "cases": list(cases)}


def saved(folder: Path, data: object) -> Path:
    """A file with that JSON."""
    path = folder / "vectors.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), "utf-8")
    return path


def test_reads_a_file(tmp_path: Path) -> None:
    """A file becomes its cases, with the requests as they are to be sent."""
    path = saved(tmp_path, vectors({"name": "one", "given": {"now": "x"}, "steps": [STEP]}))
    (file,) = load([path])
    assert (file.file, file.title) == (str(path), "a title")
    (case,) = file.cases
    assert (case.name, case.file, case.given) == ("one", str(path), {"now": "x"})
    (step,) = case.steps
    assert step.request == Request("GET", "/surveys/S1/participants")
    assert (step.caller, step.violations, step.warnings, step.response) == (None, None, [], None)


def test_searches_folders(tmp_path: Path) -> None:
    """A folder stands for the JSON files in it and below, in the order of their names."""
    for name in ("b.json", "a.json", "deep/c.json", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(json.dumps(vectors({"name": name, "steps": [STEP]})))
    assert [case.name for file in load([tmp_path]) for case in file.cases] == [
        "a.json",
        "b.json",
        "deep/c.json",
    ]


@pytest.mark.parametrize(
    ("request_part", "body"),
    [
        ({}, b""),
        ({"body": None}, b"null"),
        ({"body": {"a": "é"}}, b'{"a": "\\u00e9"}'),
        ({"rawBody": "{é"}, b"{\xc3\xa9"),
        ({"rawBodyBase64": "/w=="}, b"\xff"),
    ],
    ids=["none", "null", "json", "raw", "base64"],
)
def test_body_of_a_request(tmp_path: Path, request_part: dict[str, Any], body: bytes) -> None:
    """A body is JSON, text, or bytes; without any there are no bytes."""
    step = {"request": {"method": "PUT", "path": "/p"} | request_part}
    (file,) = load([saved(tmp_path, vectors({"name": "one", "steps": [step]}))])
    assert file.cases[0].steps[0].request.body == body


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("", "is no JSON file in UTF-8"),
        ("[" * 100_000, "is no JSON file in UTF-8"),
        ([], "has no list `cases`"),
        ({"cases": {}}, "has no list `cases`"),
        (vectors(1), "case 0: is no object"),
        (vectors({"steps": [STEP]}), "case 0: has no `name`"),
        (vectors({"name": "n", "steps": []}), "case 0 (n): has no list `steps`"),
        (vectors({"name": "n", "given": [], "steps": [STEP]}), "case 0 (n): `given` is no object"),
        (vectors({"name": "n", "steps": [1]}), "case 0 (n), step 0: has no `request`"),
        (
            vectors({"name": "n", "steps": [{"request": {"path": "/"}}]}),
            "case 0 (n), step 0: the request has no `method` and `path`",
        ),
        (
            vectors({"name": "n", "steps": [{"request": STEP["request"] | {"query": []}}]}),
            "case 0 (n), step 0: `query` is no object",
        ),
        (
            vectors({"name": "n", "steps": [{"request": STEP["request"] | {"rawBodyBase64": "?"}}]}),
            "case 0 (n), step 0: the raw body is no text, or no base64",
        ),
        (
            vectors({"name": "n", "steps": [STEP | {"violations": ["code"]}]}),
            "case 0 (n), step 0: `violations` are no [code, pointer] pairs",
        ),
        (
            vectors({"name": "n", "steps": [STEP | {"warnings": [["code"]]}]}),
            "case 0 (n), step 0: `warnings` are no [code, pointer] pairs",
        ),
        (vectors({"name": "n", "steps": [STEP | {"response": {}}]}), "case 0 (n), step 0: no `status`"),
        (
            vectors({"name": "n", "steps": [STEP]}, {"name": "n", "steps": [STEP]}),
            "two cases have the same name",
        ),
    ],
)
def test_refuses_what_is_no_vector_file(tmp_path: Path, data: object, why: str) -> None:
    """Any fault of a file is one line that begins with its name."""
    path = saved(tmp_path, data)
    with pytest.raises(NotVectors) as refused:
        load([path])
    assert str(refused.value) == f"{path}: {why}"


def test_refuses_a_missing_file(tmp_path: Path) -> None:
    """A file that is not there is no vector file, nor is an empty folder."""
    with pytest.raises(NotVectors, match="cannot be read: No such file or directory"):
        load([tmp_path / "nope.json"])
    with pytest.raises(NotVectors, match="there is no vector file"):
        load([tmp_path])
