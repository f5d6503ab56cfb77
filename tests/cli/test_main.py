"""The command as a program."""

import subprocess
import sys

import pytest

from participant_rules import __version__
from participant_rules.cli import run


def test_without_the_extra() -> None:
    """Without cyclopts and rich the command says what to install, in one line, with status 2."""
    program = (
        "import sys, importlib.util as util; find = util.find_spec;"
        "util.find_spec = lambda name: None if name in ('cyclopts', 'rich') else find(name);"
        "sys.argv = ['participant-rules', 'rules'];"
        "from participant_rules.__main__ import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "participant-rules: the command line needs cyclopts and rich: pip install 'participant-rules[cli]'\n"
    )


def test_as_a_module() -> None:
    """`python -m participant_rules` is the command."""
    done = subprocess.run(
        [sys.executable, "-m", "participant_rules", "nonsense"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith('participant-rules: Unknown command "nonsense".')


def test_heavy_libraries_are_imported_when_needed() -> None:
    """Importing the package imports neither email-validator nor phonenumbers."""
    program = (
        "import sys, participant_rules; from participant_rules import survey, project;"
        "print([name for name in ('email_validator', 'phonenumbers') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    """It is printed alone."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"{__version__}\n"
