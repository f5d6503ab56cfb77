"""Files that are repaired and judged again."""

import json
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]  # it has no types

from participant_rules import project, survey
from participant_rules.batch import ProjectTask, SurveyTask, check_sources
from participant_rules.batch.copies.fixing import Fix, Writable, fix
from participant_rules.batch.files import open_source
from participant_rules.batch.files.options import Options
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.files.survey import SurveyLayout
from participant_rules.batch.fixing import Fixed, fixed
from participant_rules.memory import MemoryProjects
from participant_rules.unusable import Unusable
from participant_rules.violations import Repair
from tests.batch.copies.samples import Written

DEFINITION: Mapping[str, Any] = {
    "id": "P",
    "customFields": [
        {"name": "Site", "type": "Text", "oneOf": ["North", "Süd"]},
        {"name": "Visits", "type": "Integer"},
        {"name": "Smokes", "type": "Boolean"},
    ],
    "participants": [{"participantIdentifier": "Z", "demographics": {"email": "zoe@example.com"}}],
}
PROJECT = project.Project.from_json(DEFINITION)
TASK = ProjectTask(PROJECT, MemoryProjects.from_json([DEFINITION]), allow_update=True)
HEADER = "participantIdentifier,email,gender,dateOfBirth,Visits,Smokes,Site\n"


def repaired(path: Path, *, options: Options | None = None, **how: Any) -> Fixed:
    """The file, repaired."""
    options, layout = options or Options(), ProjectLayout(PROJECT)
    source = open_source(str(path), layout, options=options)
    return fixed(source, TASK, layout, name="out", options=options, **how)


def data_of(done: Fixed) -> bytes:
    """The bytes of a repaired file."""
    with done.source.open() as file:
        return file.read()


def of_text(folder: Path, text: str, name: str = "in.csv", **how: Any) -> str:
    """The text of a file, repaired."""
    path = folder / name
    path.write_bytes(text.encode())
    return data_of(repaired(path, **how)).decode()


def said(done: Fixed, *, values: bool = False, task: Any = TASK) -> list[tuple[int, str, str, str | None]]:
    """The rows, codes and pointers of the findings on a repaired file, with values."""
    outcomes = check_sources([done.source], task, values=values, repairer=done.repairer)
    return [
        (each.place.row, each.violation.code, each.violation.pointer or "", each.value)
        for outcome in done.listed(outcomes, values=values)
        for each in outcome.findings
    ]


def test_cells(tmp_path: Path) -> None:
    """Certain repairs are made, everything else stays byte for byte."""
    text = (
        HEADER
        + 'A,<kim@example.com>, f ,31/12/1990,"3.0",yes,north\r\nB,"lee@gmail",M,12/11/1990,"3,0",no,x\n\n'
    )
    assert of_text(tmp_path, text) == (
        HEADER
        + 'A,kim@example.com,F,1990-12-31,"3",true,North\r\nB,"lee@gmail",M,12/11/1990,"3,0",false,x\n\n'
    )
    assert of_text(tmp_path, text, likely=True) == (
        HEADER
        + 'A,kim@example.com,F,1990-12-31,"3",true,North\r\nB,"lee@gmail.com",M,1990-11-12,"3",false,x\n\n'
    )


def test_what_is_right_stays(tmp_path: Path) -> None:
    """A file without repairs is the same one, whatever else is wrong with it."""
    text = "\ufeff" + HEADER + 'A,Kim@Example.com ,M,1990-12-31, 3,TRUE,"North"\nB,?,?,?,?,?,?\n'
    assert of_text(tmp_path, text) == text
    assert of_text(tmp_path, text, jobs=2) == text


def test_another_encoding(tmp_path: Path) -> None:
    """The repaired file has the encoding of the original."""
    path = tmp_path / "in.csv"
    path.write_bytes((HEADER + "A,,,,,,SÜD\n").encode("cp1252"))
    done = repaired(path, options=Options(encoding="cp1252"))
    assert data_of(done) == (HEADER + "A,,,,,,Süd\n").encode("cp1252")
    path.write_bytes((HEADER + "A,,,,,,SUD\n").encode("ascii"))
    assert repaired(path, options=Options(encoding="ascii"), likely=True).findings == {}


def test_a_repair_that_cannot_be_written(tmp_path: Path) -> None:
    """It is an error."""
    definition = project.Project.from_json(
        {"id": "P", "customFields": [{"name": "Site", "type": "Text", "oneOf": ["Südpark"]}]}
    )
    path, layout = tmp_path / "in.csv", ProjectLayout(definition)
    path.write_text("participantIdentifier,Site\nA,Sudpark\n")
    options = Options(encoding="ascii")
    source = open_source(str(path), layout, options=options)
    with pytest.raises(Unusable, match=r"^out: a repair cannot be written in ascii$"):
        fixed(source, ProjectTask(definition), layout, name="out", options=options, likely=True)


RECORDS: Sequence[Any] = [
    {"participantIdentifier": "A", "demographics": {"email": "<kim@example.com>", "Gender": "f", "x": 1.0}},
    {"participantIdentifier": "B", "excludeFromExport": "no", "customFields": {"visits": 3.0, "a/b": 1}},
]


def test_json_lines(tmp_path: Path) -> None:
    """Values and names are replaced where they stand, and repaired further behind a new name."""
    text = (
        '\ufeff{ "participantIdentifier":"A","demographics": '
        '{"email":"<kim@example.com>", "Gender" :"f","x":1.0}}\r\n\n'
        '{"participantIdentifier": "B", "excludeFromExport": "no" }\nnull\n'
    )
    path = tmp_path / "in.jsonl"
    path.write_bytes(text.encode())
    done = repaired(path)
    assert data_of(done).decode() == text.replace('"<kim@example.com>"', '"kim@example.com"').replace(
        '"Gender" :"f"', '"gender" :"F"'
    ).replace('"no" ', "false ")
    assert said(done, values=True) == [
        (1, "repaired", "/demographics/email", "<kim@example.com>"),
        (1, "repaired", "/demographics/Gender", "f"),
        (1, "repaired", "/demographics/gender", "f"),
        (1, "unknown-field", "/demographics/x", "1.0"),
        (3, "repaired", "/excludeFromExport", "no"),
        (4, "wrong-type", "", "null"),
    ]


@pytest.mark.parametrize("bulk", [False, True])
def test_documents(tmp_path: Path, bulk: bool) -> None:
    """A list, and a bulk body; the text around the values stays."""
    text = json.dumps({"participants": RECORDS} if bulk else RECORDS, indent=3)
    after = text.replace("<kim@example.com>", "kim@example.com").replace('"Gender": "f"', '"gender": "F"')
    after = after.replace('"no"', "false").replace('"visits": 3.0', '"Visits": 3')
    assert of_text(tmp_path, text, "in.json") == after
    assert of_text(tmp_path, '{"participantIdentifier": "A", "excludeFromExport": 1}', "in.json") == (
        '{"participantIdentifier": "A", "excludeFromExport": true}'
    )


@pytest.mark.parametrize(
    "rows",
    [
        ["A,<kim@example.com>,,,,,", "B,kim@example.com,,,,,"],
        ["A,kim@example.com,,,,,", "B,<kim@example.com>,,,,,"],
        ["A,<kim@example.com>,,,,,", "B,kim@example.com;,,,,,"],
        ["A,<kim@example.com>,?,,,,", "B,kim@example.com,,,,,"],  # the first row is refused
        ["A,<zoe@example.com>,,,,,", "B,,,,,,"],  # who is stored has it
    ],
)
def test_no_two_are_made_one(tmp_path: Path, rows: Sequence[str]) -> None:
    """A repair that gives the value of another one is not made, with a finding; others are."""
    text = HEADER + "\n".join(rows) + "\nC,,f,,,,\n"
    path = tmp_path / "in.csv"
    path.write_text(text)
    done = repaired(path)
    assert data_of(done).decode() == text.replace("C,,f", "C,,F")
    assert {code for _, code, _, _ in said(done)} - {"gender-unknown"} == {
        "email-malformed",
        "not-repaired",
        "repaired",
    }
    outcomes = [*done.listed(check_sources([done.source], TASK, repairer=done.repairer), values=False)]
    assert all(
        each.violation.repair is None or each.violation.code == "repaired"
        for outcome in outcomes
        for each in outcome.findings
    )


def test_what_a_column_was(tmp_path: Path) -> None:
    """Dates of a column that are repaired count for the reading of the remaining ones."""
    path = tmp_path / "in.csv"
    path.write_text(HEADER + "A,,,31/12/1990,,,\nB,,,12/11/1990,,,\nC,,\n")
    done = repaired(path)
    outcomes = [*check_sources([done.source], TASK, repairer=done.repairer)]
    (left,) = [each for each in outcomes[1].findings if each.is_error]
    assert left.violation.repair is not None
    assert (left.violation.repair.value, left.violation.repair.certain) == ("1990-11-12", False)


def book(rows: Sequence[Sequence[Any]], *, at: str = "A1") -> bytes:
    """A workbook with a table at a place."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Roster"
    first = sheet[at]
    for down, cells in enumerate(rows):
        for right, value in enumerate(cells):
            sheet.cell(first.row + down, first.column + right, value)
    workbook.create_sheet("Other")["A1"] = "kept"
    out = BytesIO()
    workbook.save(out)
    return out.getvalue()


@pytest.mark.parametrize("at", ["A1", "C4"])
def test_workbooks(tmp_path: Path, at: str) -> None:
    """The cells of the table, wherever it begins; a formula is left alone."""
    path = tmp_path / "in.xlsx"
    rows: list[list[Any]] = [
        ["participantIdentifier", "gender", "Visits"],
        ["A", " f", 3],
        ["B", "male", '=CONCAT("3",".0")'],
    ]
    path.write_bytes(book(rows, at=at))
    done = repaired(path)
    sheet = load_workbook(BytesIO(data_of(done)))
    values = [
        [cell for cell in row if cell is not None] for row in sheet["Roster"].iter_rows(values_only=True)
    ]
    assert [each for each in values if each] == [
        ["participantIdentifier", "gender", "Visits"],
        ["A", "F", 3],
        ["B", "male", '=CONCAT("3",".0")'],  # the row cannot be read as a whole
    ]
    assert sheet["Other"]["A1"].value == "kept"


def test_formulas(tmp_path: Path) -> None:
    """The value of a formula is not repaired."""
    path = tmp_path / "in.xlsx"
    path.write_bytes(book([["city", "state"], ["x", '="y"']]))
    writable = Writable(open_source(str(path), ProjectLayout(project.Project(id="P"))))
    pointers = ["/demographics/city", "/demographics/state", "/demographics/gender"]
    wanted = [Repair(each, "z", certain=True) for each in pointers]
    assert [writable([2], each) for each in wanted] == [True, False, False]
    assert not writable([2], Repair(pointers[0], "z", certain=True, renames="City"))


GROUP = survey.Survey.from_json(
    {
        "id": "S",
        "invited": True,
        "loggedOn": True,
        "group": True,
        "variables": [
            {"variableId": "V1", "responseType": "Single", "codes": [{"codeValue": "1", "codeLabel": "Yes"}]}
        ],
    }
)


def test_rows_of_one_participant(tmp_path: Path) -> None:
    """A subject's cell stands in its own row; common values of rows are repaired in all of them."""
    path = tmp_path / "in.csv"
    path.write_text(
        "login,emailAddress,subjectName,V1\n"
        "kim,<kim@example.com>,a,1\nlee,lee@example.com,a,yes\nkim,<kim@example.com>,b,yes\nkim,,c,1\n"
    )
    task, layout = SurveyTask(GROUP, operation="add"), SurveyLayout(GROUP)
    done = fixed(open_source(str(path), layout), task, layout, name="out")
    assert data_of(done).decode() == (
        "login,emailAddress,subjectName,V1\n"
        "kim,kim@example.com,a,1\nlee,lee@example.com,a,1\nkim,kim@example.com,b,1\nkim,,c,1\n"
    )
    assert [each[:3] for each in said(done, task=task) if each[1] == "repaired"] == [
        (1 + 1, "repaired", "/invitationSection/emailAddress"),
        (4, "repaired", "/loginSection/subjects/1/questionnaireSeeding/V1"),
        (3, "repaired", "/loginSection/subjects/0/questionnaireSeeding/V1"),
    ]


def test_identifying_values(tmp_path: Path) -> None:
    """The identity that rows have in common is not repaired: it would join participants, or part them."""
    invited = survey.Survey.from_json({"id": "S", "invited": True, "loggedOn": False, "group": True})
    path, layout = tmp_path / "in.csv", SurveyLayout(invited)
    text = "emailAddress,subjectName\n<kim@example.com>,a\n"
    path.write_text(text)
    done = fixed(open_source(str(path), layout), SurveyTask(invited), layout, name="out")
    assert data_of(done).decode() == text


def test_what_is_not_there(tmp_path: Path) -> None:
    """A repair of a missing member changes nothing."""
    out = BytesIO()
    fix(Written(b'{"a": 1}\n', kind="jsonl"), [Fix([1], [Repair("/b", "z", certain=True)])], out)
    path = tmp_path / "in.csv"
    path.write_bytes(b"city\nx\n")
    table = open_source(str(path), ProjectLayout(project.Project(id="P")))
    fix(table, [Fix([2], [Repair("/demographics/state", "z", certain=True)])], out)
    assert out.getvalue() == b'{"a": 1}\ncity\nx\n'


@pytest.mark.parametrize("name", ["in.csv", "in.jsonl", "in.json"])
def test_a_mistyped_domain(tmp_path: Path, name: str) -> None:
    """It is right, and another is proposed, but not where somebody has that, or nobody may change it."""
    addresses = ["kim@gmial.com", "lee@gamil.com,", "zoe@hotmial.com", "ann@gmail.con", "eva@gmail.com"]
    enrolled = {"participantIdentifier": "3", "enrolled": True, "demographics": {"email": "ann@gmail.con"}}
    zoe = {"participantIdentifier": "Z", "demographics": {"email": "zoe@hotmail.com"}}
    definition = {"id": "P", "participants": [enrolled, zoe]}
    task = ProjectTask(
        project.Project.from_json(definition), MemoryProjects.from_json([definition]), allow_update=True
    )
    rows = [
        {"participantIdentifier": str(place), "demographics": {"email": each}}
        for place, each in enumerate(addresses)
    ]
    texts = {
        "in.csv": "participantIdentifier,email\n"
        + "".join(f'{i},"{each}"\n' for i, each in enumerate(addresses)),
        "in.jsonl": "\n".join(map(json.dumps, rows)),
        "in.json": json.dumps(rows),
    }
    path = tmp_path / name
    path.write_text(texts[name], "utf-8")
    layout = ProjectLayout(task.project)
    source = open_source(str(path), layout)
    certain = texts[name].replace("lee@gamil.com,", "lee@gamil.com")
    assert data_of(fixed(source, task, layout, name="out")).decode() == certain
    done = fixed(source, task, layout, name="out", likely=True)
    likely = certain.replace("kim@gmial", "kim@gmail").replace("lee@gamil", "lee@gmail")
    assert data_of(done).decode() == likely
    codes = [(row, code) for row, code, _, _ in said(done, task=task)]
    first = codes[0][0]
    assert [(row - first, code) for row, code in codes] == [
        (0, "repaired"),
        (1, "repaired"),
        (1, "repaired"),
        (2, "domain-mistyped"),
        (2, "not-repaired"),
        (3, "domain-mistyped"),
    ]


@pytest.mark.parametrize("name", ["in.jsonl", "in.json"])
def test_the_other_dates_of_a_json_file(tmp_path: Path, name: str) -> None:
    """They decide which part comes first, as the dates of a column do."""
    days = ["12/11/1990", "31/12/1990", "01/02/2003", 5]
    rows = [
        {"participantIdentifier": str(i), "demographics": {"dateOfBirth": each}}
        for i, each in enumerate(days)
    ]
    text = json.dumps(rows) if name == "in.json" else "\n".join(map(json.dumps, rows))
    assert of_text(tmp_path, text, name) == text.replace("31/12/1990", "1990-12-31")
    likely = of_text(tmp_path, text, name, likely=True)
    assert likely == (
        text.replace("31/12/1990", "1990-12-31")
        .replace("12/11/1990", "1990-11-12")
        .replace("01/02/2003", "2003-02-01")
    )
