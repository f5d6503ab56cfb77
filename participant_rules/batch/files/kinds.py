"""The kind of a file: by the ending of its name, else by its first bytes."""

import re
from codecs import BOM_UTF8
from collections.abc import Mapping
from pathlib import PurePath
from typing import Final

from participant_rules.batch.files.compound import COMPOUND
from participant_rules.batch.files.content import Content
from participant_rules.batch.records import Kind

__all__ = ["is_workbook", "kind_of", "stranger"]

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
_WORKBOOKS: Final = (b"PK\x03\x04", COMPOUND)  # a ZIP archive; what a locked workbook is wrapped in
_ENOUGH: Final = 4096
_is_packed: Final = re.compile(
    rb"BZh[1-9]1AY&SY|\xfd7zXZ\0|\x28\xb5\x2f\xfd|7z\xbc\xaf\x27\x1c|Rar!\x1a|\x1f\x8b", re.DOTALL
).match
_is_markup: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:\?xml|!doctype|!--|(?:html|head|meta|table)\b)", re.IGNORECASE
).match
_is_wide: Final = re.compile(
    rb"\xff\xfe|\xfe\xff|\0\0\xfe\xff|[\[{\s]\0(?:[^\0]\0|\0\0)|\0(?:[\[{\s]\0[^\0]|\0\0[\[{\s])"
).match
_is_json: Final = re.compile(rb'(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{\s*"').match


def kind_of(content: Content) -> Kind:
    """The kind by the name's ending (.gz does not count), or by the first bytes where there is none."""
    ending = PurePath(content.name.casefold().removesuffix(".gz")).suffix
    return _ENDINGS.get(ending) or _by_content(content)


def is_workbook(content: Content) -> bool:
    """Whether the first bytes are a workbook's."""
    with content.open() as file:
        return file.read(_ENOUGH).startswith(_WORKBOOKS)


def stranger(content: Content, kind: Kind) -> str:
    """A description of a file with first bytes of no known kind, or of another than its name's; else ""."""
    with content.open() as file:
        beginning = file.read(_ENOUGH)
    if beginning.startswith(b"%PDF"):
        return "a PDF document; save its table as XLSX or CSV"
    if _is_packed(beginning):
        return "packed, and not once with gzip; unpack it"
    if _is_markup(beginning):
        return "a web page or another XML text; open it in a spreadsheet program and save it as XLSX"
    if kind == "csv" and _is_json(beginning):
        return "JSON and no table; --input-format json reads it"
    if kind in ("json", "jsonl") and _is_wide(beginning):
        return "in UTF-16 or UTF-32, and JSON is UTF-8 (RFC 8259, 8.1); save it so"
    return ""


def _by_content(content: Content) -> Kind:
    with content.open() as file:
        beginning = file.read(_ENOUGH)
    if beginning.startswith(_WORKBOOKS):
        return "xlsx"
    begins_as_json = beginning.removeprefix(BOM_UTF8).lstrip().startswith((b"{", b"["))
    return "json" if begins_as_json else "csv"
