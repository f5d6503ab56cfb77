"""The contract of `Register.search` and `Register.segments`."""

from collections.abc import Iterable
from itertools import product
from typing import Any, Final

from attrs import evolve

from participant_rules.project import Membership, Page, Query
from participant_rules.project.query import Sort
from participant_rules.project.search import find_page
from participant_rules.project.wire import read_stored
from participant_rules.testing.project.calls import ProjectCalls
from participant_rules.testing.project.samples import GUID, HERE, KIM, LEE, OLD, PROJECTS, SEGMENT, person

__all__ = ["ProjectSearches"]


class ProjectSearches(ProjectCalls):
    """The store finds the same as the pure functions."""

    SORTS: Final = (
        Sort("participant", "inserted_date"),
        Sort("participant", "participant_identifier"),
        Sort("participant", "secondary_identifier"),
        Sort("participant", "enrollment_date"),
        Sort("demographic", "email"),
        Sort("demographic", "last_name"),
        Sort("custom", "n"),
        Sort("custom", "a"),
    )
    FILTERS: Final[tuple[dict[str, Any], ...]] = (
        {},
        {"text": "LEE"},
        {"text": "zoë"},
        {"text": "%_\\"},
        {"text": "i̇stan"},
        {"text": "S-1"},
        {"text": "\0"},
        {"text": "\x1f"},
        {"text": "x" * 60_000},
        {"demographics": (("email", "LEE@example.com"),)},
        {"demographics": (("email", "no ADDRESS"),)},
        {"demographics": (("email", ""),)},
        {"demographics": (("mobile_phone", "+15557778888"), ("first_name", "ZOË "))},
        {"demographics": (("mobile_phone", "Unlisted"),)},
        {"demographics": (("last_name", "lee"),)},
        {"demographics": (("first_name", " "), ("date_of_birth", ""))},
        {"custom_fields": (("N", "9"),)},
        {"custom_fields": (("n", "10"), ("A", "İSTANBUL"))},
        {"custom_fields": (("empty", ""),)},
        {"custom_fields": (("z", '{"deep": [1, 1.0, true, null]}'),)},
        {"text": "e", "demographics": (("last_name", "LEE"),)},
    )

    def check(self, store: Any, queries: Iterable[Query]) -> None:
        """Whether the store finds the same as the pure functions."""
        ties = [
            person(f"t{at}", insertedDate=LEE["insertedDate"], customFields={"n": at % 2}) for at in range(4)
        ]
        self.commit(store, *((None, each) for each in ties))
        given = [read_stored(each, HERE) for each in PROJECTS[0]["participants"]] + ties
        dates = {LEE["id"]: "2022-11-10T20:15:38+00:00", OLD["id"]: "2022-11-09"}
        members = [
            evolve(each, added_to_segment_date=dates[str(each.id)])
            for each in given
            if each.id in dates and self.has_segments
        ]
        for query in queries:
            some = {None: given, SEGMENT: members}.get(query.segment_id and query.segment_id.lower(), [])
            page = self.query(store, query)
            assert (page.participants, page.total) == find_page(query, some, HERE), query

    def test_a_search_finds_what_matches(self, store: Any) -> None:
        """By every filter; in a segment and without."""
        asked = product(self.FILTERS, (None, SEGMENT.upper(), LEE["id"]))
        self.check(store, (evolve(Query(segment_id=segment), **filters) for filters, segment in asked))

    def test_a_search_sorts_and_pages(self, store: Any) -> None:
        """By every value, either way; ties keep the order of adding, missing values come last."""
        pages = ((0, 20), (1, 3), (10**18, 10**18))
        queries: list[Query] = []
        for sort in self.SORTS:
            for segment, ascending, (number, size) in product((None, SEGMENT), (True, False), pages):
                query = Query(
                    segment_id=segment, sort_by=sort, ascending=ascending, page_number=number, page_size=size
                )
                queries.append(query)
        self.check(store, queries)

    def test_nobody_is_found_where_there_is_no_project(self, store: Any) -> None:
        """Nor has anybody segments there."""
        assert self.query(store, Query(), "nobody's") == Page((), 0)
        assert self.ask(store.segments("nobody's", LEE["id"])) == ()

    def test_segments_are_told_by_id(self, store: Any) -> None:
        """In any case; a participant in none, or unknown, has none."""
        expected: tuple[Membership, ...] = (
            Membership(SEGMENT, "Under 35", "2022-11-10T20:15:38+00:00"),
            Membership(GUID, "Lee", "2023-01-01"),
        )
        expected = expected if self.has_segments else ()
        for name, some in ((LEE["id"].upper(), expected), (KIM["id"], ()), ("\0", ())):
            assert tuple(self.ask(store.segments(GUID, name))) == some
        assert self.ask(store.segments("other", LEE["id"])) == ()
