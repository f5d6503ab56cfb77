"""How the rows of a table become payloads, worked out once for its header."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, Final

from attrs import field, frozen

from participant_rules.batch.files.columns import Column
from participant_rules.batch.files.fields import Field, Path
from participant_rules.batch.files.row_builder import BuildRows, Payload, Target, row_builder
from participant_rules.batch.files.sheets import Cells
from participant_rules.batch.records import TableColumn, Tabular
from participant_rules.batch.subjects import of_subject
from participant_rules.violations import pointer

__all__ = ["Identity", "Plan", "at_path", "nameless"]


@frozen
class Identity:
    """The member by which several rows are one record, and the key of its texts; "" for a blank one."""

    path: Path
    key: Callable[[str], str] = field(eq=False, repr=False)


@frozen(cache_hash=True)  # what is made of it is remembered
class Plan:
    """The columns of a table of so many columns (and `spare` blank ones), and the form of its payloads.

    With `clears` blank cells are null where they can be. `constants` are members that every payload has. With
    `keeps` an object that has columns is in every payload, else only where it has a member. What stands in
    cells beyond the header goes to the object at `beyond`, as members that nobody knows. Rows with the same
    `identity` are one record; None where each row is one. With `late` payloads are made when they are
    asked for, since many never are.
    """

    columns: tuple[Column, ...]
    width: int
    spare: int = 0
    clears: bool = False
    constants: tuple[tuple[Path, str], ...] = ()
    keeps: bool = False
    beyond: Path = ()
    identity: Identity | None = None
    late: bool = False

    def payloads(self, rows: Sequence[Cells]) -> list[Payload]:
        """The payloads of rows; a cell that a shorter row lacks is left out, never cleared."""
        return _maker(self)(rows)

    def records(self, rows: Sequence[Cells], *, sound: bool) -> Sequence[Payload]:
        """The same, made at once or each when it is asked for; `sound` says that no text has a fault."""
        if not (sound and self.late):
            return self.payloads(rows)
        return Tabular(rows, _columns(self), self.width, _maker(self))

    def column(self, where: str) -> str | None:
        """The name of the column that a pointer stands for; None for none, or for one without a name.

        A section is the first column's that is a part of it: this one has brought it in.
        """
        found = self._by_pointer
        where = of_subject(where, 0)
        if where in _SECTIONS:
            return next((found[each].name for each in found if each.startswith(where + "/")), None)
        while where and where not in found:
            where = where.rpartition("/")[0]
        return found[where].name if where else None

    def place(self, where: str) -> int | None:
        """The place in a row of the cell that is the member at a pointer; None for none."""
        found = self._by_pointer.get(of_subject(where, 0))
        return None if found is None else found.place

    @cached_property
    def _by_pointer(self) -> Mapping[str, Column]:
        """The columns with a name, by the pointers of their members."""
        return {pointer(*each.field.path): each for each in self.columns if each.name}


_SECTIONS: Final = ("/invitationSection", "/loginSection")


def nameless(names: Sequence[str], beyond: Path) -> list[Column]:
    """Columns for the cells that stand below no name: unknown members, which a rule reports."""
    return [
        Column(place, "", Field((*beyond, _nameless(place)), clearable=False))
        for place, name in enumerate(names)
        if not name.strip()
    ]


def _nameless(place: int) -> str:
    return f"column {place + 1}"


def at_path(payload: Any, path: Path) -> Any:
    """The value at a path that the payload is known to have."""
    for step in path:
        payload = payload[step]
    return payload


_Maker = Callable[[Sequence[Cells]], list[Payload]]


@lru_cache(maxsize=64)  # a part that travels has an equal plan
def _maker(plan: Plan) -> _Maker:
    """The maker of payloads of rows."""
    width = plan.width
    build = _builder(plan, width)

    def make(rows: Sequence[Cells]) -> list[Payload]:
        rows = list(rows)
        if {width}.issuperset(map(len, rows)):
            return build(rows)
        padded = [[*row, *[""] * (width - len(row))][:width] for row in rows]
        payloads = [
            _builder(plan, min(len(row), width))([cells])[0] for row, cells in zip(rows, padded, strict=True)
        ]
        for payload, row in zip(payloads, rows, strict=True):
            extra = {_nameless(place): row[place] for place in range(width, len(row)) if row[place].strip()}
            at_path(payload, plan.beyond).update(extra)
        return payloads

    return make


@lru_cache(maxsize=256)
def _builder(plan: Plan, width: int) -> BuildRows:
    """The builder of payloads of rows with so many cells of their own, padded with blank ones."""
    targets = [_target(each, clears=plan.clears and each.place < width) for each in plan.columns]
    return row_builder(targets, plan.width, plan.constants, always=plan.beyond, keeps=plan.keeps)


@lru_cache(maxsize=64)
def _columns(plan: Plan) -> tuple[TableColumn, ...]:
    """The columns, as a judge knows them."""
    targets = [_target(each, clears=plan.clears) for each in plan.columns]
    return tuple([(each.place, each.path, each.has_blank) for each in targets])


def _target(column: Column, *, clears: bool) -> Target:
    meant = column.field
    has_blank = meant.blank is not None or (clears and meant.clearable)
    return Target(column.place, meant.path, meant.form, has_blank, meant.blank)
