"""How the rows of a table become payloads, worked out once for its header."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from attrs import frozen

from participant_rules.batch.files.columns import Column, Field, Path
from participant_rules.batch.files.filling import Cells, Fill, Payload, Target, filling
from participant_rules.violations import pointer

__all__ = ["Plan", "at_path", "nameless"]


@frozen
class Plan:
    """The columns of a table of so many columns, and what its payloads are like.

    With `clears` blank cells are null where they can be. `constants` are members that every payload has. With
    `keeps` an object that has columns is in every payload, else only where it has a member. What stands in
    cells beyond the header goes to the object at `beyond`, as members that nobody knows. Rows with the same
    text at `identity` are one record; None where each row is one.
    """

    columns: tuple[Column, ...]
    width: int
    clears: bool = False
    constants: tuple[tuple[Path, str], ...] = ()
    keeps: bool = False
    beyond: Path = ()
    identity: Path | None = None

    def payloads(self, rows: Sequence[Cells]) -> list[Payload]:
        """The payloads of rows; in a shorter row the missing cells are blank."""
        fill, width = _fill(self), self.width
        if all([len(row) == width for row in rows]):  # noqa: C419  a list is faster
            return fill(rows)
        payloads = fill([(row + [""] * (width - len(row)))[:width] for row in rows])
        for payload, row in zip(payloads, rows, strict=True):
            extra = {_nameless(place): row[place] for place in range(width, len(row)) if row[place].strip()}
            at_path(payload, self.beyond).update(extra)
        return payloads

    def column(self, where: str) -> str | None:
        """The name of the column that a pointer stands for; None for none, or for one without a name."""
        names = _names(self)
        where = _any_subject("/loginSection/subjects/0/", where)
        while where and where not in names:
            where = where.rpartition("/")[0]
        return names.get(where)


_any_subject: Final = re.compile("^/loginSection/subjects/[0-9]+/").sub


def nameless(names: Sequence[str], beyond: Path) -> list[Column]:
    """Columns for the cells that stand below no name: members that nobody knows, so that a rule says them."""
    return [
        Column(place, "", Field((*beyond, _nameless(place)), clearable=False))
        for place, name in enumerate(names)
        if not name.strip()
    ]


def _nameless(place: int) -> str:
    return f"column {place + 1}"


def at_path(payload: Any, path: Path) -> Any:
    """What stands at a path that the payload is known to have."""
    for step in path:
        payload = payload[step]
    return payload


@lru_cache(maxsize=64)
def _names(plan: Plan) -> Mapping[str, str]:
    return {pointer(*each.field.path): each.name for each in plan.columns if each.name}


@lru_cache(maxsize=64)  # a part that travels has an equal plan
def _fill(plan: Plan) -> Fill:
    targets = [_target(each, clears=plan.clears) for each in plan.columns]
    return filling(targets, plan.width, plan.constants, always=plan.beyond, keeps=plan.keeps)


def _target(column: Column, *, clears: bool) -> Target:
    field = column.field
    has_blank = field.blank is not None or (clears and field.clearable)
    return Target(column.place, field.path, field.form, has_blank, field.blank)
