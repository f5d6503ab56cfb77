"""How the suites speak to a Register."""

from collections.abc import Iterator
from typing import Any

from participant_rules.survey import Page, Participant, Stored, Write
from participant_rules.testing.survey.roster import SurveyRosterContract

__all__ = ["SurveyCalls"]


class SurveyCalls(SurveyRosterContract):
    """The calls of a Register, made for the tests."""

    def commit(self, store: Any, survey: str, before: Stored | None, after: Participant | None) -> None:
        """Make a write."""
        self.ask(store.commit(Write(survey, before, after)))

    def pages(self, store: Any, survey: str, limit: int) -> Iterator[Page]:
        """All pages of a survey."""
        token, up_to_date = "0", False
        while not up_to_date:
            page: Page = self.ask(store.page(survey, token, limit))
            yield page
            assert page.progress.isdecimal(), "a token is a decimal number"
            assert len(page.progress) <= 18, "a token has at most 18 digits"
            assert page.up_to_date or page.progress != token, "a token must get on"
            token, up_to_date = page.progress, page.up_to_date

    def everybody(self, store: Any, survey: str, limit: int = 5000) -> list[Participant]:
        """The participants in the order of the list."""
        return [each for page in self.pages(store, survey, limit) for each in page.participants]
