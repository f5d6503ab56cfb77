"""Rows told from their JSON texts: what a screen says of the value, without decoding it.

A skim captures what a row claims, and of its other values those that are not plain. These are judged each by
itself, or shown to the screen in a body of nothing else.
"""

from collections.abc import Mapping, Sequence
from itertools import count
from operator import itemgetter
from typing import Any

from participant_rules.patterns import Style
from participant_rules.project.claim import Claim, Signs, is_ten_digits
from participant_rules.project.claiming import Claiming
from participant_rules.project.layout import CLAIMS, Layout
from participant_rules.project.model import SECONDARY, FieldType, Project
from participant_rules.project.policy import Policy
from participant_rules.project.screen import Screen
from participant_rules.skims import Columns, Row, Shape, Skimmer
from participant_rules.unset import UNSET

__all__ = ["skimmer_of"]


def skimmer_of(project: Project, policy: Policy, screen: Screen) -> Skimmer[Claim]:
    """What skims rows of a project for their screen; `colons` of its claims are not counted."""
    tried = count()

    def shape_of(body: Any, style: Style) -> Shape[Claim] | None:
        if body.__class__ is not dict or _is_ambiguous(body, project):
            return None
        # Nearly all texts are of the first shape, so it is to be fast; others are often faults.
        layout = Layout(body, style, project, is_first=not next(tried))
        return _shape(layout, project, policy, screen)

    return Skimmer(shape_of)


def _is_ambiguous(body: Mapping[str, Any], project: Project) -> bool:
    """Whether `secondaryIdentifier` is more than deprecated: its value matters."""
    if "secondaryIdentifier" not in body:
        return False
    declared = (project.types or {}).get(SECONDARY, FieldType.TEXT)
    return declared is not FieldType.TEXT or SECONDARY in (body.get("customFields") or ())


def _shape(layout: Layout, project: Project, policy: Policy, screen: Screen) -> Shape[Claim]:
    """The shape of rows with a layout."""
    named = [
        layout.groups.index(each) if each in layout.groups else len(layout.groups) for each in CLAIMS
    ]  # the last column is blank
    no_email, no_phone = (
        None if each in layout.constant or each in layout.groups else UNSET for each in CLAIMS[2:]
    )
    claiming = Claiming(policy, project.default_region, no_email, no_phone)
    plain, peculiar = _odd(layout, screen, "0000000000"), _odd(layout, screen, "0")
    odd_of = itemgetter(*layout.odd, -1, -1)  # the last column twice, so that there are always several

    def tell(columns: Columns) -> tuple[Sequence[Claim], set[int]]:
        faults, unsure = layout.faults(columns, screen)
        identifiers, ids, emails, phones = [[*map(str.strip, columns[at])] for at in named]
        odd = [peculiar if phone and not is_ten_digits(phone) else plain for phone in phones]
        return claiming.claims(ids, identifiers, emails, phones, faults=faults, odd=odd), unsure

    def tell_one(row: Row) -> Claim | None:
        if any(odd_of(row)):
            return None
        identifier, name, email, phone = [row[at].strip() for at in named]
        odd = peculiar if phone and not is_ten_digits(phone) else plain
        return claiming.claim(name, identifier, email, phone, odd)

    return Shape(layout.pattern, tell, tell_one)


def _odd(layout: Layout, screen: Screen, number: str) -> Signs:
    """What is odd about every row with a layout and such a number."""
    shown = layout.show()
    if ("demographics", "mobilePhone") in layout.groups:
        shown["demographics"]["mobilePhone"] = number
    claim = screen(shown)
    return claim.odd if claim is not None else ()
