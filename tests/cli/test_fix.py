"""`participant-rules check --fix`: a file written again with its repairs."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]  # it has no types

from participant_rules.cli import run

PROJECT = {"id": "P1", "customFields": [{"name": "Weight", "type": "Decimal"}]}
TEXT = 'participantIdentifier,email,gender,Weight\nA,<kim@example.com>,male,"72,5"\nB,lee@example.com,x,70\n'
FIXED = TEXT.replace("<kim@example.com>,male", "kim@example.com,M")


@pytest.fixture
def project(tmp_path: Path) -> str:
    """A definition."""
    path = tmp_path / "project.json"
    path.write_text(json.dumps(PROJECT), "utf-8")
    return str(path)


def test_a_file_is_repaired(tmp_path: Path, project: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The repaired file is judged, its repairs are listed, and no value is shown."""
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text(TEXT, "utf-8")
    assert run(["check", str(path), "--project", project, "--fix", str(out), "--format", "json"]) == 1
    assert out.read_text("utf-8") == FIXED
    assert path.read_text("utf-8") == TEXT
    reported = capsys.readouterr().out
    assert "kim@example.com" not in reported
    report = json.loads(reported)
    assert {each["file"] for each in report["records"]} == {str(out)}
    found = [(each["code"], each["column"], each.get("repair")) for each in report["records"][0]["findings"]]
    assert found == [
        ("repaired", "email", {"pointer": "/demographics/email", "certain": True}),
        ("repaired", "gender", {"pointer": "/demographics/gender", "certain": True}),
        ("custom-field-mistyped", "Weight", {"pointer": "/customFields/Weight", "certain": False}),
    ]
    assert report["summary"]["rules"] == {"repaired": 2, "custom-field-mistyped": 1, "gender-unknown": 1}
    assert report["summary"]["repairs"] == {"custom-field-mistyped": {"certain": 0, "likely": 1}}
    assert run(["check", str(out), "--project", project, "--format", "csv"]) == 1
    assert "certain" not in capsys.readouterr().out


def test_likely_repairs_and_copies(tmp_path: Path, project: str, capsys: pytest.CaptureFixture[str]) -> None:
    """These are made on request; copies are of the repaired file, and values are shown on request."""
    path, out, good = tmp_path / "in.csv.gz", tmp_path / "out.csv.gz", tmp_path / "good.csv"
    path.write_bytes(gzip.compress(TEXT.encode()))
    options = ["--project", project, "--fix", str(out), "--fix-likely", "--good", str(good), "--show-values"]
    assert run(["check", str(path), *options]) == 1
    fixed = FIXED.replace("72,5", "72.5")
    assert gzip.decompress(out.read_bytes()).decode() == fixed
    assert good.read_text("utf-8") == "".join(fixed.splitlines(keepends=True)[:2])
    reported = capsys.readouterr().out
    assert 'row 2  email  "<kim@example.com>"  repaired to "kim@example.com"' in reported
    assert "1 would be added" in reported


def test_a_workbook_stays_one(tmp_path: Path, project: str, capsys: pytest.CaptureFixture[str]) -> None:
    """One of an older format becomes an .xlsx file of its values."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    rows = [["above", ""], ["participantIdentifier", "gender"], ["A", "male"]]
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell office:value-type='string'><text:p>{each}</text:p></table:table-cell>"
            for each in row
        )
        + "</table:table-row>"
        for row in rows
    )
    path, out = tmp_path / "in.ods", tmp_path / "out.xlsx"
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
    assert (
        run(
            ["check", str(path), "--project", project, "--header-row", "2", "--sheet", "S", "--fix", str(out)]
        )
        == 0
    )
    assert [[cell.value for cell in row] for row in load_workbook(out).active] == [rows[1], ["A", "M"]]
    capsys.readouterr()
    for name, why in (("out.csv", "a workbook is repaired as a workbook"), ("out.ods", "written as .xlsx")):
        assert run(["check", str(path), "--project", project, "--fix", str(tmp_path / name)]) == 2
        assert why in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["{in}", "--fix", "{in}"], "the input would be overwritten"),
        (["{in}", "--fix-likely"], "--fix-likely needs --fix"),
        (["{in}", "{other}", "--fix", "{out}"], "--annotate, --good, --bad and --fix take one file"),
        (["{in}", "--fix", "{out}.json"], "the ending says json, and the copy of the file is csv"),
        (["{in}", "--fix", "{out}", "--good", "{out}"], "two outputs would be written to it"),
    ],
)
def test_what_cannot_be(
    tmp_path: Path, options: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is an error, and nothing is written."""
    names = {each: str(tmp_path / each) for each in ("in", "other", "out")}
    for each in ("in", "other"):
        (tmp_path / each).write_text(TEXT, "utf-8")
    assert run(["check", *[each.format(**names) for each in options], "--format", "text"]) == 2
    assert why in capsys.readouterr().err
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in", "other"]
