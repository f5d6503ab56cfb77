"""The web page: whole without a network, in a real browser with JavaScript and without."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from participant_rules.batch.reports.html import HtmlReport
from tests.batch.reports.samples import ABOUT, HOSTILE_COLUMN, NOTICE, OUTCOMES, refused, summary_of, written


def page() -> str:
    """The page of the known check."""
    return written("html", OUTCOMES, summary_of(OUTCOMES, [NOTICE]))


def test_what_files_are_called_becomes_no_markup() -> None:
    """Names of files and columns are text, whatever they are."""
    html = page()
    assert HOSTILE_COLUMN not in html
    assert "&lt;img src=x" in html
    assert html.count("</script>") == 1


def test_the_page_needs_no_network() -> None:
    """It names no address, and forbids the browser to ask one."""
    html = page()
    assert re.findall(r"(?:https?:|//[a-z])[^\s\"']*", html) == []
    assert "default-src 'none'" in html


def test_a_long_table_is_bounded() -> None:
    """The first findings are listed, the totals count all."""
    out = io.StringIO()
    report = HtmlReport(out, most=3)
    report.begin(ABOUT)
    outcomes = [refused(row) for row in range(2, 12)]
    for each in outcomes:
        report.add(each)
    report.end(summary_of(outcomes))
    assert out.getvalue().count('<tr class="error"') == 3
    assert "The table has the first 3 of 10 findings." in out.getvalue()


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    """A browser that has nothing but the page."""
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        f"--user-data-dir={tmp_path / 'profile'}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = Chrome(options, Service("/usr/bin/chromedriver"))
    yield chrome
    chrome.quit()


@pytest.mark.browser
def test_the_page_in_a_browser(browser: Chrome, tmp_path: Path) -> None:
    """It opens from disk, is filtered and searched, and hostile names do nothing."""
    file = tmp_path / "report.html"
    file.write_text(page(), "utf-8")
    browser.get(file.as_uri())

    def rows() -> list[str]:
        found = browser.find_elements(By.CSS_SELECTOR, "#findings tbody tr")
        return [each.get_dom_attribute("data-code") or "" for each in found]

    whole = rows()
    assert sorted(whole) == sorted(
        ["unknown-field", "email-taken", "variable-unknown", "unknown-field", "variable-unknown"]
    )
    browser.find_element(By.CSS_SELECTOR, '.chart button[data-code="variable-unknown"]').click()
    assert rows() == ["variable-unknown"] * 2
    browser.find_element(By.ID, "clear").click()
    assert rows() == whole
    search = browser.find_element(By.ID, "search")
    search.send_keys("unique roster")
    assert rows() == ["email-taken"]
    search.clear()
    search.send_keys("nothing like that")
    assert rows() == []
    assert browser.find_element(By.ID, "shown").text == "Nothing matches."
    assert "hacked" not in browser.title
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]  # selenium's
    loaded = browser.execute_script("return performance.getEntriesByType('resource').length")
    assert loaded == 0
