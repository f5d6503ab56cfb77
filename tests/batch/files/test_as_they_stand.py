"""Tables are judged as they stand, or have a notice: separators, quotes, headers, widths, encodings."""

from pathlib import Path
from typing import Any

import pytest

from participant_rules.batch.records import Unusable
from tests.batch.files.judging import in_project, in_survey
from tests.batch.files.samples import opened, payloads

ONE = ["add"]


@pytest.mark.parametrize(
    "text",
    [
        'participantIdentifier,email,"Mood (1=bad; 2=ok; 3=good; 4=great)"\nN1,a@example.com,1\n',
        'participantIdentifier;email;"Address, street, city, zip"\nN1;a@example.com;x\n',
        "sep=;\nparticipantIdentifier;email\nN1;a@example.com\n",
        '"sep=|"\r\nparticipantIdentifier|email\r\nN1|a@example.com\r\n',
        'participantIdentifier, email\n"N1", "a@example.com"\n',
        'participantIdentifier\t "email"\nN1\t "a@example.com"\n',
        "\ufeff\ufeffparticipantIdentifier,email\nN1,a@example.com\n",
        "\u200bparticipant\u00adIdentifier,e\u2060mail\nN1,a@example.com\n",
        "participantIdentifier,email\nN1,a@example.com\n\x1a",
        "participantIdentifier,email\nN1,a@example.com\r\n\x1a\r\n",
        "participantIdentifier,email\nN1,a@example.com,,\n",
        'participantIdentifier,email,Notes\n"N1","a@example.com","said \\"no\\", then \\\\ left"\n',
        "participantIdentifier,email,Seen,Weight\nN1,a@example.com, 2021-08-10 , 72.5 \n",
        'participantIdentifier,email,Notes\nN1,a@example.com,5" pipe\n',
        'participantIdentifier,email,Notes\nN1,a@example.com,Anna "Ann" K\n',
        "participantIdentifier,email\nN1,a@example.com\r\n\x1a\x1a\r\n",
    ],
)
def test_read_as_it_stands(tmp_path: Path, text: str) -> None:
    """The record of each of these files is the one that a person sees, and nothing is odd about it."""
    actions, findings, notices = in_project(tmp_path, text)
    assert (actions, findings) == (ONE, [])
    assert set(notices) <= {"column-unknown"}
    (payload,) = payloads(opened(tmp_path, text))
    assert payload["participantIdentifier"] == "N1"
    assert payload["demographics"]["email"] == "a@example.com"


@pytest.mark.parametrize(
    ("text", "results"),
    [
        ("Study XY\n\nparticipantIdentifier,email\nN1,a@example.com\n", ["rows-skipped"]),
        ("# made today\nparticipantIdentifier,email\nN1,a@example.com\n", ["rows-skipped"]),
        ("participantIdentifier,email\nparticipantIdentifier,email\nN1,a@example.com\n", ["rows-skipped"]),
        ("participantIdentifier,email\nParticipant Identifier,E-Mail Address\nN1,\n", ["rows-skipped"]),
        (
            "participantIdentifier,dob,x\nparticipant_identifier,Date of birth, X \nN1,1990-01-01,\n",
            ["rows-skipped", "column-unknown"],
        ),
        (
            'email,participantIdentifier\nWhere?,Who?\n"{""ImportId"":""Q1""}","{""ImportId"":""Q2""}"\na@b.org,N1\n',
            ["rows-skipped"],
        ),
        ("participantIdentifier,x,x\nN1,1,2\n", ["column-unknown", "column-unknown"]),
        (b"participantIdentifier,firstName\nN1,Jos\xe9\n", ["encoding-guessed"]),
        (b"participantIdentifier,firstName\nN1,\xcf\xe5\xf2\xf0\n", ["encoding-guessed"]),
    ],
)
def test_notices_of_a_file(tmp_path: Path, text: str | bytes, results: list[str]) -> None:
    """The record is read, and a notice names any surprise."""
    assert in_project(tmp_path, text) == (ONE, [], results)


@pytest.mark.parametrize("name", ["Participant ID", "ID", "participant_id"])
def test_an_id_that_is_none(tmp_path: Path, name: str) -> None:
    """A column that is read as the server's id, and has no GUID, says which option reads it otherwise."""
    judged = in_project(tmp_path, f"{name},email\nN1,a@example.com\n")
    assert judged == (["refused"], [("participant-not-found", 2)], ["column-read-as"])
    mapped = in_project(
        tmp_path, f"{name},email\nN1,a@example.com\n", mapping={name: "participantIdentifier"}
    )
    assert mapped == (ONE, [], [])


@pytest.mark.parametrize(
    ("text", "actions", "findings"),
    [
        ("participantIdentifier,email,Notes\n001\n", ["refused"], [("row-width-differs", 2)]),
        ("participantIdentifier,Notes\nN1,x\nTotal: 1\n", ["add", "refused"], [("row-width-differs", 3)]),
        (
            "participantIdentifier,email,Notes\nN1,a@b\n",
            ["refused"],
            [("row-width-differs", 2), ("email-malformed", 2)],
        ),
        ("participantIdentifier,Notes\nN1,x,\nN2,y\n", ["add", "add"], [("row-width-differs", 2)]),
        ("participantIdentifier,Notes\nN1,x,,\nN2,y,\n", ["add", "add"], [("row-width-differs", 2)]),
        ("participantIdentifier,Notes\nN1,x,y\n", ["add"], [("row-width-differs", 2), ("unknown-field", 2)]),
        ('participantIdentifier,Notes\n"=""001""",x\n', ["refused"], [("cell-unreadable", 2)]),
        ("participantIdentifier,Notes\n1E+05,x\n", ["add"], [("digits-lost", 2)]),
        ("participantIdentifier,Notes\n1\u200b,\u200b\n", ["add"], [("invisible-character", 2)]),
        (
            "participantIdentifier,Notes,email\nN1,x@gmial.com,a@b.org\nN2,x,a@gmial.com \n",
            ["add", "add"],
            [("domain-mistyped", 3)],
        ),
        (
            'participantIdentifier,Notes,email\nN1,"x,a@b.org\nN2,y",c@b.org\n"N3","z","d@b.org"\n',
            ["add", "add"],
            [("quote-malformed", 2)],
        ),
        ('participantIdentifier,Notes\nN1,"x\n\r\nN2,y"\n', ["add"], [("quote-malformed", 2)]),
        ('participantIdentifier;Notes;x\nN1;"x\nN2";y\n', ["add"], [("quote-malformed", 2)]),
        (
            'participantIdentifier,email,Notes\nN1,a@b.org,"\nN2,c@d.org,"\nN3,e@f.org,x\n',
            ["add", "add"],
            [("quote-malformed", 2)],
        ),
        ('participantIdentifier,Notes\nN1,"\nDear Kim,\nhello\n"\n', ["add"], []),
        ('participantIdentifier,Notes\nN1,"Dear Kim\nHello, you"\n', ["add"], []),
        (
            'participantIdentifier,Notes\nN1,"Dear, Kim\nN2"\nN2,"y\nz"\n',
            ["add", "add"],
            [("quote-malformed", 2)],
        ),
        (
            "participantIdentifier,email\nN1,kim@bücher.example\nN2,zo\xeb@example.com\n".encode()
            + b"N3,zo\xeb@example.com\n",
            ["add", "add", "refused"],
            [("cell-unreadable", 4)],
        ),
        (
            "\ufeffparticipantIdentifier,firstName\nN1,Zoë\n".encode() + b"N2,\xeb\n",
            ["add", "refused"],
            [("cell-unreadable", 3)],
        ),
        (
            "participantIdentifier,firstName\nN1,Zoë\n".encode() + b"N2,x,\xeb\n",
            ["add", "refused"],
            [("cell-unreadable", 3), ("row-width-differs", 3)],
        ),
    ],
)
def test_notices_of_rows(
    tmp_path: Path, text: str | bytes, actions: list[str], findings: list[tuple[str, int]]
) -> None:
    """A row of unknown content is refused; a surprising one is warned about."""
    assert in_project(tmp_path, text, blank="clear")[:2] == (actions, findings)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('participantIdentifier,Notes\nN1,"5" pipe"\n', "row 2: quote-malformed: a quote inside quotes"),
        (
            'participantIdentifier,Notes,email\nN1,"Kim,a@example.com\nN2,"Ann,b@example.com\n',
            "row 2: quote-malformed",
        ),
        (
            'participantIdentifier,Notes,email\nN1,Kim "a, b" c,a@example.com\n',
            "row 2: quote-malformed: a quote opens",
        ),
        (
            'participantIdentifier,Notes,email\nN1,Boots"Here, x","a, b" c\n',
            "row 2: quote-malformed: a quote opens",
        ),
        (
            'participantIdentifier,Notes,email\nN1,Kim "a\nb" c,a@example.com\n',
            "row 2: quote-malformed: a quote opens in the middle of a cell, and a line end",
        ),
        (
            'participantIdentifier,email,Notes\nN1,a@example.com,Kim "a\n\nb" c\n',
            "row 2: quote-malformed: a quote opens in the middle of a cell, and a line end",
        ),
        (
            'participantIdentifier,"Notes\nN1,x\n',
            "row 1: quote-malformed: a quote is opened and never closed",
        ),
        ('participantIdentifier,Notes\n"N1","a \\"b\\" c"\n"N2","d ""e"" f"\n', "row 2: quote-malformed"),
        (b"participantIdentifier,Zo\xeb\nN1,\xc3\xab\n", "row 1: the header has bytes that are not UTF-8"),
        ("participantIdentifier,email,email\n", 'the column "email" stands there twice'),
        ("N1,a@example.com\n", "the file has no column that is known"),
    ],
)
def test_unreadable_files(tmp_path: Path, text: str | bytes, why: str) -> None:
    """A file with ambiguous cells is unusable, and the row is named."""
    with pytest.raises(Unusable, match=why):
        in_project(tmp_path, text)


def test_a_repeated_header(tmp_path: Path) -> None:
    """A row below the records that repeats the column names is none; it has a notice and is refused."""
    head = "participantIdentifier,email"
    for text in (
        f"{head}\nN1,a@b.org\n{head}\nN2,c@d.org\n",
        f'{head}\n"N1",""\n"participantIdentifier", email \nN2,\n',
        f"\ufeff{head}\nN1,\n\ufeff{head}\nN2,\n",
        f'{head}\nN1,\n\ufeff"participantIdentifier","email"\nN2,\n',
    ):
        assert in_project(tmp_path, text) == (["add", "refused", "add"], [("header-repeated", 3)], [])
    assert in_project(tmp_path, f"{head}\nparticipantIdentifier,a@b.org\nx,c@d.org\n").actions == [
        "add",
        "add",
    ]


def test_errors_that_are_texts(tmp_path: Path) -> None:
    """What a spreadsheet writes for an error cannot be read, in a text as in a workbook; other texts can."""
    errors = ["#N/A", " #NV ", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#¿NOMBRE?", "#WERT!", "#####"]
    others = ["#4", "#", "##", "#hashtag", "# N/A", "N/A", "see #REF!", "#na"]
    for text in (*errors, *others):
        judged = in_project(tmp_path, f"participantIdentifier,Notes\nN1,{text}\n")
        is_error = text in errors
        assert judged.actions == ["refused" if is_error else "add"], text
        assert judged.findings == ([("cell-unreadable", 2)] if is_error else []), text
    assert in_project(tmp_path, "participantIdentifier,other\nN1,#N/A\n").actions == ["add"]


@pytest.mark.parametrize("first", ["<header1>", "BZh", "Rar!", "{a}", "7z", "%"])
def test_names_like_those_of_other_files(tmp_path: Path, first: str) -> None:
    """A table may begin with nearly what a web page, an archive or JSON begins with."""
    judged = in_project(tmp_path, f"{first},participantIdentifier\nx,N1\n")
    assert judged == (["add"], [], ["column-unknown"])


def test_totals(tmp_path: Path) -> None:
    """A row with an identifier or address that reads like a total has a notice, and no other row."""
    totals = [
        "Total",
        "TOTAL:",
        "Grand total: 1,234",
        "Sub-total",
        "Gesamtsumme 3",
        "Total participants (12)",
    ]
    others = ["Totally", "N total", "Total-1", "total@example.com", "Total" + " " * 50_000 + "!"]
    for text in (*totals, *others):
        judged = in_project(tmp_path, f'participantIdentifier,Notes\nN1,total\n"{text}",\n')
        said = [("row-of-totals", 3)] if text in totals else []
        assert judged == (["add", "add"], said, []), text


def test_lines_below_the_header(tmp_path: Path) -> None:
    """A row of strokes below the names is no record; one of a blank cell or a single stroke is."""
    for text in (
        "participantIdentifier,email\n---,=====\nN1,\n",
        "|participantIdentifier|email|\n|:--|:--|\n|N1||\n",
    ):
        assert in_project(tmp_path, text) == (["add"], [], ["rows-skipped"])
    for text in ("--,-", "--,\n"):
        assert in_project(tmp_path, f"participantIdentifier,Notes\n{text}\n") == (["add"], [], [])


def test_rows_of_lines_that_end_with_cr(tmp_path: Path) -> None:
    """A row that is named is counted as all others, whatever ends its line."""
    found = opened(tmp_path, b"participantIdentifier,firstName\rN1,A\r\nN2,Jos\xe9\r").notices
    assert [(each.row, each.violation.code) for each in found] == [(3, "encoding-guessed")]
    for start, row in (
        (b"participantIdentifier\rN1\r\nN2\0\r", 3),
        (b"email\r\n" * (1 << 18) + b"\0", (1 << 18) + 1),
        (b"x" * ((1 << 20) - 1) + b"\r\n\0", 2),
    ):
        with pytest.raises(Unusable, match=rf": row {row}: the text has a NUL"):
            opened(tmp_path, start)


def test_a_malformed_quote_far_down(tmp_path: Path) -> None:
    """It makes the file unusable where it is met, in whichever part."""
    rows = "".join(f'N{number},"x"\n' for number in range(3_000))
    with pytest.raises(Unusable, match="row 3002: quote-malformed"):
        in_project(tmp_path, f'participantIdentifier,Notes\n{rows}N,"a"b\nM,x\n')


def test_the_options_of_the_caller(tmp_path: Path) -> None:
    """The given encoding, separator, header's row and escape are taken."""
    text = "email;firstName\nparticipantIdentifier;firstName\nN1;José\n"
    judged = in_project(tmp_path, text.encode("cp850"), encoding="cp850", separator=";", header_row=2)
    assert judged == (ONE, [], ["rows-skipped"])
    utf16 = text.encode("utf-16-le")
    assert in_project(tmp_path, utf16, encoding="utf-16-le", header_row=2).actions == ONE
    utf8 = text.encode() + b"N2;\xeb\n"
    assert in_project(tmp_path, utf8, encoding="utf-8", header_row=2).actions == ["add", "refused"]
    escaped = 'participantIdentifier,Notes\n"N1","a\\"b"\n'
    assert in_project(tmp_path, escaped, escape="\\").actions == ONE
    cases: list[tuple[dict[str, Any], str]] = [
        ({"encoding": "nope"}, "is no encoding that is known"),
        ({"encoding": "rot13"}, "is no encoding that is known"),
        ({"encoding": "ascii"}, "the file is not ASCII, as --encoding says"),
        ({"header_row": 9}, "--header-row 9: there is no such row"),
        ({"columns": "strict"}, 'columns that are not read: "Handy"'),
        ({"separator": ";;"}, "--separator takes one character"),
        ({"separator": ""}, "--separator takes one character"),
    ]
    for options, why in cases:
        data = "participantIdentifier,Handy\nN1,ü\n"
        with pytest.raises(Unusable, match=why):
            in_project(tmp_path, data, **options)
    with pytest.raises(Unusable, match="quote-malformed"):
        in_project(tmp_path, 'participantIdentifier,Notes\n"N1","a\\"b"\n', escape="")


def test_rows_of_a_survey(tmp_path: Path) -> None:
    """Rows of one login are subjects of one participant only where the survey is a group."""
    text = "login,emailAddress,subjectName\nkim,kim@example.com,\nkim,kim@example.com,\n"
    assert in_survey(tmp_path, text) == (["add", "refused"], [("login-name-taken", 3)], [])
    named = "login,subjectName,emailAddress\nkim,A,kim@example.com\nkim,B\n\xff\xfe\n".encode("latin-1")
    judged = in_survey(tmp_path, named, group=True)
    assert judged.actions == ["add", "refused"]
    assert ("row-width-differs", 3) in judged.findings


def test_a_subject_that_cannot_be_read(tmp_path: Path) -> None:
    """A later row's unreadable cell spoils the participant; an unreadable login is a participant apart."""
    start = "login,subjectName,emailAddress\nkim,Ä,kim@example.com\n".encode()
    assert in_survey(tmp_path, start + b"kim,B,\xff\n", group=True).findings == [("cell-unreadable", 3)]
    assert in_survey(tmp_path, start + b"\xff,B,x@example.com\n", group=True).actions == ["add", "refused"]


def test_bare_names_of_a_survey(tmp_path: Path) -> None:
    """A declared key of the invite seeding goes by its bare name."""
    text = "login,emailAddress,Surname\nkim,kim@example.com,Ek\n"
    assert in_survey(tmp_path, text) == (["add"], [], [])


def test_quotes_that_stay_text(tmp_path: Path) -> None:
    """Marks of inches in one row after the other, and a word that is opened and closed, are plain text."""
    text = 'participantIdentifier,Notes,email\nN1,5" pipe,a@example.com\nN2,6" pipe,b@example.com\n'
    assert in_project(tmp_path, text).actions == ["add", "add"]
    rows = ['N1,a@example.com,say "hi', "N2,b@example.com,x", 'N3,"c@example.com",y"']
    text = "\n".join(["participantIdentifier,email,Notes", *rows])
    assert in_project(tmp_path, text).actions == ["add", "add", "add"]


def test_names_that_run_together(tmp_path: Path) -> None:
    """Where a separator is missing in the header every row has a notice, though its last cell is blank."""
    text = '"participantIdentifier","email""firstName","Notes"\n"N1","a@example.com","x",""\n'
    assert in_project(tmp_path, text)[1] == [("row-width-differs", 2)]


def test_utf16_without_a_mark(tmp_path: Path) -> None:
    """It is a guess, with a notice."""
    for encoding in ("utf-16-le", "utf-16-be"):
        data = "participantIdentifier,firstName\nN1,José\n".encode(encoding)
        assert in_project(tmp_path, data) == (ONE, [], ["encoding-guessed"])
        (notice,) = opened(tmp_path, data).notices
        assert encoding in notice.violation.text


def test_too_many_columns(tmp_path: Path) -> None:
    """A header of more columns than a spreadsheet has is none."""
    with pytest.raises(Unusable, match="the header has 20001 columns; at most 16384 are read"):
        in_project(tmp_path, "participantIdentifier" + "," * 20_000 + "\nN1\n")


def test_a_named_encoding_with_a_mark(tmp_path: Path) -> None:
    """The mark says the order of bytes, and a text without one is none of an encoding that needs it."""
    data = "participantIdentifier\nN1\n".encode("utf-16")
    assert in_project(tmp_path, data, encoding="utf-16") == (ONE, [], [])
    source: Any = opened(tmp_path, data, encoding="utf-16")
    assert source.dialect.encoding.startswith("utf-16-")
    with pytest.raises(Unusable, match="the file is not UTF-16, as --encoding says"):
        in_project(tmp_path, "participantIdentifier\nN1\n", encoding="utf-16")


def test_many_blank_lines_above_the_header(tmp_path: Path) -> None:
    """The first twenty rows are the first that are not blank."""
    assert in_project(tmp_path, "\n" * 25 + "participantIdentifier\nN1\n") == (ONE, [], [])
