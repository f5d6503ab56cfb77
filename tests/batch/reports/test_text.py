"""The report for people."""

from attrs import evolve

from participant_rules.batch.outcomes import Place, Summary
from tests.batch.reports.samples import NOTICE, ODD, OUTCOMES, TAKEN, refused, summary_of, written


def test_the_whole_report() -> None:
    """Errors come before warnings and the most frequent first; a sentence that differs stands at its row."""
    assert written("text", summary=summary_of(OUTCOMES, [NOTICE], stopped=True)) == (
        "variable-unknown  Survey does not have a 'v48' variable.  2 violations\n"
        "  roster.csv:4  /seeding/v48\n"
        "  =a</script>\\x1b[31m\\udc80\\u202e.csv:2  <img src=x onerror=document.title='hacked'>  "
        "Survey does not have a 'v7' variable.\n"
        "\n"
        "email-taken  Must be unique within a project.  1 violation\n"
        "  roster.csv:3  E-mail  (row 2 of roster.csv has it)\n"
        "\n"
        "unknown-field  The member is not documented and is ignored.  1 warning\n"
        "  roster.csv:4  /colour\n"
        "\n"
        "roster.csv:1  Colour  The member is not documented and is ignored.  [unknown-field]\n"
        "\n"
        "The check stopped early, at the greatest number of violations that was asked for.\n"
        "\n"
        "5 records: 1 would be added, 0 would be updated, 1 unchanged, 3 refused (3 violations, 1 warning)\n"
    )


def test_without_findings() -> None:
    """Where nothing is found, or nothing was there, the report is its last line."""
    assert written("text", OUTCOMES[:1]) == (
        "1 record: 1 would be added, 0 would be updated, 0 unchanged, 0 refused (0 violations, 0 warnings)\n"
    )
    assert written("text", []) == (
        "0 records: 0 would be added, 0 would be updated, 0 unchanged, 0 refused (0 violations, 0 warnings)\n"
    )


def test_only_first_rows_are_shown() -> None:
    """Of a rule's findings five are shown and the others counted; an error ranks before more warnings."""
    odd = [refused(row, evolve(ODD, place=Place("roster.csv", row))) for row in range(2, 9)]
    lines = written("text", [*odd, refused(9)]).splitlines()
    assert lines[0] == "email-taken  Must be unique within a project.  1 violation"
    assert lines[3:10] == [
        "unknown-field  The member is not documented and is ignored.  7 warnings",
        *(f"  roster.csv:{row}  /colour" for row in range(2, 7)),
        "  and 2 more",
    ]


def test_only_first_notices_are_shown() -> None:
    """A file with very many strange columns does not hide how the check ended."""
    notices = [evolve(NOTICE, place=Place("roster.csv", 1, f"c{number}")) for number in range(23)]
    lines = written("text", [], Summary(0, {}, 0, 0, {}, notices)).splitlines()
    assert [line.split()[1] for line in lines[:20]] == [f"c{number}" for number in range(20)]
    assert lines[20:22] == ["  and 3 more", ""]


def test_a_value_stands_behind_its_place() -> None:
    """A value is one short line in quotes, whatever stands in it."""
    finding = evolve(TAKEN, value="a\x1b[2J\nb" + "c" * 300)
    row = written("text", [refused(3, finding)]).splitlines()[1]
    assert row == ('  roster.csv:3  E-mail  "a\\x1b[2J\\nb' + "c" * 193 + '…"  (row 2 of roster.csv has it)')


def test_colour() -> None:
    """Codes are painted by severity, places and counts apart."""
    painted = written("text", summary=summary_of(OUTCOMES), paint=lambda text, style: f"{style}<{text}>")
    lines = painted.splitlines()
    assert lines[0].startswith("bold red<variable-unknown>  Survey")
    assert lines[0].endswith("  dim<2 violations>")
    assert lines[5] == "  roster.csv:3  cyan<E-mail>  dim<(row 2 of roster.csv has it)>"
    assert lines[7].startswith("bold yellow<unknown-field>  ")
