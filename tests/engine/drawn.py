"""Bodies of the entity, with values that are right, odd, or of wrong types."""

from collections.abc import Sequence
from random import Random
from typing import Any, Final

from attrs import evolve

from participant_rules.project.types import FORMS, FieldType
from tests.engine.entities import Definition

__all__ = ["DEFINITIONS", "LAYOUTS", "body"]

FIELDS: Final = {
    "Age": FORMS[FieldType.INTEGER],
    "W": FORMS[FieldType.DECIMAL],
    "T": FORMS[FieldType.TEXT],
    "D": FORMS[FieldType.DATE],
    "B": FORMS[FieldType.BOOLEAN],
}
SEEDS: Final = {"v1": frozenset("12"), "v2": frozenset("123"), "v3": None, "v4": None}
DEFINITIONS: Final = {
    "logged on": Definition(True, ("surname", "forenames"), SEEDS, FIELDS),
    "invited": Definition(False, ("surname",), SEEDS, FIELDS, {"Age": evolve(FIELDS["Age"], key=str)}),
    "nothing declared": Definition(),
}
LAYOUTS: Final[list[list[str]]] = [
    ["invitationSection", "loginSection", "enabled", "customFields"],
    ["invitationSection", "loginSection", "enabled"],
    ["loginSection", "invitationSection"],
    ["loginSection:login,subjects", "customFields"],
    ["invitationSection:emailAddress,optedOut", "zzz"],
    ["invitationSection:inviteSeeding,since", "loginSection:interviewer,subjects", "enabled"],
    ["customFields:Age,T", "loginSection:password"],
    ["enabled"],
    ["invitationSection:", "customFields"],
    ["loginSection", "zzz", "enabled"],
]
"""The names of bodies, and of their sections."""

FAR: Final[list[Any]] = [[], {}, 1, True, None, 'say "x"', "a\\b", "a\nb", 1.5, "x", "", " "]
_TEXTS: Final = ["Kim", "a: b", "", None, "ü", " x ", "{[", "a}b", ", "]
_WRONG_TEXTS: Final = ["1;2", "9", "", "[", "{", '"', "\\", "\t", ",", ", ", ": ", '", "', None, "a}"]


class _Drawing:
    def __init__(self, random: Random, how_odd: float) -> None:
        self._random, self._how_odd = random, how_odd

    def is_odd(self, share: float = 1) -> bool:
        return self._random.random() < self._how_odd * share

    def one(self, right: Sequence[Any], odd: Sequence[Any] = ()) -> Any:
        return self._random.choice([*odd, *FAR] if self.is_odd() else right)

    def seeding(self) -> Any:
        random = self._random
        if self.is_odd(1 / 8):
            return random.choice([None, 1, [], {"v1": None}, {"v3": None, "v1": "1"}, {"v1": 1}, {"v3": [1]}])
        found: dict[str, Any] = {}
        for key in random.sample([*SEEDS], random.choice((0, 1, 2, 3))):
            right = ["1", "2", ""] if SEEDS[key] else ["x", "I feel, fine", "a: b", "", "ü"]
            name = random.choice(["V1", "v9", "", "surname", ", ", key.upper()]) if self.is_odd() else key
            found[name] = random.choice(_WRONG_TEXTS if self.is_odd() else right)
        return found

    def invitation(self) -> dict[str, Any]:
        text = self._random.choice
        return {
            "optedOut": self.one([False, True]),
            "sendInvitations": self.one([True, False]),
            "emailAddress": self.one(["a@example.com", " B@Example.com "], ["no", "kim@example.com"]),
            "inviteSeeding": self.one(
                [{"surname": text(_TEXTS), "forenames": text(_TEXTS)}],
                [
                    *[{"surname": "x", "Surname": "y"}, {"surname": 1}, {"nick": "x"}],
                    *[{"surname": "x", "forenames": "y", more: "z"} for more in ("nick", "Surname")],
                ],
            ),
            "invitationSeeding": self.one([{"surname": text(_TEXTS)}]),
            "since": self.one(["2000-01-21", None], [" 2000-01-31 ", "2001-02-29"]),
            "offset": self.one(["-04:00:00"], ["+14:00:00"]),
        }

    def subject(self) -> dict[str, Any]:
        return {
            "subjectName": self.one(["A", "B"]),
            "questionnaireSeeding": self.seeding(),
            "status": self.one(["N"]),
            "isFirst": self.one([True, False]),
            "kind": self.one(["A", "B"], ["a", " B "]),
        }

    def login(self) -> dict[str, Any]:
        count = self._random.choice((0, 4, 5) if self.is_odd() else (1, 1, 2, 3))
        return {
            "login": self.one(["kim", " kim ", "ü", "a, b: c"], ["\u2003"]),
            "password": self.one([None, "x"], ["\u2003"]),
            "interviewer": self.one([None], ["x@y.com"]),
            "status": self.one(["N"]),
            "subjects": [self.subject() for _ in range(count)],
        }

    def fields(self) -> dict[str, Any]:
        found = {
            "Age": self.one([1, 2, -5], ["1", " 1 "]),
            "W": self.one([1.5, 2], ["1.5"]),
            "T": self.one(["x", "a: b"]),
            "D": self.one(["2000-01-21"], ["2001-02-29", "2000-01-31T10:00:00Z"]),
            "B": self.one([True], ["true"]),
        }
        if self.is_odd():
            found[self._random.choice(["Z", "age", "Age2"])] = self.one(["x", 1])
        return found


def body(random: Random, layout: list[str], how_odd: float) -> dict[str, Any]:
    """A body with a layout."""
    drawing = _Drawing(random, how_odd)
    whole: dict[str, Any] = {
        "invitationSection": drawing.invitation(),
        "loginSection": drawing.login(),
        "enabled": drawing.one([True, False]),
        "customFields": drawing.fields(),
        "zzz": drawing.one(["x", 1, None]),
    }
    found: dict[str, Any] = {}
    for each in layout:
        name, is_part, names = each.partition(":")
        value = whole[name]
        if is_part:
            value = {inner: value[inner] for inner in names.split(",") if inner}
        if isinstance(value, dict) and drawing.is_odd(1 / 3):
            value = None
        if not (isinstance(value, dict) and drawing.is_odd(1 / 3)):
            found[name] = value
    return found
