"""Runs the commands of a page, as a person would type them, in a folder with the page's files."""

import io
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Final

from attrs import define, field, frozen
from rich.console import Console
from rich.text import Text

from participant_rules.cli import run
from tests.server.processes import sandbox

__all__ = ["Command", "Typing", "commands_of", "drawn"]

ADDRESS: Final = "http://127.0.0.1:8000"  # as the page has it
_blocks = re.compile(r"^```console\n(.*?)^```$(?:\n\n!\[[^]]*\]\(img/([^)]+)\))?", re.DOTALL | re.MULTILINE)


@frozen
class Command:
    """A command of a page, the output that the page prints below it, and the picture of it ("" for none)."""

    line: str
    output: str
    picture: str


def commands_of(page: str) -> Iterator[Command]:
    """The commands of a page's blocks, in their order; a picture is of its block's last command."""
    for block, picture in _blocks.findall(page):
        shown = [each.partition("\n") for each in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
        for place, (line, _, output) in enumerate(shown, 1):
            yield Command(line, output, picture if place == len(shown) else "")


@define
class Typing:
    """A person at a terminal: `participant-rules`, `cp` and `echo $?` are understood."""

    stack: ExitStack
    folder: Path
    address: str = ""
    status: int = 0
    log: list[str] = field(factory=list)

    def type(self, line: str) -> str:
        """The output of a command, with the address of the page."""
        name, *arguments = shlex.split(line)
        if name == "echo":
            return f"{self.status}\n"
        if name == "cp":
            shutil.copy(*(self.folder / each for each in arguments))
            return ""
        if arguments[0] == "serve":
            return self._serve(arguments[1:])
        return self._run([each.replace(ADDRESS, self.address) for each in arguments])

    def _serve(self, options: list[str]) -> str:
        files = [str(self.folder / each) if each.endswith(".json") else each for each in options]
        self.address = self.stack.enter_context(sandbox(self.folder, *files)).address
        return f"{ADDRESS}\n"

    def _run(self, arguments: list[str]) -> str:
        printed = io.StringIO()
        with chdir(self.folder), redirect_stdout(printed), redirect_stderr(printed):
            self.status = run(arguments)
        return printed.getvalue().replace(self.address or "-", ADDRESS)


_WIDTH: Final = 110


def drawn(command: Command, output: str) -> str:
    """A picture of a command and its output, which needs no network: the reader's own font is taken."""
    console = Console(record=True, file=io.StringIO(), width=_WIDTH)
    console.print(Text(f"$ {command.line}", style="bold"))
    console.print(Text(output.rstrip("\n")))
    svg = console.export_svg(title="participant-rules", unique_id=Path(command.picture).stem)
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
