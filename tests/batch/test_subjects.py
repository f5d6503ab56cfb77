"""Pointers into the subjects of a survey's participants."""

import pytest

from participant_rules.batch.subjects import is_of_subject, of_subject, row_of


@pytest.mark.parametrize(
    ("pointer", "first", "row"),
    [
        ("/loginSection/subjects/1/subjectName", "/loginSection/subjects/0/subjectName", 7),
        (
            "/loginSection/subjects/0/questionnaireSeeding/v1",
            "/loginSection/subjects/0/questionnaireSeeding/v1",
            4,
        ),
    ],
)
def test_a_pointer_into_a_subject(pointer: str, first: str, row: int) -> None:
    """It is about the row of that subject, where there are several, and about the columns of the first."""
    assert (is_of_subject(pointer), of_subject(pointer, 0)) == (True, first)
    assert (row_of(pointer, [4, 7]), row_of(pointer, [4])) == (row, 4)


@pytest.mark.parametrize(
    "pointer", ["", "/loginSection/login", "/loginSection/subjects", "/x/loginSection/subjects/1/y"]
)
def test_any_other_pointer(pointer: str) -> None:
    """It is about the first row."""
    assert (is_of_subject(pointer), of_subject(pointer, 0), row_of(pointer, [4, 7])) == (False, pointer, 4)
