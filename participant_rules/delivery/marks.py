"""Marks that identify rows in a later run: hashes with a key of their own, useless without it."""

import os
import secrets
from collections import Counter
from hashlib import blake2b
from pathlib import Path
from typing import Final, Self

from attrs import field, frozen

from participant_rules.delivery.rows import Mark
from participant_rules.unusable import Unusable

__all__ = ["Marks", "durable_folder"]

_KEY_BYTES: Final = 32
_MARK_BYTES: Final = 16


@frozen
class Marks:
    """Marks of payloads: the first of equal rows has the number 0, the next one 1, and so on."""

    _key: bytes = field(repr=False)
    _seen: Counter[str] = field(factory=Counter, init=False, repr=False)

    @staticmethod
    def path(journal: Path) -> Path:
        """Where the key of a journal stands."""
        return journal.with_suffix(".key")

    @classmethod
    def beside(cls, journal: Path) -> Self:
        """With the key of a journal, which stands in a file beside it, readable by its owner alone.

        It is made where there is no journal yet. Raises Unusable where the key of a journal is missing.
        """
        path = cls.path(journal)
        try:
            if not path.exists():
                if journal.exists():
                    raise Unusable(
                        f"{path}: the key of the journal is missing; without it no row is known again"
                    )
                _make_key(path)
            key = _key(path.read_text("ascii"))
        except (OSError, ValueError) as failure:
            raise Unusable(f"{path}: the key cannot be used ({type(failure).__name__})") from None
        return cls(key)

    def again(self) -> "Marks":
        """The same key, with no row seen yet."""
        return Marks(self._key)

    def of(self, payload: bytes) -> Mark:
        """The mark of the next row."""
        text = self.hashed(payload)
        number = self._seen[text]
        self._seen[text] += 1
        return text, number

    def hashed(self, data: bytes) -> str:
        """The keyed hash of some bytes."""
        return blake2b(data, digest_size=_MARK_BYTES, key=self._key).hexdigest()


def _key(text: str) -> bytes:
    """The key that a text is; raises ValueError for any other text."""
    key = bytes.fromhex(text)
    if len(key) != _KEY_BYTES:
        raise ValueError("a key is longer or shorter")
    return key


def _make_key(path: Path) -> None:
    """Write a new key; it is there wholly or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_bytes(_KEY_BYTES).hex())
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    durable_folder(path.parent)


def durable_folder(folder: Path) -> None:
    """Let a new name in a folder outlast a failure of power, where the system supports that."""
    if os.name != "posix":  # pragma: no cover - another system
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
