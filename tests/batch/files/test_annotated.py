"""Copies of ours are read as the tables were before."""

from pathlib import Path

import pytest

from participant_rules.batch import ProjectTask, check_sources
from participant_rules.batch.copies import Verdicts, annotate, split
from participant_rules.batch.files import open_source
from participant_rules.batch.files.annotated import free, names_before, rows_before
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.frequent import FrequentCounter
from participant_rules.memory import MemoryProjects
from participant_rules.project.model import Project

DEFINITION = {"id": "P", "participants": [{"participantIdentifier": "001", "demographics": {"city": "Ulm"}}]}


def judged(path: Path, out: Path, *, bad: bool = False, once: bool = False) -> list[tuple[str, list[str]]]:
    """The outcomes of the records of a file, which is copied."""
    project = Project.from_json(DEFINITION)
    source = open_source(str(path), ProjectLayout(project))
    task = ProjectTask(project, MemoryProjects.from_json([DEFINITION]), allow_update=True)
    verdicts, found, frequent = Verdicts(), list[tuple[str, list[str]]](), FrequentCounter()
    for outcome in check_sources([source], task):
        verdicts.add(outcome)
        frequent.add(outcome)
        found.append((outcome.action, [each.violation.text for each in outcome.findings]))
    if once:
        verdicts.say_once([*frequent.of(len(found))], len(found))
    if bad:
        split(source, verdicts, None, out)
    else:
        annotate(source, verdicts, out)
    return found


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_copy_is_judged_as_its_original(tmp_path: Path, separator: str) -> None:
    """Cut or too long rows, and a footer, have their notices again; the copy of a copy is the same."""
    rows = ["participantIdentifier,city,gender", "N1,Ulm,F", "001", "Total: 2", "N2,Ulm", "N3,Ulm,M,x,", ""]
    first, second, third = (tmp_path / f"{name}.csv" for name in "abc")
    first.write_text("\n".join(rows).replace(",", separator), "utf-8")
    before = judged(first, second)
    assert [action for action, _ in before] == ["add", "refused", "refused", "add", "add"]
    assert judged(second, third) == before
    assert second.read_bytes() == third.read_bytes()


def test_a_width_that_most_rows_have(tmp_path: Path) -> None:
    """A warning of most rows stands once, but the width of a row stands at each: nothing is filled up."""
    rows = ["participantIdentifier,city,gender", "N1,Ulm", "001,Ulm", "N3,Ulm,M", ""]
    first, second, third = (tmp_path / f"{name}.csv" for name in "abc")
    first.write_text("\n".join(rows), "utf-8")
    before = judged(first, second, once=True)
    assert [len(results) for _, results in before] == [1, 1, 0]
    assert judged(second, third, once=True) == before
    assert second.read_bytes() == third.read_bytes()


def test_a_header_with_blank_names(tmp_path: Path) -> None:
    """A blank name in the header of the original is no filler."""
    for names, results in (
        ("participantIdentifier,city,,", [0, 1, 0]),
        ("participantIdentifier,city", [1, 0, 1]),
    ):
        first, second, third = (tmp_path / f"{name}.csv" for name in "abc")
        first.write_text(f"{names}\nN1,Ulm,,\nN2,Ulm\nN3,Ulm,,\n", "utf-8")
        before = judged(first, second)
        assert [len(each) for _, each in before] == results
        assert judged(second, third) == before
        assert second.read_bytes() == third.read_bytes()


def test_refused_rows_stay_refused(tmp_path: Path) -> None:
    """A footer among the refused rows is no participant, whatever it was filled up with."""
    first, second, third = (tmp_path / f"{name}.csv" for name in "abc")
    first.write_text("participantIdentifier,city,gender\nTotal: 2\n", "utf-8")
    assert judged(first, second, bad=True) == judged(second, third, bad=True)
    mended = second.read_text("utf-8").replace("Total: 2,,", "N1,Ulm,F")
    second.write_text(mended, "utf-8")
    assert judged(second, third)[0][0] == "add"


def test_names_and_rows() -> None:
    """The added columns of a copy are taken away, and nothing else."""
    names = ("a", "b", "", "outcome", "reasons")
    rows: list[tuple[str, ...]] = [
        ("1", "2", "", "x", ""),
        ("1", "2", "3", "x", ""),
        ("1", "2"),
        ("1", "", "", "x", "The row has 1 cell where the header has 2."),
    ]
    assert names_before(names, rows) == ("a", "b")
    assert names_before(names, rows[:1]) == ("a", "b", "")
    assert rows_before(rows, names, 2) == [("1", "2"), ("1", "2", "3"), ("1", "2"), ("1",)]


def test_a_copy_without_reasons(tmp_path: Path) -> None:
    """Without a row that names its width, all columns of the header are those of the original."""
    header, added = "participantIdentifier,city,,outcome,reasons", "Ulm,,would be added,"
    rows = [header, f"N1,{added}", f"N2,{added}", ""]
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("\n".join(rows), "utf-8")
    assert judged(first, second) == [("add", []), ("add", [])]
    assert second.read_text("utf-8").splitlines()[0] == header


@pytest.mark.parametrize(
    ("own", "ours"),
    [
        ("outcome", "outcome 2,reasons"),
        ("Reasons", "outcome,reasons 2"),
        ("reasons,outcome", "outcome 2,reasons 2"),
        ("outcome,city", "outcome 2,reasons"),
    ],
)
def test_a_file_with_columns_of_these_names(tmp_path: Path, own: str, ours: str) -> None:
    """Ours have other names in its copies, and are known by them: the copy of a copy is the same."""
    header = f"participantIdentifier,gender,{own}"
    first, second, third = (tmp_path / f"{name}.csv" for name in "abc")
    first.write_text(f"{header}\nN1,F,x{',y' * own.count(',')}\nN2\nN3,M\n", "utf-8")
    before = judged(first, second)
    assert judged(second, third) == before
    assert second.read_bytes() == third.read_bytes()
    assert second.read_text("utf-8").splitlines()[0] == f"{header},{ours}"


@pytest.mark.parametrize(
    ("taken", "name"),
    [
        ([], "outcome"),
        (["outcomes"], "outcome"),
        (["outcome"], "outcome 2"),
        (["Out_Come", "out-come2", "outcome 3"], "outcome 4"),
    ],
)
def test_names_are_free(taken: list[str], name: str) -> None:
    """Names that differ by case, spaces, underscores or hyphens only are one column to whoever reads them."""
    assert free("outcome", taken) == name
