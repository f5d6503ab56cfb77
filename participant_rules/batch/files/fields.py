"""The members of a payload that columns of a table may be."""

from collections.abc import Iterator
from typing import Final, Literal

from attrs import frozen

from participant_rules.schema.kinds import Boolean, Text
from participant_rules.schema.shapes import Member, Shape
from participant_rules.violations import pointer

__all__ = ["ADDRESSES", "IDENTIFYING", "Field", "Form", "Path", "documented_fields"]

Path = tuple[str | int, ...]

Form = Literal["text", "trimmed", "boolean", "integer", "decimal", "object"]


@frozen
class Field:
    """A member of a payload that a column may be: its path, and the form of its text.

    A `clearable` one is null where blank cells clear; `blank` is what a blank cell always says. With `folded`
    its name is the same in capitals and in small letters.
    """

    path: Path
    form: Form = "text"
    clearable: bool = True
    blank: str | None = None
    folded: bool = False

    @property
    def key(self) -> str:
        """The key by which fields are compared."""
        where = pointer(*self.path)
        return where.casefold() if self.folded else where

    @property
    def is_identifying(self) -> bool:
        """Whether it is an identifier, a login, an address, a number or a subject's name."""
        return self.path[-1] in IDENTIFYING

    @property
    def is_address(self) -> bool:
        """Whether it is an e-mail address."""
        return self.path[-1] in ADDRESSES

    @property
    def is_code(self) -> bool:
        """Whether it holds the codes of a question."""
        return "questionnaireSeeding" in self.path

    @property
    def is_number(self) -> bool:
        """Whether it is an identifier, a login or a number: a text in which digits matter."""
        return self.path[-1] in _NUMBERS


def documented_fields(entity: type, path: Path) -> Iterator[tuple[Member, Field]]:
    """The documented texts and flags of the object at a path, each with its field."""
    for each in Shape.of(entity).members:
        if isinstance(each.kind, Text | Boolean):
            form: Form = "boolean" if isinstance(each.kind, Boolean) else "text"
            yield each, Field((*path, each.name), form, clearable=each.nullable and not each.read_only)


_NUMBERS: Final = frozenset(["id", "participantIdentifier", "secondaryIdentifier", "mobilePhone", "login"])
ADDRESSES: Final = frozenset(["email", "emailAddress"])
IDENTIFYING: Final = _NUMBERS | ADDRESSES | {"subjectName", "linkIdentifier", "interviewer"}
"""The members that are identifiers, logins, addresses, numbers or names of subjects."""
