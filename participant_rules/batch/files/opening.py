"""Opening files as sources of records."""

from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from typing import BinaryIO, Final, Protocol

from participant_rules.batch.files.columns import Knowledge
from participant_rules.batch.files.content import Content, content_of, is_blank
from participant_rules.batch.files.documents import document
from participant_rules.batch.files.headers import empty
from participant_rules.batch.files.kinds import is_workbook, kind_of, stranger
from participant_rules.batch.files.layout import Layout
from participant_rules.batch.files.lines import Lines
from participant_rules.batch.files.options import Options
from participant_rules.batch.files.separators import delimited
from participant_rules.batch.files.tables import table
from participant_rules.batch.files.workbooks import workbook
from participant_rules.batch.records import ColumnRead, Kind, Source, Unusable

__all__ = ["FileSource", "open_content", "open_source"]


class FileSource(Source, Protocol):
    """A file with records; one of the kind "csv" also has a `dialect`."""

    @property
    def kind(self) -> Kind:
        """The kind of a file."""
        ...

    @property
    def columns(self) -> Sequence[ColumnRead]:
        """How its columns are read; none where it is no table."""
        ...

    def open(self) -> BinaryIO:
        """Its bytes from the beginning, unpacked; any number of times."""
        ...


_AS_FOUND: Final = Options()
_OTHERWISE: Final[Mapping[Kind, str]] = {
    "csv": "the file is a workbook and no text; --input-format xlsx reads it",
    "xlsx": "the file is no workbook; --input-format csv reads it where it is a text",
}
"""The errors of files whose bytes are of another kind than their name says."""


def open_source(
    name: str | PathLike[str],
    layout: Layout,
    *,
    input_format: Kind | None = None,
    options: Options = _AS_FOUND,
) -> FileSource:
    """Open a file by its path, or standard input by the name "-".

    Its kind is `input_format`, or what its ending or its first bytes say; gzip is unpacked whatever the name.
    Columns of tables are read as `layout` says, and as the caller's `options` do.

    Raises Unusable for a file that cannot be used, or that the options do not fit.
    """
    return open_content(content_of(fspath(name)), layout, input_format=input_format, options=options)


def open_content(
    content: Content, layout: Layout, *, input_format: Kind | None = None, options: Options = _AS_FOUND
) -> FileSource:
    """Open the bytes of a file; see `open_source`."""
    name = content.name
    try:
        if is_blank(content):
            raise empty(name)
        kind = input_format or kind_of(content)
        other = stranger(content, kind)
        if other:
            raise Unusable(f"{name}: the file is {other}")
        if kind in ("csv", "xlsx") and is_workbook(content) != (kind == "xlsx"):
            raise Unusable(f"{name}: {_OTHERWISE[kind]}")
        knows = Knowledge(layout, options.mapping)
        if kind in ("csv", "xlsx"):
            sheet = delimited(content, knows, options) if kind == "csv" else workbook(content, knows, options)
            return table(sheet, layout, options)
        if options.mapping:
            raise Unusable(f"{name}: only a table has columns that could be mapped")
        return Lines(content) if kind == "jsonl" else document(content)
    except OSError as failure:
        raise Unusable(f"{name}: {failure.strerror}") from None
