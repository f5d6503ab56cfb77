"""Open objects: the faults of their members, worked out once for each text."""

import re
from collections.abc import Callable, Container, Hashable, Mapping
from types import NoneType
from typing import Any, Final

from participant_rules.schema.form import Form, OpenForm

__all__ = ["Fault", "OpenReader", "absences", "faults_of"]

Fault = tuple[str, Hashable, bool]
"""The name of a member, its fault (None: none), and whether an earlier member has an equal name."""

_ENOUGH: Final = 4096  # texts to remember for one name; a definition has fewer


def faults_of(form: OpenForm, members: Mapping[str, Any], right: Container[str] = ()) -> tuple[Fault, ...]:
    """The faults of the members of an object, in their order.

    `right` are names of members that surely are right, each spelt as it compares.
    """
    found: list[Fault] = []
    met: set[str] = set()
    for name, value in members.items():
        if name in right and name not in met:
            met.add(name)
            continue
        folded = form.fold(name)
        fault, repeated = form.fault(name, value), folded in met
        met.add(folded)
        if repeated or fault is not None:
            found.append((name, fault, repeated))
    return (*found, *absences(form, members)) if form.required else tuple(found)


def absences(form: OpenForm, members: Mapping[str, Any]) -> tuple[Fault, ...]:
    """The faults of required members that are left out, in the order of their names."""
    return tuple([(name, form.absent(name), False) for name in sorted(form.required - members.keys())])


class OpenReader:
    """Finds the faults of objects, and remembers texts that are right.

    Only the texts of choices are remembered, never what people write of their own: the form of that accepts
    any text, or has a pattern. Names in another spelling than that which they compare by are not looked up,
    so that who vouches for an object knows that no name stands there twice.
    """

    def __init__(self, form: OpenForm) -> None:
        self._form, self._required = form, form.required
        # Of each name the right choices, or the types of which every value is right.
        self._right: dict[str, set[Any] | frozenset[type]] = {}
        self._plain: dict[str, Callable[[Any], bool]] = {}  # the tests of patterns

    def faults(self, members: Mapping[str, Any]) -> tuple[Fault, ...]:
        """The faults of the members of an object."""
        right = self._right
        if self._required and not self._required <= members.keys():
            return faults_of(self._form, members)
        try:
            for name, value in members.items():
                known = right.get(name, _NOTHING)
                if known.__class__ is frozenset:
                    if value.__class__ not in known:
                        return faults_of(self._form, members)
                elif value.__class__ is str:  # a text compares with texts alone
                    if value not in known and not self._learn(name, value):
                        return faults_of(self._form, members)
                elif (value.__class__, value) not in known and not self._learn(name, value):
                    return faults_of(self._form, members)
        except TypeError:  # a list or an object cannot be looked up
            return faults_of(self._form, members)
        return ()

    def _learn(self, name: str, value: Any) -> bool:
        """Whether a member that was not met before is right."""
        plain = self._plain.get(name)
        if plain is not None and plain(value):
            return True
        form = self._form.form(name)
        if len(self._right) >= _ENOUGH and name not in self._right:
            return self._form.fold(name) == name and self._form.fault(name, value) is None
        if form is None or self._form.fold(name) != name or self._form.fault(name, value) is not None:
            return False
        if form.any_text:
            if name not in self._required:  # else a blank one is not right
                self._right[name] = form.scalars | {str, NoneType}
            return True
        if form.pattern and "enum" not in form.json:
            if len(self._plain) < _ENOUGH:
                self._plain[name] = _plain_test(form)
            return True
        known = self._right.setdefault(name, set())
        if isinstance(known, set) and len(known) < _ENOUGH:
            known.add(value if value.__class__ is str else (value.__class__, value))
        return True


def _plain_test(form: Form) -> Callable[[Any], bool]:
    """The test of values that a form surely accepts: texts by its pattern, others by their type."""
    matches, scalars = re.compile(form.pattern).fullmatch, form.scalars

    def test(value: Any) -> bool:
        return matches(value) is not None if value.__class__ is str else value.__class__ in scalars

    return test


_NOTHING: Final = ()
