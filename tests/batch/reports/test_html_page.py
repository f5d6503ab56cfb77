"""The web page in a real browser: filters, links, a phone, paper, a keyboard, light and dark."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from attrs import evolve
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from participant_rules.batch.outcomes import About, Filled, Frequent, Outcome, Place
from participant_rules.batch.records import ColumnRead
from tests.batch.reports.browsers import chrome, emulate, violations
from tests.batch.reports.samples import (
    ABOUT,
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

pytestmark = pytest.mark.browser

MANY = [
    *[refused(row, evolve(TAKEN, place=Place("roster.csv", row, "E-mail"))) for row in range(2, 232)],
    *[refused(row, evolve(NO_V48, place=Place("roster.csv", row))) for row in range(232, 240)],
    *[warned(row, evolve(ODD, place=Place("roster.csv", row, "Colour"))) for row in range(240, 250)],
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A browser that has nothing but the pages."""
    with chrome(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def many(browser: Chrome, tmp_path: Path) -> str:
    """The address of a page with 248 findings, which is open."""
    columns = {"roster.csv": [ColumnRead("E-mail", "/email"), ColumnRead("Colour", None)]}
    about = About(
        "project", ["roster.csv"], ABOUT.rules, columns, [email_taken, variable_unknown, unknown_field]
    )
    summary = evolve(
        summary_of(MANY, [NOTICE]),
        frequent=[Frequent(ODD, 200, 200)],
        filled={"roster.csv": Filled(248, [230, 10])},
        skipped={"variable-unknown": "the survey's variables are not known"},
    )
    rules = dict(summary.rules) | {"unknown-field": summary.rules["unknown-field"] + 200}
    return opened(browser, tmp_path, rendered("html", MANY, evolve(summary, rules=rules), about, values=True))


def opened(browser: Chrome, folder: Path, html: str) -> str:
    """The address of a page, which is open on a desk's screen."""
    file = folder / "report.html"
    file.write_text(html, "utf-8")
    emulate(browser)
    browser.get("about:blank")
    browser.get(file.as_uri())
    return file.as_uri()


def rows(browser: Chrome, cell: str = "rule") -> list[str]:
    """The texts of the table's rows in one column."""
    wait(browser)
    script = "return [...document.querySelectorAll(arguments[0])].map((each) => each.textContent)"
    found: list[str] = browser.execute_script(script, f"#findings tbody td.{cell}")
    return found


def wait(browser: Chrome) -> None:
    """Let the page draw what a click changed: it listens to its address, whose event comes a little later."""
    browser.execute_async_script("setTimeout(arguments[0], 50)")


def bar(browser: Chrome, code: str) -> None:
    """Click the bar of a rule."""
    browser.find_element(By.CSS_SELECTOR, f'.bar[data-code="{code}"]').click()
    wait(browser)


def shown(browser: Chrome) -> str:
    """Which rows are shown, as the page says it."""
    wait(browser)
    return browser.find_element(By.ID, "shown").text


def test_hostile_names_do_nothing(browser: Chrome, tmp_path: Path) -> None:
    """The page opens from disk, asks no network, and texts of files are text."""
    opened(browser, tmp_path, rendered("html", OUTCOMES, summary_of(OUTCOMES, [NOTICE])))
    assert rows(browser) == ["email-taken", "variable-unknown", "variable-unknown", *["unknown-field"] * 2]
    assert "<img src=x onerror=document.title='hacked'>" in rows(browser, "where")
    browser.find_element(By.ID, "search").send_keys("unique row 2 has it")
    assert rows(browser) == ["email-taken"]
    assert "hacked" not in browser.title
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]  # selenium's
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0


def test_filters_stand_in_the_address(browser: Chrome, many: str) -> None:
    """A bar filters by its rule; a link keeps the filters, and going back undoes them."""
    assert (len(rows(browser)), shown(browser)) == (100, "1–100 of 249")
    bar(browser, "variable-unknown")
    assert rows(browser) == ["variable-unknown"] * 8
    assert browser.current_url == f"{many}#rule=variable-unknown"
    browser.find_element(By.ID, "search").send_keys("235")
    assert browser.find_element(By.ID, "filter").text == "Only the rule variable-unknown, “235”."
    address = f"{many}#rule=variable-unknown&search=235"
    assert (rows(browser, "row"), browser.current_url) == (["235"], address)
    browser.get("about:blank")
    browser.get(address)
    assert rows(browser, "row") == ["235"]
    assert browser.find_element(By.ID, "search").get_property("value") == "235"
    browser.find_element(By.ID, "clear").click()
    assert browser.current_url == f"{many}#search=235"
    browser.back()
    assert browser.current_url == address
    bar(browser, "variable-unknown")
    assert browser.current_url == f"{many}#search=235"


def test_rows_are_sorted_and_paged(browser: Chrome, many: str) -> None:
    """A column's head sorts by it, and once more the other way; the next page follows."""
    heads = browser.find_elements(By.CSS_SELECTOR, "#findings th button")
    assert [each.text for each in heads] == ["Row", "Column", "Reason", "Value", "Rule", "Severity"]
    heads[0].click()
    assert rows(browser, "row")[:3] == ["1", "2", "3"]
    heads[0].click()
    assert rows(browser, "row")[:2] == ["249", "248"]
    browser.find_element(By.ID, "next").click()
    assert (rows(browser, "row")[0], shown(browser)) == ("149", "101–200 of 249")
    assert browser.current_url == f"{many}#sort=row&down=1&page=2"
    severity = browser.find_element(By.ID, "severity")
    severity.send_keys("warning")
    assert set(rows(browser, "severity")) == {"warning"}


def test_each_rule_has_a_link_to_its_law(browser: Chrome, many: str) -> None:
    """The law is further down; the filter stays, and the law's link to its findings sets it."""
    bar(browser, "variable-unknown")
    browser.find_element(By.CSS_SELECTOR, "#findings td.rule a").click()
    assert browser.current_url == f"{many}#law-variable-unknown"
    law = browser.find_element(By.CSS_SELECTOR, ":target")
    assert "A seeded variable is one of the survey's." in law.text
    assert rows(browser) == ["variable-unknown"] * 8
    browser.find_element(By.CSS_SELECTOR, "#law-email-taken a").click()
    assert (set(rows(browser)), shown(browser)) == ({"email-taken"}, "1–100 of 230")


def test_the_reason_is_visible_on_a_phone(browser: Chrome, many: str) -> None:
    """Nothing is wider than the screen, and a row begins with its reason."""
    emulate(browser, width=390)
    assert browser.execute_script("return document.documentElement.scrollWidth") == 390
    first = browser.find_element(By.CSS_SELECTOR, "#findings tbody tr")
    reason = first.find_element(By.CSS_SELECTOR, ".reason")
    assert reason.rect["x"] >= 0
    assert reason.rect["x"] + reason.rect["width"] <= 390
    cells = [each for each in first.find_elements(By.TAG_NAME, "td") if each.is_displayed()]
    assert min(each.rect["y"] for each in cells) == reason.rect["y"]


COUNT_PRINTED = """
addEventListener("beforeprint", () => {
  window.printed = document.querySelectorAll("#findings tbody tr").length
})
"""
WIDEST = """
const all = [...document.querySelectorAll("td, th, .figures, .chart")]
return Math.max(...all.map((each) => each.getBoundingClientRect().right))
"""


def test_paper_has_all_findings(browser: Chrome, many: str) -> None:
    """All rows are printed, with all their columns; afterwards a page of them is back."""
    browser.execute_script(COUNT_PRINTED)
    browser.print_page()
    assert browser.execute_script("return window.printed") == 249
    assert len(rows(browser)) == 100
    emulate(browser, width=650, medium="print")  # an A4 sheet without its margins, in CSS pixels
    assert browser.execute_script(WIDEST) <= 650
    assert not browser.find_element(By.ID, "search").is_displayed()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_hinders_people(browser: Chrome, many: str, width: int, *, dark: bool) -> None:
    """axe-core finds no fault, in light and dark, on a desk and a phone, with a filter and at a law."""
    emulate(browser, width=width, dark=dark)
    assert violations(browser) == []
    for fragment in ("#rule=email-taken&search=x", "#law-email-taken"):
        browser.get(many + fragment)
        assert violations(browser) == []


def test_the_keyboard_is_enough(browser: Chrome, many: str) -> None:
    """Tab reaches the skip link first, then bars; Enter filters; where the focus is can be seen."""
    body = browser.find_element(By.TAG_NAME, "body")
    body.send_keys(Keys.TAB)
    assert browser.switch_to.active_element.text == "To the findings"
    assert browser.switch_to.active_element.rect["x"] >= 0
    browser.switch_to.active_element.send_keys(Keys.TAB)
    focused = browser.switch_to.active_element
    assert focused.get_dom_attribute("data-code") == "email-taken"
    assert focused.value_of_css_property("outline-style") == "solid"
    focused.send_keys(Keys.ENTER)
    assert browser.current_url == f"{many}#rule=email-taken"
    reached = set()
    for _ in range(16):
        browser.switch_to.active_element.send_keys(Keys.TAB)
        reached.add(browser.switch_to.active_element.get_dom_attribute("id"))
    assert {"search", "severity", "clear"} <= reached


def outcomes_of(count: int) -> list[Outcome]:
    """So many refused records of two rules in turn."""
    places = [Place("roster.csv", row, "E-mail") for row in range(2, count + 2)]
    both = (TAKEN, NO_V48)
    return [
        refused(each.row, evolve(both[each.row % 2], place=each, value=f"{each.row}@x")) for each in places
    ]


@pytest.mark.heavy
def test_a_hundred_thousand_findings_are_usable(browser: Chrome, tmp_path: Path) -> None:
    """The page opens, filters, searches and sorts in a few seconds, also where others run beside it."""
    html = rendered("html", outcomes_of(100_000), about=ABOUT, values=True)
    start = monotonic()
    opened(browser, tmp_path, html)
    assert shown(browser) == "1–100 of 100,000"
    bar(browser, "variable-unknown")
    assert shown(browser) == "1–100 of 50,000"
    browser.find_element(By.ID, "search").send_keys("77777")
    assert rows(browser, "row") == ["77777"]
    browser.execute_script("location.hash = '#sort=value&down=1'")
    assert rows(browser, "row")[0] == "100001"
    assert monotonic() - start < 15
