"""Repairs of payloads: offered with violations, and made until a payload has no more that can be repaired.

A repair is made when it is asked for, so that a violation that nobody mends costs nothing. One that would
give a participant what another one holds is not made: it would make two people one.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from attrs import evolve, field, frozen

from participant_rules import jsontext
from participant_rules.schema.form import FixOf, Form
from participant_rules.schema.repairing import ColumnFix, names_of, repair_at, repaired, value_at
from participant_rules.schema.tree import Schema
from participant_rules.violations import Made, Repair, Severity, Violation, pointer

__all__ = [
    "Offer",
    "Repaired",
    "among_rows",
    "offered",
    "refused_by",
    "repair_of",
    "repaired_payload",
    "shared_by",
    "value_of",
    "with_repair",
]

Check = Callable[[Any], Sequence[Violation]]
Held = Callable[[Any, Sequence[Violation]], Iterable[str]]


def repair_of(
    violation: Violation, schema: Schema, payload: Any, base: str = "", *, column: ColumnFix | None = None
) -> Repair | None:
    """The repair of a violation's member in a JSON value; its pointer begins with `base`.

    A warning is about nothing that is wrong: of it only a name is repaired.
    """
    where = violation.pointer or ""
    if not where.startswith(base) or where == base:
        return None
    is_warning = violation.severity is Severity.WARNING
    found = repair_at(schema, payload, where[len(base) :], renames_only=is_warning, column=column)
    return found if found is None or not base else evolve(found, pointer=base + found.pointer)


# ---- offers


class Offer:
    """Makes the repairs of the violations of one record, each once, when they are asked for.

    `read` gives the record as a JSON value; pointers begin with `base`, its place in a batch.
    """

    __slots__ = ("_base", "_made", "_read", "_schema", "_value")

    def __init__(self, schema: Schema, read: Callable[[], Any], base: str = "") -> None:
        self._schema, self._read, self._base = schema, read, base
        self._made: dict[tuple[str | None, Severity], Repair | None] | None = None

    def __call__(self, violation: Violation) -> Repair | None:
        """The repair of a violation's member."""
        if self._made is None:
            self._value, self._made = self._read(), {}
        about = violation.pointer, violation.severity
        if about not in self._made:
            self._made[about] = repair_of(violation, self._schema, self._value, self._base)
        return self._made[about]


def with_repair(violation: Violation, repair: Repair) -> Violation:
    """The violation with this repair."""
    return violation.with_offer(Made(repair))


def offered(
    violations: Iterable[Violation], schema: Schema, read: Callable[[], Any], base: str = ""
) -> tuple[Violation, ...]:
    """The violations of a record, each with an offer of its repair."""
    offer = Offer(schema, read, base)
    return tuple([each.with_offer(offer) for each in violations])


def value_of(payload: object) -> Any:
    """The JSON value of a payload; None where its text has a fault. A value is as it is."""
    if not isinstance(payload, bytes | bytearray | memoryview | str):
        return payload
    value, faults = jsontext.read(payload)
    return None if faults else value


# ---- a payload, repaired


@frozen
class Repaired:
    """A payload as a JSON value, the repairs that were made in it, and its findings after them."""

    payload: Any = field(repr=False)
    repairs: tuple[Repair, ...]
    violations: tuple[Violation, ...]


def repaired_payload(payload: object, check: Check, held: Held, *, likely: bool) -> Repaired:
    """The payload with all repairs that `check` offers for it, the likely ones too where they are wanted.

    `held` gives the pointers of members whose values others hold too, of a value and what is found of it: a
    repair there is not made.
    """
    vetoed: set[str] = set()
    while True:
        value, made, found = _rounds(value_of(payload), check, vetoed, likely=likely)
        taken = {each.pointer for each in made} & {*held(value, found)}
        if not taken:
            return Repaired(payload if not made else value, made, found)
        vetoed |= taken


def refused_by(codes: Collection[str], found: Iterable[Violation]) -> Iterator[str]:
    """The pointers at which rules with these codes refuse a value, and the pointers of the value's holder."""
    for each in found:
        if each.code in codes:
            yield each.pointer or ""
            yield each.related or ""


def among_rows(violation: Violation, schema: Schema, rows: Sequence[Any], base: str) -> Violation:
    """A violation of a row at `base`, with the repair that the same member of the other rows makes likely."""
    place, _, where = (violation.pointer or "").removeprefix(f"{base}/").partition("/")
    if not rows or not where or not place.isdecimal() or violation.repair is not None:
        return violation
    values = [value_at(row, names_of(f"/{where}")) for row in rows]

    def column(form: Form) -> FixOf | None:
        return form.among(values) if form.among is not None else None

    found = repair_of(violation, schema, rows[int(place)], f"{base}/{place}", column=column)
    return violation if found is None else with_repair(violation, found)


def shared_by(schema: Schema, rows: Iterable[Any], base: str) -> Iterator[str]:
    """The pointers of unique values that several rows of a batch have, whether these stand or not."""
    holders: dict[tuple[str, str], list[str]] = {}
    for number, row in enumerate(rows):
        for node in schema.unique:
            names = node.names_in(row)
            value = value_at(row, names)
            is_readable = bool(node.element) or isinstance(value, str)
            key = node.key_of_value(value) if is_readable else None
            if key is not None:
                holders.setdefault((node.path, key), []).append(f"{base}/{number}{pointer(*names)}")
    for pointers in holders.values():
        if len(pointers) > 1:
            yield from pointers


def _rounds(
    value: Any, check: Check, vetoed: Collection[str], *, likely: bool
) -> tuple[Any, tuple[Repair, ...], tuple[Violation, ...]]:
    """Repair until nothing is left: behind a name there may be a value to repair. None is made twice."""
    made: list[Repair] = []
    found = tuple(check(value))
    while wanted := {
        each.pointer: each
        for each in (violation.repair for violation in found)
        if each is not None and (each.certain or likely) and each.pointer not in vetoed and each not in made
    }:
        value = repaired(value, wanted.values())
        made += wanted.values()
        found = tuple(check(value))
    return value, tuple(made), found
