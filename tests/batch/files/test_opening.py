"""Any file becomes the same records; an unusable one is one clear line."""

import io
import json
import os
import pickle
import sys
import threading
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from participant_rules.batch.files import open_source
from participant_rules.batch.files.content import Content
from participant_rules.batch.files.dialect import Dialect
from participant_rules.batch.records import Kind, Seekable, Unusable
from tests.batch.files.samples import (
    DECLARED,
    GROUP,
    UNDECLARED,
    chunks,
    delimited,
    notices,
    opened,
    packed,
    payloads,
    rows,
    workbook,
)

RECORDS: Final[Sequence[Mapping[str, Any]]] = [
    {
        "participantIdentifier": "P-1",
        "invitationStatus": "pending",
        "excludeFromExport": True,
        "demographics": {
            "email": "josé@example.com",
            "firstName": 'Zoë "Zo", \nthe 2nd',
            "dateOfBirth": "2000-06-16",
            "postalCode": "02134",
            "mobilePhone": "5557778888",
        },
        "customFields": {"Smoker": 1, "Body_Weight": 71.5, "Medication1": "Warfarin; 5 mg|daily"},
    },
    {"participantIdentifier": "P-2", "demographics": {"email": "lee@example.com"}},
    {"participantIdentifier": "P-3", "excludeFromExport": False, "customFields": {"Smoker": 0}},
]
HEADER: Final = [
    "ParticipantIdentifier",
    "invitation status",
    "Exclude_From_Export",
    "EmailAddress",
    "FirstName",
    "DOB",
    "demographics.postalCode",
    "Mobile-Phone",
    "Smoker",
    "body weight",
    "customFields.medication_1",
]
FIRST: Final = [
    *[
        "P-1",
        "pending",
        "TRUE",
        "josé@example.com",
        'Zoë "Zo", \nthe 2nd',
        "2000-06-16",
        "02134",
        "5557778888",
    ],
    *["1", "71.5", "Warfarin; 5 mg|daily"],
]
OTHERS: Final = [
    ["P-2", "", " ", "lee@example.com", "", "", "", "", "", "", ""],
    ["P-3", "", "false", "", "", "", "", "", "0", "", ""],
]
TABLE: Final = delimited([HEADER, FIRST, *OTHERS])
SHEET: Final = workbook(
    [
        HEADER,
        [*FIRST[:2], True, *FIRST[3:5], date(2000, 6, 16), "02134", 5557778888, 1, 71.5, FIRST[10]],
        *[[each or None for each in row] for row in OTHERS],
    ]
)
LINES: Final = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in RECORDS)
LIST: Final = json.dumps(RECORDS, indent=1)
BULK: Final = json.dumps({"allowUpdate": True, "participants": RECORDS})


NUL: Final = "the text has a NUL; --encoding NAME says if it is UTF-16"
UNCLOSED: Final = "quote-malformed: a quote is opened and never closed"
STRANGE: Final = (
    "the file has no column that is known; is the header missing? "
    "--header-row, --separator and --map say how it is read; fields are id, invitationStatus, "
    "participantIdentifier, secondaryIdentifier, excludeFromExport, institutionCode, customFields, email, "
    "firstName, middleName, lastName, dateOfBirth, preferredLanguage, gender, street1, street2, city, state, "
    "postalCode, mobilePhone, utcOffset"
)


def values(payloads: Sequence[object]) -> list[Any]:
    """The JSON values of payloads."""
    return [json.loads(each) if isinstance(each, str | bytes) else each for each in payloads]


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("comma.csv", TABLE.encode()),
        ("semicolon.csv", delimited([HEADER, FIRST, *OTHERS], ";").encode()),
        ("tab.tsv", delimited([HEADER, FIRST, *OTHERS], "\t").encode()),
        ("bar.csv", delimited([HEADER, FIRST, *OTHERS], "|").encode()),
        ("lf.csv", delimited([HEADER, FIRST, *OTHERS], line_end="\n").encode()),
        ("cr.csv", delimited([HEADER, FIRST, *OTHERS], line_end="\r").encode()),
        ("mark.csv", TABLE.encode("utf-8-sig")),
        ("utf16.csv", TABLE.encode("utf-16")),
        ("utf16be.csv", b"\xfe\xff" + TABLE.encode("utf-16-be")),
        ("cp1252.csv", TABLE.encode("cp1252")),
        ("people.xlsx", SHEET),
        ("list.json", LIST.encode()),
        ("mark.json", LIST.encode("utf-8-sig")),
        ("bulk.json", BULK.encode()),
        ("lines.jsonl", LINES.encode()),
        ("mark.ndjson", LINES.encode("utf-8-sig")),
        ("crlf.jsonl", LINES.replace("\n", "\r\n").encode()),
        ("lines.json", LINES.encode()),
        ("table.txt", TABLE.encode()),
        ("sheet.dat", SHEET),
        ("lines.txt", LINES.encode()),
        ("list", LIST.encode()),
    ],
)
def test_all_formats_have_the_same_records(
    tmp_path: Path, name: str, data: bytes, *, is_packed: bool
) -> None:
    """The same records have the same payloads in every format, in parts of any size, packed or not."""
    name, saved = (f"{name}.gz", packed(data)) if is_packed else (name, data)
    source = opened(tmp_path, saved, DECLARED, name)
    for records in (1, 2, 2_000):
        assert values(payloads(source, records)) == RECORDS
    with source.open() as one, source.open() as other:
        assert (one.read(3), other.read(), one.read()) == (data[:3], data, data[3:])
    said = [(2, None, "encoding-guessed")] if name.startswith("cp1252") else []
    said += [(1, None, "members-unread")] if name.startswith("bulk") else []
    assert (source.name, source.size, list(notices(source))) == (str(tmp_path / name), len(data), said)


@pytest.mark.parametrize(("kind", "data"), [("csv", TABLE), ("json", LIST), ("jsonl", LINES)])
def test_the_kind_can_be_given(tmp_path: Path, kind: Kind, data: str) -> None:
    """A kind that is given ranks before the ending, which ranks before the first bytes."""
    source = opened(tmp_path, data, DECLARED, "people.xlsx", input_format=kind)
    assert (source.kind, values(payloads(source))) == (kind, RECORDS)


def test_packed_without_an_ending(tmp_path: Path) -> None:
    """A packed file is unpacked whatever its name, and .gz alone packs nothing."""
    assert values(payloads(opened(tmp_path, packed(TABLE.encode()), DECLARED, "people.csv"))) == RECORDS
    assert values(payloads(opened(tmp_path, TABLE, DECLARED, "people.csv.GZ"))) == RECORDS
    assert payloads(opened(tmp_path, packed(b"nonsense\n{}"), DECLARED, "a.jsonl.gz")) == [b"nonsense", b"{}"]


@pytest.mark.parametrize(
    "data", [TABLE.encode(), packed(TABLE.encode()), SHEET, LIST.encode(), LINES.encode()]
)
def test_standard_input(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name - is standard input, which can be read again."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    source = open_source("-", DECLARED)
    assert values(payloads(source, 1)) == RECORDS
    assert source.name == "-"


def test_a_pipe(tmp_path: Path) -> None:
    """A pipe, which can be read only once, is kept as standard input is."""
    path = tmp_path / "pipe.csv"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(TABLE.encode(),))
    writer.start()
    source = open_source(str(path), DECLARED)
    writer.join()
    assert payloads(source, 1) == RECORDS


def test_parts_of_a_file_on_disk_travel_as_places(tmp_path: Path) -> None:
    """Another process reads its part of a file itself: the part that travels has no record."""
    for name, data in (("people.csv", TABLE), ("people.jsonl", LINES)):
        source = opened(tmp_path, data, DECLARED, name)
        assert not any(b"lee@" in pickle.dumps(part) for part in source.parts(1))
        kept = opened(tmp_path, packed(data.encode()), DECLARED, name)
        assert any(b"lee@" in pickle.dumps(part) for part in kept.parts(1))


def test_personal_data_is_in_no_repr(tmp_path: Path) -> None:
    """Sources and parts can be printed without showing a record."""
    for name, data in (
        *(("a.csv", TABLE.encode()), ("b.csv", packed(TABLE.encode())), ("c.xlsx", SHEET)),
        *(("d.json", LIST.encode()), ("e.jsonl", LINES.encode()), ("f.jsonl", packed(LINES.encode()))),
    ):
        source = opened(tmp_path, data, DECLARED, name)
        assert "lee@" not in repr(source) + "".join(repr([part, part.read()]) for part in source.parts(2))


ARCHIVE: Final = "a ZIP archive and no workbook that is known; unpack it, or save it as XLSX"
AS_TEXT: Final = "--input-format csv reads it where it is a text"
PACKED: Final = "packed, and not once with gzip; unpack it"
SAID: Final = 'the first line says that "," stands between cells; '
WIDE: Final = "in UTF-16 or UTF-32, and JSON is UTF-8 (RFC 8259, 8.1); save it so"
MARKUP: Final = "a web page or another XML text; open it in a spreadsheet program and save it as XLSX"


def archived(*names: str) -> bytes:
    """A ZIP archive with these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, TABLE)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("empty.csv", b"", "the file is empty"),
        ("blank.csv", b"\xef\xbb\xbf \r\n\n", "the file is empty"),
        ("cells.csv", b",,\n , ,\n", STRANGE),
        ("sep.csv", b"sep=,\nEmail;City\na;b\n", STRANGE.replace("? ", f"? {SAID}")),
        ("empty.json", b" \n", "the file is empty"),
        ("empty.jsonl", b"", "the file is empty"),
        ("empty.xlsx", b"", "the file is empty"),
        ("empty.csv.gz", packed(b""), "the file is empty"),
        ("sheet.xlsx", workbook([]), "the workbook's sheets are empty"),
        ("cut.csv.gz", packed(TABLE.encode())[:-20], "the gzip data ends too early"),
        ("broken.csv.gz", packed(TABLE.encode())[:-8] + b"\1" * 8, "the gzip data is damaged"),
        ("garbage.gz", b"\x1f\x8b" + b"\7" * 40, "the gzip data is damaged"),
        ("garbage.csv.gz", packed(TABLE.encode())[:10] + b"\7" * 40, "the gzip data is damaged"),
        ("nul.csv", b"Email\na\nb\0\n", f"row 3: {NUL}"),
        ("nul16.csv", "Email\na\0".encode("utf-16"), f"row 2: {NUL}"),
        ("declared.csv", b"\xef\xbb\xbfEmail\n\xff\n", "the file is not UTF-8, as its byte order mark says"),
        ("declared16.csv", b"\xff\xfeE\0m\0\x00\xd8", "the file is not UTF-16, as its byte order mark says"),
        ("odd16.csv", b"\xff\xfeE\0m\0a", "the file is not UTF-16, as its byte order mark says"),
        ("header.csv", b"kim,kim@example.com\nlee,lee@example.com\n", STRANGE),
        ("quote.csv", b'Email,City\na,b\n\n"c\n,d\n', f"row 4: {UNCLOSED}"),
        ("quote2.csv", b'\nEmail,"City\na,b\n', f"row 2: {UNCLOSED}"),
        ("twice.csv", b"Email,City,Email \n", 'the column "Email" stands there twice'),
        (
            "same.csv",
            b"DOB,City,Date of birth\n",
            'the columns "DOB" and "Date of birth" are the same field',
        ),
        ("bad.json", b'{"a": 1', "line 1, column 8: the file is no JSON"),
        ("bytes.json", b'"\xff"', "line 1, column 2: the file is not UTF-8"),
        ("junk.xlsx", b"PK\3\4junk", "the workbook cannot be read"),
        ("cut.xlsx", SHEET[:3000], "the workbook cannot be read"),
        ("a.zip", archived("a.csv"), f"the file is {ARCHIVE}"),
        ("a.xlsx", archived(), f"the file is no workbook; {AS_TEXT}"),
        ("folders.xlsx", archived("xl\\other.xml"), "the workbook cannot be read"),
        ("a.csv", packed(packed(TABLE.encode())), f"the file is {PACKED}"),
        ("a.csv.bz2", b"BZh91AY&SY", f"the file is {PACKED}"),
        ("a.pdf", b"%PDF-1.4\n\0", "the file is a PDF document; save its table as XLSX or CSV"),
        ("a.xls", b"<html><table>", f"the file is {MARKUP}"),
        ("b.xls", b"\xef\xbb\xbf\n<?XML version='1.0'?>", f"the file is {MARKUP}"),
        *[
            (name, '[{"id": 1}]'.encode(encoding), f"the file is {WIDE}")
            for name in ("a.json", "a.jsonl")
            for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
        ],
        ("json.csv", b' [\n {"id": 1}]', "the file is JSON and no table; --input-format json reads it"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_used(tmp_path: Path, name: str, data: bytes, why: str) -> None:
    """A file that is wrong as a whole is one line with its name, and without a value of it."""
    with pytest.raises(Unusable) as raised:
        payloads(opened(tmp_path, data, UNDECLARED, name))
    assert str(raised.value) == f"{tmp_path / name}: {why}"
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


def test_files_that_are_not_there(tmp_path: Path) -> None:
    """The error of a missing file or a folder has the system's words."""
    for name, why in (
        (str(tmp_path / "nope.csv"), "No such file or directory"),
        (str(tmp_path), "Is a directory"),
    ):
        with pytest.raises(Unusable) as raised:
            open_source(name, UNDECLARED)
        assert str(raised.value) == f"{name}: {why}"


def test_a_disk_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error of a file that can be opened and not be read has the system's words."""

    def fail(content: Content) -> bool:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("participant_rules.batch.files.opening.is_blank", fail)
    with pytest.raises(Unusable, match=r": Input/output error$"):
        opened(tmp_path, TABLE)


def test_files_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error of a file without the permission to read it has the system's words."""

    def refuse(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Unusable, match=r"^x\.csv: Permission denied$"):
        open_source("x.csv", UNDECLARED)


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    """A part with missing bytes is an error."""
    for name, data in (("people.csv", TABLE), ("people.jsonl", LINES)):
        source = opened(tmp_path, data, DECLARED, name)
        (part,) = source.parts(2_000)
        (tmp_path / name).write_bytes(data.encode()[:-3])
        with pytest.raises(Unusable, match=r": the file was changed while it was read$"):
            part.read()
        (tmp_path / name).unlink()
        with pytest.raises(Unusable, match=r": No such file or directory$"):
            part.read()
        with pytest.raises(Unusable, match=r": No such file or directory$"):
            list(source.parts(1))


def test_a_file_that_changes_before_a_record_is_read_again(tmp_path: Path) -> None:
    """A line that has no end any more says so, and so does one that is gone."""
    for name, data in (("people.csv", "Email,City\na@b.de,X\nc@d.de,Y\n"), ("people.jsonl", LINES)):
        source = opened(tmp_path, data, DECLARED, name)
        (part,) = source.parts(2_000)
        assert isinstance(part, Seekable)
        last = part.read().offsets[-1]
        for left in (data.encode()[:-3], b""):
            (tmp_path / name).write_bytes(left)
            with pytest.raises(Unusable, match=r": the file was changed while it was read$"):
                part.payload(last)


@pytest.mark.parametrize("name", ["people.csv", "people.jsonl"])
def test_a_file_that_changes_and_stays_as_long(tmp_path: Path, name: str) -> None:
    """What was judged is not what would be sent: it says so, at once and for every part."""
    data = TABLE if name.endswith("csv") else LINES
    source = opened(tmp_path, data, DECLARED, name)
    (part,) = source.parts(2_000)
    (tmp_path / name).write_text(data.swapcase(), "utf-8")
    os.utime(tmp_path / name, ns=(0, 0))
    for read in (part.read, lambda: list(source.parts(1)), source.open):
        with pytest.raises(Unusable, match=rf"{name}: the file was changed while it was read$"):
            read()


def test_other_bytes_than_when_it_was_opened(tmp_path: Path) -> None:
    """A table that is no longer in the encoding it was opened with says so, also where its times are old."""
    source = opened(tmp_path, "Email\nabc\n")
    (part,) = source.parts(1)
    file = tmp_path / "people.csv"
    before = file.stat()
    file.write_bytes(b"Email\n\xff\xff\xff\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(Unusable, match=r": the file was changed while it was read$"):
        part.read()


def test_only_a_header(tmp_path: Path) -> None:
    """A table without rows has no records."""
    for name, data in (
        ("a.csv", b"Email,City"),
        ("b.csv", b"Email\n\n , \n"),
        ("c.xlsx", workbook([["Email"]])),
    ):
        source = opened(tmp_path, data, UNDECLARED, name)
        assert (payloads(source), source.notices) == ([], ())
    source = opened(tmp_path, "login,vnn,v1\n", GROUP)
    assert (payloads(source), list(notices(source))) == ([], [(1, "vnn", "column-unknown")])


def test_only_tables_are_mapped(tmp_path: Path) -> None:
    """A column cannot be mapped where there are none."""
    for name, data in (("people.json", LIST), ("people.jsonl", LINES)):
        with pytest.raises(Unusable, match=r": only a table has columns that could be mapped$"):
            opened(tmp_path, data, UNDECLARED, name, mapping={"a": "email"})


def test_what_copies_need(tmp_path: Path) -> None:
    """A source has its kind, and a table of text its dialect."""
    table = opened(tmp_path, TABLE.encode("utf-16"), DECLARED)
    assert (table.kind, table.dialect) == ("csv", Dialect("utf-16-le", b"\xff\xfe", ","))  # type: ignore[attr-defined]  # of tables
    sheet = opened(tmp_path, SHEET, DECLARED, "people.xlsx")
    assert (sheet.kind, sheet.dialect) == ("xlsx", None)  # type: ignore[attr-defined]  # of tables
    assert opened(tmp_path, LIST, DECLARED, "people.json").kind == "json"
    assert opened(tmp_path, LINES, DECLARED, "people.jsonl").kind == "jsonl"


def test_sizes_of_parts_add_up(tmp_path: Path) -> None:
    """The parts of a file take its bytes, the parts of a table of text the bytes behind the header."""
    for name, data, of_header in (
        ("a.csv", TABLE.encode(), TABLE.index("\n") + 1),
        ("b.xlsx", SHEET, 0),
        ("c.json", LIST.encode(), 0),
        ("d.jsonl", LINES.encode(), 0),
    ):
        source = opened(tmp_path, data, DECLARED, name)
        assert sum(part.size for part in source.parts(1)) == len(data) - of_header
    grouped = opened(tmp_path, "login,v1\na,1\nb,2\na,3\n", GROUP)
    assert [part.size for part in grouped.parts(1)] == [10, 11]


def test_json_has_no_columns(tmp_path: Path) -> None:
    """No pointer into a record stands for a column where there are none."""
    for name, data in (("people.json", LIST), ("people.jsonl", LINES)):
        assert opened(tmp_path, data, UNDECLARED, name).column("/demographics/email") is None


def test_a_table_streams(tmp_path: Path) -> None:
    """Parts of a table have about so many records each, and know their rows."""
    source = opened(tmp_path, "Email,City\n" + "".join(f"p{n}@example.com,Rome\n" for n in range(5_000)))
    read = chunks(source, 1_000)
    assert [900 < len(each.payloads) < 1_100 for each in read[:-1]] == [True] * (len(read) - 1)
    assert rows(source, 1_000) == list(range(2, 5_002))
    assert payloads(source, 1_000)[4_321]["demographics"]["email"] == "p4321@example.com"
    assert {each.sound for each in read} == {True}


def test_a_path_object(tmp_path: Path) -> None:
    """It is as good as its text, which names the file in what is said."""
    path = tmp_path / "in.csv"
    path.write_text("participantIdentifier\nA\n")
    source = open_source(path, UNDECLARED)
    assert (source.name, payloads(source)) == (str(path), [{"participantIdentifier": "A"}])
