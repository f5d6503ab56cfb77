"""`participant-rules conform` runs vectors and says which cases fail."""

import json
from pathlib import Path

import pytest

from participant_rules.cli import run

GOOD = {"name": "good", "steps": [{"request": {"method": "GET", "path": "/x"}, "response": {"status": 404}}]}
BAD = {"name": "bad", "steps": [{"request": {"method": "GET", "path": "/x"}, "response": {"status": 200}}]}


def written(folder: Path, *cases: object) -> str:
    """The path of a vector file."""
    path = folder / "vectors.json"
    path.write_text(json.dumps({"cases": cases}))
    return str(path)


def test_all_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """When every case passes the status is 0."""
    assert run(["conform", written(tmp_path, GOOD)]) == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"


def test_a_failing_case_is_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A failing case is printed with the expected and the real answer, and the status is 1."""
    path = written(tmp_path, GOOD, BAD)
    assert run(["conform", path]) == 1
    assert capsys.readouterr().out == (
        f"FAILED {path}: bad\n  step 0: expected status 200, came 404\n1 passed, 1 failed\n"
    )


def test_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the outcome is one object."""
    path = written(tmp_path, GOOD, BAD)
    assert run(["conform", str(tmp_path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "passed": 1,
        "failed": 1,
        "cases": [
            {"name": "good", "file": path, "passed": True, "why": ""},
            {"name": "bad", "file": path, "passed": False, "why": "step 0: expected status 200, came 404"},
        ],
    }


def test_no_vector_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no vector file is one line on standard error, and status 2."""
    path = tmp_path / "x.json"
    path.write_text("[]")
    assert run(["conform", str(path)]) == 2
    assert capsys.readouterr() == ("", f"participant-rules: {path}: has no list `cases`\n")
