"""The contract of `Register.commit` when several write at once, or one crashes."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from attrs import evolve

from participant_rules.survey import Page, Write
from participant_rules.survey.wire import read_stored
from participant_rules.testing.harness import kind
from participant_rules.testing.survey.calls import SurveyCalls
from participant_rules.testing.survey.samples import address, login, logins

__all__ = ["SurveyRaces"]

WRITERS: Final = 8
ROUNDS: Final = 6


class SurveyRaces(SurveyCalls):
    """One winner, and nothing between before and after."""

    def test_of_those_who_add_an_identity_at_once_one_wins(self, store: Any) -> None:
        """The others get Taken; an address in any case."""
        for number in range(ROUNDS):
            logins = [login(f"r{number}", password=str(each)) for each in range(WRITERS)]
            outcomes = self.race_to(store, [Write("L", None, read_stored(each)) for each in logins])
            assert outcomes == {"done": 1, "taken login": WRITERS - 1}
            spellings = [f"r{number}@example.com", f"R{number}@Example.com"] * (WRITERS // 2)
            invited = [Write("I", None, read_stored(address(each))) for each in spellings]
            assert self.race_to(store, invited) == {"done": 1, "taken email": WRITERS - 1}
        assert len(self.everybody(store, "L")) == 3 + ROUNDS
        assert len(self.everybody(store, "I")) == 2 + ROUNDS

    def test_of_those_who_replace_a_version_at_once_one_wins(self, store: Any) -> None:
        """The others are stale."""
        for number in range(ROUNDS):
            before = self.stored(store, "L", "E")
            after = [read_stored(login("E", password=f"{number} {each}")) for each in range(WRITERS)]
            outcomes = self.race_to(store, [Write("L", before, each) for each in after])
            assert outcomes == {"done": 1, "stale": WRITERS - 1}

    def test_of_those_who_delete_and_replace_at_once_one_wins(self, store: Any) -> None:
        """The others are stale, or find nobody."""
        for number in range(ROUNDS):
            self.commit(store, "L", None, read_stored(login(f"d{number}")))
            before = self.stored(store, "L", f"d{number}")
            after = [None, evolve(before.participant, enabled=False)] * (WRITERS // 2)
            outcomes = self.race_to(store, [Write("L", before, each) for each in after])
            assert outcomes["done"] == 1
            assert outcomes["vanished"] + outcomes["stale"] == WRITERS - 1

    def test_who_stops_in_a_commit_takes_nothing_that_is_taken(self, store: Any) -> None:
        """Wherever it stops: one of two writers adds an address, and one replaces a version."""

        def adds(number: int) -> tuple[Callable[[], Any], Callable[[], Any]]:
            first, second = (f"o{number}@example.com", f"O{number}@example.com")
            return (
                partial(store.commit, Write("I", None, read_stored(address(first)))),
                partial(store.commit, Write("I", None, read_stored(address(second)))),
            )

        for outcomes in self.overlaps(store, adds):
            assert sorted(map(kind, outcomes)) == ["done", "taken email"]

        def replacements(number: int) -> tuple[Callable[[], Any], Callable[[], Any]]:
            before = self.stored(store, "L", "E")
            first, second = (read_stored(login("E", password=f"{number}{each}")) for each in "ab")
            return (
                partial(store.commit, Write("L", before, first)),
                partial(store.commit, Write("L", before, second)),
            )

        for outcomes in self.overlaps(store, replacements):
            assert sorted(map(kind, outcomes)) == ["done", "stale"]

    def test_who_reads_on_while_others_are_added_misses_nobody(self, store: Any) -> None:
        """A token is never ahead of a participant that is still being added."""
        seen: list[str] = []
        token = "0"
        names = [[f"p{number}-{each}" for each in range(WRITERS)] for number in range(ROUNDS)]
        for some in names:
            writes = [Write("L", None, read_stored(login(name))) for name in some]
            calls: list[Callable[[], Any]] = [partial(store.commit, each) for each in writes]
            reads = [partial(store.page, "L", token, 5000)] * 2
            outcomes = self.race([*calls, *reads], asynchronous=self.is_async(store))
            page: Page = outcomes[-1]
            seen += logins(page.participants)
            token = page.progress
        seen += logins(self.ask(store.page("L", token, 5000)).participants)
        assert sorted(seen) == sorted(["E", "straße", "%_", *(name for some in names for name in some)])

    # ---- crashes

    def test_a_crash_in_the_middle_of_a_commit_leaves_before_or_after(self, store: Any) -> None:
        """Never something between, and nothing that stands in the way of others."""

        def rename(number: int) -> Callable[[], Any]:
            self.commit(store, "L", None, read_stored(login(f"c{number}")))
            before = self.stored(store, "L", f"c{number}")
            return partial(store.commit, Write("L", before, read_stored(login(f"d{number}"))))

        for number in self.crashes(store, rename):
            found = self.find(store, "L", f"c{number}", f"d{number}").participants or {}
            assert list(found) in ([f"c{number}"], [f"d{number}"])
            listed = set(logins(self.everybody(store, "L"))) & {f"c{number}", f"d{number}"}
            assert listed == set(found)
            (name,) = found
            self.commit(store, "L", found[name], None)
            self.commit(store, "L", None, read_stored(login(f"c{number}")))
            self.commit(store, "L", None, read_stored(login(f"d{number}")))
