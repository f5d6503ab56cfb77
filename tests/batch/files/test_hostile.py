"""Files that nobody means well with: one clear line soon, whatever their format."""

import gzip
import io
import os
import struct
import time
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from participant_rules.batch.files import calamine, open_source
from participant_rules.batch.files.binary_extents import cells_of_xls, cells_of_xlsb
from participant_rules.batch.records import Kind, Unusable
from tests.batch.files.judging import in_project
from tests.batch.files.samples import UNDECLARED, payloads

HEAD: Final = ("participantIdentifier", "email", "city")
SECTOR: Final = 512
LAST: Final = 0xFFFFFFFE
FREE: Final = 0xFFFFFFFF
IN_TABLE: Final = 0xFFFFFFFD

# ---- .xls


def record(kind: int, data: bytes = b"") -> bytes:
    """A record of a workbook's stream."""
    return struct.pack("<HH", kind, len(data)) + data


def label(row: int, column: int, text: str) -> bytes:
    """A cell with a text."""
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text.encode())


def stream(cells: bytes) -> bytes:
    """The stream of a workbook with one sheet."""
    globals_ = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    name = b"\x05\x00" + b"Sheet"
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 16, 0, 0, 0, 0)) + cells + record(0x0A)
    begins = len(globals_) + 4 + 6 + len(name) + 4
    return globals_ + record(0x85, struct.pack("<IH", begins, 0) + name) + record(0x0A) + sheet


def entry(name: str, kind: int, first: int, size: int, child: int = FREE) -> bytes:
    """An entry of a compound file's directory."""
    spelt = name.encode("utf-16-le") + b"\0\0"
    head = spelt.ljust(64, b"\0") + struct.pack("<HBBIII", len(spelt), kind, 1, FREE, FREE, child)
    return (head.ljust(116, b"\0") + struct.pack("<II", first, size)).ljust(128, b"\0")


def compound(
    data: bytes, table: Mapping[int, int] = {}, *, is_small: bool = False, more: int = LAST, **counts: int
) -> bytes:
    """A compound file with a workbook's stream; `table` changes the chains, `counts` the header's counts."""
    sectors = -(-max(len(data), 1) // SECTOR)
    words = [IN_TABLE, LAST, *range(3, 2 + sectors), LAST, LAST]
    small = 2 + sectors
    words += [FREE] * (128 - len(words))
    for place, word in table.items():
        words[place] = word
    root = entry("Root Entry", 5, 2 if is_small else LAST, len(data) if is_small else 0, child=1)
    directory = root + entry("Workbook", 2, 0 if is_small else 2, len(data)) + bytes(256)
    chain = [*range(1, -(-len(data) // 64)), LAST] if is_small else []
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<III", 0, counts.get("tables", 1), 1)
    header += struct.pack("<III", 0, 4096, small if is_small else LAST)
    header += struct.pack("<III", int(is_small), more, counts.get("further", 0)) + struct.pack("<I", 0)
    return b"".join(
        [
            header.ljust(SECTOR, b"\xff"),
            struct.pack("<128I", *words),
            directory,
            data.ljust(sectors * SECTOR, b"\0"),
            struct.pack("<128I", *chain, *[FREE] * (128 - len(chain))),
        ]
    )


def rows(*places: tuple[int, int]) -> bytes:
    """The cells of a table, and further ones."""
    table = [HEAD, ("N1", "a@example.com", "Ulm")]
    cells = [label(row, column, text) for row, line in enumerate(table) for column, text in enumerate(line)]
    return b"".join([*cells, *[label(*place, "x") for place in places]])


@pytest.mark.parametrize("is_small", [False, True])
def test_an_xls_is_read(tmp_path: Path, *, is_small: bool) -> None:
    """Whether its stream has sectors of its own, or lies in the root's."""
    data = stream(rows() if is_small else rows(*[(1, 2)] * 400))
    found = in_project(tmp_path, compound(data, is_small=is_small), "p.xls")
    assert found == (["add"], [], ["cell-unreadable"])


def test_a_table_that_goes_on(tmp_path: Path) -> None:
    """The sectors of the allocation table may be named in further sectors, as far as there are any."""
    for more in (0, 1):
        data = compound(stream(rows(*[(1, 2)] * 400)), more=more, further=3)
        with suppress(Unusable):
            assert in_project(tmp_path, data, "p.xls").actions == ["add"]


# ---- .ods, .xlsb


def packed(**parts: bytes) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def ods(body: str, before: str = "") -> bytes:
    """An OpenDocument spreadsheet."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f"{before}<office:document-content{spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="S">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    return packed(**{"mimetype": mimetype, "content.xml": content.encode(), "META-INF/manifest.xml": b"<m/>"})


def cell(text: str, more: str = "") -> str:
    """A cell of one."""
    return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'


def of_rows(more: str, *cells: str) -> str:
    """A row of it, below a header."""
    head = f"<table:table-row>{''.join(map(cell, HEAD))}</table:table-row>"
    return f"{head}<table:table-row{more}>{''.join(cells)}</table:table-row>"


def xlsb(*cells: tuple[int, int]) -> bytes:
    """The part of a binary worksheet with cells that have numbers."""
    return b"".join(
        b"\x00\x04" + struct.pack("<I", row) + b"\x05\x10" + struct.pack("<IId", column, 0, 1.0)
        for row, column in cells
    )


_DECLARED: Final = [f"<!ENTITY {chr(98 + each)} '{f'&{chr(97 + each)};' * 10}'>" for each in range(9)]
ENTITIES: Final = f"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'>{''.join(_DECLARED)}]>"
REPEATED: Final = ' table:number-rows-repeated="1048576"'
ACROSS: Final = ' table:number-columns-repeated="16384"'

FILES: Mapping[str, Callable[[], bytes]] = {
    "junk.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000),
    "cut.xls": lambda: compound(stream(rows(*[(1, 2)] * 400)))[:700],
    "head.xls": lambda: compound(stream(rows()))[:60],
    "circle.xls": lambda: compound(stream(rows(*[(1, 2)] * 400)), {3: 2}),
    "directory.xls": lambda: compound(stream(rows(*[(1, 2)] * 400)), {1: 1}),
    "tables.xls": lambda: compound(stream(rows(*[(1, 2)] * 400)), tables=0x7FFFFFFF),
    "further.xls": lambda: compound(stream(rows(*[(1, 2)] * 400)), further=0x7FFFFFFF),
    "far.xls": lambda: compound(stream(rows(*[(1, 2)] * 400, (65535, 255)))),
    "farther.xls": lambda: compound(stream(rows(*[(1, 2)] * 400, (65535, 65535)))),
    "rows.ods": lambda: ods(of_rows(REPEATED, *map(cell, "xyz"))),
    "columns.ods": lambda: ods(of_rows("", cell("x", ACROSS))),
    "both.ods": lambda: ods(of_rows(REPEATED, cell("x", ACROSS))),
    "entities.ods": lambda: ods(of_rows("", cell("&j;")), ENTITIES),
    "deep.ods": lambda: ods("<x>" * 50_000),
    "cut.ods": lambda: ods(of_rows(""))[:400],
    "junk.ods": lambda: b"PK\x03\x04" + bytes(range(256)) * 40,
    "far.xlsb": lambda: packed(
        **{"xl/workbook.bin": b"x", "xl/worksheets/sheet1.bin": xlsb((0, 0), (1048575, 16383))}
    ),
    "junk.xlsb": lambda: packed(
        **{"xl/workbook.bin": b"\xff" * 500, "xl/worksheets/sheet1.bin": b"\xff" * 9}
    ),
    "nothing.xlsx": packed,
    "zeros.csv.gz": lambda: gzip.compress(bytes(70_000_000)),
    "cut.csv.gz": lambda: gzip.compress(os.urandom(9000))[:4000],
    "damaged.csv.gz": lambda: gzip.compress(os.urandom(9000))[:4000] + bytes(5000),
    "open.csv": lambda: b'participantIdentifier,Notes\nN1,"' + b"a,b\n" * 300_000,
    "wide.csv": lambda: b"participantIdentifier" + b"," * 300_000 + b"\nN1\n",
    "binary.csv": lambda: bytes(range(1, 256)) * 4000,
    "odd.csv": lambda: b"\xff\xfe" + b"a\0" * 4000 + b"x",
    "deep.json": lambda: b"[" * 1_000_000,
    "endless.json": lambda: b'[{"a":"' + b"x" * 1_000_000,
}
"""Files of many kinds."""


@pytest.mark.parametrize("name", FILES)
def test_one_clear_line(tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """No file of these is read, and nothing else is printed."""
    data = FILES[name]()
    began = time.process_time()
    with pytest.raises(Unusable) as raised:
        in_project(tmp_path, data, name)
    assert str(raised.value).count("\n") == 0
    assert time.process_time() - began < 5  # seconds
    assert capfd.readouterr() == ("", "")


REFUSED: Mapping[str, tuple[Callable[[], bytes], list[tuple[str, int]]]] = {
    "row.csv": (lambda: b"participantIdentifier,Notes\nN1" + b",x" * 300_000, [("row-width-differs", 2)]),
    "number.json": (
        lambda: b'[{"participantIdentifier":"N1","customFields":{"x":' + b"9" * 1_000_000 + b"}}]",
        [("number-not-finite", 1)],
    ),
    "number.jsonl": (
        lambda: b'{"participantIdentifier":"N1","customFields":{"x":' + b"9" * 1_000_000 + b"}}",
        [("number-not-finite", 1)],
    ),
    "deep.jsonl": (lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000, [("too-deep", 1)]),
}
"""Files of which a record is refused."""


@pytest.mark.parametrize("name", REFUSED)
def test_one_refused_record(tmp_path: Path, name: str) -> None:
    """It has its reason, and soon."""
    made, results = REFUSED[name]
    began = time.process_time()
    assert in_project(tmp_path, made(), name)[:2] == (["refused"], results)
    assert time.process_time() - began < 5  # seconds


# ---- the parts


def test_places_in_binary_workbooks() -> None:
    """Cells with a value, sheet by sheet; a cut record is passed over."""
    data = stream(rows((7, 9)))
    assert [*cells_of_xls(data)] == [[], [], [*[(r, c) for r in range(2) for c in range(3)], (7, 9)]]
    assert [*cells_of_xls(data[:3])] == [[]]
    assert [*cells_of_xlsb(xlsb((1, 2), (3, 4)))] == [(1, 2), (3, 4)]
    assert [*cells_of_xlsb(b"\x05")] == [*cells_of_xlsb(b"\x80\x80")] == []


def test_panics() -> None:
    """A panic of a library in Rust is an error like any other; any other exception goes on."""
    panic = type("PanicException", (BaseException,), {})
    for failure, expected in ((panic("x"), calamine.Panicked), (KeyError("x"), KeyError)):
        with pytest.raises(expected), calamine.quietly():
            raise failure


def test_a_process_without_a_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to be kept from it."""

    def refuse(_: int) -> int:
        raise OSError

    monkeypatch.setattr(os, "dup", refuse)
    with calamine.quietly():
        pass


def test_broken_bytes(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Whatever bytes of an .xls are wrong, it is read or one line says that it cannot be."""
    data = compound(stream(rows(*[(1, 2)] * 400)))
    for place in range(1536, 1536 + 30, 2):
        with suppress(Unusable):
            in_project(tmp_path, data[:place] + b"\xff\xff" + data[place + 2 :], "p.xls")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "data", "option"),
    [
        ("p.xls", b"participantIdentifier\temail\nN1\ta@example.com\n", "csv"),
        ("p.csv", compound(stream(rows(*[(1, 2)] * 400))), "xlsx"),
    ],
)
def test_names_of_another_kind(tmp_path: Path, name: str, data: bytes, option: Kind) -> None:
    """The line says which option reads the file, and it does."""
    with pytest.raises(Unusable, match=f"--input-format {option} reads it"):
        in_project(tmp_path, data, name)
    opened = open_source(str(tmp_path / name), UNDECLARED, input_format=option)
    assert [payload["participantIdentifier"] for payload in payloads(opened)] == ["N1"]
