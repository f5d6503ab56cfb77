"""The contract of `Register.commit` when several write at once, or one crashes."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pytest
from attrs import evolve

from participant_rules.project import Write
from participant_rules.project.wire import read_stored
from participant_rules.testing.harness import kind
from participant_rules.testing.project.calls import ProjectCalls
from participant_rules.testing.project.samples import BADGES, GUID, HERE, LEE, changed, contact, person

__all__ = ["ProjectRaces"]

WRITERS: Final = 8
ROUNDS: Final = 5


class ProjectRaces(ProjectCalls):
    """One winner, and nothing between before and after."""

    @pytest.mark.parametrize("field", ["id", "participantIdentifier", "email", "mobilePhone"])
    def test_of_those_who_take_a_key_at_once_one_wins(self, store: Any, field: str) -> None:
        """The others get Taken, and leave nothing behind."""
        for number in range(ROUNDS):
            commits = []
            for each in range(WRITERS):
                values: dict[str, Any] = {
                    "id": f"{number} {each}",
                    "participantIdentifier": f"r{number}-{each}",
                }
                if field == "email":
                    values |= contact(email=("r{}@example.com", "R{}@Example.com")[each % 2].format(number))
                elif field == "mobilePhone":
                    values |= contact(mobilePhone=f"{'+1' if each % 2 else ''}20255501{number:02}")
                else:
                    values[field] = f"same {number}"
                companion = Write(GUID, None, person(f"c{number}-{each}"))
                commits.append([companion, Write(GUID, None, read_stored(values, HERE))])
            assert self.race_to(store, commits) == {"done": 1, f"taken {field}": WRITERS - 1}
        assert len(self.everybody(store)) == 4 + 2 * ROUNDS

    def test_of_those_who_take_a_unique_custom_field_at_once_one_wins(self, store: Any) -> None:
        """Whatever a project declares unique is as safe as an address."""
        for number in range(ROUNDS):
            spellings = (number + 100, f"{number + 100}", f"+{number + 100}")
            commits = [
                [
                    Write(BADGES, None, person(f"c{number}-{each}")),
                    Write(
                        BADGES,
                        None,
                        person(f"r{number}-{each}", customFields={"Number": spellings[each % 3]}),
                    ),
                ]
                for each in range(WRITERS)
            ]
            assert self.race_to(store, commits) == {"done": 1, "taken customFields.Number": WRITERS - 1}
            rows = [{"id": f"id {kind}{number}-{each}"} for kind in "cr" for each in range(WRITERS)]
            assert len(self.found(store, *rows, project=BADGES)) == 2

    def test_of_those_who_replace_a_version_at_once_one_wins(self, store: Any) -> None:
        """The others are stale."""
        for _ in range(ROUNDS):
            before = self.stored(store, LEE["id"])
            commits = [
                [Write(GUID, before, evolve(before.participant, institution_code=f"{each}"))]
                for each in range(WRITERS)
            ]
            assert self.race_to(store, commits) == {"done": 1, "stale": WRITERS - 1}

    def test_of_those_who_delete_and_replace_at_once_one_wins(self, store: Any) -> None:
        """The others are stale, or find nobody."""
        for number in range(ROUNDS):
            self.commit(store, (None, person(f"d{number}")))
            before = self.stored(store, f"id d{number}")
            after = [None, evolve(before.participant, institution_code="x")] * (WRITERS // 2)
            outcomes = self.race_to(store, [[Write(GUID, before, each)] for each in after])
            assert outcomes["done"] == 1
            assert outcomes["vanished"] + outcomes["stale"] == WRITERS - 1

    def test_who_stops_in_a_commit_takes_nothing_that_is_taken(self, store: Any) -> None:
        """Wherever it stops: one of two writers takes an address, and one replaces a version."""

        def adds(number: int) -> tuple[Callable[[], Any], Callable[[], Any]]:
            mail = contact(email=f"o{number}@example.com")
            first, second = (Write(GUID, None, person(f"o{number}-{each}", **mail)) for each in "ab")
            return partial(store.commit, [first]), partial(store.commit, [second])

        for outcomes in self.overlaps(store, adds):
            assert sorted(map(kind, outcomes)) == ["done", "taken email"]

        def replacements(number: int) -> tuple[Callable[[], Any], Callable[[], Any]]:
            self.commit(store, (None, person(f"v{number}")))
            before = self.stored(store, f"id v{number}")
            first, second = (
                Write(GUID, before, evolve(before.participant, institution_code=each)) for each in "ab"
            )
            return partial(store.commit, [first]), partial(store.commit, [second])

        for outcomes in self.overlaps(store, replacements):
            assert sorted(map(kind, outcomes)) == ["done", "stale"]

    def test_commits_that_cross_each_other_end(self, store: Any) -> None:
        """A writer that takes the same keys in another order gets a conflict, and does not wait for ever."""
        for number in range(ROUNDS):
            some = [Write(GUID, None, person(f"x{number}-{each}")) for each in range(6)]
            outcomes = self.race_to(store, [some, some[::-1]] * (WRITERS // 2))
            assert outcomes["done"] == 1
            assert sum(outcomes.values()) == WRITERS
            names = self.everybody(store)[-6:]
            assert sorted(map(str, names)) == [f"x{number}-{each}" for each in range(6)]

    # ---- crashes

    def test_a_crash_in_the_middle_of_a_commit_leaves_before_or_after(self, store: Any) -> None:
        """Never something between, and nothing that stands in the way of others."""

        def exchange(number: int) -> Callable[[], Any]:
            mail = contact(email=f"c{number}@example.com")
            self.commit(store, (None, person(f"c{number}", **mail)), (None, person(f"d{number}")))
            first, second = self.stored(store, f"id c{number}"), self.stored(store, f"id d{number}")
            writes = [
                Write(GUID, first, changed(first.participant, email=None)),
                Write(GUID, second, changed(second.participant, email=f"C{number}@example.com")),
                *(Write(GUID, None, person(f"e{number}-{each}")) for each in range(3)),
            ]
            return partial(store.commit, writes)

        for number in self.crashes(store, exchange):
            (holder,) = self.found(store, contact(email=f"c{number}@example.com"))
            names = [{"participantIdentifier": f"e{number}-{each}"} for each in range(3)]
            added = self.found(store, *names)
            before = (holder.participant.participant_identifier, len(added)) == (f"c{number}", 0)
            after = (holder.participant.participant_identifier, len(added)) == (f"d{number}", 3)
            assert before or after
            listed = {each for each in self.everybody(store) if str(each).startswith(f"e{number}-")}
            assert listed == {each.participant.participant_identifier for each in added}
            self.commit(store, *((each, None) for each in added))
            self.commit(store, *((None, person(f"e{number}-{each}")) for each in range(3)))
