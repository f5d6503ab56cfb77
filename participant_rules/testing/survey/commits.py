"""The contract of `Register.commit` and `Register.page`, one writer at a time."""

from typing import Any

import pytest
from attrs import evolve

from participant_rules.conflicts import Stale, Taken, Vanished
from participant_rules.survey import Page
from participant_rules.survey.wire import read_stored
from participant_rules.testing.survey.calls import SurveyCalls
from participant_rules.testing.survey.samples import address, login, logins

__all__ = ["SurveyCommits"]


class SurveyCommits(SurveyCalls):
    """Taken, vanished, stale; pages and tokens."""

    def test_an_added_participant_is_found(self, store: Any) -> None:
        """Just as it was added, in a survey of either kind."""
        for survey, new in (("L", login("new")), ("I", address("New@example.com"))):
            self.commit(store, survey, None, read_stored(new))
            name = "new" if survey == "L" else "new@EXAMPLE.com"
            assert self.stored(store, survey, name).participant == read_stored(new)

    def test_a_taken_identity_is_reported(self, store: Any) -> None:
        """With its field; an address in any case. Its holder stays as it was."""
        rows = [
            ("L", login("E", enabled=False), "login", "E"),
            ("I", address("LEE@EXAMPLE.com", opted_out=True), "email", "lee@example.com"),
            ("I", address("KIM@example.com"), "email", "kim@example.com"),
        ]
        for survey, new, field, identity in rows:
            before = self.stored(store, survey, identity)
            with pytest.raises(Taken) as taken:
                self.commit(store, survey, None, read_stored(new))
            assert taken.value.field == field
            assert self.stored(store, survey, identity) == before

    def test_identities_of_several_surveys_do_not_meet(self, store: Any) -> None:
        """Logins that differ in case or accents are several."""
        for survey, name in (("l", "straße"), ("L", "e"), ("L", "É"), ("L", "E "), ("L", "STRASSE")):
            self.commit(store, survey, None, read_stored(login(name)))
            assert self.stored(store, survey, name).participant == read_stored(login(name))

    def test_a_replaced_participant_is_found(self, store: Any) -> None:
        """In another version; nobody else changes."""
        before, other = self.stored(store, "L", "E"), self.stored(store, "L", "straße")
        after = evolve(before.participant, enabled=False)
        self.commit(store, "L", before, after)
        found = self.stored(store, "L", "E")
        assert found.participant == after
        assert found.version != before.version
        assert self.stored(store, "L", "straße") == other

    def test_a_replacement_may_bring_another_identity(self, store: Any) -> None:
        """Unless somebody has it; the old one is free."""
        before = self.stored(store, "L", "E")
        with pytest.raises(Taken) as taken:
            self.commit(store, "L", before, read_stored(login("straße")))
        assert taken.value.field == "login"
        self.commit(store, "L", before, read_stored(login("F")))
        assert set(self.find(store, "L", "E", "F").participants or ()) == {"F"}
        self.commit(store, "L", None, read_stored(login("E")))

    def test_a_deleted_participant_is_gone(self, store: Any) -> None:
        """The identity is free again."""
        self.commit(store, "L", self.stored(store, "L", "E"), None)
        assert self.find(store, "L", "E").participants == {}
        self.commit(store, "L", None, read_stored(login("E")))
        assert self.stored(store, "L", "E").participant == read_stored(login("E"))

    @pytest.mark.parametrize("delete", [False, True], ids=["replace", "delete"])
    def test_an_old_version_is_stale(self, store: Any, *, delete: bool) -> None:
        """Whoever changed the participant since, it stays as they left it."""
        first = self.stored(store, "L", "E")
        for enabled in (False, True):  # back to what it was: the version is another one all the same
            before = self.stored(store, "L", "E")
            self.commit(store, "L", before, evolve(before.participant, enabled=enabled))
        now = self.stored(store, "L", "E")
        with pytest.raises(Stale):
            self.commit(store, "L", first, None if delete else evolve(first.participant, enabled=False))
        assert self.stored(store, "L", "E") == now

    @pytest.mark.parametrize("delete", [False, True], ids=["replace", "delete"])
    def test_who_is_gone_has_vanished(self, store: Any, *, delete: bool) -> None:
        """A replacement does not bring them back."""
        before = self.stored(store, "L", "E")
        self.commit(store, "L", before, None)
        with pytest.raises(Vanished):
            self.commit(store, "L", before, None if delete else before.participant)
        assert self.find(store, "L", "E").participants == {}

    @pytest.mark.parametrize("delete", [False, True], ids=["replace", "delete"])
    def test_a_version_never_returns(self, store: Any, *, delete: bool) -> None:
        """A participant deleted and added again is another one: the first is stale or has vanished."""
        before = self.stored(store, "L", "E")
        for _ in range(3):
            self.commit(store, "L", self.stored(store, "L", "E"), None)
            self.commit(store, "L", None, before.participant)
            with pytest.raises((Stale, Vanished)):
                self.commit(store, "L", before, None if delete else before.participant)

    def test_an_import_makes_every_write_stale(self, store: Any) -> None:
        """As does a survey that is gone."""
        for survey in ("running", "nobody's"):
            with pytest.raises(Stale):
                self.commit(store, survey, None, read_stored(login("E")))
        assert self.find(store, "running", "E").participants == {}

    # ---- page

    @pytest.mark.parametrize("limit", [1, 2, 3, 4, 5000])
    def test_pages_hold_everybody_once_in_the_order_of_adding(self, store: Any, limit: int) -> None:
        """Whatever their length; a replacement keeps its place."""
        self.commit(store, "L", None, read_stored(login("A")))
        before = self.stored(store, "L", "straße")
        self.commit(store, "L", before, evolve(before.participant, enabled=False))
        found = list(self.pages(store, "L", limit))
        assert logins([each for page in found for each in page.participants]) == ["E", "straße", "%_", "A"]
        assert all(len(page.participants) <= limit for page in found)
        assert found[-1].participants, "a page is up to date when nobody comes after it, full or not"

    def test_a_token_stays_good(self, store: Any) -> None:
        """Though the one it stands at is deleted, and others are added."""
        first: Page = self.ask(store.page("L", "0", 2))
        for name in ("E", "straße"):
            self.commit(store, "L", self.stored(store, "L", name), None)
        for name in ("E", "A"):
            self.commit(store, "L", None, read_stored(login(name)))
        rest: Page = self.ask(store.page("L", first.progress, 5000))
        assert logins(rest.participants) == ["%_", "E", "A"]
        assert rest.up_to_date

    def test_an_empty_page_keeps_its_token(self, store: Any) -> None:
        """At the end, and in a survey that does not exist; as it is written, zeros included."""
        end = list(self.pages(store, "L", 2))[-1].progress
        for survey, token in (
            ("L", end),
            ("L", f"00{end}"),
            ("running", "0"),
            ("running", "00"),
            ("nobody's", "7"),
            ("nobody's", "07"),
            ("\0", "0"),
        ):
            assert self.ask(store.page(survey, token, 10)) == Page((), token, up_to_date=True)
