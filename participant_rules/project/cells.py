"""Rows of a table told from their cells: what a screen says of their payloads, which are not made.

Only the columns that a law looks at are looked at, each for all rows at once. A cell that is not plain makes
its row unsure: such a row has its payload made and shown to the screen.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from operator import itemgetter, not_
from typing import Any, Final, TypeVar

from attrs import frozen

from participant_rules.formats import is_utc_offset
from participant_rules.project.claim import (
    NONE,
    NOT_TEN_DIGITS,
    PLAIN_DATE,
    Claim,
    Signs,
    is_plain_name,
    is_ten_digits,
)
from participant_rules.project.claiming import Claiming, sign
from participant_rules.project.model import (
    DEMOGRAPHICS,
    GENDERS,
    SECONDARY,
    STATUSES,
    FieldType,
    Participant,
    Project,
)
from participant_rules.project.policy import Policy
from participant_rules.shapes import Shape, camel_case
from participant_rules.skims import where
from participant_rules.unset import UNSET

__all__ = ["Columns", "Skim", "Skims", "skims_of"]

Path = tuple[str | int, ...]

Column = tuple[int, Path, bool]
"""The place of a column in a row, the path of its member in a payload, and whether it is null where its cell
is blank; else it is left out there."""

Columns = tuple[Column, ...]
Rows = Sequence[Sequence[str]]

Skim = Callable[[Rows], tuple[list[Claim], set[int]]]
"""Gives the claim of each row, and the places of those whose claims are not sure.

No text may have a fault. `colons` are not counted.
"""

Skims = Callable[[Columns, int], Skim | None]
"""Gives what skims rows of so many cells with these columns; None where they cannot be told."""


def skims_of(project: Project, policy: Policy) -> Skims:
    """The skims of a project's tables, which are remembered."""
    skims: Skims | None = project.made.get(("cells", policy))
    if skims is None:
        skims = lru_cache(maxsize=_LATEST)(partial(_skim_of, project, policy))
        project.made["cells", policy] = skims
    return skims


_LATEST: Final = 64  # kinds of tables


# ---- what is looked at

_Test = Callable[[str], object]
_Looked = tuple[int, _Test]  # the place of a column, and what tests its cells


def _one_of(texts: Iterable[str]) -> _Test:
    return frozenset(["", *map(str, texts)]).__contains__


def _like(pattern: str) -> _Test:
    return re.compile(f"(?:{pattern})?").fullmatch


_is_plain_date: Final = _like(PLAIN_DATE)


@lru_cache(maxsize=256)  # a table has a few
def _is_plain_offset(cell: str) -> bool:
    return not cell or is_utc_offset(cell)


_ID: Final[Path] = ("id",)
_IDENTIFIER: Final[Path] = ("participantIdentifier",)
_EMAIL: Final[Path] = ("demographics", "email")
_PHONE: Final[Path] = ("demographics", "mobilePhone")
_ALIAS: Final[Path] = ("secondaryIdentifier",)
_PLAIN: Final[Mapping[Path, _Test]] = {
    ("invitationStatus",): _one_of(STATUSES),
    ("excludeFromExport",): _one_of(["true", "false", "True", "False", "TRUE", "FALSE"]),
    ("customFields",): not_,
    ("demographics", "gender"): _one_of(GENDERS),
    ("demographics", "dateOfBirth"): _is_plain_date,
    ("demographics", "utcOffset"): _is_plain_offset,
}
_OF_TYPE: Final[Mapping[FieldType, _Test | None]] = {
    FieldType.TEXT: None,
    FieldType.INTEGER: _like("[+-]?[0-9]{1,15}"),
    FieldType.DECIMAL: _like(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?"),
    FieldType.DATE: _is_plain_date,
}
_PERSON: Final = frozenset([("demographics", camel_case(name)) for name in DEMOGRAPHICS])
_UNREMARKABLE: Final = {
    each.name for each in Shape.of(Participant).members if not each.read_only and (each.name,) != _ALIAS
}


@frozen
class _Layout:
    """What the columns of tables say."""

    columns: Columns
    project: Project

    @property
    def can_be_told(self) -> bool:
        """Whether all of them are known, and `secondaryIdentifier` is no more than deprecated."""
        paths = {path for _, path, _ in self.columns}
        declared = (self.project.types or {}).get(SECONDARY, FieldType.TEXT)
        clear = declared is FieldType.TEXT and ("customFields", SECONDARY) not in paths
        return all(map(_is_known, paths)) and (clear or _ALIAS not in paths)

    def place(self, path: Path) -> int | None:
        """Where a member stands."""
        return next((place for place, known, _ in self.columns if known == path), None)

    def blank(self, path: Path) -> Any:
        """What a blank cell of a member says."""
        return next((None for _, known, clears in self.columns if known == path and clears), UNSET)

    def judged(self) -> Iterator[_Looked]:
        """The columns that can be faulty, and what is plain there."""
        for place, path, clears in self.columns:
            test = self._of_field(path[1], clears=clears) if _is_field(path) else _PLAIN.get(path)
            if test is not None:
                yield place, test

    def _of_field(self, name: Any, *, clears: bool) -> _Test | None:
        types = self.project.types
        if types is None:
            return None
        if name in types:
            return _OF_TYPE[types[name]]
        return _never if clears else not_

    def remarkable(self) -> Iterator[tuple[int, _Test, Signs]]:
        """The columns that may be warned about, what is odd there, and its signs, in their order."""
        strangers = [each for each in self.columns if _is_stranger(each[1])]
        phones = [each for each in self.columns if each[1] == _PHONE]
        fields = [each for each in self.columns if _is_field(each[1]) and self.project.types is None]
        for place, path, clears in strangers:
            yield place, _always if clears else str.strip, (f"\0{path[0]}",)
        for place, _, _ in phones:
            yield place, _is_peculiar, NOT_TEN_DIGITS
        for place, path, clears in fields:
            if not is_plain_name(str(path[1])):
                yield place, _always if clears else str.strip, (f"customFields\0{path[1]}",)


def _is_known(path: Path) -> bool:
    return path in _PERSON or _is_field(path) or (len(path) == 1 and path != ("demographics",))


def _is_field(path: Path) -> bool:
    return path[:-1] == ("customFields",)


def _is_stranger(path: Path) -> bool:
    return len(path) == 1 and path[0] not in _UNREMARKABLE


def _is_peculiar(cell: str) -> bool:
    number = cell.strip()
    return number != "" and not is_ten_digits(number)


def _never(_cell: str) -> bool:
    return False


def _always(_cell: str) -> bool:
    return True


# ---- how it is told

_T = TypeVar("_T")


def _skim_of(project: Project, policy: Policy, columns: Columns, width: int) -> Skim | None:
    """What skims rows of so many cells; see `Skims`."""
    layout = _Layout(columns, project)
    if not layout.can_be_told:
        return None
    judged, remarkable = tuple(layout.judged()), tuple(layout.remarkable())
    at_id, at_identifier, at_email, at_phone = map(layout.place, (_ID, _IDENTIFIER, _EMAIL, _PHONE))
    claiming = Claiming(policy, project.default_region, layout.blank(_EMAIL), layout.blank(_PHONE))

    def skim(rows: Rows) -> tuple[list[Claim], set[int]]:
        unsure = {place for place, count in enumerate(map(len, rows)) if count != width}
        rows = _without(rows, unsure, [""] * width)
        for column, is_plain in judged:
            unsure.update(where(map(not_, map(is_plain, _cells(rows, column)))))
        ids, identifiers = _texts(rows, at_id), _texts(rows, at_identifier)
        emails = _without(_texts(rows, at_email), unsure, "")
        phones = _without(_texts(rows, at_phone), unsure, "")
        faults, odd = [NONE] * len(rows), [NONE] * len(rows)
        for column, is_odd, signs in remarkable:
            sign(odd, where(map(is_odd, _cells(rows, column))), signs)
        return claiming.claims(ids, identifiers, emails, phones, faults=faults, odd=odd), unsure

    return skim


def _cells(rows: Rows, column: int) -> Iterator[str]:
    return map(itemgetter(column), rows)


def _texts(rows: Rows, column: int | None) -> list[str]:
    """The trimmed texts of a column, empty ones where there is none."""
    return [""] * len(rows) if column is None else list(map(str.strip, _cells(rows, column)))


def _without(each: Sequence[_T], places: Collection[int], blank: _T) -> Sequence[_T]:
    """The same, blank at these places."""
    if not places:
        return each
    left = list(each)
    for place in places:
        left[place] = blank
    return left
