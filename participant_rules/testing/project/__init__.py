"""The contract of `participant_rules.project.ports`, as tests that a store's own tests inherit."""

from participant_rules.testing.project.commits import ProjectCommits
from participant_rules.testing.project.races import ProjectRaces
from participant_rules.testing.project.roster import ProjectRosterContract
from participant_rules.testing.project.searches import ProjectSearches

__all__ = ["ProjectRegisterContract", "ProjectRosterContract"]


class ProjectRegisterContract(ProjectCommits, ProjectSearches, ProjectRaces):
    """The contract of `Register`, sync or async; a subclass gives `make`, as for the roster."""
