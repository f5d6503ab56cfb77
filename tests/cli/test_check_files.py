"""`participant-rules check` reads the usual files, and writes reports and copies."""

import csv
import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]  # it has no types

from participant_rules.cli import run

PROJECT = {
    "id": "P1",
    "customFields": [{"name": "Smoker", "type": "Integer"}],
    "participants": [
        {"participantIdentifier": "A-1", "enrolled": True, "demographics": {"email": "lee@example.com"}}
    ],
}
ROWS = [
    {
        "participantIdentifier": "B-1",
        "demographics": {"email": "kim@example.com"},
        "customFields": {"Smoker": 1},
    },
    {"participantIdentifier": "B-2", "demographics": {"email": "KIM@example.com", "gender": "male"}},
    {"participantIdentifier": "A-1", "demographics": {"email": "new@example.com"}},
    {"participantIdentifier": "B-3", "demographics": {"email": "=2+3@example.com", "gender": "F"}},
]
TABLE = [
    ["Participant Identifier", "EmailAddress", "gender", "smoker"],
    ["B-1", "kim@example.com", "", "1"],
    ["B-2", "KIM@example.com", "male", ""],
    ["A-1", "new@example.com", "", ""],
    ["B-3", "=2+3@example.com", "F", ""],
]


def text_of(rows: list[list[str]], separator: str = ",") -> str:
    """The rows as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


@pytest.fixture
def project(tmp_path: Path) -> str:
    """A definition with a stored participant."""
    path = tmp_path / "project.json"
    path.write_text(json.dumps(PROJECT), "utf-8")
    return str(path)


def made(folder: Path, name: str) -> str:
    """A file of the four records in the format of its name."""
    path = folder / name
    lines = "\n".join(map(json.dumps, ROWS)).encode()
    texts = {
        "r.csv": text_of(TABLE).encode("utf-8-sig"),
        "r.tsv": text_of(TABLE, "\t").encode("utf-16"),
        "r.txt": text_of(TABLE, ";").encode(),
        "r.json": json.dumps(ROWS).encode(),
        "bulk.json": json.dumps({"participants": ROWS}).encode(),
        "r.jsonl": lines,
        "r.csv.gz": gzip.compress(text_of(TABLE).encode()),
        "r.jsonl.gz": gzip.compress(lines),
    }
    if name == "r.xlsx":
        book = Workbook()
        sheet = book.active
        assert sheet is not None
        for row in TABLE:
            sheet.append([int(cell) if cell.isdigit() else cell for cell in row])
        sheet["B5"].data_type = "s"  # no formula
        book.save(path)
    else:
        path.write_bytes(texts[name])
    return str(path)


def told(capsys: pytest.CaptureFixture[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The actions and findings of a JSON report."""
    records = json.loads(capsys.readouterr().out)["records"]
    return [
        (each["action"], [(found["code"], found["pointer"]) for found in each["findings"]])
        for each in records
    ]


FOUND = [
    ("add", []),
    ("refused", [("gender-unknown", "/demographics/gender"), ("email-taken", "/demographics/email")]),
    ("refused", [("email-immutable", "/demographics/email")]),
    ("add", []),
]


@pytest.mark.parametrize(
    "name",
    ["r.csv", "r.tsv", "r.txt", "r.json", "bulk.json", "r.jsonl", "r.csv.gz", "r.jsonl.gz", "r.xlsx"],
)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_every_format_has_the_same_findings(
    tmp_path: Path, project: str, name: str, jobs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same records in every format, judged by one process and by two."""
    options = ["--project", project, "--allow-update", "--format", "json", "--jobs", jobs]
    assert run(["check", made(tmp_path, name), *options]) == 1
    assert told(capsys) == FOUND


def test_rows_and_columns_are_those_a_person_sees(
    tmp_path: Path, project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lines of the file, the header counted; names as the header has them; values only when asked for."""
    file = made(tmp_path, "r.csv")
    options = ["--project", project, "--allow-update", "--format", "csv"]
    assert run(["check", file, *options]) == 1
    shown = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    assert [row[:4] for row in shown] == [
        ["file", "row", "column", "pointer"],
        [file, "3", "gender", "/demographics/gender"],
        [file, "3", "EmailAddress", "/demographics/email"],
        [file, "4", "EmailAddress", "/demographics/email"],
    ]
    assert run(["check", file, *options, "--show-values"]) == 1
    shown = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    assert [row[-3:] for row in shown] == [
        ["repair", "value", "repaired_value"],
        ["certain", "male", "M"],
        ["", "KIM@example.com", ""],
        ["", "new@example.com", ""],
    ]


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv", "junit", "sarif", "html"])
def test_a_report_may_go_to_a_file(
    tmp_path: Path, project: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is the same as on standard output, and has no personal value."""
    command = ["check", made(tmp_path, "r.csv"), "--project", project, "--allow-update", "--format", form]
    assert run(command) == 1
    out = tmp_path / "report"
    assert run([*command, "--output", str(out)]) == 1
    report = out.read_bytes().decode()
    assert capsys.readouterr() == (report, "")
    assert "email-immutable" in report
    assert "example.com" not in report.replace("EmailAddress", "")


def test_copies(tmp_path: Path, project: str) -> None:
    """The input again with outcome and reasons, and split; the original cells stay byte for byte."""
    copy, good, bad = (tmp_path / f"{name}.csv" for name in ("copy", "good", "bad"))
    command = ["check", made(tmp_path, "r.csv"), "--project", project, "--allow-update"]
    assert run([*command, "--annotate", str(copy), "--good", str(good), "--bad", str(bad)]) == 1
    lines = (tmp_path / "r.csv").read_bytes().splitlines(keepends=True)
    copied = copy.read_bytes().splitlines(keepends=True)
    assert [each.removesuffix(b"\r\n") for each in lines] == [
        after[: len(before) - 2] for before, after in zip(lines, copied, strict=True)
    ]
    assert [row[4] for row in csv.reader(io.StringIO(copy.read_text("utf-8-sig")))] == [
        "outcome",
        "would be added",
        "refused",
        "refused",
        "would be added",
    ]
    assert good.read_bytes() == lines[0] + lines[1] + lines[4]
    mended = list(csv.reader(io.StringIO(bad.read_text("utf-8-sig"))))
    assert [row[4] for row in mended] == ["row", "3", "4"]
    reasons = [row[5] for row in mended]
    gender = "gender: Gender code: M, F, O, or null. [gender-unknown]"
    taken = "EmailAddress: Must be unique within a project. (row 2 has it) [email-taken]"
    immutable = "EmailAddress: Cannot be updated once a participant has enrolled. [email-immutable]"
    assert reasons == ["reasons", f"{gender} | {taken}", immutable]


def test_a_workbook_is_copied_as_one(tmp_path: Path, project: str) -> None:
    """With two columns more."""
    out = tmp_path / "copy.xlsx"
    command = ["check", made(tmp_path, "r.xlsx"), "--project", project, "--allow-update"]
    assert run([*command, "--annotate", str(out)]) == 1
    sheet = load_workbook(out).active
    assert sheet is not None
    values: list[Any] = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [row[4] for row in values] == [
        "outcome",
        "would be added",
        "refused",
        "refused",
        "would be added",
    ]
    assert values[1][:4] == ["B-1", "kim@example.com", None, 1]


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ([], 1),
        (["--fail-over", "2"], 0),
        (["--fail-over", "50%"], 0),
        (["--fail-over", "49%"], 1),
        (["--fail-over", "1"], 1),
        (["--max-errors", "1"], 1),
    ],
)
def test_the_exit_status(tmp_path: Path, project: str, options: list[str], status: int) -> None:
    """Two of four records are refused."""
    command = ["check", made(tmp_path, "r.csv"), "--project", project, "--allow-update"]
    assert run([*command, *options]) == status


def test_warnings_may_fail(tmp_path: Path) -> None:
    """Where this is asked for: warnings of records, and of a file's columns."""
    path = tmp_path / "one.csv"
    path.write_text("participantIdentifier,colour\nA,red\n", "utf-8")
    assert run(["check", str(path)]) == 0
    assert run(["check", str(path), "--fail-on", "warning"]) == 1
    lines = tmp_path / "one.jsonl"
    lines.write_text('{"participantIdentifier": "A", "colour": "red"}', "utf-8")
    assert run(["check", str(lines)]) == 0
    assert run(["check", str(lines), "--fail-on", "warning"]) == 1


def test_a_check_stops_at_the_greatest_number_of_violations(
    tmp_path: Path, project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says so; the records behind are not judged."""
    command = ["check", made(tmp_path, "r.jsonl"), "--project", project, "--allow-update", "--format", "json"]
    assert run([*command, "--max-errors", "2"]) == 1
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert (summary["records"], summary["violations"], summary["stopped"]) == (2, 2, True)


def test_columns_are_mapped_and_blanks_cleared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A column is the field that it is mapped to; a blank cell is left out, or null."""
    definition = tmp_path / "project.json"
    stored = {"participantIdentifier": "A-1", "demographics": {"city": "Ulm"}}
    definition.write_text(json.dumps({"id": "P", "participants": [stored]}), "utf-8")
    path = tmp_path / "one.csv"
    path.write_text("Code,Town\nA-1,\n", "utf-8")
    maps = ["--map", "Code=participantIdentifier", "--map", "Town=city"]
    command = ["check", str(path), "--project", str(definition), "--allow-update", "--format", "json", *maps]
    assert run(command) == 0
    assert told(capsys) == [("none", [])]
    assert run([*command, "--blank", "clear"]) == 0
    assert told(capsys) == [("update", [])]


def test_rows_with_one_login_are_its_subjects(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever they stand; findings on a subject stand at its own row."""
    definition = tmp_path / "survey.json"
    variable = {"variableId": "V1", "responseType": "Single", "codes": [{"codeValue": "1"}]}
    definition.write_text(
        json.dumps({"id": "S", "invited": False, "loggedOn": True, "group": True, "variables": [variable]}),
        "utf-8",
    )
    path = tmp_path / "people.csv"
    path.write_text("login,subjectName,v1\nkim,L1,1\nlee,L1,1\nkim,L2,7\n", "utf-8")
    command = ["check", str(path), "--survey", str(definition), "--operation", "add", "--format", "jsonl"]
    assert run(command) == 1
    (found,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (found["row"], found["column"], found["code"]) == (4, "v1", "choice-unknown")
    assert found["pointer"] == "/loginSection/subjects/1/questionnaireSeeding/v1"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("none.csv", b"", "the file is empty"),
        ("none.jsonl", b"\n \n", "the file is empty"),
        ("cut.csv.gz", gzip.compress(text_of(TABLE).encode())[:-9], None),
        ("no.xlsx", b"PK\x03\x04 nonsense", None),
        ("zero.csv", b"participantIdentifier\n\0\n", None),
        ("names.csv", b"B-1,kim@example.com\nB-2,lee@example.com\n", None),
        ("twice.csv", b"email,EmailAddress\na@example.com,b@example.com\n", None),
    ],
)
def test_files_that_cannot_be_used(
    tmp_path: Path, name: str, content: bytes, why: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """One clear line that names the file and no value, and status 2."""
    path = tmp_path / name
    path.write_bytes(content)
    assert run(["check", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"participant-rules: {path}: ")
    assert captured.err.count("\n") == 1
    assert "example.com" not in captured.err
    assert why is None or captured.err == f"participant-rules: {path}: {why}\n"


def test_only_a_header(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table without records is no fault."""
    path = tmp_path / "none.csv"
    path.write_text("participantIdentifier,email\n", "utf-8")
    assert run(["check", str(path)]) == 0
    assert capsys.readouterr().out == (
        "0 records: 0 would be added, 0 would be updated, 0 unchanged, 0 refused (0 violations, 0 warnings)\n"
    )


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--max-errors", "0"], "Invalid value for --max-errors: takes a whole number from 1"),
        (["--jobs", "0"], "Invalid value for --jobs: takes a whole number from 1"),
        (["--jobs", "1.5"], "Invalid value for --jobs: takes a whole number from 1"),
        (["--header-row", "1.5"], "Invalid value for --header-row: takes a whole number from 1"),
        (["--fail-over", "some"], "--fail-over takes a number, or a share as in 5%"),
        (["--map", "city"], '--map takes "Column=field"'),
        (["--map", "a=city", "--map", "a=state"], "--map names the column 'a' twice"),
    ],
)
def test_options_that_are_wrong(
    tmp_path: Path, options: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One clear line, and status 2."""
    assert run(["check", made(tmp_path, "r.csv"), *options]) == 2
    assert capsys.readouterr() == ("", f"participant-rules: {why}\n")


@pytest.mark.parametrize("option", ["--output", "--annotate", "--good", "--bad"])
def test_nothing_is_overwritten(tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the input, nor one output by another."""
    file = made(tmp_path, "r.csv")
    before = Path(file).read_bytes()
    assert run(["check", file, option, file]) == 2
    assert Path(file).read_bytes() == before
    other = "--bad" if option != "--bad" else "--good"
    out = str(tmp_path / "out.csv")
    assert run(["check", file, option, out, other, out]) == 2
    assert not Path(out).exists()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("command", ["check", "plan"])
def test_the_definition_is_not_overwritten(
    tmp_path: Path, project: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is an input too."""
    before = Path(project).read_bytes()
    assert run([command, made(tmp_path, "r.csv"), "--project", project, "--output", project]) == 2
    assert capsys.readouterr() == ("", f"participant-rules: {project}: the input would be overwritten\n")
    assert Path(project).read_bytes() == before


@pytest.mark.parametrize("option", ["--output", "--annotate", "--good", "--bad", "--fix"])
def test_columns_are_explained_alone(tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An output beside it would be missing."""
    out = str(tmp_path / "out.csv")
    assert run(["check", made(tmp_path, "r.csv"), "--explain-columns", option, out]) == 2
    assert capsys.readouterr() == (
        "",
        "participant-rules: --explain-columns judges nothing: there is no report, and no copy\n",
    )


def test_copies_are_of_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two files cannot be copied into one, and no file is judged twice."""
    files = [made(tmp_path, "r.csv"), made(tmp_path, "r.jsonl")]
    assert run(["check", *files, "--annotate", str(tmp_path / "copy.csv")]) == 2
    assert run(["check", files[0], files[0]]) == 2
    assert capsys.readouterr().err == (
        "participant-rules: --annotate, --good, --bad and --fix take one file\n"
        "participant-rules: a file is named twice\n"
    )


ABROAD = [
    "participantIdentifier,MobilePhone",
    *[f"B-{row},+4930901820{row}" for row in range(10, 14)],
    "B-2,",
]


def test_a_frequent_warning_stands_once(
    tmp_path: Path, project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A warning of more than half of the rows has one line and one cell, unless each row is asked for."""
    file, out = tmp_path / "abroad.csv", tmp_path / "out.csv"
    file.write_text("\n".join([*ABROAD, ""]))
    arguments = ["check", str(file), "--project", project, "--annotate", str(out)]

    def told(*more: str) -> tuple[list[str], list[str]]:
        assert run([*arguments, *more]) == 0
        rows = csv.DictReader(out.read_text().splitlines())
        return capsys.readouterr().out.splitlines()[2:5], [row["reasons"] for row in rows]

    lines, reasons = told()
    assert lines[1:] == ["  4 of 5 records  MobilePhone", ""]
    warning = "warning: MobilePhone: The vendor only accepts 10 digits."
    assert reasons == [f"{warning} (4 of 5 records) [mobile-phone-not-ten-digits]", "", "", "", ""]
    lines, reasons = told("--every-warning")
    assert lines[1:] == ["  row 2  MobilePhone", "  row 3  MobilePhone"]
    assert reasons == [f"{warning} [mobile-phone-not-ten-digits]"] * 4 + [""]


def test_the_page_shows_how_a_file_was_read(tmp_path: Path, project: str) -> None:
    """Rows with a value in each column, and the outcome of each rule that every record is asked."""
    file, out = tmp_path / "abroad.csv", tmp_path / "out.html"
    file.write_text("participantIdentifier,MobilePhone,Colour\nB-1,,red\nB-2,2125550100\n")
    run(["check", str(file), "--project", project, "--output", str(out)])
    html = out.read_text("utf-8")
    assert "Rows below the header: 2. 2 of 3 columns were read." in html
    assert re.findall("</code></td><td>([0-9]+)</td></tr>", html) == ["2", "1"]
    assert "not read</td><td>1</td>" in html
    told = "Of the rules that every record is asked, 0 fired, [0-9]+ held, 0 could not be judged"
    assert re.search(told, html)
