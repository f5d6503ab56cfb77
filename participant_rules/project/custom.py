"""The custom fields that a project declares: the forms, the faults and the keys of their values."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from attrs import evolve, frozen

from participant_rules.project.types import ANY_SCALAR, FORMS, CustomField, FieldType, comparable, text_of
from participant_rules.schema.form import ANY_TEXT, Fix, Form, respelled, respelling

__all__ = ["CustomFields", "is_plain_name"]

is_plain_name = re.compile(r"[A-Za-z0-9_]+").fullmatch
"""Whether an undeclared custom field needs no warning."""

_UNDECLARED_FORM: Final = evolve(ANY_TEXT, accepts=lambda _: True, scalars=ANY_SCALAR)


@frozen(slots=False)
class CustomFields:
    """The forms of a project's custom fields; None where they are undeclared.

    A fault is a tuple of its sorts: "undeclared", "malformed-name", "mistyped", "not-allowed",
    "out-of-range", "cleared", "absent".
    """

    fields: tuple[CustomField, ...] | None

    @cached_property
    def declared(self) -> Mapping[str, CustomField]:
        """The declared fields by name."""
        return {each.name: each for each in self.fields or ()}

    @cached_property
    def _limits(self) -> Mapping[str, "_Limits"]:
        return {name: _Limits(each) for name, each in self.declared.items()}

    def names(self) -> Iterable[str] | None:
        """The names of the declared fields; None where fields are undeclared."""
        return None if self.fields is None else self.declared.keys()

    def fold(self, name: str) -> str:
        """Names compare exactly."""
        return name

    def form(self, name: str) -> Form | None:
        """The form of a field; of an undeclared one only where none is declared."""
        if self.fields is None:
            return _UNDECLARED_FORM if is_plain_name(name) else None
        limits = self._limits.get(name)
        return limits.form if limits is not None else None

    def fault(self, name: str, value: Any) -> tuple[str, ...] | None:
        """The faults of a field; a value that clears it is never malformed."""
        if self.fields is None:
            return None if is_plain_name(name) else ("malformed-name",)
        limits = self._limits.get(name)
        if limits is None:
            return ("undeclared",)
        if value is None or value == "":
            return ("cleared",) if limits.declared.required else None
        return limits.fault(value)

    def respell(self, name: str) -> Fix | None:
        """The declared field with a name near to an undeclared one."""
        return respelled(name, self.declared)

    @cached_property
    def required(self) -> frozenset[str]:
        """The names of the fields that every participant has."""
        return frozenset(name for name, each in self.declared.items() if each.required)

    def absent(self, _name: str) -> tuple[str, ...]:
        """The fault of a required field that is left out."""
        return ("absent",)

    @cached_property
    def immutable(self) -> frozenset[str]:
        """The names of the fields that do not change after enrolment."""
        return frozenset(name for name, each in self.declared.items() if each.immutable)

    def compare_alike(self, name: str, one: Any, other: Any) -> bool:
        """Whether two values of a declared field compare alike: numbers as numbers, else after trimming."""
        key = self._limits[name].key
        return one is not None and other is not None and key(one) is not None and key(one) == key(other)

    def range_of(self, name: str) -> str:
        """The range of a field in words."""
        declared = self.declared[name]
        if declared.minimum is None:
            return f"no more than {declared.maximum}"
        return (
            f"{declared.minimum} to {declared.maximum}"
            if declared.maximum is not None
            else f"no less than {declared.minimum}"
        )

    @cached_property
    def unique(self) -> Mapping[str, Form]:
        """The forms of unique fields, with their keys."""
        return {name: limits.keyed for name, limits in self._limits.items() if limits.declared.unique}


class _Limits:
    """The limits of one declared field's values."""

    def __init__(self, declared: CustomField) -> None:
        self.declared = declared
        self.type = FieldType(declared.type)
        self._of_type = FORMS[self.type]
        self._matches = re.compile(declared.pattern).fullmatch if declared.pattern is not None else None
        self._allowed = frozenset(declared.one_of) if declared.one_of is not None else None
        self._least, self._most = (
            None if each is None else comparable(self.type, each)
            for each in (declared.minimum, declared.maximum)
        )

    @cached_property
    def form(self) -> Form:
        """The form of the type, with the limits of the field."""
        limits = (self._matches, self._allowed, self._least, self._most)
        if all(each is None for each in limits):
            return self._of_type
        return Form(
            lambda value: self.fault(value) is None,
            json=self._json,
            repair=self._repair,
            among=self._of_type.among,
        )

    def _repair(self, value: Any) -> Fix | None:
        """The repair of a value by its type, or by the nearest allowed text."""
        by_type = self._of_type.fix(value)
        if by_type is not None or self.declared.one_of is None:
            return by_type
        return respelling(self.declared.one_of)(text_of(value))

    @property
    def _json(self) -> Mapping[str, Any]:
        """The keywords of the type and of the limits; a value that is no text is allowed by its JSON."""
        declared = self.declared
        limits: list[dict[str, Any]] = []
        if declared.one_of is not None:
            found = [_scalar_of(each) for each in declared.one_of]
            scalars = [each for each in found if each is not None and self._of_type.accepts(each)]
            limits.append({"enum": [*declared.one_of, *scalars]})
        if declared.pattern is not None and _OF_PYTHON_ALONE(declared.pattern) is None:
            limits.append({"pattern": f"^(?:{declared.pattern})$"})
        if self.type in (FieldType.INTEGER, FieldType.DECIMAL):
            ends = {"minimum": self._least, "maximum": self._most}
            limits.append({name: float(end) for name, end in ends.items() if end is not None})
        return {"allOf": [self._of_type.json, *filter(None, limits)]}

    @cached_property
    def keyed(self) -> Form:
        """The form with the key of unique values."""
        return evolve(self.form, key=self.key)

    def key(self, value: Any) -> str | None:
        """The comparison key of a value; None for one that is mistyped."""
        if not self._of_type.accepts(value):
            return None
        number = comparable(self.type, value) if self.type in (FieldType.INTEGER, FieldType.DECIMAL) else None
        return _digits_of(number) if number is not None else text_of(value)

    def fault(self, value: Any) -> tuple[str, ...] | None:
        """The faults of a value; one of the wrong type has no other."""
        if not self._of_type.accepts(value):
            return ("mistyped",)
        return tuple(self._faults(value)) or None

    def _faults(self, value: Any) -> Iterator[str]:
        text = value if isinstance(value, str) else text_of(value) or ""
        if (self._allowed is not None and text not in self._allowed) or (
            self._matches is not None and self._matches(text) is None
        ):
            yield "not-allowed"
        if self._least is not None or self._most is not None:
            found = comparable(self.type, value)
            if found is not None and (
                (self._least is not None and found < self._least)
                or (self._most is not None and found > self._most)
            ):
                yield "out-of-range"


_OF_PYTHON_ALONE: Final = re.compile(r"\(\?(?!:)|[*+?}]\+").search
"""What the regular expressions of JSON Schema do not have: flags, names of groups, possessive quantifiers."""


def _scalar_of(text: str) -> int | float | bool | None:
    """The number, true or false that has this very text in JSON; None for other texts."""
    try:
        value = json.loads(text, parse_constant=str)
    except ValueError:
        return None
    is_scalar = isinstance(value, int | float) and text_of(value) == text
    return value if is_scalar else None


def _digits_of(number: Decimal) -> str:
    """A number in plain digits without superfluous ones: 1.50 and +1.5 are 1.5, and -0 is 0."""
    digits = format(number, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return digits if digits != "-0" else "0"
