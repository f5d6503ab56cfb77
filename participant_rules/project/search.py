"""Finding, sorting and paging participants: pure functions that any store may use."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from participant_rules.formats import fold
from participant_rules.project.keys import stored_key_of, unique_demographic
from participant_rules.project.model import DEMOGRAPHICS, SECONDARY, Demographics, Participant, Project
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.query import Query, Sort
from participant_rules.project.types import text_of
from participant_rules.project.values import is_nothing, trimmed
from participant_rules.unset import Unset

__all__ = ["find_page", "in_order", "matches", "page_of", "sort_key", "sorted_by", "texts"]

T = TypeVar("T")

_EMPTY: Final = Demographics()


def find_page(
    query: Query, participants: Iterable[Participant], project: Project, policy: Policy = POLICY
) -> tuple[tuple[Participant, ...], int]:
    """One page of the matches, and their number; `participants` are in the order of their adding."""
    found = [each for each in participants if matches(query, each, project, policy)]
    ordered = sorted_by(query, found)
    return tuple(ordered[query.start : query.start + query.page_size]), len(found)


def page_of(
    query: Query, ordered: Iterable[Participant], project: Project, policy: Policy = POLICY
) -> tuple[tuple[Participant, ...], int]:
    """The page of participants that are in the order which the query asks for: only the page is kept."""
    total = 0
    shown: list[Participant] = []
    for each in ordered:
        if matches(query, each, project, policy):
            if query.start <= total < query.start + query.page_size:
                shown.append(each)
            total += 1
    return tuple(shown), total


def matches(query: Query, participant: Participant, project: Project, policy: Policy = POLICY) -> bool:
    """Whether a participant meets every filter, and has the searched text somewhere."""
    return (
        all(_has_field(participant, name, value) for name, value in query.custom_fields)
        and all(
            _has_demographic(participant, name, value, project, policy) for name, value in query.demographics
        )
        and (not query.text or _has_text(query, participant))
    )


def _has_field(participant: Participant, name: str, wanted: str) -> bool:
    """Whether a custom field has the value; an empty one matches where there is none."""
    fields = participant.custom_fields or {}
    values = [_text(value) for each, value in fields.items() if each.lower() == name.lower()]
    texts = [fold(text) for text in values if text]
    return fold(wanted) in texts if wanted.strip() else not any(texts)


def _has_demographic(
    participant: Participant, attribute: str, wanted: str, project: Project, policy: Policy
) -> bool:
    """Whether a demographic has the value; unique ones compare by their keys."""
    value = trimmed(getattr(participant.demographics or _EMPTY, attribute))
    if value is None or not wanted.strip():
        return value is None and not wanted.strip()
    node = unique_demographic(attribute, project, policy)
    if node is not None:
        return stored_key_of(node, value) == stored_key_of(node, wanted)
    return fold(value) == fold(wanted)


def _has_text(query: Query, participant: Participant) -> bool:
    wanted = query.text.lower()
    return any(wanted in text.lower() for text in texts(participant, fields=query.segment_id is not None))


def texts(participant: Participant, *, fields: bool) -> Iterator[str]:
    """The texts searched: demographics and identifiers, and with a segment the custom fields too."""
    demographics, custom = participant.demographics or _EMPTY, participant.custom_fields or {}
    yield from filter(None, (trimmed(getattr(demographics, each)) for each in DEMOGRAPHICS))
    identifiers = (trimmed(participant.participant_identifier), trimmed(participant.link_identifier))
    yield from filter(None, (*identifiers, text_of(custom.get(SECONDARY))))
    if fields:
        yield from filter(None, map(_text, custom.values()))


def _text(value: object) -> str | None:
    """The text of a custom value: its own, or that of its JSON; None for nothing."""
    if is_nothing(value):
        return None
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# ---- sorting


def sorted_by(query: Query, participants: Iterable[Participant]) -> list[Participant]:
    """The participants in order; without a value to sort by they come last, ties keep their order."""
    keyed = [(sort_key(query.sort_by, each), each) for each in participants]
    return in_order(keyed, ascending=query.ascending)


def in_order(keyed: Iterable[tuple[Any, T]], *, ascending: bool) -> list[T]:
    """Things by their sort keys; a store may pass places instead of participants."""
    with_value: list[tuple[Any, T]] = []
    without: list[T] = []
    for key, each in keyed:
        if key is None:
            without.append(each)
        else:
            with_value.append((key, each))
    with_value.sort(key=lambda pair: pair[0], reverse=not ascending)
    return [each for _, each in with_value] + without


def sort_key(sort: Sort, participant: Participant) -> tuple[int, Any] | None:
    """The sort key of a participant: numbers before dates before texts; None for nothing."""
    fields = participant.custom_fields or {}
    if sort.kind == "custom":
        found = (value for name, value in fields.items() if name.lower() == sort.name.lower())
        return _ordered(fields[sort.name] if sort.name in fields else next(found, None))
    if sort.kind == "demographic":
        return _ordered(getattr(participant.demographics or _EMPTY, sort.name))
    if sort.name == "secondary_identifier":
        return _ordered(text_of(fields.get(SECONDARY)))
    value = trimmed(getattr(participant, sort.name))
    return _moment(value) if sort.name.endswith("_date") and value is not None else _ordered(value)


def _ordered(value: object) -> tuple[int, Any] | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 0, value
    text = None if isinstance(value, Unset) else trimmed(_text(value))
    return None if text is None else (2, fold(text))


def _moment(text: str) -> tuple[int, Any]:
    """A date as a moment in time; without an offset it is in UTC, and other values sort as texts."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return 2, fold(text)
    return 1, moment if moment.tzinfo else moment.replace(tzinfo=UTC)
