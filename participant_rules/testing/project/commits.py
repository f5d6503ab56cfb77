"""The contract of `Register.commit`, one writer at a time."""

from typing import Any, Final

import pytest
from attrs import evolve

from participant_rules.conflicts import Stale, Taken, Vanished
from participant_rules.project import Participant, Query, Stored
from participant_rules.project.wire import read_stored, write
from participant_rules.testing.project.calls import ProjectCalls
from participant_rules.testing.project.samples import (
    BADGES,
    BARE,
    GUID,
    HERE,
    KIM,
    LEE,
    OLD,
    SEGMENT,
    WHOLE,
    changed,
    contact,
    person,
)

__all__ = ["ProjectCommits"]


class ProjectCommits(ProjectCalls):
    """Taken, vanished, stale; keys that change hands; all or nothing."""

    def test_writes_are_found(self, store: Any) -> None:
        """Adds, replacements and deletions, in one commit; nobody else changes."""
        lee, kim, old = (self.stored(store, each["id"]) for each in (LEE, KIM, OLD))
        new = person("new", **contact(email="New@example.com", mobilePhone="2025550100"), extra={"x": 1})
        after = evolve(lee.participant, institution_code="x", participant_identifier="A-8")
        self.commit(store, (None, new), (lee, after), (kim, None))
        (found,) = self.found(store, contact(email="new@example.com", mobilePhone="+12025550100"))
        assert found.participant == new
        replaced = self.stored(store, LEE["id"])
        assert replaced.participant == after
        assert replaced.version != lee.version
        assert (
            self.found(
                store, {"participantIdentifier": "A-7"}, {"id": KIM["id"]}, contact(email="kim@example.com")
            )
            == []
        )
        assert self.stored(store, OLD["id"]) == old
        assert self.everybody(store) == ["A-8", None, "B-2", "new"]

    def test_every_documented_member_is_kept(self, store: Any) -> None:
        """Of whom a commit adds, and of whom it replaces; what is taken away is gone."""
        whole, bare = person("whole", **WHOLE), person("whole")
        self.commit(store, (None, whole))
        assert write(self.stored(store, "id whole").participant) == write(whole)
        for after in (bare, whole):
            self.commit(store, (self.stored(store, "id whole"), after))
            assert write(self.stored(store, "id whole").participant) == write(after)

    def test_nothing_is_a_commit_too(self, store: Any) -> None:
        """It changes nothing."""
        self.commit(store)
        assert self.everybody(store) == ["A-7", "a-7", None, "B-2"]

    TAKEN: Final = [
        (person("A-7", id="n"), "participantIdentifier"),
        (person("n", **contact(email="LEE@example.com")), "email"),
        (person("n", **contact(email=" No Address ")), "email"),
        (person("n", **contact(mobilePhone="+15557778888")), "mobilePhone"),
        (person("n", **contact(mobilePhone="UNLISTED")), "mobilePhone"),
        (person("n", id=LEE["id"].upper()), "id"),
        (person("first"), "id"),
        (person("first", id="n"), "participantIdentifier"),
        (person("n", **contact(email="FIRST@example.com")), "email"),
    ]

    @pytest.mark.parametrize(
        ("after", "field"), TAKEN, ids=[f"{at}-{field}" for at, (_, field) in enumerate(TAKEN)]
    )
    def test_a_taken_key_is_reported(self, store: Any, after: Participant, field: str) -> None:
        """With field and position, and nothing is left of other writes; keys of one commit count as well."""
        kim = self.stored(store, KIM["id"])
        first = person("first", **contact(email="first@example.com"))
        renamed = evolve(kim.participant, participant_identifier="renamed")
        with pytest.raises(Taken) as taken:
            self.commit(store, (None, first), (kim, renamed), (None, after), (None, person("last")))
        assert (taken.value.field, taken.value.position) == (field, 2)
        assert self.everybody(store) == ["A-7", "a-7", None, "B-2"]
        assert self.stored(store, KIM["id"]) == kim
        rows = [{"id": each} for each in ("id first", "id n", "n", "id last")]
        assert self.found(store, *rows, contact(email="first@example.com")) == []
        self.commit(store, (None, first), (kim, renamed), (None, person("last")))

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"Badge": " B-1 "}, "customFields.Badge"),
            ({"Badge": "B-9"}, "customFields.Badge"),
            ({"Badge": "new", "Number": "7"}, "customFields.Number"),
        ],
        ids=str,
    )
    def test_a_taken_custom_field_is_reported(self, store: Any, fields: dict[str, Any], field: str) -> None:
        """By its path; a key that another one gives up in the same commit is free."""
        with pytest.raises(Taken) as taken:
            self.commit(
                store,
                (None, person("before", customFields={"Badge": "b-1"})),
                (None, person("n", customFields=fields)),
                project=BADGES,
            )
        assert (taken.value.field, taken.value.position) == (field, 1)
        assert self.found(store, {"id": "id before"}, {"id": "id n"}, project=BADGES) == []
        some = [self.stored(store, f"id {name}", BADGES) for name in ("first", "second", "third")]
        without = [(each, evolve(each.participant, custom_fields={"Note": "x"})) for each in some]
        self.commit(store, *without, (None, person("n", customFields=fields)), project=BADGES)
        (holder,) = self.found(store, {"id": "-", "customFields": fields}, project=BADGES)
        assert holder.participant.participant_identifier == "n"

    @pytest.mark.parametrize("field", ["email", "mobile_phone", "participant_identifier"])
    def test_a_replacement_cannot_take_a_key_either(self, store: Any, field: str) -> None:
        """A key of its own, in any spelling, is no conflict."""
        lee, kim = self.stored(store, LEE["id"]), self.stored(store, KIM["id"])
        value = "A-7" if field == "participant_identifier" else getattr(lee.participant.demographics, field)
        with pytest.raises(Taken) as taken:
            self.commit(store, (kim, changed(kim.participant, **{field: value})))
        assert taken.value.field == {"email": "email", "mobile_phone": "mobilePhone"}.get(
            field, "participantIdentifier"
        )
        respelt = changed(lee.participant, email="LEE@EXAMPLE.COM", mobile_phone="+15557778888")
        self.commit(store, (lee, respelt))
        assert self.stored(store, LEE["id"]).participant == respelt

    def test_keys_may_change_hands_in_one_commit(self, store: Any) -> None:
        """A later write takes a key that an earlier one gives up; a participant may be written twice."""
        lee, kim = self.stored(store, LEE["id"]), self.stored(store, KIM["id"])
        without = changed(lee.participant, email=None, participant_identifier="tmp")
        swapped = changed(lee.participant, email="kim@example.com", participant_identifier="a-7")
        self.commit(
            store,
            (lee, without),
            (kim, changed(kim.participant, email="LEE@example.com", participant_identifier="A-7")),
            (Stored(without), swapped),
            (None, person("new")),
            (Stored(person("new")), person("newer", id="id new")),
        )
        assert self.everybody(store) == ["a-7", "A-7", None, "B-2", "newer"]
        rows = ({"participantIdentifier": "A-7"}, contact(email="lee@example.com"))
        assert [each.participant.id for each in self.found(store, *rows)] == [KIM["id"]]
        assert self.found(store, {"participantIdentifier": "new"}, {"participantIdentifier": "tmp"}) == []

    def test_who_is_deleted_frees_everything(self, store: Any) -> None:
        """In the same commit already; and leaves all segments."""
        lee = self.stored(store, LEE["id"])
        again = evolve(lee.participant, id="other id")
        self.commit(store, (lee, None), (None, again))
        assert self.found(store, {"id": LEE["id"]}) == []
        rows = (
            {"participantIdentifier": "A-7"},
            contact(email="lee@example.com"),
            contact(mobilePhone="5557778888"),
        )
        assert [each.participant for each in self.found(store, *rows)] == [again]
        assert self.ask(store.segments(GUID, LEE["id"])) == ()
        assert self.query(store, Query(segment_id=SEGMENT)).total == (1 if self.has_segments else 0)
        self.commit(store, (None, evolve(read_stored(BARE, HERE), id=LEE["id"])))
        assert self.ask(store.segments(GUID, LEE["id"])) == ()

    @pytest.mark.parametrize("delete", [False, True], ids=["replace", "delete"])
    def test_an_old_version_is_stale(self, store: Any, *, delete: bool) -> None:
        """Whoever changed the participant since, it stays as they left it, and nothing else is written."""
        first = self.stored(store, LEE["id"])
        for code in ("x", None):  # back to what it was: the version is another one all the same
            before = self.stored(store, LEE["id"])
            self.commit(store, (before, changed(before.participant, first_name=code)))
        now = self.stored(store, LEE["id"])
        for before in (first, Stored(first.participant)):
            with pytest.raises(Stale):
                self.commit(store, (None, person("new")), (before, None if delete else first.participant))
        assert self.stored(store, LEE["id"]) == now
        assert self.found(store, {"id": "id new"}) == []

    @pytest.mark.parametrize("delete", [False, True], ids=["replace", "delete"])
    def test_who_is_gone_has_vanished(self, store: Any, *, delete: bool) -> None:
        """With the position; a replacement does not bring them back, and nothing else is written."""
        before = self.stored(store, LEE["id"])
        self.commit(store, (before, None))
        for stale in (before, Stored(before.participant)):
            with pytest.raises(Vanished) as vanished:
                self.commit(store, (None, person("new")), (stale, None if delete else before.participant))
            assert vanished.value.position == 1
        assert self.found(store, {"id": LEE["id"]}, {"id": "id new"}) == []

    @pytest.mark.parametrize("delete", [False, True], ids=["replace", "delete"])
    def test_a_version_never_returns(self, store: Any, *, delete: bool) -> None:
        """A participant deleted and added again is another one: the first is stale or has vanished."""
        before = self.stored(store, LEE["id"])
        for _ in range(3):
            self.commit(store, (self.stored(store, LEE["id"]), None))
            self.commit(store, (None, before.participant))
            with pytest.raises((Stale, Vanished)):
                self.commit(store, (before, None if delete else before.participant))

    def test_a_project_that_is_gone_makes_every_write_stale(self, store: Any) -> None:
        """A second question is answered."""
        with pytest.raises(Stale):
            self.commit(store, (None, person("new")), project="nobody's")

    def test_thousands_of_writes_are_one_commit(self, store: Any) -> None:
        """In their order."""
        names = [f"n{number}" for number in range(1100)]
        self.commit(store, *((None, person(name, **contact(email=f"{name}@example.com"))) for name in names))
        assert self.everybody(store)[4:] == names
        found = self.found(store, *({"participantIdentifier": name} for name in names))
        changed = [(each, evolve(each.participant, institution_code="x")) for each in found]
        self.commit(store, *changed, (self.stored(store, LEE["id"]), None))
        found = self.found(store, *(contact(email=f"{name.upper()}@example.com") for name in names))
        assert [each.participant.institution_code for each in found] == ["x"] * 1100
        self.commit(store, *((each, None) for each in found))
        assert self.everybody(store) == ["a-7", None, "B-2"]
