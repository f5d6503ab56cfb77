"""`participant-rules check`: how files are read, which columns are, and where outputs go."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook  # type: ignore[import-untyped]  # it has no types

from participant_rules.cli import run

ROSTER = "Teilnehmer-ID;E-Mail;Geburtsdatum;Handy\nA1;a@example.com;2000-01-01;2125550123\n"
OPTIONS = [
    *["--map", "Teilnehmer-ID=participantIdentifier", "--map", "Geburtsdatum=dateOfBirth"],
    *["--map", "Handy=mobilePhone"],
]


def written(folder: Path, name: str, text: str | bytes) -> str:
    """The path of a file."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def test_columns_that_are_not_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where fewer than half are read this comes first, with the options that would read them."""
    file = written(tmp_path, "r.csv", ROSTER)
    assert run(["check", file]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [file, "Only 1 of 4 columns were read. See --explain-columns and --map."]
    assert lines[-2] == "1 of 4 columns were read."
    assert run(["check", file, "--columns", "strict"]) == 2
    assert capsys.readouterr().err == (
        f'participant-rules: {file}: columns that are not read: "Teilnehmer-ID" '
        '(--map "Teilnehmer-ID=participantIdentifier"), "Geburtsdatum" (--map "Geburtsdatum=dateOfBirth"), '
        '"Handy" (--map "Handy=mobilePhone")\n'
    )
    assert run(["check", file, "--columns", "strict", *OPTIONS]) == 0


def test_columns_are_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each column has its field; nothing is judged."""
    file = written(tmp_path, "r.csv", "ID,E\u200bMail,Handy,outcome,reasons\nx,bad,1,refused,\n")
    assert run(["check", file, "--explain-columns"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{file}: 2 of 3 columns were read.",
        "  ID: read as /id",
        "  E\\u200bMail: read as /demographics/email",
        '  Handy: not read; --map "Handy=mobilePhone" reads it',
        "  outcome: needs not be read",
        "  reasons: needs not be read",
    ]


@pytest.mark.parametrize("form", ["html", "junit", "json"])
def test_every_report_shows_it(tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Unread columns are named in the reports for people, and listed for programs."""
    assert run(["check", written(tmp_path, "r.csv", ROSTER), "--format", form]) == 0
    out = capsys.readouterr().out
    assert ("only 1 of 4 columns" in out) == (form != "json")
    assert "Handy" in out


def test_options_of_reading(tmp_path: Path) -> None:
    """The encoding, the separator, the header's row, the escape and the sheet are handed on."""
    text = 'email|x\nparticipantIdentifier|firstName\n"A"|"J\\"é"\n'
    file = written(tmp_path, "r.csv", text.encode("cp850"))
    options = ["--encoding", "cp850", "--separator", "|", "--header-row", "2", "--escape", "\\"]
    assert run(["check", file, *options]) == 0
    book = Workbook()
    book.create_sheet("People").append(["participantIdentifier"])
    book.save(tmp_path / "r.xlsx")
    assert run(["check", str(tmp_path / "r.xlsx"), "--sheet", "People"]) == 0
    assert run(["check", str(tmp_path / "r.xlsx"), "--sheet", "Nope"]) == 2


def test_names_of_variables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A variable goes by its documented name where the definition has it."""
    survey = {
        "id": "S",
        "invited": False,
        "loggedOn": True,
        "group": False,
        "variables": [{"variableId": "V46", "name": "Q1", "responseType": "Quantity"}],
    }
    definition = written(tmp_path, "s.json", json.dumps(survey))
    file = written(tmp_path, "r.csv", "login,Q1\nkim,5\n")
    assert run(["check", file, "--survey", definition, "--operation", "add"]) == 0
    assert "column-unknown" not in capsys.readouterr().out


# ---- outputs


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("r.html", "<!doctype html>"),
        ("r.json", "{"),
        ("r.csv", "file,row"),
        ("r.xml", "<?xml"),
        ("r.html.gz", "<!doctype html>"),
        ("r.JSON.GZ", "{"),
        ("r", "1 record"),
    ],
)
def test_the_ending_names_the_format(tmp_path: Path, name: str, begins: str) -> None:
    """A report has the format of its name, where no other is given."""
    out = tmp_path / name
    assert run(["check", written(tmp_path, "in.csv", "email\na@example.com\n"), "--output", str(out)]) == 0
    data = out.read_bytes()
    text = (gzip.decompress(data) if name.lower().endswith(".gz") else data).decode()
    assert text.lower().startswith(begins.lower())


def test_endings_that_contradict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are usage errors, and nothing is written."""
    file = written(tmp_path, "in.csv", "email\na@example.com\n")
    assert run(["check", file, "--format", "json", "--output", str(tmp_path / "r.html")]) == 2
    assert run(["check", file, "--annotate", str(tmp_path / "copy.xlsx")]) == 2
    assert "the ending says xlsx, and the copy of the file is csv" in capsys.readouterr().err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in.csv"]


def test_nothing_half_is_left(tmp_path: Path) -> None:
    """A report that cannot be finished is not there, and the old one stays."""
    rows = "".join(f'N{number},"x"\n' for number in range(3_000))
    file = written(tmp_path, "in.csv", f'participantIdentifier,firstName\n{rows}N,"a"b\n')
    out = tmp_path / "r.json"
    out.write_text("old")
    assert run(["check", file, "--output", str(out)]) == 2
    assert out.read_text() == "old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in.csv", "r.json"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full disk to offer")
def test_a_full_disk(tmp_path: Path) -> None:
    """Standard output that is full is one line and the status 2; a closed pipe is the status 141."""
    file = written(tmp_path, "in.csv", "email\na@example.com\n")
    command = [sys.executable, "-m", "participant_rules", "check", file]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        2, "participant-rules: the output cannot be written: No space left on device\n"
    )  # fmt: skip
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert done.returncode == 141


def with_formula(folder: Path) -> str:
    """A workbook with a formula that has a stored value, and one that has none."""
    path = folder / "in.xlsx"
    book = Workbook()
    assert book.active is not None
    for row in (["participantIdentifier", "email"], ["A", '="a"&"@example.com"'], ["B", "bad"], ["C", "=B2"]):
        book.active.append(row)
    book.save(path)
    stored = path.read_bytes()
    import io  # noqa: PLC0415  a short way to write into an archive
    import zipfile  # noqa: PLC0415  as above

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(stored)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name.endswith("sheet1.xml"):
                data = data.replace(b'<c r="B2">', b'<c r="B2" t="str">').replace(
                    b"<v />", b"<v>a@example.com</v>", 1
                )
            after.writestr(name, data)
    path.write_bytes(out.getvalue())
    return str(path)


def test_copies_of_formulas(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An annotated copy keeps formulas and their values, and is judged as the file is; it reads easily."""
    file, copy = with_formula(tmp_path), tmp_path / "copy.xlsx"
    assert run(["check", file, "--annotate", str(copy), "--format", "json"]) == 1
    first = json.loads(capsys.readouterr().out)["records"]
    assert [each["action"] for each in first] == ["add", "refused", "refused"]
    assert run(["check", str(copy), "--annotate", str(tmp_path / "again.xlsx"), "--format", "json"]) == 1
    again = json.loads(capsys.readouterr().out)["records"]
    assert [each["action"] for each in again] == [each["action"] for each in first]
    for name in ("copy.xlsx", "again.xlsx"):
        sheet = load_workbook(tmp_path / name).active
        assert sheet is not None
        assert [each.value for each in sheet[1]] == ["participantIdentifier", "email", "outcome", "reasons"]
        assert [sheet["B2"].value, sheet["C3"].value] == ['="a"&"@example.com"', "refused"]
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D4")
        assert sheet["B3"].comment.text.startswith("email: ")
        assert sheet["B3"].comment.text.count("email-malformed") == 1
        values = load_workbook(tmp_path / name, data_only=True).active
        assert values is not None
        assert values["B2"].value == "a@example.com"


def test_a_workbook_as_csv(tmp_path: Path) -> None:
    """A copy with a name of CSV has the judged texts."""
    file, good, bad = with_formula(tmp_path), tmp_path / "good.csv", tmp_path / "bad.tsv"
    assert run(["check", file, "--good", str(good), "--bad", str(bad)]) == 1
    assert good.read_text("utf-8-sig").splitlines() == ["participantIdentifier,email", "A,a@example.com"]
    lines = [line.split("\t")[:3] for line in bad.read_text("utf-8-sig").splitlines()]
    assert lines == [["participantIdentifier", "email", "row"], ["B", "bad", "3"], ["C", "", "4"]]


def test_a_copy_of_another_format(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of an .ods the values are written as .xlsx, with a notice."""
    import zipfile  # noqa: PLC0415  as above

    space = "urn:oasis:names:tc:opendocument:xmlns"
    cells = "".join(
        "<table:table-row><table:table-cell office:value-type='string'>"
        f"<text:p>{each}</text:p></table:table-cell></table:table-row>"
        for each in ("email", "bad")
    )
    path = tmp_path / "in.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content xmlns:office='{space}:office:1.0' xmlns:table='{space}:table:1.0' "
            f"xmlns:text='{space}:text:1.0'><office:body><office:spreadsheet>"
            f"<table:table table:name='S'>{cells}</table:table>"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    assert run(["check", str(path), "--annotate", str(tmp_path / "copy.xlsx")]) == 1
    assert "the copy lacks everything but the values" in capsys.readouterr().err
    sheet = load_workbook(tmp_path / "copy.xlsx").active
    assert sheet is not None
    assert [each.value for each in sheet["B"]] == ["outcome", "refused"]
    assert run(["check", str(path), "--annotate", str(tmp_path / "copy.ods")]) == 2


@pytest.mark.parametrize("device", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
@pytest.mark.parametrize("option", ["--output", "--annotate"])
def test_a_redirected_output_by_its_device(tmp_path: Path, option: str, device: str) -> None:
    """The file behind /dev/stdout keeps what it had: a report goes on there, a copy is refused."""
    file, log = tmp_path / "r.csv", tmp_path / "log.txt"
    file.write_text("participantIdentifier\nN1\n", "utf-8")
    command = [sys.executable, "-m", "participant_rules", "check", str(file), option, device]
    with log.open("wb", buffering=0) as out:
        out.write(b"earlier\n")
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True, check=False)
        out.write(b"later\n")
    counts = "1 would be added, 0 would be updated, 0 unchanged, 0 refused (0 violations, 0 warnings)"
    assert log.read_text("utf-8") == f"earlier\n1 record: {counts}\nlater\n"
    refused = f"participant-rules: {device}: is no file that could be replaced\n"
    assert (done.returncode, done.stderr) == ((0, "") if option == "--output" else (2, refused))


def test_an_output_by_a_descriptor_that_is_closed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is one line and status 2."""
    file = tmp_path / "r.csv"
    file.write_text("participantIdentifier\nN1\n", "utf-8")
    assert run(["check", str(file), "--output", "/dev/fd/99999"]) == 2
    assert capsys.readouterr().err == "participant-rules: /dev/fd/99999: Bad file descriptor\n"


def test_nobody_reads_an_output_by_its_device(tmp_path: Path) -> None:
    """It is status 141, as without the name."""
    file = tmp_path / "r.csv"
    file.write_text("participantIdentifier\nN1\n", "utf-8")
    command = [sys.executable, "-m", "participant_rules", "check", str(file), "--output", "/dev/stdout"]
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")
