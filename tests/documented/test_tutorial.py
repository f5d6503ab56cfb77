"""The tutorial's commands do as described, against a sandbox in a process of its own; so do its pictures.

`python -m tests.documented.test_tutorial` draws the pictures again.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from participant_rules.adapters.httpx import HttpxTransport
from participant_rules.project import Client, Query
from tests.documented.console import Command, Typing, commands_of, drawn

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "tutorial-refused-file.md").read_text("utf-8")


def typed(folder: Path) -> Iterator[tuple[Command, str, Typing]]:
    """Each command with its output."""
    shutil.copytree(DOCS / "examples" / "tutorial", folder, dirs_exist_ok=True)
    with ExitStack() as stack:
        typing = Typing(stack, folder)
        for command in commands_of(PAGE):
            yield command, typing.type(command.line), typing


def test_the_tutorial(tmp_path: Path) -> None:
    """Commands, outputs, pictures; and in the end all participants are on the server."""
    found: list[str] = []
    for command, output, typing in typed(tmp_path):
        if command.picture:
            picture = (DOCS / "img" / command.picture).read_text("utf-8")
            assert (command.line, picture) == (command.line, drawn(command, output))
        else:
            assert (command.line, command.output) == (command.line, output)
        if command.picture == "tutorial-nothing.svg":
            with HttpxTransport(typing.address) as transport:
                everybody = Client(transport).participants("8b0b3d7e-52b5-4c43-9c5d-5f3c5e7a1f00", Query())
                found = sorted(str(each.participant_identifier) for each in everybody)
    assert found == ["T-001", "T-002", "T-003", "T-004", "T-005", "T-006", "T-900"]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for command, output, _ in typed(Path(folder)):
            if command.picture:
                (DOCS / "img" / command.picture).write_text(drawn(command, output), "utf-8")
