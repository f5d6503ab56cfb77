"""Files written again with repairs: the cells or values that are repaired, and all else as it stands."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import BinaryIO

from attrs import frozen

from participant_rules.batch.copies.cell_spans import replaced
from participant_rules.batch.copies.delimited import records_of
from participant_rules.batch.copies.original import Original
from participant_rules.batch.copies.sheet_cells import formula_places, with_cells
from participant_rules.batch.files.dialect import Dialect
from participant_rules.batch.files.documents import payloads_in
from participant_rules.batch.files.quoting import QuoteMalformed
from participant_rules.batch.files.tables import Table
from participant_rules.batch.files.text_places import behind_mark
from participant_rules.batch.records import Unusable
from participant_rules.batch.subjects import is_of_subject, row_of
from participant_rules.jsonplaces import extent
from participant_rules.schema.repairing import names_of, places
from participant_rules.violations import Repair

__all__ = ["Fix", "Writable", "fix"]


@frozen
class Fix:
    """The repairs of one record, and its rows: several where a table has one for each subject."""

    rows: Sequence[int]
    repairs: Sequence[Repair]


@frozen(slots=False)
class Writable:
    """The test of repairs that can be written to a file: in a table, of cells that are no formulas.

    What rows of one record have in common says whose they are, so it is never repaired; nor are the names of
    columns.
    """

    original: Original

    def __call__(self, rows: Sequence[int], repair: Repair) -> bool:
        """Whether the repair of a record with these rows can be written."""
        table = self.original
        if not isinstance(table, Table):
            return True
        place = table.place(repair.pointer)
        if repair.renames is not None or place is None or repair.pointer == table.identity:
            return False
        return (row_of(repair.pointer, rows), place) not in self._formulas

    @cached_property
    def _formulas(self) -> frozenset[tuple[int, int]]:
        """The rows and places of the cells that are formulas."""
        sheet = self.original
        if not isinstance(sheet, Table) or sheet.kind != "xlsx":
            return frozenset()
        found = formula_places(sheet.name, _bytes(sheet), sheet.sheet_name)
        return frozenset((row, column - 1 - sheet.left) for row, column in found)


def fix(original: Original, fixes: Iterable[Fix], out: BinaryIO) -> None:
    """Write a file with repairs that can be made; raises Unusable where it cannot be written."""
    if not isinstance(original, Table):
        repairs = {each.rows[0]: each.repairs for each in fixes}
        write = _lines if original.kind == "jsonl" else _document
        out.writelines(write(original, repairs))
        return
    cells = _cells(original, fixes)
    if original.dialect is not None:
        out.writelines(_delimited(original, original.dialect, cells))
        return
    before = original.left + 1
    texts = {(row, place + before): text for row, found in cells.items() for place, text in found.items()}
    out.write(with_cells(original.name, _bytes(original), original.sheet_name, texts))


# ---- JSON


def _lines(original: Original, repairs: Mapping[int, Sequence[Repair]]) -> Iterator[bytes]:
    with original.open() as file:
        for number, line in enumerate(file, start=1):
            wanted = repairs.get(number)
            yield _payload(line.decode(), wanted).encode() if wanted else line


def _document(original: Original, repairs: Mapping[int, Sequence[Repair]]) -> Iterator[bytes]:
    text = _bytes(original).decode()
    end = 0
    for number, (begin, behind) in enumerate(payloads_in(text, behind_mark(text)).spans, start=1):
        yield text[end:begin].encode()
        yield _payload(text[begin:behind], repairs.get(number, ())).encode()
        end = behind
    yield text[end:].encode()


def _payload(text: str, repairs: Iterable[Repair]) -> str:
    """The text of a payload with repairs; values and names that have none stay as they are written."""
    for each in repairs:
        found = extent(text, places(each), behind_mark(text))
        if found is None:
            continue
        if each.renames is not None:
            name = json.dumps(names_of(each.pointer)[-1])
            text = text[: found.begin] + name + text[found.begin + _name_length(text, found.begin) :]
        else:
            text = text[: found.value] + json.dumps(each.value, ensure_ascii=False) + text[found.end :]
    return text


def _name_length(text: str, begin: int) -> int:
    """How long the string is that begins there."""
    return json.JSONDecoder().raw_decode(text, begin)[1] - begin


# ---- tables


def _cells(table: Table, fixes: Iterable[Fix]) -> Mapping[int, dict[int, str]]:
    """The new texts by row and place; other rows of a record that say the same are repaired alike."""
    cells: dict[int, dict[int, str]] = {}
    shared: list[tuple[Fix, int, str]] = []
    for each in fixes:
        for repair in each.repairs:
            place = table.place(repair.pointer)
            if place is None:
                continue
            text = repair.value if isinstance(repair.value, str) else json.dumps(repair.value)
            cells.setdefault(row_of(repair.pointer, each.rows), {})[place] = text
            if len(each.rows) > 1 and not is_of_subject(repair.pointer):
                shared.append((each, place, text))
    if shared:
        rows = dict(table.texts())
        for each, place, text in shared:
            before = rows[each.rows[0]][place]
            for row in each.rows[1:]:
                if place < len(rows[row]) and rows[row][place] == before:
                    cells.setdefault(row, {})[place] = text
    return cells


def _delimited(table: Table, dialect: Dialect, cells: Mapping[int, dict[int, str]]) -> Iterator[bytes]:
    yield dialect.mark
    try:
        for record in records_of(table, dialect):
            wanted = cells.get(record.line)
            text = replaced(record.text, wanted, dialect.grammar) if wanted else record.text
            yield text.encode(dialect.encoding, dialect.errors)
    except (UnicodeError, QuoteMalformed):
        raise Unusable(f"{table.name}: a repair cannot be written in {dialect.encoding}") from None


def _bytes(original: Original) -> bytes:
    with original.open() as file:
        return file.read()
