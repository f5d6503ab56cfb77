"""How files are read: the options that `check`, `plan` and `send` have in common."""

from collections.abc import Sequence
from typing import Annotated, Final, Literal

from attrs import fields, frozen
from cyclopts import Parameter

from participant_rules.batch.files import FileSource, Layout, open_source
from participant_rules.batch.files.options import Options
from participant_rules.batch.files.project import PROJECT_FIELDS
from participant_rules.batch.files.survey import SURVEY_FIELDS
from participant_rules.cli.arguments import COUNT, pairs_of

__all__ = ["AS_FOUND", "FLAG", "Reading"]

FLAG = Parameter(negative="")
_MAP: Final = (
    'A column and the field that it is, as "Column=field"; may be given several times. Fields of a project: '
    f"{', '.join(PROJECT_FIELDS)}, customFields.NAME. Fields of a survey: {', '.join(SURVEY_FIELDS)}, "
    "invite.KEY, and the ids or names of variables (v46)."
)


@Parameter(name="*")
@frozen
class Reading:
    """How files are read, where detection would be wrong.

    Args:
        input_format: The format of the files, where their endings do not tell it.
        mapping: A column and the field that it is, as "Column=field".
        blank: What a blank cell means: the field is left out (omit) or becomes null (clear).
        encoding: The encoding of texts, where it is not what would be guessed: cp1252, utf-16 …
        separator: What stands between the cells of a text: a character, or tab.
        escape: A backslash where quotes inside quotes are written with one before them; "" where none is.
        header_row: The row of the header, where it is not the first with most known columns.
        sheet: The sheet of a workbook.
        columns: strict makes a column that is not read an error of the file.
    """

    input_format: Literal["csv", "json", "jsonl", "xlsx"] | None = None
    mapping: Annotated[list[str] | None, Parameter(name="--map", negative="", help=_MAP)] = None
    blank: Literal["omit", "clear"] = "omit"
    encoding: str | None = None
    separator: str | None = None
    escape: Literal["\\", ""] | None = None
    header_row: Annotated[int | None, COUNT] = None
    sheet: str | None = None
    columns: Literal["lenient", "strict"] = "lenient"

    @property
    def options(self) -> Options:
        """The same for the files' readers; raises Unusable."""
        named = {each.name: getattr(self, each.name) for each in fields(Options)}
        return Options(**named | {"mapping": pairs_of(self.mapping or ())})

    def sources(self, names: Sequence[str], layout: Layout) -> list[FileSource]:
        """The files as sources; raises Unusable."""
        options = self.options
        return [open_source(name, layout, input_format=self.input_format, options=options) for name in names]


AS_FOUND = Reading()
