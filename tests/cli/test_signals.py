"""Signals that end a program."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

WRITING = (
    "import os, signal, sys; from pathlib import Path; import participant_rules.cli as cli;"
    "from participant_rules.batch.copies.output import writing\n"
    "def run(arguments):\n"
    "    with writing(Path('copy.csv')) as stream:\n"
    "        stream.write(b'half'); stream.flush()\n"
    "        print(len(os.listdir()))\n"
    "        sys.stdout.flush()\n"
    "        os.kill(os.getpid(), signal.{signal})\n"
    "        print('goes on')\n"
    "    return 0\n"
    "cli.run = run\n"
    "{before}\n"
    "from participant_rules.__main__ import main; main()"
)


def ended(folder: Path, name: str, before: str = "") -> tuple[int, str, str]:
    """The status and the outputs of a program that gets a signal while it writes a copy."""
    program = WRITING.replace("{signal}", name).replace("{before}", before)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout, done.stderr


ENDING = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]  # not every system has both


@pytest.mark.parametrize("name", ENDING)
def test_nothing_half_is_left(tmp_path: Path, name: str) -> None:
    """The draft of an output is taken away, and the status is that of shells."""
    assert ended(tmp_path, name) == (128 + signal.Signals[name], "1\n", "")
    assert list(tmp_path.iterdir()) == []


def test_what_is_ignored_stays_so(tmp_path: Path) -> None:
    """As `nohup` has it."""
    ignoring = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    assert ended(tmp_path, "SIGTERM", ignoring) == (0, "1\ngoes on\n", "")
    assert [each.name for each in tmp_path.iterdir()] == ["copy.csv"]
