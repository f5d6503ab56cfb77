"""Payload to entity and back: strict, nothing is coerced, all faults at once.

The converter is cattrs'; its hook factory makes one accepting function for each entity class out of its
annotations (see `shapes`). A payload that this does not accept goes to the slow twin, whose reports become
violations with JSON Pointers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any, Final, Self, TypeVar

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from participant_rules import jsontext
from participant_rules.rules import At, Rule, at, fault, rule
from participant_rules.schema.kinds import Path
from participant_rules.schema.members import camel_case
from participant_rules.schema.reads import UNDECLARED
from participant_rules.schema.shapes import Mismatch, Shape
from participant_rules.spelling import hint
from participant_rules.unset import Unset
from participant_rules.violations import Violation, pointer
from participant_rules.wrong_types import violations_of_types, wrong_type

__all__ = [
    "FAULTS",
    "Malformed",
    "Wire",
    "listed",
    "parameter_malformed",
    "read_each",
    "refuse_odd",
    "unknown_field",
]

EntityT = TypeVar("EntityT")

parameter_malformed = fault(
    "The query parameter must be {expected}.",
    "parameter-malformed",
    "A query parameter has a documented value.",
    pointer="/{parameter}",
)

FAULTS: Final[tuple[Rule, ...]] = (wrong_type, parameter_malformed)


class Malformed(ValueError):
    """A definition that cannot be read: a set-up error of the caller, not a violation of a participant.

    `name` says what is malformed; `faults` are JSON Pointers and sentences, where they are known.
    """

    def __init__(self, message: str, name: str = "", faults: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(message)
        self.name = name
        self.faults = tuple(faults)

    @classmethod
    def of(cls, name: str, faults: Iterable[tuple[str, str]]) -> Self:
        """The error of some faults."""
        faults = tuple(faults)
        sentences = "; ".join(f"{where or '/'} {sentence}" for where, sentence in faults)
        return cls(f"{name}: {sentences}", name, faults)

    def within(self, *path: str | int) -> Self:
        """The same error of a definition that stands inside of something."""
        before = pointer(*path)
        if not self.faults:
            return self
        return type(self).of(self.name, [(before + where, sentences) for where, sentences in self.faults])


def refuse_odd(data: object, name: str, *path: str) -> None:
    """Raise Malformed for what JSON does not have, with the place and the type of each such value."""
    faults = () if isinstance(data, str | bytes | bytearray | memoryview) else jsontext.read(data)[1]
    if faults:
        raise Malformed.of(name, [(pointer(*path) + (each.pointer or ""), each.text) for each in faults])


def read_each(data: Mapping[str, Any], name: str, read: Callable[[Any], EntityT]) -> Iterator[EntityT]:
    """The elements of a definition's list, read; raises Malformed, with their place."""
    for position, each in enumerate(listed(data, name)):
        try:
            element = read(each)
        except Malformed as wrong:
            raise wrong.within(name, position) from None
        yield element


def listed(data: Mapping[str, Any], name: str) -> Sequence[Any]:
    """The list that a definition has under a name, or an empty one; raises Malformed where it is none."""
    found = data.get(name)
    if found is not None and not isinstance(found, list | tuple):
        raise Malformed.of("definition", [(f"/{name}", "The value must be a list.")])
    return found or ()


class Wire:
    """Reads payloads into entities, and writes entities as payloads.

    A request's read-only members are ignored; with `stored=True` they are read, for what a store holds.
    """

    def __init__(self, *, stored: bool = False) -> None:
        self._converter = Converter(unstruct_collection_overrides={tuple: list})
        self._converter.register_structure_hook_factory(attrs.has, self._structuring)
        self._converter.register_unstructure_hook_factory(attrs.has, self._unstructuring)
        self._accepting: Callable[[Any], Callable[[Any, Any], Any]] = cache(
            self._converter.get_structure_hook
        )
        self._shape = partial(Shape.of, stored=stored)

    def read(
        self, entity: type[EntityT], data: object, path: Path = ()
    ) -> tuple[EntityT | Unset, tuple[Violation, ...]]:
        """The entity, and its faults with pointers that start at `path`.

        A faulty value is UNREADABLE in the entity; a payload that is no object is UNREADABLE as a whole.
        """
        try:
            accepted: EntityT = self._accepting(entity)(data, entity)
        except Mismatch:
            return self._read_slowly(entity, data, path)
        return accepted, ()

    def read_stored(self, entity: type[EntityT], data: object, name: str) -> EntityT:
        """The entity of a definition's or a store's value; raises Malformed with the place of the fault."""
        value, faults = self.read(entity, data)
        if isinstance(value, Unset) or faults:
            refuse_odd(data, name)
            raise Malformed.of(name, [(each.pointer or "", each.text) for each in faults])
        return value

    def write(self, entity: object) -> dict[str, Any]:
        """The payload of an entity; absent members stay absent."""
        document: dict[str, Any] = self._converter.unstructure(entity)
        return document

    def _read_slowly(self, entity: Any, data: object, path: Path) -> tuple[Any, tuple[Violation, ...]]:
        found: list[tuple[Path, str]] = []
        read = self._shape(entity).read(data, path, lambda where, expected: found.append((where, expected)))
        return read, violations_of_types(found)

    def _structuring(self, entity: type) -> Callable[[Any, type], Any]:
        accept = self._shape(entity).accepting()
        return lambda data, _: accept(data)

    def _unstructuring(self, entity: Any) -> Callable[[Any], dict[str, Any]]:
        overrides = {}
        for each in attrs.fields(entity):
            gathers = each.metadata.get("extras", False)
            overrides[each.name] = override(
                rename=each.metadata.get("wire") or camel_case(each.name), omit=gathers or None
            )
        return make_dict_unstructure_fn(entity, self._converter, _cattrs_omit_if_default=True, **overrides)  # type: ignore[arg-type]  # names are data


@rule(
    "The member is not documented and is ignored{hint}.",
    severity="warning",
    pointer="/{member}",
    reads=[UNDECLARED],
)
def unknown_field(case: Any) -> Iterator[At]:
    """A request has documented members only; others are ignored and reported."""
    for path, name in case.undeclared:
        yield at(*path, name, hint=hint(name, case.documented(path), "; {} is"))
