"""Rules that are declared without a body: about the form of a value, its uniqueness, and its immutability.

With what they are declared with: forms, and what rules read.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from attrs import frozen

from participant_rules.due import PATH, refuse_other
from participant_rules.rules import At, Rule, at, declared_rule
from participant_rules.schema.form import Form, key_form, one_of, text_form
from participant_rules.schema.reads import UNDECLARED, Read, asked, change, faults, key, malformed, state

__all__ = [
    "UNDECLARED",
    "Form",
    "Read",
    "asked",
    "faults",
    "immutable",
    "key",
    "key_form",
    "malformed",
    "one_of",
    "state",
    "text_form",
    "unique",
    "well_formed",
]

When = Callable[[Any], bool]


class _Case(Protocol):
    """The properties that these rules need of a case."""

    def malformed(self, path: str, form: Form | None = None) -> bool:
        """Whether the value is malformed."""
        ...

    def is_judged(self, path: str) -> bool:
        """Whether the value is not the stored one."""
        ...

    def changes(self, path: str) -> bool:
        """Whether the value would no longer be, or compare as, the stored one."""
        ...

    def is_taken(self, path: str) -> bool:
        """Whether another participant has the value."""
        ...

    def related(self, path: str) -> str | None:
        """The member of the earlier row that has the value."""
        ...


def pointer_of(path: str) -> str:
    """The JSON Pointer of a member by its path."""
    refuse_other(path, str, PATH)
    return "/" + path.replace(".", "/")


def _always(_case: object) -> bool:
    return True


@frozen
class _WellFormed:
    path: str
    form: Form | None
    when: When

    def __call__(self, case: _Case) -> Iterator[At]:
        if case.malformed(self.path, self.form) and self.when(case) and case.is_judged(self.path):
            yield at()


@frozen
class _Immutable:
    path: str
    when: When

    def __call__(self, case: _Case) -> Iterator[At]:
        if self.when(case) and case.changes(self.path):
            yield at()


@frozen
class _Unique:
    path: str
    when: When

    def __call__(self, case: _Case) -> Iterator[At]:
        if self.when(case) and case.is_taken(self.path):
            yield at(related=case.related(self.path))


def well_formed(
    path: str,
    message: str,
    *,
    code: str,
    law: str,
    form: Form | None = None,
    when: When = _always,
    **declared: Any,
) -> Rule:
    """The rule that a value has the form of its member, or another one.

    Null and blank texts have no form. `law` states it in a sentence; `when` restricts it to some cases. Other
    arguments are those of `rule`.
    """
    if form is not None:
        refuse_other(form, Form, "a form, as text_form(…) or one_of(…) makes one,")
    return declared_rule(
        _WellFormed(path, form, when),
        message,
        code,
        law,
        **_pointing(path, declared),
        reads=[malformed(path, form)],
    )


def immutable(path: str, message: str, *, code: str, law: str, when: When, **declared: Any) -> Rule:
    """The rule that a value is not changed where `when` is true of the case; see `well_formed`."""
    return declared_rule(
        _Immutable(path, when), message, code, law, **_pointing(path, declared), reads=[change(path)]
    )


def unique(
    path: str,
    message: str,
    *,
    code: str,
    law: str,
    when: When = _always,
    reads: Iterable[str | Read] = (),
    **declared: Any,
) -> Rule:
    """The rule that no two participants have the same value; see `well_formed`.

    `reads` is what `when` reads beside it.
    """
    return declared_rule(
        _Unique(path, when),
        message,
        code,
        law,
        **_pointing(path, declared),
        about=path,
        reads=[key(path), *reads],
    )


def _pointing(path: str, declared: dict[str, Any]) -> dict[str, Any]:
    return {"pointer": pointer_of(path)} | declared
