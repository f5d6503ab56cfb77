"""The project's own vectors: each case is a test, and the cases leave no law out."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from participant_rules import survey
from participant_rules.conformance import Local, Vector, load, run

VECTORS = Path(__file__).parent / "vectors"
CASES = [
    pytest.param(case, id=f"{Path(file.file).relative_to(VECTORS).with_suffix('')}: {case.name}")
    for file in load([VECTORS])
    for case in file.cases
]
UNREACHABLE = {"login-name-unknown", "participant-vanished", "email-unknown"}  # by a request alone
WARNINGS = {"reset-by-omission", "unknown-field"}


@pytest.mark.parametrize("case", CASES)
def test_vector(case: Vector) -> None:
    """Every step of the case comes out as expected."""
    assert run(case, Local()).why == ""


def _cases() -> Iterator[tuple[str, set[str]]]:
    """The name of every survey case, and the codes that come out of it."""
    for path in (VECTORS / "survey").glob("*.json"):
        for case in json.loads(path.read_text("utf-8"))["cases"]:
            yield case["name"], {each[0] for step in case["steps"] for each in step.get("violations", [])}


@pytest.mark.parametrize("code", sorted({*survey.SENTENCES.codes} - UNREACHABLE - WARNINGS))
def test_every_law_fires_and_nearly_fires(code: str) -> None:
    """Every law that a request can break has a case that breaks it, and a near miss that does not."""
    cases = list(_cases())
    assert [name for name, codes in cases if code in codes] != []
    assert [name for name, _ in cases if name.startswith(f"{code}, near miss")] != []


def test_warnings_are_expected_somewhere() -> None:
    """Every warning of the family is one that a case waits for."""
    texts = [path.read_text("utf-8") for path in (VECTORS / "survey").glob("*.json")]
    assert {code for code in WARNINGS if any(f'["{code}", ' in text for text in texts)} == WARNINGS
