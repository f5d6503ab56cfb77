"""Standard output takes every text."""

import io
import sys

__all__ = ["print_utf8"]


def print_utf8() -> None:
    """Make standard output UTF-8, whatever the locale is, as the files of reports are."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
