"""Seedings: values that a participant's questionnaire, or invitation, starts with."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Final, NamedTuple, Protocol

from attrs import NOTHING, frozen

from participant_rules import definitions
from participant_rules.engine.recent import Recent
from participant_rules.schema.form import ANY_TEXT, Fix, Form, respelled
from participant_rules.schema.members import member
from participant_rules.spelling import bare, loose, nearest, plain, respelt
from participant_rules.unset import Unset

__all__ = ["ChoiceFault", "InviteSeeding", "QuestionnaireSeeding", "code_values"]

UNKNOWN: Final = "unknown"
NOT_SEEDABLE: Final = "not seedable"


class ChoiceFault(NamedTuple):
    """The faults of a choice's values."""

    several: bool
    repeated: bool
    unknown: tuple[str, ...]


def code_values(text: str) -> tuple[str, ...]:
    """The code values of a seeding: split at semicolons, trimmed, blanks dropped."""
    return tuple([value for value in map(str.strip, text.split(";")) if value])


CHOICES: Final = ("Single", "Multiple")
"""The response types of variables that have codes."""


@frozen(weakref_slot=False)
class Code:
    """One answer of a choice variable, with its label where the definition has one."""

    code_value: str = member(default=NOTHING)
    code_label: str | None | Unset = member()

    __repr__ = definitions.shown
    __attrs_post_init__ = definitions.verify


@frozen(weakref_slot=False)
class Variable:
    """A question of a survey; a choice ("Single" or "Multiple") without codes has unknown ones."""

    variable_id: str = member(default=NOTHING)
    response_type: str | None | Unset = member()
    codes: tuple[Code, ...] | None | Unset = member()

    __repr__ = definitions.shown
    __attrs_post_init__ = definitions.verify

    @cached_property
    def code_values(self) -> frozenset[str] | None:
        """The values that a seeding may have; None when they are not known."""
        return frozenset(code.code_value for code in self.codes) if isinstance(self.codes, tuple) else None

    @cached_property
    def codes_by_label(self) -> Mapping[str, str]:
        """The codes by their labels; labels of several codes are left out."""
        codes = self.codes if isinstance(self.codes, tuple) else ()
        labelled = [(loose(each.code_label), each) for each in codes if isinstance(each.code_label, str)]
        often = Counter(spelt for spelt, _ in labelled)
        return {str(each.code_label): each.code_value for spelt, each in labelled if often[spelt] == 1}

    @property
    def is_choice(self) -> bool:
        """Whether there are answers to choose from; any text answers another question."""
        return self.response_type in CHOICES

    def has_too_many(self, values: Collection[str]) -> bool:
        """Whether a single choice gets more than one value."""
        return self.response_type == "Single" and len(values) > 1

    def repeats(self, values: Collection[str]) -> bool:
        """Whether a multiple choice gets a value twice."""
        return self.response_type == "Multiple" and len(set(values)) < len(values)

    def unknown_codes(self, values: Collection[str]) -> tuple[str, ...]:
        """The values that are no codes of this choice, each once; none where there is no choice."""
        known = self.code_values
        if not self.is_choice or known is None or self.has_too_many(values):
            return ()
        return tuple(value for value in dict.fromkeys(values) if value not in known)


class _Survey(Protocol):
    @property
    def variables_by_key(self) -> Mapping[str, Variable] | Unset: ...

    @property
    def seedable_keys(self) -> frozenset[str] | None | Unset: ...

    @property
    def invitable_keys(self) -> frozenset[str] | Unset: ...

    @property
    def invite_seeding(self) -> tuple[str, ...] | Unset: ...


class _Seeding:
    """The part of every seeding."""

    def fold(self, name: str) -> str:
        """Names compare without regard to case."""
        return name.lower()

    def names(self) -> None:
        """Any, as far as the spelling goes: a name is known by its key."""

    @property
    def unique(self) -> Mapping[str, Form]:
        """No seed is unique."""
        return {}

    required: ClassVar[frozenset[str]] = frozenset()

    def absent(self, name: str) -> Hashable:
        """No seed is required."""
        raise LookupError(name)


@frozen(slots=False)
class QuestionnaireSeeding(_Seeding):
    """The questionnaire seeding of a survey: its variables by name, whatever the case of the letters.

    A fault is UNKNOWN (no such variable), NOT_SEEDABLE, or a ChoiceFault. Where nobody knows the variables
    nothing is wrong.
    """

    survey: _Survey

    def form(self, name: str) -> Form | None:
        """The form of a variable's seed; None for a variable that may not be seeded."""
        if isinstance(self.survey.variables_by_key, Unset):
            return ANY_TEXT
        return self._forms.get(name)

    def fault(self, name: str, value: Any) -> Hashable | None:
        """The fault of a seed; a value of the wrong type is a fault of the shape."""
        variables, seedable, key = self.survey.variables_by_key, self.survey.seedable_keys, name.lower()
        if isinstance(variables, Unset):
            return None
        variable = variables.get(key)
        if variable is None:
            return UNKNOWN
        if isinstance(seedable, frozenset) and key not in seedable:
            return NOT_SEEDABLE
        if not variable.is_choice or not isinstance(value, str):
            return None
        return self._faults[key, value]

    def respell(self, name: str) -> Fix | None:
        """The declared variable with a name near to an unknown one."""
        variables = self.survey.variables_by_key or {}
        return respelled(name, [key for key in variables if self.form(key) is not None])

    @cached_property
    def _faults(self) -> Recent[tuple[str, str], ChoiceFault | None]:
        """The faults of the texts of choices, by key and text."""
        variables = self.survey.variables_by_key or {}
        return Recent(lambda seed: _choice_fault(variables[seed[0]], seed[1]), keeps=_is_short)

    @cached_property
    def _forms(self) -> Mapping[str, Form]:
        variables, seedable = self.survey.variables_by_key or {}, self.survey.seedable_keys
        keys = variables.keys() & seedable if isinstance(seedable, frozenset) else variables.keys()
        return {key: _choice(variables[key]) if variables[key].is_choice else ANY_TEXT for key in keys}


def _choice(variable: Variable) -> Form:
    """The form of a choice's code values."""
    return Form(
        lambda text: isinstance(text, str) and _choice_fault(variable, text) is None,
        repair=lambda text: _repair(variable, text) if isinstance(text, str) else None,
    )


def _repair(variable: Variable, text: str) -> Fix | None:
    """The repair to codes, each once: from other spellings, from labels, or from a list with commas.

    A label that is nearly the text is likely to be meant.
    """
    meant = _codes_meant(variable, code_values(text)) or _codes_meant(
        variable, code_values(text.replace(",", ";").replace("|", ";"))
    )
    if not meant:
        return None
    codes = dict.fromkeys(each.value for each in meant)
    return Fix(";".join(codes), all(each.certain for each in meant))


def _codes_meant(variable: Variable, values: Sequence[str]) -> Sequence[Fix]:
    """A code for each value; none at all where one of them has no code."""
    codes = variable.code_values or ()
    meant = [Fix(each, certain=True) if each in codes else _code_meant(variable, each) for each in values]
    return [each for each in meant if each is not None] if None not in meant else ()


def _code_meant(variable: Variable, value: str) -> Fix | None:
    labels, codes = variable.codes_by_label, variable.code_values or ()
    for text in (value, bare(value), plain(value), _whole(plain(value))):
        label = respelt(text, labels)
        code = labels[label] if label is not None else respelt(text, codes)
        if code is not None:
            return Fix(code, certain=True)
    near = nearest(value, labels)
    return Fix(labels[near], certain=False) if near is not None else None


def _whole(text: str) -> str:
    """The digits of a whole number that was written with a fraction, as spreadsheets do."""
    return text.removesuffix(".0")


def _choice_fault(variable: Variable, text: str) -> ChoiceFault | None:
    values = code_values(text)
    fault = ChoiceFault(
        variable.has_too_many(values), variable.repeats(values), variable.unknown_codes(values)
    )
    return fault if any(fault) else None


def _is_short(seed: tuple[str, str]) -> bool:
    """Whether a text is remembered: texts of choices are short."""
    return len(seed[1]) <= _SHORT


_SHORT: Final = 64


@frozen(slots=False)
class InviteSeeding(_Seeding):
    """The invite seeding of a survey: its keys, whatever the case of the letters; a fault is UNKNOWN."""

    survey: _Survey

    def form(self, name: str) -> Form | None:
        """Any text is right for a key of the survey."""
        return ANY_TEXT if self.fault(name, None) is None else None

    def fault(self, name: str, _value: Any) -> Hashable | None:
        """The fault of a seed; None where the keys are not known."""
        keys = self.survey.invitable_keys
        return None if isinstance(keys, Unset) or name.lower() in keys else UNKNOWN

    def respell(self, name: str) -> Fix | None:
        """The declared key that is near to an unknown one."""
        return respelled(name, self.survey.invite_seeding or ())
