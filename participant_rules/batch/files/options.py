"""A caller's options for the reading of a file."""

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from participant_rules.batch.files.columns import Blank

__all__ = ["Options"]


@frozen
class Options:
    r"""The reading of tables, where the caller knows better than the detection.

    Args:
        mapping: Fields of columns, by their exact names.
        blank: What a blank cell says: nothing ("omit"), or null ("clear").
        encoding: The name of the text's encoding, as Python knows it.
        separator: What stands between the cells of a text: a character, or "tab".
        escape: `\` where a quote inside quotes is written `\"`, and "" where it never is.
        header_row: The row of the header, from 1.
        sheet: The name of the sheet in a workbook.
        columns: "strict" where a column that is not read makes the file unusable.
    """

    mapping: Mapping[str, str] = field(factory=dict)
    blank: Blank = "omit"
    encoding: str | None = None
    separator: str | None = None
    escape: Literal["\\", ""] | None = None
    header_row: int | None = None
    sheet: str | None = None
    columns: Literal["lenient", "strict"] = "lenient"
