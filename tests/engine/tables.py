"""Tables of made-up rows, and their payloads: cell by cell, as plainly as possible."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from hypothesis import strategies as st

from participant_rules.engine.headers import TableColumn
from participant_rules.schema.kinds import Path

__all__ = ["CELLS", "Convert", "decimal", "flag", "integer", "payload_of", "tables"]

Convert = Callable[[str], Any]
"""What a cell becomes that is no text; what does not read so stays one."""


def flag(cell: str) -> Any:
    """True and false."""
    return {"true": True, "false": False}.get(cell.strip().casefold(), cell)


def integer(cell: str) -> Any:
    """An integer as JSON writes it."""
    text = cell.strip()
    return int(text) if re.fullmatch(r"-?(?:0|[1-9][0-9]{0,299})", text) else cell


def decimal(cell: str) -> Any:
    """A number as JSON writes it, without an exponent."""
    text = cell.strip()
    found = re.fullmatch(r"-?(?:0|[1-9][0-9]{0,99})(\.[0-9]{1,99})?", text)
    if not found:
        return cell
    return float(text) if found[1] else int(text)


def payload_of(
    row: Sequence[str],
    columns: Iterable[TableColumn],
    converts: Mapping[Path, Convert] = {},
    *,
    keeps: bool = False,
) -> dict[str, Any]:
    """The payload of a row."""
    payload: dict[str, Any] = {}
    for place, path, clears in columns:
        cell = row[place] if place < len(row) else ""
        there = bool(cell.strip())
        value = converts.get(path, str)(cell) if there else None
        if there or clears or keeps:
            around = _object_at(payload, path[:-1])
            if there or clears:
                around[path[-1]] = value
    return payload


def _object_at(payload: Any, path: Path) -> Any:
    """The object at a path, made where it is not there."""
    for step, following in zip(path, (*path[1:], None), strict=False):
        payload = payload[0] if step == 0 else payload.setdefault(step, [{}] if following == 0 else {})
    return payload


CELLS: Final = st.sampled_from(["", "", " ", "a", " a ", "-", 'say "no"', "\\", "true", "FALSE", "0", "é\n"])
"""Cells that any column may have."""


@st.composite
def tables(
    draw: st.DrawFn, cells: Mapping[Path, st.SearchStrategy[str]], *, most: int = 8
) -> tuple[tuple[TableColumn, ...], list[list[str]]]:
    """The columns of some members in any order, and rows; some cells are the member's, some odd."""
    paths = draw(st.lists(st.sampled_from(list(cells)), unique=True, min_size=1, max_size=most))
    clears = draw(st.sampled_from([[False], [True], [False, False, False, True]]))
    columns = tuple((place, path, draw(st.sampled_from(clears))) for place, path in enumerate(paths))
    row = st.tuples(*[st.one_of(cells[path], cells[path], st.just(""), CELLS) for path in paths]).map(list)
    return columns, draw(st.lists(row, min_size=1, max_size=6))
