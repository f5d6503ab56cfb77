"""Opening files as sources of records."""

from collections.abc import Mapping
from typing import BinaryIO, Protocol

from participant_rules.batch.files.columns import Blank
from participant_rules.batch.files.content import content_of, is_blank
from participant_rules.batch.files.delimited import delimited
from participant_rules.batch.files.documents import document
from participant_rules.batch.files.kinds import kind_of
from participant_rules.batch.files.layout import Layout
from participant_rules.batch.files.lines import Lines
from participant_rules.batch.files.tables import table
from participant_rules.batch.files.workbooks import workbook
from participant_rules.batch.records import Kind, Source, Unusable

__all__ = ["FileSource", "open_source"]


class FileSource(Source, Protocol):
    """A file with records; one of the kind "csv" also has a `dialect`."""

    @property
    def kind(self) -> Kind:
        """What kind of file it is."""
        ...

    def open(self) -> BinaryIO:
        """Its bytes from the beginning, unpacked; any number of times."""
        ...


def open_source(
    name: str,
    layout: Layout,
    *,
    input_format: Kind | None = None,
    mapping: Mapping[str, str] = {},
    blank: Blank = "omit",
) -> FileSource:
    """Open a file by its path, or standard input by the name "-".

    Its kind is `input_format`, or what its ending or its first bytes say; gzip is unpacked whatever the name.
    Columns of tables are read as `layout` says, but for those to which `mapping` gives a field by their exact
    names. A blank cell is left out, or is null where `blank` is "clear".

    Raises Unusable for a file that cannot be used, or that `mapping` does not fit.
    """
    content = content_of(name)
    try:
        if is_blank(content):
            raise Unusable(f"{name}: the file is empty")
        kind = input_format or kind_of(content)
        if kind in ("csv", "xlsx"):
            return table(delimited(content) if kind == "csv" else workbook(content), layout, mapping, blank)
        if mapping:
            raise Unusable(f"{name}: only a table has columns that could be mapped")
        return Lines(content) if kind == "jsonl" else document(content)
    except OSError as failure:
        raise Unusable(f"{name}: {failure.strerror}") from None
