"""The contract of `participant_rules.survey.ports`, as tests that a store's own tests inherit."""

from participant_rules.testing.survey.commits import SurveyCommits
from participant_rules.testing.survey.races import SurveyRaces
from participant_rules.testing.survey.roster import SurveyRosterContract

__all__ = ["SurveyRegisterContract", "SurveyRosterContract"]


class SurveyRegisterContract(SurveyCommits, SurveyRaces):
    """The contract of `Register`, sync or async; a subclass gives `make`, as for the roster."""
