"""Violations as values."""

import copy
import pickle

import pytest

from participant_rules import Refused, Severity, Violation
from participant_rules.violations import OURS, Source, pointer

FAULT = Violation(
    code="choice-unknown",
    message=" Survey variable 'v1' does not contain code value '9'.",
    pointer="/loginSection/subjects/0/questionnaireSeeding/v1",
    words={"item": "v1", "code": "9"},
    source=Source("printed", "Update Participant, HTTP Status Codes"),
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((), ""),
        (("a",), "/a"),
        (("a", 0, "b"), "/a/0/b"),
        (("a/b",), "/a~1b"),
        (("a~b",), "/a~0b"),
        (("~1",), "/~01"),
        (("",), "/"),
        (("customFields", "", "x"), "/customFields//x"),
        (("ž {i} ",), "/ž {i} "),
    ],
)
def test_pointer(parts: tuple[str | int, ...], expected: str) -> None:
    """A pointer escapes tilde and slash and nothing else."""
    assert pointer(*parts) == expected


def test_defaults() -> None:
    """A violation needs a code and a message; the rest says an error of ours at the whole request."""
    assert Violation("x", " A sentence. ").as_dict() == {
        "code": "x",
        "pointer": "",
        "message": " A sentence. ",
        "text": "A sentence.",
        "words": {},
        "related": None,
        "severity": "error",
        "status": 400,
        "source": {"kind": "ours", "section": ""},
    }


def test_as_dict_has_every_field() -> None:
    """A violation serialises with its words and its provenance."""
    assert FAULT.as_dict() == {
        "code": "choice-unknown",
        "pointer": "/loginSection/subjects/0/questionnaireSeeding/v1",
        "message": " Survey variable 'v1' does not contain code value '9'.",
        "text": "Survey variable 'v1' does not contain code value '9'.",
        "words": {"item": "v1", "code": "9"},
        "related": None,
        "severity": "error",
        "status": 400,
        "source": {"kind": "printed", "section": "Update Participant, HTTP Status Codes"},
    }


def test_severity_may_be_given_by_its_name() -> None:
    """The severity of a violation is a Severity, however it was given."""
    assert Violation("x", "X.", severity=Severity("warning")).severity is Severity.WARNING
    assert [each.value for each in Severity] == ["error", "warning"]


def test_violations_compare_as_values() -> None:
    """Equal fields make equal violations, which hash alike."""
    twin = copy.deepcopy(FAULT)
    assert (twin == FAULT, hash(twin) == hash(FAULT)) == (True, True)
    assert Violation("x", "X.") != Violation("x", "X.", pointer="/a")
    assert Violation("x", "X.", words={"a": "1"}) != Violation("x", "X.", words={"a": "2"})


def test_violations_travel_between_processes() -> None:
    """A pickled violation is the same violation."""
    assert pickle.loads(pickle.dumps(FAULT)) == FAULT


def test_repr_shows_code_and_place() -> None:
    """A repr leaves out the message, which may have a person's own words."""
    assert repr(FAULT) == ("<error choice-unknown at '/loginSection/subjects/0/questionnaireSeeding/v1'>")


def test_refused_holds_its_violations_and_travels() -> None:
    """Refused says sentences, codes and places, is a ValueError, and can be pickled."""
    refused = Refused([FAULT, Violation("x", "X.", pointer=None)])
    assert refused.violations == (FAULT, Violation("x", "X.", pointer=None))
    assert str(refused) == (
        "Survey variable 'v1' does not contain code value '9'. "
        "(choice-unknown at /loginSection/subjects/0/questionnaireSeeding/v1); X. (x)"
    )
    assert str(Refused([Violation("y", " Y.")])) == "Y. (y at the root)"
    assert isinstance(refused, ValueError)
    assert pickle.loads(pickle.dumps(refused)).violations == refused.violations


def test_ours() -> None:
    """A sentence of ours stands on no page."""
    assert Source("ours", "") == OURS
