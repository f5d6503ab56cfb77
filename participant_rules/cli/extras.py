"""Packages that only some commands need."""

from importlib.util import find_spec

from participant_rules.unusable import Unusable

__all__ = ["need"]


def need(extra: str, *packages: str) -> None:
    """Raise Unusable, with the extra that brings them, where packages are not installed."""
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise Unusable(f"this needs {' and '.join(missing)}: pip install 'participant-rules[cli,{extra}]'")
