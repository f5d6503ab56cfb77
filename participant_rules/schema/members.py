"""The declarations of an entity's members."""

from collections.abc import Callable
from typing import Any

from attrs import field

from participant_rules.schema.form import Form, OpenForm
from participant_rules.unset import UNSET

__all__ = ["FormOf", "OpenFormOf", "camel_case", "extras", "member"]

FormOf = Form | Callable[[Any], Form]
OpenFormOf = Callable[[Any], OpenForm]


def member(
    *,
    default: Any = UNSET,
    wire: str = "",
    trim: bool = False,
    empty: bool = True,
    read_only: bool = False,
    form: FormOf | None = None,
    members: OpenFormOf | None = None,
    unique: bool | Callable[[Any], bool] = False,
    alias: str = "",
) -> Any:
    """A member of an entity, left out by default; with `default=NOTHING` it must be there.

    `wire` is its documented name where that is not the camelCase of the attribute. With `trim` white space at
    the ends of a text is taken off; with `empty=False` a text in which nothing is left is null. What is
    `read_only` is ignored in a request, whatever its type. `form` is what the value may be, `members` what
    the members of an object may be whose names a definition makes; either may be a function of the
    definition. A value that is `unique` is held by one participant at a time, by the key of its form.
    `alias` is the path of the member of an open object that it is another name for; its own value goes first.
    Members are never shown in a repr: most are personal data.
    """
    metadata = {
        "wire": wire,
        "trim": trim,
        "empty": empty,
        "read_only": read_only,
        "form": form,
        "members": members,
        "unique": unique,
        "alias": alias,
    }
    return field(default=default, repr=False, metadata=metadata)


def extras() -> Any:
    """The place for further members of a payload; no part of the entity's value."""
    return field(factory=dict, eq=False, repr=False, metadata={"extras": True})


def camel_case(attribute: str) -> str:
    """The wire name of an attribute.

    >>> camel_case("questionnaire_seeding")
    'questionnaireSeeding'
    """
    first, *rest = attribute.split("_")
    return first + "".join(word.capitalize() for word in rest)
