"""A lock that a file's process has as long as it lives: killed or ended, it is free again."""

import sys
from typing import IO, Any

__all__ = ["lock"]

if sys.platform == "win32":  # pragma: no cover - another system
    import msvcrt

    def lock(file: IO[Any]) -> None:
        """Take the lock, far behind the file's end; raises OSError where another process has it."""
        place = file.tell()
        file.seek(1 << 40)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        file.seek(place)

else:
    import fcntl

    def lock(file: IO[Any]) -> None:
        """Take the lock; raises OSError where another process has it."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
