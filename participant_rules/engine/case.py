"""The base of both families' cases: members by the forms of a schema, or by the readings of a plan."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, TypeVar

from participant_rules.engine.members import Fault, faults_of
from participant_rules.engine.slots import State
from participant_rules.facts import Facts, FactValues
from participant_rules.once import once
from participant_rules.quotas import Counts, Taking
from participant_rules.schema.entity import Sealed
from participant_rules.schema.form import Form
from participant_rules.schema.kinds import Nested, Path, Several
from participant_rules.schema.reads import IGNORED, UNDECLARED, Mode, Read
from participant_rules.schema.shapes import Shape
from participant_rules.schema.tree import Node, Schema
from participant_rules.unknown import Unknown
from participant_rules.unset import UNREADABLE, UNSET, Unset

__all__ = ["RecordCase", "known_value"]

T = TypeVar("T")

Faults = tuple[tuple[Path, *Fault], ...]


def known_value(value: T | Unset) -> T | None:
    """A value of the body, None where it was left out; raises Unknown where it cannot be read."""
    if value is UNREADABLE:
        raise Unknown("the value has the wrong type")
    return None if isinstance(value, Unset) else value


class RecordCase:
    """A record, and every fact that a rule may ask for.

    Rules read its properties: one whose fact is not given raises Unknown, and the rule that reads it does not
    run.

    A sealed case has `readings` instead of some members of its entity, and lacks those attributes that are
    named in `fact_names` and `content`, as far as it was not given them. `fact_values` are the facts of the
    caller's own, `counts` the numbers that earlier rows of a batch took of them.
    """

    fact_names: ClassVar[frozenset[str]]
    content: ClassVar[frozenset[str]]
    readings: Mapping[Read, Any] | None
    fact_values: FactValues
    counts: Counts | None

    def __getattr__(self, name: str) -> Any:
        """Raise Sealed for an attribute that a sealed case lacks, AttributeError for any other."""
        if name in self.fact_names or name in self.content:
            raise Sealed(type(self).__name__, name)
        raise AttributeError(name)

    @once
    def facts(self) -> Facts:
        """The caller's own facts, by their names as attributes."""
        return Facts(self.fact_values, self.taking)

    @once
    def taking(self) -> Taking:
        """The amounts of quotas that the change takes."""
        return Taking({} if self.counts is None else self.counts)

    @property
    @abstractmethod
    def schema(self) -> Schema:
        """The schema of the entity."""

    @abstractmethod
    def part(self, section: str) -> Any:
        """The object at a path; raises Unknown where there is none to judge."""

    def state(self, path: str) -> State:
        """Whether a member has a value, and whether that is well formed; raises Unknown for a wrong type."""
        node = self.schema.node(path)
        part = self.part(node.section)
        if self.readings is not None:
            is_there = self.readings.get(Read(node.section, Mode.STATE), State.PLAIN) is State.PLAIN
            state: State = self._reading(Read(path, Mode.STATE)) if is_there else State.ABSENT
        else:
            state = state_of(node, node.form, getattr(part, node.member.attribute))
        if state is State.UNREADABLE:
            raise Unknown("the value has the wrong type")
        return state

    def lacks(self, path: str) -> bool:
        """Whether a member is left out, null or blank; raises Unknown for a wrong type."""
        return self.state(path) in (State.ABSENT, State.NULL)

    def malformed(self, path: str, form: Form | None = None) -> bool:
        """Whether the value of a member is malformed: by its form, or by another one."""
        node = self.schema.node(path)
        part = self.part(node.section)
        if self.readings is not None:
            return bool(self._reading(Read(path, Mode.MALFORMED, form)))
        return state_of(node, form or node.form, getattr(part, node.member.attribute)) is State.MALFORMED

    def faults(self, path: str) -> Faults:
        """The faults of the members of an object: their paths, names and faults, in their order."""
        if self.readings is not None:
            self.part(_object_of(self.schema, path))
            found: Faults = self._reading(Read(path, Mode.FAULTS))
            return found
        return tuple(
            (where, *fault)
            for where, members in self.opened(path)
            for fault in faults_of(self._members_of(path), members)
        )

    def _members_of(self, path: str) -> Any:
        return self.schema.node(path).members

    def opened(self, path: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """The objects at a path, and the path of each."""
        node = self.schema.node(path)
        value = getattr(self.part(node.section), node.member.attribute)
        if value:
            yield tuple(path.split(".")), value

    @property
    def undeclared(self) -> tuple[tuple[Path, str], ...]:
        """The paths of objects and the names of members there that are not documented."""
        return self._reading(UNDECLARED) if self.readings is not None else self._extras[0]

    @property
    def ignored(self) -> tuple[tuple[Path, str], ...]:
        """The paths and names of documented members that only a server sets."""
        return self._reading(IGNORED) if self.readings is not None else self._extras[1]

    def documented(self, path: Path) -> Iterable[str]:
        """The names of the members that the object at a path may have."""
        return names_at(self.body[0], path)

    @property
    def body(self) -> tuple[Schema, Any]:
        """The entity of the request, and the names that it may hold."""
        return self.schema, self.part("")

    @once
    def _extras(self) -> tuple[tuple[tuple[Path, str], ...], tuple[tuple[Path, str], ...]]:
        undeclared: list[tuple[Path, str]] = []
        ignored: list[tuple[Path, str]] = []
        schema, entity = self.body
        for shape, path, names in _extras_of(schema.shape, entity, ()):
            documented = {*shape.names}
            for name in names:
                (ignored if name in documented else undeclared).append((path, name))
        return tuple(undeclared), tuple(ignored)

    def _reading(self, read: Read) -> Any:
        assert self.readings is not None  # noqa: S101  a sealed case
        if read not in self.readings:
            raise Sealed(type(self).__name__, f"{read.mode.value}({read.path!r})")
        return self.readings[read]


def _object_of(schema: Schema, path: str) -> str:
    """The path of the object, or of the object with the list, that a member stands in."""
    section = schema.node(path).section
    while section.endswith("[]"):
        section = schema.node(section.removesuffix("[]")).section
    return section


def names_at(schema: Schema, path: Path) -> Iterable[str]:
    """The documented names of the members of an object by its path."""
    section = ""
    for each in path:
        section = f"{section}[]" if isinstance(each, int) else f"{section}.{each}".lstrip(".")
    return schema.members_in(section)


def state_of(node: Node, form: Form | None, value: Any) -> State:
    """The state of a member's value by a form; an empty object is nothing."""
    if value is UNSET:
        return State.ABSENT
    if value is UNREADABLE:
        return State.UNREADABLE
    if value is None or value == {} or (isinstance(value, str) and not value.strip()):
        return State.NULL
    judged = value.strip() if node.trims else value
    return State.PLAIN if form is None or form.accepts(judged) else State.MALFORMED


def _extras_of(shape: Shape, entity: Any, path: Path) -> Iterator[tuple[Shape, Path, list[str]]]:
    """The members of the objects of a payload that are not read."""
    if isinstance(entity, Unset) or entity is None:
        return
    yield shape, path, list(getattr(entity, shape.extras or "", ()))
    for member in shape.members:
        value = getattr(entity, member.attribute, None)
        if isinstance(member.kind, Nested):
            yield from _extras_of(member.kind.entity, value, (*path, member.name))
        elif isinstance(member.kind, Several) and isinstance(value, tuple):
            for place, each in enumerate(value):
                yield from _extras_of(member.kind.entity, each, (*path, member.name, place))
