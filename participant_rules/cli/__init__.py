"""The command line: `participant-rules check | conform | rules | serve`.

Exit status: 0 nothing wrong, 1 violations or failed vectors, 2 a file or the usage is wrong.
"""

import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from participant_rules.cli.check import check
from participant_rules.cli.conform import conform
from participant_rules.cli.files import Unusable
from participant_rules.cli.rules import rules
from participant_rules.cli.serve import serve

__all__ = ["run"]

app = App(
    name="participant-rules",
    help="Says whether changes to study or survey participants stand, and exactly why not.",
)
app.command(check)
app.command(conform)
app.command(rules)
app.command(serve)


def run(arguments: Sequence[str]) -> int:
    """Run a command; returns its exit status."""
    try:
        status = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as wrong:
        return _refuse(" ".join(str(wrong).split()))
    except Unusable as wrong:
        return _refuse(str(wrong))
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        return 1
    return status if isinstance(status, int) else 0


def _refuse(why: str) -> int:
    sys.stderr.write(f"participant-rules: {why}\n")
    return 2
