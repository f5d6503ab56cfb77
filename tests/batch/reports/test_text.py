"""The report for people."""

from attrs import evolve

from participant_rules.batch.files.notices import encoding_guessed
from participant_rules.batch.outcomes import About, Finding, Place, Summary
from participant_rules.batch.reports import Look
from participant_rules.batch.summary import SummaryCounter
from participant_rules.rules import at
from tests.batch.reports.samples import (
    ABOUT,
    NO_V48,
    NOTICE,
    ODD,
    OUTCOMES,
    TAKEN,
    refused,
    rendered,
    summary_of,
    unknown_field,
    variable_unknown,
    warned,
)

ONE_FILE = About("project", ["roster.csv"], ABOUT.rules)


def test_the_whole_report() -> None:
    """Errors come before warnings and the most frequent first; a sentence that differs stands at its row."""
    assert rendered("text", summary=summary_of(OUTCOMES, [NOTICE], stopped=True)) == (
        "variable-unknown  Survey does not have a 'v48' variable.  2 violations\n"
        "  roster.csv\n"
        "    row 4  /seeding/v48\n"
        "  =a</script>\\x1b[31m\\udc80\\u202e.csv\n"
        "    row 2  <img src=x onerror=document.title='hacked'>  Survey does not have a 'v7' variable.\n"
        "\n"
        "email-taken  Must be unique within a project.  1 violation\n"
        "  roster.csv\n"
        "    row 3  E-mail  (row 2 has it)\n"
        "\n"
        "unknown-field  The member is not documented and is ignored.  1 warning\n"
        "  roster.csv\n"
        "    row 4  /colour\n"
        "\n"
        "roster.csv:1  Colour  The member is not documented and is ignored.  [unknown-field]\n"
        "\n"
        "The check stopped early, at the greatest number of violations that was asked for.\n"
        "\n"
        "5 records: 1 would be added, 0 would be updated, 1 unchanged, 3 refused (3 violations, 1 warning)\n"
    )


def test_a_notice_on_a_file() -> None:
    """It is about all of it."""
    notice = Finding(Place("roster.csv", 1), encoding_guessed.violation(at(encoding="cp1252")))
    assert "row 1  whole file  The text is not UTF-8" in rendered(
        "text", [], summary=summary_of([], [notice]), about=ONE_FILE
    )


def test_one_file_is_named_once() -> None:
    """Its name comes first; a finding about a whole record says so."""
    whole = evolve(NO_V48, violation=variable_unknown.violation(at(pointer="", item="v48")))
    assert rendered("text", [refused(3), refused(4, whole)], about=ONE_FILE) == (
        "roster.csv\n"
        "\n"
        "email-taken  Must be unique within a project.  1 violation\n"
        "  row 3  E-mail  (row 2 has it)\n"
        "\n"
        "variable-unknown  Survey does not have a 'v48' variable.  1 violation\n"
        "  row 4  whole record\n"
        "\n"
        "2 records: 0 would be added, 0 would be updated, 0 unchanged, 2 refused (2 violations, 0 warnings)\n"
    )


def test_a_frequent_warning_stands_once() -> None:
    """Such a warning has its count and no rows; the others of its rule have theirs."""
    odd = [warned(row, evolve(ODD, place=Place("roster.csv", row))) for row in range(2, 9)]
    outcomes = [*odd, warned(9, evolve(ODD, violation=unknown_field.violation(at("size"))))]
    counter = SummaryCounter()
    for each in outcomes:
        counter.add(each)
    assert rendered("text", outcomes, counter.summary(), ONE_FILE).splitlines()[2:5] == [
        "unknown-field  The member is not documented and is ignored.  8 warnings",
        "  7 of 8 records  /colour",
        "  row 4  /size",
    ]
    assert rendered("text", outcomes, about=ONE_FILE).splitlines()[3:5] == [
        "  row 2  /colour",
        "  row 3  /colour",
    ]


def test_lines_break_between_words() -> None:
    """In a narrow terminal no word is broken, and continued lines are indented."""
    text = rendered("text", OUTCOMES, about=ONE_FILE, look=Look(width=40))
    assert text.splitlines()[2:7] == [
        "variable-unknown  Survey does not have a",
        "    'v48' variable.  2 violations",
        "  row 4  /seeding/v48",
        "  row 2  <img src=x",
        "      onerror=document.title='hacked'>",
    ]
    wide = {word for line in rendered("text", OUTCOMES, about=ONE_FILE).splitlines() for word in line.split()}
    assert {word for line in text.splitlines() for word in line.split()} == wide


def test_wide_letters_take_two_columns() -> None:
    """A line is as long as it looks: of Chinese a terminal shows half as many letters."""
    finding = evolve(TAKEN, place=Place("roster.csv", 3, "電子郵件地址 e\u0301"))
    text = rendered("text", [refused(3, finding)], about=ONE_FILE, look=Look(width=22))
    assert "  row 3  電子郵件地址\n      e\u0301  (row 2" in text


def test_without_findings() -> None:
    """Where nothing is found, or nothing was there, the report is its last line."""
    assert rendered("text", OUTCOMES[:1]) == (
        "1 record: 1 would be added, 0 would be updated, 0 unchanged, 0 refused (0 violations, 0 warnings)\n"
    )
    assert rendered("text", []) == (
        "0 records: 0 would be added, 0 would be updated, 0 unchanged, 0 refused (0 violations, 0 warnings)\n"
    )


def test_only_first_rows_are_shown() -> None:
    """Of a rule's findings five are shown and the others counted; an error ranks before more warnings."""
    odd = [refused(row, evolve(ODD, place=Place("roster.csv", row))) for row in range(2, 9)]
    lines = rendered("text", [*odd, refused(9)], about=ONE_FILE).splitlines()
    assert lines[2] == "email-taken  Must be unique within a project.  1 violation"
    assert lines[5:12] == [
        "unknown-field  The member is not documented and is ignored.  7 warnings",
        *(f"  row {row}  /colour" for row in range(2, 7)),
        "  and 2 more",
    ]


def test_only_first_notices_are_shown() -> None:
    """A file with very many strange columns does not hide how the check ended."""
    notices = [evolve(NOTICE, place=Place("roster.csv", 1, f"c{number}")) for number in range(23)]
    lines = rendered("text", [], Summary(0, {}, 0, 0, {}, notices)).splitlines()
    assert [line.split()[1] for line in lines[:20]] == [f"c{number}" for number in range(20)]
    assert lines[20:22] == ["  and 3 more", ""]


def test_a_value_stands_behind_its_place() -> None:
    """A value is one short line in quotes, whatever stands in it."""
    finding = evolve(TAKEN, value="a\x1b[2J\nb" + "c" * 300)
    row = rendered("text", [refused(3, finding)], about=ONE_FILE).splitlines()[3]
    assert row == ('  row 3  E-mail  "a\\x1b[2J\\nb' + "c" * 193 + '…"  (row 2 has it)')


def test_colour() -> None:
    """Codes are painted by severity, places and counts apart; a broken piece is painted on each line."""
    look = Look(lambda text, style: f"{style}<{text}>")
    lines = rendered("text", summary=summary_of(OUTCOMES, [NOTICE]), look=look).splitlines()
    assert lines[0].startswith("bold red<variable-unknown>  Survey")
    assert lines[0].endswith("  dim<2 violations>")
    assert lines[8] == "    row 3  cyan<E-mail>  dim<(row 2 has it)>"
    assert lines[10].startswith("bold yellow<unknown-field>  ")
    narrow = rendered("text", OUTCOMES[:2], about=ONE_FILE, look=evolve(look, width=24))
    assert "\n  row 3  cyan<E-mail>  dim<(row 2>\n      dim<has it)>\n" in narrow
