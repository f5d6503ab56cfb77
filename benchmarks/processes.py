"""Measuring in fresh processes, of this checkout or of another one."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CHECKOUT = HERE.parent


def measured(script: str, *arguments: object, checkout: Path = CHECKOUT) -> Any:
    """The JSON value that a script of this folder prints with the library of a checkout.

    Raises SystemExit with what the script says when it fails.
    """
    path = {**os.environ, "PYTHONPATH": str(checkout.resolve())}
    done = subprocess.run(
        [sys.executable, str(HERE / script), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=path,
    )
    if done.returncode:
        raise SystemExit(f"{script} {' '.join(map(str, arguments))}: {done.stderr}")
    return json.loads(done.stdout)


def assert_checkout() -> None:
    """Raise SystemExit where the library is not the one that is to be measured, but an installed copy."""
    import participant_rules

    wanted, found = os.environ["PYTHONPATH"], Path(participant_rules.__file__).parents[1]
    if found != Path(wanted):
        raise SystemExit(f"the library is that of {found}, not of {wanted}")
