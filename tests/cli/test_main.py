"""The command as a program."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from participant_rules import __version__
from participant_rules.__main__ import main
from participant_rules.cli import run


def test_without_the_extra() -> None:
    """Without cyclopts and rich the command names them, in one line, with status 2."""
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


def test_the_help_lists_the_fields(capsys: pytest.CaptureFixture[str]) -> None:
    """The fields of both families stand at --map."""
    assert run(["check", "--help"]) == 0
    shown = capsys.readouterr().out
    assert [
        each for each in ("utcOffset", "participantIdentifier", "sendInvitations") if each not in shown
    ] == []


def test_the_reader_of_the_rules_is_gone() -> None:
    """A closed pipe is status 141, also where a table is printed."""
    read, write = os.pipe()
    os.close(read)
    program = [sys.executable, "-m", "participant_rules", "rules"]
    done = subprocess.run(program, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("arguments", [["check", "--help"], ["rules"], ["rules", "--markdown"]])
def test_another_encoding_of_the_locale(arguments: list[str]) -> None:
    """What is printed is UTF-8, as reports are."""
    program = [sys.executable, "-m", "participant_rules", *arguments]
    other = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(program, capture_output=True, check=False, env=other)
    assert (done.returncode, done.stderr) == (0, b"")
    assert not done.stdout.decode("utf-8").isascii()


def test_a_closed_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is one line and status 2; without standard error too there is the status alone."""
    file = tmp_path / "r.jsonl"
    file.write_text('{"participantIdentifier": "N1"}\n', "utf-8")
    monkeypatch.setattr(sys, "stdout", None)
    assert run(["check", str(file)]) == 2
    assert capsys.readouterr().err == "participant-rules: the output cannot be written: it is closed\n"
    assert run(["check", str(file), "--output", str(tmp_path / "out.txt")]) == 0
    monkeypatch.setattr(sys, "stderr", None)
    assert run(["check", str(file)]) == 2


def test_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is status 130, without a traceback."""

    def interrupted(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("participant_rules.cli.run", interrupted)
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 130
