"""The contract of a Roster."""

from collections.abc import Sequence
from typing import Any

import pytest

from participant_rules.project import Keys, Known, Project, Stored, keys, read
from participant_rules.project.wire import read_stored
from participant_rules.testing.harness import Harness
from participant_rules.testing.project.samples import (
    BADGES,
    BARE,
    GUID,
    HERE,
    KIM,
    LEE,
    ODD,
    OLD,
    PATHS,
    PROJECTS,
    SHARED,
    WITHOUT_SEGMENTS,
    contact,
)

__all__ = ["ProjectRosterContract"]


class ProjectRosterContract(Harness):
    """The contract of `Roster`.

    class TestMyRoster(ProjectRosterContract):
        def make(self, definitions):
            return MyRoster(definitions)
    """

    shares_values: bool = False
    """Whether `make` takes participants who share a value that should be unique, as legacy data may."""

    has_segments: bool = True
    """Whether there are segments in the store; else `make` is given none, and nobody is in one."""

    @pytest.fixture
    def store(self) -> Any:
        """A store with the projects of this suite."""
        return self.filled(PROJECTS if self.has_segments else WITHOUT_SEGMENTS)

    def find(self, store: Any, rows: Sequence[object], project: str = GUID) -> Known:
        """The store's answer to the keys of some payloads."""
        asked = keys([read(row, project=project) for row in rows]) if rows else Keys(project)
        known = self.ask(store.find(asked))
        assert isinstance(known, Known)
        return known

    def found(self, store: Any, *rows: object, project: str = GUID) -> list[Stored]:
        """The participants that payloads name."""
        participants = self.find(store, rows, project).participants
        assert isinstance(participants, tuple)
        return list(participants)

    def stored(self, store: Any, participant: str, project: str = GUID) -> Stored:
        """A stored participant, by id."""
        found = self.found(store, {"id": participant}, project=project)
        assert len(found) == 1, f"{len(found)} participants have the id {participant!r}"
        return found[0]

    def test_a_project_that_does_not_exist_is_none(self, store: Any) -> None:
        """Nor does one with an odd id."""
        for project in ("nobody's", "OTHER", *ODD):
            assert self.find(store, [LEE], project).project is None

    def test_the_definition_is_answered(self, store: Any) -> None:
        """Even where nobody is asked for; a GUID in any case."""
        for project, given in ((GUID.upper(), PROJECTS[0]), ("other", PROJECTS[1])):
            known = self.find(store, [], project)
            assert known.project == Project.from_json(given)
            assert known.participants == ()

    def test_participants_are_answered_as_they_were_stored(self, store: Any) -> None:
        """Every documented member, with read-only ones and the JSON types of custom values."""
        for given in (LEE, KIM, BARE, OLD):
            found = self.stored(store, given["id"]).participant
            assert found == read_stored(given, HERE)
        fields = self.stored(store, LEE["id"]).participant.custom_fields or {}
        assert [type(each) for each in fields["z"]["deep"]] == [int, float, bool, type(None)]

    @pytest.mark.parametrize(
        ("row", "expected"),
        [
            ({"id": LEE["id"].upper()}, [LEE]),
            ({"id": KIM["id"].lower()}, [KIM]),
            ({"participantIdentifier": "A-7"}, [LEE]),
            ({"participantIdentifier": "a-7"}, [KIM]),
            ({"participantIdentifier": " B-2 "}, [OLD]),
            ({"participantIdentifier": "b-2"}, []),
            ({"participantIdentifier": LEE["id"]}, []),
            (contact(email="lee@example.com"), [LEE]),
            (contact(email="LEE@EXAMPLE.COM"), [LEE]),
            (contact(mobilePhone="+1 555 777 8888"), [LEE]),
            (contact(mobilePhone="5557778888"), [LEE]),
            (contact(mobilePhone="5557778888x12"), []),
            (
                {"id": BARE["id"], "participantIdentifier": "A-7", **contact(email="KIM@example.com")},
                [LEE, KIM, BARE],
            ),
            ({"id": LEE["id"], "participantIdentifier": "A-7", **contact(email="lee@example.com")}, [LEE]),
        ],
        ids=str,
    )
    def test_a_participant_is_named_by_each_key(
        self, store: Any, row: dict[str, Any], expected: list[dict[str, Any]]
    ) -> None:
        """Once, in the order of adding, and nobody else."""
        found = [each.participant for each in self.found(store, row)]
        assert found == [read_stored(each, HERE) for each in expected]

    def test_keys_of_several_projects_do_not_meet(self, store: Any) -> None:
        """Numbers are at home in the region of their project."""
        assert self.found(store, {"participantIdentifier": "a-7"}, project="other") == []
        (found,) = self.found(store, contact(mobilePhone="+445557778888"), project="other")
        assert found.participant.participant_identifier == "A-7"
        assert self.found(store, contact(mobilePhone="+15557778888"), project="other") == []

    def test_any_text_may_be_a_key(self, store: Any) -> None:
        """One that cannot be stored names nobody."""
        for odd in ODD:
            asked = Keys(GUID, dict.fromkeys(PATHS, frozenset({odd})))
            assert self.ask(store.find(asked)).participants == ()

    def test_a_path_that_is_not_unique_names_nobody(self, store: Any) -> None:
        """Nor does one that no member has: the project's own definition says which are unique."""
        for path, key in (("demographics.firstName", "kim"), ("customFields.N", "9"), ("nothing", "x")):
            assert self.ask(store.find(Keys(GUID, {path: frozenset({key})}))).participants == ()

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"Badge": "B-1"}, ["first"]),
            ({"Badge": " B-1 "}, ["first"]),
            ({"Badge": "b-1"}, []),
            ({"Number": "7"}, ["first"]),
            ({"Number": 7}, ["first"]),
            ({"Number": "seven"}, []),
            ({"Note": "same"}, []),
            ({"Badge": "B-1", "Number": 8}, ["first", "second"]),
        ],
        ids=str,
    )
    def test_a_participant_is_named_by_each_unique_custom_field(
        self, store: Any, fields: dict[str, Any], expected: list[str]
    ) -> None:
        """Texts compare as they are, numbers as numbers."""
        found = self.found(store, {"participantIdentifier": "-", "customFields": fields}, project=BADGES)
        assert [each.participant.participant_identifier for each in found] == expected

    def test_all_holders_of_a_shared_value_are_answered(self) -> None:
        """Where legacy data may have such; a store with unique constraints has none."""
        if self.shares_values:
            store = self.filled(SHARED)
            shared = self.found(store, {"id": "-", "customFields": {"Badge": "B-9"}}, project=BADGES)
            assert [each.participant.participant_identifier for each in shared] == ["one", "two"]

    def test_thousands_of_keys_are_one_question(self, store: Any) -> None:
        """More keys than a database takes parameters, with stored participants among them."""
        many = frozenset(f"nobody {number}" for number in range(35_000))
        asked = Keys(GUID, {"id": many | {LEE["id"]}, "participantIdentifier": many | {"B-2"}})
        found = self.ask(store.find(asked)).participants
        assert [each.participant for each in found] == [read_stored(each, HERE) for each in (LEE, OLD)]

    def test_everybody_has_a_version(self, store: Any) -> None:
        """It stays while the participant does."""
        first, again = self.stored(store, LEE["id"]), self.stored(store, LEE["id"])
        assert first.version is not None
        assert first.version == again.version
