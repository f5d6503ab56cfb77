"""The orders of a project's participants: kept up as if they were made anew."""

import math
from random import Random
from typing import Any, Final

import pytest
from attrs import evolve

from participant_rules.memory import MemoryProjects
from participant_rules.project import Demographics, Participant, Query, Write
from participant_rules.project.memory import _renewed
from participant_rules.project.model import Stored
from participant_rules.project.orders import MOST, Entry, Order, Orders
from participant_rules.project.query import Sort
from participant_rules.project.search import find_page

SORTS: Final = (
    Sort("participant", "inserted_date"),
    Sort("participant", "participant_identifier"),
    Sort("demographic", "city"),
    Sort("custom", "Weight"),
)


def somebody(random: Random, number: int) -> Participant:
    """A participant of few values, so that many tie, and now and then none."""
    fields: dict[str, Any] = random.choice([{}, {"weight": 5}, {"Weight": 12.5}, {"Weight": "9"}])
    return Participant(
        id=f"{number}",
        participant_identifier=f"A-{number}",
        inserted_date=random.choice([None, "2026-01-02", "2025-01-01T10:00:00Z"]),
        demographics=Demographics(
            city=random.choice([None, "Athens", "berlin", ""]),
            email=random.choice([None, f"k{number}@b.org", "legacy"]),
        ),
        custom_fields=fields,
    )


@pytest.mark.parametrize("ascending", [True, False])
@pytest.mark.parametrize("sort", SORTS, ids=lambda each: each.name)
def test_pages_after_every_write(sort: Sort, ascending: bool) -> None:
    """Whoever is added, updated or deleted: each page is that of all participants, sorted."""
    random = Random(7)
    store = MemoryProjects.from_json([{"id": "P"}])
    shelf = store._shelves["P"]
    for _ in range(150):
        number = random.randrange(30)
        old = shelf.entries.get(f"{number}")
        new = None if old and random.random() < 0.4 else _renewed(shelf, somebody(random, number), old)
        shelf.put(f"{number}", new)
        query = Query(
            sort_by=sort,
            ascending=ascending,
            page_number=random.randrange(4),
            page_size=random.choice([1, 7, 40]),
        )
        filters: list[dict[str, Any]] = [
            {},
            {"text": "a-1"},
            {"custom_fields": (("weight", "5"),)},
            {"demographics": (("city", "Berlin"), ("email", "K7@B.ORG"))},
            {"demographics": (("email", "LEGACY"),)},
            {"demographics": (("email", ""),)},
        ]
        for asked in (evolve(query, **each) for each in filters):
            page = store.search("P", asked)
            expected = find_page(asked, shelf.in_order(), shelf.project)
            assert (page.participants, page.total) == expected


def entry(weight: Any, place: int) -> Entry:
    """An entry with this custom field."""
    return Entry(Stored(Participant(custom_fields={"Weight": weight})), place, {})


def test_few_orders_are_kept() -> None:
    """The ones asked for last."""
    orders, entries = Orders(), [entry(1, 0)]
    first = orders.of(Query(), entries)
    for number in range(MOST - 1):
        orders.of(Query(sort_by=Sort("custom", f"F{number}")), entries)
    assert orders.of(Query(), entries) is first
    for number in range(MOST):
        orders.of(Query(sort_by=Sort("custom", f"F{number}")), entries)
    assert orders.of(Query(), entries) is not first
    assert len(orders._kept) == MOST


@pytest.mark.parametrize("ascending", [True, False])
def test_a_value_without_an_order(ascending: bool) -> None:
    """An order in which somebody is not found is made anew."""
    query = Query(sort_by=SORTS[-1], ascending=ascending)
    entries = [entry(value, place) for place, value in enumerate((3, math.nan, 1, math.nan, 2))]
    orders = Orders()
    order = orders.of(query, entries)
    lost = [each for each in entries if not Order(query.sort_by, entries, ascending=ascending).remove(each)]
    assert lost
    orders.replace(lost[0], None)
    left = [each for each in entries if each is not lost[0]]
    made = orders.of(query, left)
    assert made is not order
    assert len(made) == len(left)


def test_a_page_beyond_the_end() -> None:
    """Is empty, in either direction."""
    entries = [entry(value, place) for place, value in enumerate((3, 1, 2))]
    for ascending in (True, False):
        order = Order(SORTS[-1], entries, ascending=ascending)
        assert list(order.page(3, 20)) == list(order.page(10**20, 20)) == []
        assert len(order.page(2, 20)) == 1


def test_a_write_takes_its_place() -> None:
    """Through the port too."""
    store = MemoryProjects.from_json([{"id": "P", "participants": [{"participantIdentifier": "B"}]}])
    by_name = Query(sort_by=Sort("participant", "participant_identifier"), ascending=False)
    assert store.search("P", by_name).total == 1
    store.commit([Write("P", None, Participant(id="1", participant_identifier="C"))])
    found = store.search("P", by_name).participants
    assert [each.participant_identifier for each in found] == ["C", "B"]
