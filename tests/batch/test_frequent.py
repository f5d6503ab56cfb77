"""Warnings that more than half of the records have stand once."""

from participant_rules.batch.frequent import FrequentCounter
from participant_rules.batch.outcomes import Finding, Frequent, Outcome, Place
from participant_rules.batch.repairs import repair_collides, value_repaired
from participant_rules.batch.summary import SummaryCounter
from participant_rules.rules import at
from participant_rules.violations import Severity, Violation


def warning(
    row: int, pointer: str = "/mobilePhone", column: str | None = None, text: str = "Odd."
) -> Finding:
    """A warning about a row."""
    return Finding(
        Place("r.csv", row, column), Violation("odd", text, pointer=pointer, severity=Severity.WARNING)
    )


def frequent(*findings: list[Finding]) -> list[Frequent]:
    """The frequent warnings of records with these findings."""
    counter = FrequentCounter()
    for number, some in enumerate(findings):
        counter.add(Outcome(number, "r.csv", (number + 2,), "add", tuple(some)))
    return list(counter.of(len(findings)))


def test_more_than_half() -> None:
    """Half of the records are too few, and so is one record."""
    assert frequent([warning(2)], [warning(3)], []) == [Frequent(warning(2), 2, 2)]
    assert frequent([warning(2)], [warning(3)], [], []) == []
    assert frequent([warning(2)]) == []


def test_what_differs_in_more_than_its_row_is_another_warning() -> None:
    """The code, the column, the member and the text are compared; the position of a subject is not."""
    assert frequent([warning(2)], [warning(3, "/email")]) == []
    assert frequent([warning(2, column="A")], [warning(3, column="B")]) == []
    assert frequent([warning(2)], [warning(3, text="Very odd.")]) == []
    subjects = [warning(2, "/subjects/0/name"), warning(3, "/subjects/11/name")]
    assert frequent(subjects, [warning(4, "/subjects/7/name")]) == [Frequent(subjects[0], 2, 3)]


def test_a_violation_is_never_frequent() -> None:
    """Each refused record is."""
    wrong = Finding(Place("r.csv", 2), Violation("wrong", "Wrong."))
    assert frequent([wrong], [wrong], [wrong]) == []


def test_so_many_different_warnings_are_counted() -> None:
    """Memory does not grow with warnings that are all different."""
    many = [[warning(row, f"/field{row}"), warning(row)] for row in range(2_000)]
    assert frequent(*many) == [Frequent(warning(0), 2_000, 2_000)]
    assert frequent(*many[1:], *[[warning(9, "/late")]] * 3_000) == []


def test_every_warning() -> None:
    """A caller may ask for all of them."""
    for every, said_once in ((True, 0), (False, 1)):
        counter = SummaryCounter(every_warning=every)
        for number in range(3):
            counter.add(Outcome(number, "r.csv", (number + 2,), "add", (warning(number),)))
        assert len(counter.summary().frequent) == said_once


def test_repairs_are_each_listed() -> None:
    """The repairs of a record, made and not made, are listed."""
    repaired = Finding(
        Place("r.csv", 2, "gender"), value_repaired.violation(at(sentence="Odd.", broken="odd"))
    )
    left = Finding(Place("r.csv", 2, "gender"), repair_collides.violation())
    assert frequent([repaired, left], [repaired, left]) == []
