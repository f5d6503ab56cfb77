"""The server that `send` speaks to: its transport, its client, and how the client's calls carry rows."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import define, field, frozen

from participant_rules import project, survey
from participant_rules.batch import ProjectTask, SurveyTask
from participant_rules.cli.credentials import survey_credentials, token_source
from participant_rules.cli.extras import need
from participant_rules.delivery import Patience, ProjectPost, SurveyPost
from participant_rules.delivery.fetching import with_project_roster, with_survey_roster
from participant_rules.sending import RateLimit, Retry
from participant_rules.unusable import Unusable

if TYPE_CHECKING:  # the extra may not be there
    from participant_rules.adapters.httpx import HttpxTransport

__all__ = ["Link", "Server", "Voice"]


@define
class Voice:
    """Shows a long wait on the terminal."""

    show: Callable[[float], object] = lambda _: None

    def __call__(self, seconds: float) -> None:
        """Show a wait of so many seconds."""
        self.show(seconds)


@frozen
class ProjectLink:
    """A client of a project's server, with the known facts of the project."""

    client: project.Client
    task: ProjectTask
    voice: Voice
    patience: Patience

    def post(self, *, batch: int, notify: bool) -> ProjectPost:
        """The transport of rows, so many in a call."""
        definition, updates = self.task.project, self.task.allow_update
        return ProjectPost(self.client, definition, batch, updates, notify, self.patience)

    def with_roster(self, payloads: Iterable[object]) -> ProjectTask:
        """The task with the server's roster of the addressed participants."""
        return with_project_roster(self.task, self.client, payloads, self.patience)


@frozen
class SurveyLink:
    """A client of a survey's server, with the known facts of the survey."""

    client: survey.Client
    task: SurveyTask
    voice: Voice
    patience: Patience

    def post(self, **_: object) -> SurveyPost:
        """The transport of rows, one in a call."""
        return SurveyPost(self.client, self.task.survey, self.task.operation, self.patience)

    def with_roster(self, payloads: Iterable[object]) -> SurveyTask:
        """The task with the server's roster of the addressed participants."""
        return with_survey_roster(self.task, self.client, payloads, self.patience)


Link = ProjectLink | SurveyLink


@frozen
class Server:
    """A server, by the options of the command line."""

    url: str = field(repr=False)
    task: ProjectTask | SurveyTask
    credentials: Path | None
    timeout: float
    full_speed: bool

    @property
    def host(self) -> str:
        """Its name, without the parts of an address that may be secret."""
        return urlsplit(self.url).hostname or ""

    @property
    def purpose(self) -> str:
        """The subject of a journal: the server, the definition, and the call."""
        if isinstance(self.task, ProjectTask):
            return f"project {self.task.project.id} at {self.url.rstrip('/')}"
        return f"{self.task.operation} survey {self.task.survey.id} at {self.url.rstrip('/')}"

    @contextmanager
    def connected(self) -> Iterator[Link]:
        """A client of the server; raises Unusable for an address or credentials that cannot be."""
        need("http", "httpx")
        from participant_rules.adapters.httpx import HttpxTransport  # noqa: PLC0415  the extra may not be there

        if not self.url.lower().startswith(("http://", "https://")):
            raise Unusable("--url: an address that begins with https:// is expected")
        is_survey = isinstance(self.task, SurveyTask)
        limit = RateLimit() if is_survey and not self.full_speed else None
        try:
            transport = HttpxTransport(self.url, timeout=self.timeout, retry=Retry(attempts=1), limit=limit)
        except ValueError as wrong:
            raise Unusable(f"--url: {wrong}") from None
        with transport:
            yield self._link(transport, Voice())

    def _link(self, transport: "HttpxTransport", voice: Voice) -> Link:
        task, patience = self.task, Patience(told=voice)
        if isinstance(task, ProjectTask):
            token = token_source(self.credentials)
            client = project.Client(transport, token, projects=[task.project], policy=task.policy)
            return ProjectLink(client, task, voice, patience)
        user = survey_credentials(self.credentials)
        asking = survey.Client(transport, user, surveys=[task.survey], caller=task.caller)
        return SurveyLink(asking, task, voice, patience)
