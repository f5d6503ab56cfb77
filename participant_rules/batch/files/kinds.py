"""The kind of a file: by the ending of its name, else by its first bytes."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

from participant_rules.batch.files.content import Content
from participant_rules.batch.records import Kind

__all__ = ["is_workbook", "kind_of"]

_ENDINGS: Final[Mapping[str, Kind]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xlsb": "xlsx",
    ".xls": "xlsx",
    ".ods": "xlsx",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
_WORKBOOKS: Final = (
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
)  # a ZIP archive; what a locked workbook is wrapped in
_ENOUGH: Final = 4096


def kind_of(content: Content) -> Kind:
    """The kind by the name's ending (.gz does not count), or by the first bytes where there is none."""
    ending = PurePath(content.name.casefold().removesuffix(".gz")).suffix
    return _ENDINGS.get(ending) or _by_content(content)


def is_workbook(content: Content) -> bool:
    """Whether the first bytes are a workbook's."""
    with content.open() as file:
        return file.read(_ENOUGH).startswith(_WORKBOOKS)


def _by_content(content: Content) -> Kind:
    with content.open() as file:
        beginning = file.read(_ENOUGH)
    if beginning.startswith(_WORKBOOKS):
        return "xlsx"
    begins_as_json = beginning.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"["))
    return "json" if begins_as_json else "csv"
