"""How files are read: the options that `plan` and `send` have in common."""

from collections.abc import Sequence
from typing import Annotated, Literal

from attrs import frozen
from cyclopts import Parameter

from participant_rules.batch.files import FileSource, Layout, open_source
from participant_rules.batch.files.options import Options
from participant_rules.cli.arguments import pairs_of

__all__ = ["AS_FOUND", "FLAG", "Reading"]

FLAG = Parameter(negative="")


@Parameter(name="*")
@frozen
class Reading:
    """How files are read, where detection would be wrong; see `check`.

    Args:
        input_format: The format of the file, where its ending does not tell it.
        mapping: A column and the field that it is, as "Column=field"; may be given several times.
        blank: What a blank cell means: the field is left out (omit) or becomes null (clear).
        encoding: The encoding of texts, where it is not what would be guessed: cp1252, utf-16 …
        separator: What stands between the cells of a text.
        escape: A backslash where quotes inside quotes are written with one before them; "" where none is.
        header_row: The row of the header, where it is not the first with most known columns.
        sheet: The sheet of a workbook.
        columns: strict makes a column that is not read an error of the file.
    """

    input_format: Literal["csv", "json", "jsonl", "xlsx"] | None = None
    mapping: Annotated[list[str] | None, Parameter(name="--map", negative="")] = None
    blank: Literal["omit", "clear"] = "omit"
    encoding: str | None = None
    separator: str | None = None
    escape: Literal["\\", ""] | None = None
    header_row: int | None = None
    sheet: str | None = None
    columns: Literal["lenient", "strict"] = "lenient"

    def sources(self, names: Sequence[str], layout: Layout) -> list[FileSource]:
        """The files as sources; raises Unusable."""
        options = Options(
            mapping=pairs_of(self.mapping or ()),
            blank=self.blank,
            encoding=self.encoding,
            separator=self.separator,
            escape=self.escape,
            header_row=self.header_row,
            sheet=self.sheet,
            columns=self.columns,
        )
        return [open_source(name, layout, input_format=self.input_format, options=options) for name in names]


AS_FOUND = Reading()
