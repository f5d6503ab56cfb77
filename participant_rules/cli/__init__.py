"""The command line: `participant-rules check | conform | plan | rules | schema | send | serve`.

Exit status: 0 nothing wrong, 1 violations or failed vectors, 2 a file or the usage is wrong, 130 it was
interrupted, 143 terminated, 141 nobody reads the output. A command is imported when it is run: the help of
all answers at once.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from cyclopts import App, CycloptsError

from participant_rules import RuleError, __version__
from participant_rules.cli.stdout import print_utf8
from participant_rules.unusable import Unusable

__all__ = ["run"]

_COMMANDS = {
    "check": "Say what a server would answer to the records of files, and all that is wrong with them.",
    "conform": "Run test vectors against our own rules or a running server.",
    "plan": "Show the effects of sending records: actions, changes, losses and invitations.",
    "rules": "Print every law: its code, its sentence, where it applies, and where it comes from.",
    "schema": "Print the JSON Schema of a participant.",
    "send": "Send the records of a file to a server, each once, and say what it refused.",
    "serve": "Answer as both documented servers do, for people who write integrations.",
}

app = App(
    name="participant-rules",
    help="Says whether changes to study or survey participants stand, and exactly why not.",
    help_format="plaintext",
    version=__version__,
    version_flags=["--version"],
)
for _name, _help in _COMMANDS.items():
    app.command(f"participant_rules.cli.{_name}:{_name}", name=_name, help=_help)


def run(arguments: Sequence[str]) -> int:
    """Run a command; returns its exit status."""
    print_utf8()
    try:
        status = app(
            _with_operands(arguments), exit_on_error=False, print_error=False, result_action="return_value"
        )
        if sys.stdout is not None:  # it may be closed
            sys.stdout.flush()
    except CycloptsError as wrong:
        return _refuse(" ".join(str(wrong).split()))
    except (Unusable, RuleError) as wrong:
        return _refuse(str(wrong))
    except BrokenPipeError:  # the reader of our output has seen enough
        _drop_output()
        return _PIPE_CLOSED
    except SystemExit as left:  # how rich says the same
        if not isinstance(left.__context__, BrokenPipeError):
            raise
        _drop_output()
        return _PIPE_CLOSED
    except OSError as failure:
        _drop_output()
        return _refuse(f"the output cannot be written: {failure.strerror}")
    return status if isinstance(status, int) else 0


def _with_operands(arguments: Sequence[str]) -> Sequence[str]:
    """The arguments; behind `--` a name that begins with a dash is that of a file here, not an option."""
    before = next((place for place, each in enumerate(arguments) if each == "--"), len(arguments))
    named = [
        f"./{each}" if each.startswith("-") and each != "-" else each for each in arguments[before + 1 :]
    ]
    return [*arguments[: before + 1], *named]


_PIPE_CLOSED = 141


def _drop_output() -> None:
    """Keep Python from writing the rest once more."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refuse(why: str) -> int:
    if sys.stderr is not None:  # as above
        sys.stderr.write(f"participant-rules: {why}\n")
    return 2
