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
class Link:
    """A client with the known facts of the server behind it."""

    client: project.Client | survey.Client
    task: ProjectTask | SurveyTask
    patience: Patience
    voice: Voice

    def post(self, *, batch: int, notify: bool) -> ProjectPost | SurveyPost:
        """The transport of rows."""
        if isinstance(self.client, project.Client) and isinstance(self.task, ProjectTask):
            return ProjectPost(
                self.client, self.task.project, batch, self.task.allow_update, notify, self.patience
            )
        if isinstance(self.client, survey.Client) and isinstance(self.task, SurveyTask):
            return SurveyPost(self.client, self.task.survey, self.task.operation, self.patience)
        raise TypeError("the client and the task are of two families")

    def with_roster(self, payloads: Iterable[object]) -> ProjectTask | SurveyTask:
        """The task with the server's roster of the addressed participants."""
        if isinstance(self.client, project.Client) and isinstance(self.task, ProjectTask):
            return with_project_roster(self.task, self.client, payloads, self.patience)
        if isinstance(self.client, survey.Client) and isinstance(self.task, SurveyTask):
            return with_survey_roster(self.task, self.client, payloads, self.patience)
        raise TypeError("the client and the task are of two families")


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
        voice = Voice()
        with transport:
            yield Link(self._client(transport), self.task, Patience(told=voice), voice)

    def _client(self, transport: "HttpxTransport") -> project.Client | survey.Client:
        if isinstance(self.task, ProjectTask):
            return project.Client(
                transport,
                token_source(self.credentials),
                projects=[self.task.project],
                policy=self.task.policy,
            )
        return survey.Client(
            transport,
            survey_credentials(self.credentials),
            surveys=[self.task.survey],
            caller=self.task.caller,
        )
