"""The page about a sandbox."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import element_to_be_clickable
from selenium.webdriver.support.ui import WebDriverWait
from starlette.applications import Starlette
from starlette.routing import Mount

from participant_rules import openapi
from participant_rules.http import Request, Response
from tests.server.asking import Ask, asking, asking_app, asking_of
from tests.server.processes import ROOT, sandbox


def page(ask: Ask, prefix: str = "", **headers: str) -> Response:
    """The answer at the root."""
    return ask(
        Request("GET", f"{prefix}/", headers={"Accept": "text/html", **headers} if prefix else headers)
    )


def text(answer: Response) -> str:
    """The text of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.body.decode()))


def test_it_describes_itself() -> None:
    """Both APIs and their calls, their data, the last requests without names, and how to start again."""
    ask = asking()
    assert ask(Request("GET", "/surveys/S1/participants/robin")).status == 404
    answer = page(ask)
    assert (answer.status, answer.header("Content-Type")) == (200, "text/html; charset=utf-8")
    found = text(answer)
    assert "All data in it is invented" in found
    assert "Surveys id participants some of them S1 0 –" in found
    assert "Projects id participants some of them P1 2 A , B-1" in found
    assert re.search(r"\d\d:\d\d:\d\d GET /surveys/{}/participants/{} 404 \d+\.\d", found)
    assert "robin" not in found
    for calls in openapi.titles().values():
        assert calls
        for method, path, title in calls:
            assert f"{method} {path} {title}" in found
    assert "--resettable" in found
    again = text(page(asking(resettable=True), Accept="text/html"))
    assert "curl -X PUT --data '{}' http://sandbox/sandbox/given" in again


@pytest.mark.parametrize("prefix", ["/studies", "/studies%20of%20ours/%C3%BC"])
def test_a_sandbox_that_is_mounted(prefix: str) -> None:
    """Calls, the page with all that it loads, the description and the log are below the prefix."""
    ask = asking_of(Starlette(routes=[Mount(unquote(prefix), app=asking_app())]))
    assert ask(Request("GET", f"{prefix}/surveys/S1/participants/a%2Fb")).status == 404
    body = page(ask, prefix).body.decode()
    assert "GET /surveys/{}/participants/{} 404" in text(page(ask, prefix))
    needed = [each for each in re.findall(r'(?:src|href)="([^"]+)"', body) if each != "data:,"]
    assert f"{prefix}/sandbox/page/page.js" in needed
    for each in needed:
        assert (each.startswith(prefix), ask(Request("GET", each)).status) == (True, 200), each
    server = f"http://sandbox{prefix}"
    assert ask(Request("GET", f"{prefix}/openapi.json")).json() == openapi.document(server=server)
    again = text(page(asking_of(Starlette(routes=[Mount("/a", app=asking_app(resettable=True))])), "/a"))
    assert "curl -X PUT --data '{}' http://sandbox/a/sandbox/given" in again


def test_it_needs_no_network() -> None:
    """All that it loads is here."""
    ask = asking()
    body = page(ask).body.decode()
    needed = re.findall(r'(?:src|href)="([^"]+)"', body)
    assert [each for each in needed if not each.startswith(("/", "data:"))] == []
    for each in needed:
        if each.startswith("/"):
            assert ask(Request("GET", each)).status == 200, each
    assert "/sandbox/page/swagger-ui-bundle.js" in needed
    assert ask(Request("GET", "/sandbox/page/other.js")).status == 404
    assert "default-src 'self'" in str(page(ask).header("Content-Security-Policy"))


@pytest.mark.parametrize(
    ("resettable", "accept", "status"),
    [
        (False, {}, 200),
        (False, {"Accept": "*/*"}, 200),
        (False, {"Accept": "application/json"}, 404),
        (False, {"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"}, 200),
        (True, {"Accept": "*/*"}, 404),
        (True, {"Accept": "text/html"}, 200),
    ],
)
def test_requests_that_get_it(resettable: bool, accept: dict[str, Any], status: int) -> None:
    """Any client of pages; where test vectors may be run only one that names HTML: no page documents `/`."""
    answer = page(asking(resettable=resettable), **accept)
    assert answer.status == status
    if status == 404:
        assert answer.json() == {"message": "The path is none of the documented ones."}


def test_names_are_escaped() -> None:
    """A stored value cannot be a tag."""
    ask = asking()
    put = Request(
        "PUT", "/api/v1/administration/projects/P1/participants", body=b'{"participantIdentifier": "<b>&"}'
    )
    assert ask(put).status == 200
    body = page(ask).body.decode()
    assert "&lt;b&gt;&amp;" in body
    assert "<b>" not in body


def test_without_a_viewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page does without; the description is there."""
    monkeypatch.setattr("participant_rules.server.viewer.find", lambda _: None)
    ask = asking()
    assert "swagger" not in page(ask).body.decode()
    assert ask(Request("GET", "/sandbox/page/swagger-ui-bundle.js")).status == 404


@pytest.mark.browser
def test_the_reference_in_a_browser(tmp_path: Path) -> None:
    """It shows every call, sends an example, and asks nobody else for anything."""
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
    ):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    definitions = ROOT / "docs" / "examples"
    given = ("--survey", str(definitions / "survey.json"), "--project", str(definitions / "project.json"))
    with sandbox(tmp_path, *given) as started:
        browser = Chrome(options, Service("/usr/bin/chromedriver"))
        try:
            browser.get(started.address)
            patient = WebDriverWait(browser, 30)
            patient.until(lambda it: len(it.find_elements(By.CSS_SELECTOR, ".opblock")) == 18)
            block = browser.find_element(By.CSS_SELECTOR, "[id='operations-surveys-survey-read']")
            block.find_element(By.CSS_SELECTOR, ".opblock-summary-control").click()
            for button in (".try-out__btn", ".execute"):
                located = (By.CSS_SELECTOR, f"[id='operations-surveys-survey-read'] {button}")
                patient.until(element_to_be_clickable(located)).click()
            live = ".live-responses-table .response-col_status"
            patient.until(lambda _: block.find_elements(By.CSS_SELECTOR, live))
            assert block.find_elements(By.CSS_SELECTOR, live)[-1].text.startswith("200")
            asked = browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
            assert [each for each in asked if not each.startswith((started.address, "data:"))] == []
            assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]  # selenium's
        finally:
            browser.quit()
