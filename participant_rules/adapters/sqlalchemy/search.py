"""Queries in SQL: paging, sorting, segments, addresses, numbers and searched texts.

Columns and conditions are made by the functions that search without a database, so that both find the same.
Where a condition only narrows (the value of some field), or the sort has no column, candidates are streamed
through those functions, and only the places of those that match are kept.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from attrs import define, evolve, field
from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from participant_rules.adapters.sqlalchemy.owner import Owner, find_owner
from participant_rules.adapters.sqlalchemy.schema import (
    CHUNK,
    MEMBERS,
    PROJECT_KEYS,
    PROJECT_PARTICIPANTS,
    SEGMENTS,
    chunks,
    digest,
)
from participant_rules.formats import fold
from participant_rules.project import Page, Participant, Policy, Query
from participant_rules.project.keys import stored_key_of, unique_demographic
from participant_rules.project.query import Sort
from participant_rules.project.search import in_order, matches, sort_key, texts
from participant_rules.project.wire import read_stored

__all__ = ["search", "searched"]

_ROW = PROJECT_PARTICIPANTS.c
_SEPARATOR: Final = "\x1f"
_ODD: Final = str.maketrans(dict.fromkeys([0, 0x1F, 0xFFFD, *range(0xD800, 0xE000)], "\ufffd"))
_LONGEST: Final = 1000  # characters that are looked for in SQL; SQLite takes no pattern above 50,000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BY_INSERTED: Final = Sort("participant", "inserted_date")
_BY_IDENTIFIER: Final = Sort("participant", "participant_identifier")
_SORTS: Final = {_BY_INSERTED: _ROW.inserted, _BY_IDENTIFIER: _ROW.identifier}


# ---- what is stored to be searched


def searched(participant: Participant) -> dict[str, Any]:
    """The columns that a search compares."""
    identifiers = set(texts(participant, fields=False))
    fields = [each for each in texts(participant, fields=True) if each not in identifiers]
    inserted = _ordered(sort_key(_BY_INSERTED, participant))
    return {
        "inserted": inserted and inserted[:64],  # a date has 9 bytes; what is none must fit the index
        "identifier": _ordered(sort_key(_BY_IDENTIFIER, participant)),
        "texts": _joined(texts(participant, fields=False)),
        "field_texts": _joined(fields),
    }


def _joined(some: Iterator[str] | list[str]) -> str:
    """Lower-cased texts in one; a text that no column can hold becomes a mark that is in no query."""
    return _SEPARATOR.join(each.lower().translate(_ODD) for each in some)


def _ordered(key: tuple[int, Any] | None) -> bytes | None:
    """Bytes that sort like the key: code points sort as their UTF-8 does."""
    if key is None:
        return None
    rank, value = key
    if isinstance(value, datetime):
        moment = (value - _EPOCH) // timedelta(microseconds=1) + (1 << 63)
        return bytes([rank]) + moment.to_bytes(8, "big")
    return bytes([rank]) + str(value).encode("utf-8", "surrogatepass")


# ---- what is asked


@define
class _Question:
    """The conditions of a query in SQL; `exact` when they are complete."""

    conditions: list[ColumnElement[bool]] = field(factory=list)
    exact: bool = True

    def narrow(self, column: Any, wanted: str) -> None:
        """Look for a text, where the column is sure to have it."""
        if len(wanted) <= _LONGEST and wanted == wanted.translate(_ODD):
            self.conditions.append(column.contains(wanted, autoescape=True))
        else:
            self.exact = False


def _question(query: Query, owner: Owner, policy: Policy) -> _Question:
    asked = _Question([_ROW.project == owner.no])
    if query.text:
        anywhere = _ROW.texts + _SEPARATOR + _ROW.field_texts
        asked.narrow(anywhere if query.segment_id is not None else _ROW.texts, query.text.lower())
    for attribute, wanted in query.demographics:
        key = _demographic_key(attribute, wanted, owner, policy)
        if key is not None:
            asked.conditions.append(_ROW.place.in_(_holders(owner, key)))
            continue
        asked.exact = False
        if wanted.strip():
            asked.narrow(_ROW.texts, fold(wanted))
    for _, wanted in query.custom_fields:
        asked.exact = False
        if wanted.strip():
            asked.narrow(_ROW.texts + _SEPARATOR + _ROW.field_texts, fold(wanted))
    return asked


def _demographic_key(attribute: str, wanted: str, owner: Owner, policy: Policy) -> bytes | None:
    """The text of a unique demographic in its key column; None for any other one, and for a blank text."""
    node = unique_demographic(attribute, owner.project, policy)
    key = stored_key_of(node, wanted) if node is not None else None
    return digest(node.path, key) if node is not None and key is not None else None


def _holders(owner: Owner, key: bytes) -> Select[tuple[int]]:
    columns = PROJECT_KEYS.c
    return select(columns.place).where(columns.project == owner.no, columns.key == key)


# ---- the answer


def search(connection: Connection, project: str, query: Query, policy: Policy) -> Page:
    """Answer a query; see `Register.search`."""
    owner = find_owner(connection, project)
    if owner is None:
        return Page((), 0)
    question = _question(query, owner, policy)
    candidates = _candidates(query, owner).where(*question.conditions)
    if question.exact and query.sort_by in _SORTS:
        rows, total = _page_in_sql(connection, query, candidates)
        return Page(tuple(_participant(each, owner) for each in rows), total)
    places, total = _page_by_streaming(connection, query, candidates, owner, policy)
    found = {}
    for some in chunks(places):
        for each in connection.execute(candidates.where(_ROW.place.in_(some))):
            found[each.place] = _participant(each, owner)
    return Page(tuple(found[place] for place in places if place in found), total)


def _candidates(query: Query, owner: Owner) -> Select[Any]:
    """The participants, or the members of a segment and the times of their joining."""
    if query.segment_id is None:
        return select(_ROW.place, _ROW.document)
    key, member, segment = PROJECT_KEYS.c, MEMBERS.c, SEGMENTS.c
    return (
        select(_ROW.place, _ROW.document, member.document.label("membership"))
        .join(PROJECT_KEYS, (key.project == _ROW.project) & (key.place == _ROW.place))
        .join(MEMBERS, member.key == key.key)
        .join(SEGMENTS, segment.no == member.segment)
        .where(segment.project == owner.no, segment.key == digest("segment", query.segment_id.lower()))
    )


def _page_in_sql(connection: Connection, query: Query, candidates: Select[Any]) -> tuple[list[Row[Any]], int]:
    counted = select(func.count()).select_from(candidates.with_only_columns(_ROW.place).subquery())
    total = connection.execute(counted).scalar_one()
    column = _SORTS[query.sort_by]
    order = (column.asc() if query.ascending else column.desc()).nulls_last()
    start = query.page_number * query.page_size
    if start >= total:
        return [], total  # the numbers of a query may be too great for a database
    asked = candidates.order_by(order, _ROW.place).offset(start).limit(min(query.page_size, total))
    return list(connection.execute(asked)), total


def _page_by_streaming(
    connection: Connection, query: Query, candidates: Select[Any], owner: Owner, policy: Policy
) -> tuple[list[int], int]:
    found = []
    stream = candidates.order_by(_ROW.place).execution_options(yield_per=CHUNK)
    for each in connection.execute(stream):
        participant = read_stored(each.document, owner.project)
        if matches(query, participant, owner.project, policy):
            found.append((sort_key(query.sort_by, participant), each.place))
    start = query.page_number * query.page_size
    return in_order(found, ascending=query.ascending)[start : start + query.page_size], len(found)


def _participant(row: Row[Any], owner: Owner) -> Participant:
    participant = read_stored(row.document, owner.project)
    membership = row._asdict().get("membership")
    return (
        participant
        if membership is None
        else evolve(participant, added_to_segment_date=membership.get("addDate"))
    )
