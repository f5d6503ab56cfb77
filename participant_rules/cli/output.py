"""The stream of a report: a file that appears whole, a pipe, or standard output, which is UTF-8."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from participant_rules.batch.copies.output import descriptor_of, writing
from participant_rules.unusable import Unusable

__all__ = ["report_output"]


@contextmanager
def report_output(path: Path | None) -> Iterator[TextIO]:
    """The stream of a report; line ends stay as they are written."""
    descriptor = None if path is None else descriptor_of(path)
    if path is not None and descriptor is None and (path.is_file() or not path.exists()):
        with writing(path) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
            try:
                yield text
                text.flush()
            finally:
                with suppress(OSError):  # it is said already
                    text.detach()  # who has opened the stream closes it
        return
    if path is not None:  # a pipe or a device
        try:
            with _opened(path, descriptor) as file:
                yield file
        except BrokenPipeError:  # nobody reads it: that is no error
            raise
        except OSError as failure:
            raise Unusable(f"{path}: {failure.strerror}") from None
        return
    if sys.stdout is None:
        raise Unusable("the output cannot be written: it is closed")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(newline="")
    yield sys.stdout


def _opened(path: Path, descriptor: int | None) -> TextIO:
    """The stream of a pipe or a device, or a further one of an open descriptor, which goes on where it is."""
    if descriptor is None:
        return path.open("w", encoding="utf-8", newline="")
    return os.fdopen(os.dup(descriptor), "w", encoding="utf-8", newline="")
