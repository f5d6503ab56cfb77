"""The contract of a Roster."""

from typing import Any

import pytest

from participant_rules.survey import Keys, Known, Stored, Survey
from participant_rules.survey.wire import read_stored
from participant_rules.testing.harness import Harness
from participant_rules.testing.survey.samples import ODD, SURVEYS, address

__all__ = ["SurveyRosterContract"]


class SurveyRosterContract(Harness):
    """The contract of `Roster`.

    class TestMyRoster(SurveyRosterContract):
        def make(self, definitions):
            return MyRoster(definitions)
    """

    @pytest.fixture
    def store(self) -> Any:
        """A store with the surveys of this suite."""
        return self.filled(SURVEYS)

    def find(self, store: Any, survey: str, *identities: str) -> Known:
        """The store's answer."""
        known = self.ask(store.find(Keys(survey, frozenset(identities))))
        assert isinstance(known, Known)
        return known

    def stored(self, store: Any, survey: str, identity: str) -> Stored:
        """A stored participant."""
        found = self.find(store, survey, identity).find(identity)
        assert isinstance(found, Stored), f"{identity!r} is not found in survey {survey!r}"
        return found

    def test_a_survey_that_does_not_exist_is_none(self, store: Any) -> None:
        """Nor does one with an odd id."""
        for survey in ("nobody's", *ODD):
            assert self.find(store, survey, "E").survey is None

    def test_the_definition_is_answered(self, store: Any) -> None:
        """Whole, without unknown members, even where no participant is asked for."""
        for each in SURVEYS:
            assert self.find(store, each["id"]).survey == Survey.from_json(each)

    def test_participants_are_answered_as_they_were_stored(self, store: Any) -> None:
        """Every documented member, with read-only ones, and the subjects in their order."""
        found = self.stored(store, "L", "E").participant
        assert found == read_stored(SURVEYS[0]["participants"][0])

    def test_only_whom_the_keys_name_are_answered(self, store: Any) -> None:
        """By `Survey.key`; nobody else, and nobody of another survey."""
        assert set(self.find(store, "L", "E", "nobody").participants or ()) == {"E"}
        assert self.stored(store, "l", "E").participant.enabled is False
        assert self.find(store, "l", "straße").participants == {}
        assert self.find(store, "L").participants == {}

    def test_logins_compare_exactly(self, store: Any) -> None:
        """Case, accents and white space differ."""
        others = ("e", "E ", " E", "É", "STRASSE", "strasse", "Straße", "x_")
        assert self.find(store, "L", *others).participants == {}
        assert set(self.find(store, "L", "straße", "%_").participants or ()) == {"straße", "%_"}

    def test_addresses_compare_without_regard_to_case(self, store: Any) -> None:
        """Their spelling stays as it was stored."""
        for spelling in ("lee@example.com", "LEE@EXAMPLE.COM", " Lee@Example.com "):
            found = self.stored(store, "I", spelling).participant
            assert found == read_stored(address("Lee@Example.com"))
        assert set(self.find(store, "I", "LEE@example.com").participants or ()) == {"lee@example.com"}

    def test_any_text_may_be_a_key(self, store: Any) -> None:
        """One that cannot be stored names nobody."""
        for survey in ("L", "I"):
            for key in ODD:
                assert self.find(store, survey, key).participants == {}
            assert self.find(store, survey, *ODD).participants == {}

    def test_thousands_of_keys_are_one_question(self, store: Any) -> None:
        """More keys than a database takes parameters, with stored participants among them."""
        many = {f"nobody {number}" for number in range(66_000)}
        assert set(self.find(store, "L", "E", "straße", *many).participants or ()) == {"E", "straße"}

    def test_everybody_has_a_version(self, store: Any) -> None:
        """It stays while the participant does."""
        first, again = self.stored(store, "L", "E"), self.stored(store, "L", "E")
        assert first.version is not None
        assert first.version == again.version
