"""The members of an entity that the columns of a table hold."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise

from attrs import field, frozen

from participant_rules.schema.kinds import Path
from participant_rules.schema.tree import Node, Schema

__all__ = ["Header", "Placed", "TableColumn", "header_of"]

TableColumn = tuple[int, Path, bool]
"""The place of a column in a row, the path of its member in a payload, and whether it is null where its cell
is blank; else it is left out there."""


@frozen
class Placed:
    """A column, and its member in a documented object.

    `section` is the path of that object, `node` the documented member, or the open object whose member it is
    with `is_element`; a member that nobody documented has no node.
    """

    place: int
    path: Path
    clears: bool
    section: str
    node: Node | None
    is_element: bool = False

    @property
    def name(self) -> str:
        """The name of the member."""
        return str(self.path[-1])


@frozen(eq=False, slots=False)
class Header:
    """The columns of a table; with `keeps` an object that has columns is there even where all are blank."""

    schema: Schema
    columns: tuple[Placed, ...] = field(repr=False)
    keeps: bool = False

    @cached_property
    def sections(self) -> Mapping[str, tuple[Placed, ...]]:
        """The columns by the object that they stand in; the payload itself is "" and comes first."""
        found: dict[str, list[Placed]] = {"": []}
        for column in self.columns:
            for section in _sections(self.schema, column.section):
                found.setdefault(section, []).append(column)
        return {section: tuple(columns) for section, columns in found.items()}

    def is_always_there(self, section: str) -> bool:
        """Whether an object is there in every row."""
        return not section or self.keeps or any(each.clears for each in self.sections[section])

    @cached_property
    def read(self) -> Mapping[str, Placed]:
        """The columns of documented members that are read, by their paths."""
        found = [each for each in self.columns if each.node is not None and not each.is_element]
        return {each.node.path: each for each in found if each.node and not each.node.member.read_only}

    @cached_property
    def elements(self) -> Mapping[str, tuple[Placed, ...]]:
        """The columns of members of open objects, by the paths of these objects."""
        found: dict[str, list[Placed]] = {}
        for each in self.columns:
            if each.is_element:
                found.setdefault(each.section, []).append(each)
        return {section: tuple(columns) for section, columns in found.items()}

    @cached_property
    def strangers(self) -> tuple[Placed, ...]:
        """The columns of undocumented and of unread members, in the order in which values are read."""
        others = [
            each
            for each in self.columns
            if not each.is_element and (each.node is None or each.node.member.read_only)
        ]
        order = {"": -1} | {
            f"{node.path}[]" if node.is_list else node.path: place
            for place, node in enumerate(self.schema.nodes.values())
        }
        return tuple(sorted(others, key=lambda each: order[each.section]))

    @cached_property
    def absent(self) -> tuple[Node, ...]:
        """The members without a column, in objects that have some."""
        return tuple(
            node
            for node in self.schema.nodes.values()
            if node.section in self.sections
            and not (node.element or node.member.read_only)
            and node.path not in self.read
            and not {node.path, f"{node.path}[]"} & self.sections.keys()
        )


def header_of(schema: Schema, columns: Iterable[TableColumn], *, keeps: bool = False) -> Header | None:
    """The columns of a table; None where one of them is no single member of a documented object."""
    columns = tuple(columns)
    paths = sorted((path for _, path, _ in columns), key=_comparable)
    if any(later[: len(earlier)] == earlier for earlier, later in pairwise(paths)):
        return None  # a member and a part of it, or the same one twice
    placed = [_placed(schema, column) for column in columns]
    known = tuple(each for each in placed if each is not None)
    if len(known) < len(placed) or _repeats(known):
        return None
    return Header(schema, known, keeps)


def _comparable(path: Path) -> tuple[str, ...]:
    return tuple(map(repr, path))


def _placed(schema: Schema, column: TableColumn) -> Placed | None:
    """A column with its member; None where the object around it is not documented."""
    place, path, clears = column
    section, around = "", None
    for step in path[:-1]:
        if step == 0 and around is not None and around.is_list and "[]" not in section:
            section, around = f"{section}[]", None
            continue
        around = schema.members_in(section).get(str(step))
        if around is None or not _is_object(around) or not isinstance(step, str):
            return None
        section = around.path
    if not path or not isinstance(path[-1], str) or (around is not None and around.is_list):
        return None
    if around is not None and around.is_open:
        return Placed(place, path, clears, section, around, is_element=True)
    return Placed(place, path, clears, section, schema.members_in(section).get(path[-1]))


def _is_object(node: Node) -> bool:
    """Whether members can stand in it that are read."""
    return (node.is_nested or node.is_list or node.is_open) and not (node.element or node.member.read_only)


def _sections(schema: Schema, section: str) -> Iterator[str]:
    """The path of an object, and the paths of the objects around it."""
    while section:
        yield section
        section = schema.node(section.removesuffix("[]")).section


def _repeats(columns: Iterable[Placed]) -> bool:
    """Whether two columns are the same member of an open object in two spellings."""
    met: set[tuple[str, str]] = set()
    for each in columns:
        form = each.node.members if each.is_element and each.node is not None else None
        if form is not None:
            member = each.section, form.fold(each.name)
            if member in met:
                return True
            met.add(member)
    return False
