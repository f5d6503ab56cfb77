"""The web page as a text: its contents, and that it needs no network."""

import io
import json
import re
from time import process_time
from typing import Any

import pytest
from attrs import evolve

from participant_rules.batch.outcomes import About, Filled, Finding, Frequent, Outcome, Place, Summary
from participant_rules.batch.records import ColumnRead
from participant_rules.batch.reports.html import HtmlReport
from participant_rules.repairing import with_repair
from participant_rules.rules import at
from participant_rules.violations import Repair
from tests.batch.reports.samples import (
    ABOUT,
    HOSTILE_COLUMN,
    NO_V48,
    NOTICE,
    ODD,
    OUTCOMES,
    TAKEN,
    email_taken,
    refused,
    rendered,
    summary_of,
    unknown_field,
    variable_unknown,
    warned,
)

NO_V48_ESCAPED = "Survey does not have a &#x27;v48&#x27; variable."
ONE_FILE = About("project", ["roster.csv"], ABOUT.rules)


def page() -> str:
    """The page of the known check."""
    return rendered("html", OUTCOMES, summary_of(OUTCOMES, [NOTICE]))


def data(html: str) -> dict[str, Any]:
    """The data of the page's script."""
    match = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)
    assert match is not None
    found: dict[str, Any] = json.loads(match[1])
    return found


def part(html: str, heading: str) -> str:
    """The text of a section of the page, without its tags."""
    section = html.partition(f'aria-labelledby="{heading}"')[2].partition("</section>")[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", section.partition(">")[2])).strip()


def rows(html: str) -> list[list[str]]:
    """The rows of the table, as it is without JavaScript."""
    body = html.partition('id="findings"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.findall("<td [^>]*>(?:<a [^>]*>)?(.*?)<", row) for row in re.findall("<tr.*?</tr>", body)]


def test_what_files_are_called_becomes_no_markup() -> None:
    """Names of files and columns are text, whatever they are."""
    html = page()
    assert HOSTILE_COLUMN not in html
    assert "&lt;img src=x" in html
    assert html.count("</script>") == 2
    assert HOSTILE_COLUMN in [where for where, *_ in data(html)["kinds"]]


def test_the_page_needs_no_network() -> None:
    """It names no address, and forbids the browser to ask one."""
    html = page()
    assert re.findall(r"(?:https?:|//[a-z])[^\s\"']*", html) == []
    assert "default-src 'none'" in html


def test_errors_come_before_warnings() -> None:
    """Then the notices on a file as a whole, then the other warnings."""
    odd = evolve(ODD, place=Place("roster.csv", 2))
    outcomes = [warned(2, odd), refused(3), refused(4, NO_V48)]
    html = rendered("html", outcomes, summary_of(outcomes, [NOTICE]), ONE_FILE)
    assert rows(html) == [
        ["3", "E-mail", "Must be unique within a project. (row 2 has it)", "email-taken", "error"],
        [
            "4",
            "/seeding/v48",
            "Survey does not have a &#x27;v48&#x27; variable.",
            "variable-unknown",
            "error",
        ],
        ["1", "Colour", "The member is not documented and is ignored.", "unknown-field", "warning"],
        ["2", "/colour", "The member is not documented and is ignored.", "unknown-field", "warning"],
    ]
    given = data(html)
    assert (given["row"], given["other_row"]) == ([3, 4, 1, 2], [2, 0, 0, 0])


def test_a_whole_record_and_another_file_are_named() -> None:
    """Of several files each row names its own."""
    whole = variable_unknown.violation(at(pointer="", item="v48"))
    finding = evolve(NO_V48, violation=whole, other=Place("other.csv", 7))
    (row,) = rows(rendered("html", [refused(4, finding)]))
    assert row[:3] == ["roster.csv", "4", "whole record"]
    assert row[3].endswith("variable. (row 7 of other.csv has it)")


def test_bars_have_scales_of_their_own() -> None:
    """The most frequent violation and the most frequent warning are as long; each bar leads to its law."""
    outcomes = [refused(2), refused(3), refused(4, NO_V48), *[warned(row) for row in range(5, 25)]]
    html = rendered("html", outcomes, about=ONE_FILE)
    bars = re.findall(r'<a class="bar" data-code="([^"]+)" href="#law-\1">.*?width="([0-9.]+)"', html)
    assert bars == [("email-taken", "100.0"), ("variable-unknown", "50.0"), ("unknown-field", "100.0")]
    assert "email-taken 2 No two participants have the same e-mail address. The law" in part(html, "by-rule")


def test_a_frequent_warning_stands_once() -> None:
    """Such a warning has its count above the bars and no rows in the table."""
    odd = [warned(row, evolve(ODD, place=Place("roster.csv", row))) for row in range(2, 8)]
    other = evolve(ODD, violation=unknown_field.violation(at("size")))
    outcomes = [*odd, warned(8, other)]
    summary = evolve(summary_of(outcomes), frequent=[Frequent(odd[0].findings[0], 6, 6)])
    html = rendered("html", outcomes, summary, ONE_FILE)
    assert [row[1] for row in rows(html)] == ["/size"]
    results = "6 of 7 records /colour: The member is not documented and is ignored. unknown-field"
    assert results in part(html, "by-rule")
    assert re.findall('class="count">([^<]+)<', html) == ["1"]
    only = evolve(summary, frequent=[Frequent(odd[0].findings[0], 6, 6)], rules={"unknown-field": 6})
    html = rendered("html", odd, only, ONE_FILE)
    assert "<svg" not in html
    assert 'id="findings"' not in html


@pytest.mark.parametrize(
    ("repair", "hidden", "shown"),
    [
        (Repair("/email", "M", certain=True), "certain", "M"),
        (Repair("/email", None, certain=False), "likely", "null (likely)"),
    ],
)
def test_repairs_stand_beside_findings(repair: Repair, hidden: str, shown: str) -> None:
    """The repaired value is personal data like the value; without values only its existence is shown."""
    violation = with_repair(email_taken.violation(), repair)
    finding = Finding(Place("roster.csv", 3, "E-mail"), violation, value="kim@example.com")
    for values, expected in ((False, [hidden]), (True, ["kim@example.com", shown])):
        html = rendered("html", [refused(2, TAKEN), refused(3, finding)], about=ONE_FILE, values=values)
        assert [row[3:-2] for row in rows(html)] == [[""] * len(expected), expected]
        assert data(html)["repair"] == ["", expected[-1]]


def test_without_findings() -> None:
    """A page without findings says so, and has no table of them."""
    html = rendered("html", OUTCOMES[:1], about=ONE_FILE)
    assert part(html, "by-rule") == "By rule Nothing was found."
    assert 'id="findings"' not in html


def test_how_the_file_was_read() -> None:
    """Each column has its field and its number of values; left out ones are marked."""
    columns = [
        ColumnRead("E-mail", "/demographics/email"),
        ColumnRead("Handy", None, '--map "Handy=mobilePhone"'),
        ColumnRead("row", None, ignored=True),
    ]
    about = evolve(ONE_FILE, columns={"roster.csv": columns})
    summary = evolve(summary_of(OUTCOMES[:1], [NOTICE]), filled={"roster.csv": Filled(1_234, [1_200, 34, 0])})
    html = rendered("html", OUTCOMES[:1], summary, about)
    assert part(html, "reading") == (
        "How the file was read Rows below the header: 1,234. 1 of 2 columns were read. "
        "Row 1, Colour: The member is not documented and is ignored. unknown-field "
        "Column Field Rows with a value E-mail /demographics/email 1,200 "
        "Handy not read; --map &quot;Handy=mobilePhone&quot; reads it 34 row needs not be read 0"
    )
    assert html.count('<tr class="out">') == 1
    html = rendered("html", OUTCOMES[:1], about=about)
    assert "Column Field E-mail /demographics/email" in part(html, "reading")
    several = rendered("html", OUTCOMES, about=evolve(ABOUT, columns={"roster.csv": columns[:1]}))
    assert part(several, "reading").startswith("How the files were read roster.csv All columns were read.")
    assert part(several, "reading").endswith(".csv It is no table: each member has its documented name.")


def test_what_became_of_each_rule() -> None:
    """Fired rules come first, then rules that lacked a fact, then rules that held."""
    about = evolve(ONE_FILE, rules=[unknown_field], asked=[email_taken, variable_unknown])
    own = evolve(ODD, violation=evolve(ODD.violation, code="of-their-own"))
    outcomes = [warned(2), warned(3, own)]
    lacks = {"variable-unknown": "the survey's variables are not known", "unknown-field": "so is this"}
    html = rendered("html", outcomes, evolve(summary_of(outcomes), skipped=lacks), about)
    found = re.findall('<tr id="law-([^"]+)"><td>.*?</td><td>.*?</td><td>(.*?)</td>', html)
    reported = [(code, re.sub("<[^>]+>", "", outcome)) for code, outcome in found]
    assert reported == [
        ("unknown-field", "1 warning; some were not judged: so is this"),
        ("of-their-own", "1 warning"),
        ("variable-unknown", "not judged: the survey&#x27;s variables are not known"),
        ("email-taken", "held"),
    ]
    assert "Of the rules that every record is asked, 0 fired, 1 held, 1 could not be judged." in html
    for code in ("unknown-field", "of-their-own"):
        assert f'href="#law-{code}"' in html


def test_a_long_table_is_bounded() -> None:
    """The first findings are listed, violations before warnings; the totals count all."""
    out = io.StringIO()
    report = HtmlReport(out, most=3)
    report.begin(ONE_FILE)
    outcomes = [*[warned(row) for row in range(2, 60)], *[refused(row) for row in range(60, 62)]]
    for each in outcomes:
        report.add(each)
    report.end(summary_of(outcomes))
    assert [row[-1] for row in rows(out.getvalue())] == ["error", "error", "warning"]
    assert "The table has 3 of 60 findings, violations first." in out.getvalue()


def outcomes_of(count: int) -> list[Outcome]:
    """So many refused records, each with a value."""
    found = [
        evolve(TAKEN, place=Place("roster.csv", row, "E-mail"), value=f"{row}@x") for row in range(count)
    ]
    return [refused(each.place.row, each) for each in found]


def test_without_javascript_the_first_rows_are_there() -> None:
    """All findings are data for the script, and the first 500 are rows too."""
    outcomes = outcomes_of(501)
    html = rendered("html", outcomes, about=ONE_FILE, values=True)
    assert len(rows(html)) == 500
    assert len(data(html)["row"]) == len(data(html)["value"]) == 501
    assert "<noscript>" in html
    assert "<noscript>" not in rendered("html", outcomes[:500], about=ONE_FILE)


@pytest.mark.heavy
def test_a_hundred_thousand_findings_are_written_in_two_seconds() -> None:
    """The page has a few megabytes. The processor's time is taken, since others may run beside the tests."""
    outcomes = outcomes_of(100_000)
    summary = Summary(100_000, {"refused": 100_000}, 100_000, 0, {"email-taken": 100_000})
    start = process_time()
    html = rendered("html", outcomes, summary, ONE_FILE, values=True)
    assert process_time() - start < 2
    assert len(html) < 8_000_000
