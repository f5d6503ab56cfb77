"""The command `participant-rules`; it needs the extra `cli`."""

import sys
from importlib.util import find_spec
from typing import Final

__all__ = ["main"]


def main() -> None:
    """Run the command line, or name the extra to install."""
    missing = [name for name in ("cyclopts", "rich") if find_spec(name) is None]
    if missing:
        sys.exit(
            _fail(f"the command line needs {' and '.join(missing)}: pip install 'participant-rules[cli]'")
        )
    try:
        from participant_rules.cli import run
        from participant_rules.cli.signals import ending_in_order

        with ending_in_order():
            sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


_INTERRUPTED: Final = 130  # as shells say it of SIGINT


def _fail(what: str) -> int:
    sys.stderr.write(f"participant-rules: {what}\n")
    return 2


if __name__ == "__main__":
    main()
