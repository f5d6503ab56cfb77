"""How the suites speak to a Register."""

from typing import Any

from participant_rules.project import Page, Participant, Query, Stored, Write
from participant_rules.project.query import Sort
from participant_rules.testing.project.roster import ProjectRosterContract
from participant_rules.testing.project.samples import GUID

__all__ = ["ProjectCalls"]


class ProjectCalls(ProjectRosterContract):
    """The calls of a Register, made for the tests."""

    def commit(
        self, store: Any, *pairs: tuple[Stored | None, Participant | None], project: str = GUID
    ) -> None:
        """Make writes."""
        self.ask(store.commit([Write(project, before, after) for before, after in pairs]))

    def query(self, store: Any, query: Query, project: str = GUID) -> Page:
        """The answer to a search."""
        page = self.ask(store.search(project, query))
        assert isinstance(page, Page)
        return page

    def everybody(self, store: Any) -> list[str | None]:
        """The identifiers of all, in the order of their adding."""
        sort = Sort("demographic", "street2")  # nobody has one, so that only the order of adding is left
        page = self.query(store, Query(sort_by=sort, page_size=10_000))
        assert page.total == len(page.participants)
        return [each.participant_identifier or None for each in page.participants]
