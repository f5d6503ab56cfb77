"""A browser that has nothing but a page, and axe-core, which finds obstacles for people."""

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from tests.openapi.tools import FOLDER, npm

__all__ = ["chrome", "emulate", "violations"]

_AXE = "axe-core@4.14.1"
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chrome(profile: Path) -> Iterator[Chrome]:
    """A browser of its own, as wide as a desk's."""
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in (*_ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options, Service("/usr/bin/chromedriver"))
    try:
        yield browser
    finally:
        browser.quit()


def emulate(
    browser: Chrome, *, width: int = 1280, dark: bool = False, medium: Literal["screen", "print"] = "screen"
) -> None:
    """Let a page be shown so wide, in the dark or not, on a screen or on paper."""
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    media = {"media": medium, "features": [scheme]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def violations(browser: Chrome) -> list[tuple[str, list[Any]]]:
    """The findings of axe-core: the rule, and the place."""
    browser.execute_cdp_cmd("Runtime.evaluate", {"expression": _axe()})  # past the page's policy
    found = browser.execute_async_script("axe.run().then(arguments[0])")
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]]


@cache
def _axe() -> str:
    """The script, from the npm registry."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    packed = FOLDER / f"{_AXE.replace('@', '-')}.tgz"
    if not packed.exists():
        done = npm("pack", _AXE)
        assert done.returncode == 0, done.stderr
    with tarfile.open(fileobj=io.BytesIO(packed.read_bytes())) as package:
        script = package.extractfile("package/axe.min.js")
        assert script is not None
        return script.read().decode()
