"""How the text of a table is written: its encoding and its separator."""

from attrs import frozen

__all__ = ["Dialect"]


@frozen
class Dialect:
    """The encoding of a table's text, its byte order mark (or b""), and what stands between its cells."""

    encoding: str
    mark: bytes
    separator: str
