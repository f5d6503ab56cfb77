"""A server in memory with troubles on purpose, and jobs that send records to it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import define, field

from participant_rules import project, survey
from participant_rules.batch import ProjectTask, SurveyTask
from participant_rules.batch.sources import given
from participant_rules.delivery import Journal, Marks, Patience, ProjectPost, SurveyPost
from participant_rules.delivery.job import Job
from participant_rules.http import NoResponse, Request, Response
from participant_rules.memory import Answering, Loopback, MemoryProjects, MemorySurveys

Json = dict[str, Any]


PROJECT = project.Project(id="P")  # what is worked out about it is kept with it


class Killed(BaseException):
    """Stands for SIGKILL: nothing that would go on catches it."""


@define
class Server:
    """Both Apis in memory; `troubles` are the failures of calls, by their number.

    "before" and "after": no response, and nothing or all was done; "killed before" and "killed after": the
    sender is gone; a number: that status, with a Retry-After of 7 seconds, and nothing done.
    """

    projects: MemoryProjects = field(factory=MemoryProjects)
    surveys: MemorySurveys = field(factory=MemorySurveys)
    troubles: Mapping[int, str | int] = field(factory=dict)
    meanwhile: Callable[[int], object] = lambda _: None
    calls: list[str] = field(factory=list)

    def send(self, request: Request) -> Response:
        """The Api's answer, or trouble."""
        trouble = self.troubles.get(len(self.calls), "")
        self.calls.append(request.method)
        self.meanwhile(len(self.calls))
        if isinstance(trouble, int):
            return Response(trouble, {"Retry-After": "7"}, b"{}")
        if trouble == "killed before":
            raise Killed
        if trouble == "before":
            raise NoResponse("nothing was done")
        apis: dict[str, Answering] = {
            "": survey.Api(self.surveys),
            "/api/v1/": project.Api(self.projects, notifier=self.projects),
        }
        response = Loopback(apis).send(request)
        if trouble == "killed after":
            raise Killed
        if trouble == "after":
            raise NoResponse("all was done")
        return response

    def emails(self) -> list[str]:
        """The addresses of all participants of the project, in order."""
        found = self.projects.to_json()[0]["participants"]
        return sorted(each["demographics"]["email"] for each in found)


def patience(waited: list[float] | None = None, attempts: int = 8) -> Patience:
    """One that does not wait, and writes down how long it would have."""
    sleep = (lambda _: None) if waited is None else waited.append
    return Patience(attempts, sleep=sleep)


def rows(count: int) -> list[Json]:
    """Rows of a project, every third of them without an identifier."""
    named: Iterable[Json] = ({} if n % 3 == 0 else {"participantIdentifier": f"A-{n}"} for n in range(count))
    return [{**name, "demographics": {"email": f"p{n}@example.com"}} for n, name in enumerate(named)]


def a_project(*participants: Json, **known: Any) -> Json:
    """A project's definition and participants."""
    return {"id": "P", "participants": list(participants), **known}


def project_job(
    folder: Path,
    server: Server,
    records: Sequence[object],
    *,
    batch: int = 5,
    allow_update: bool = False,
    notify: bool = False,
    good_only: bool = False,
    waits: Patience | None = None,
) -> Job:
    """A job that sends rows to the project P, with an unknown roster."""
    definition = PROJECT
    waits = waits or patience()
    client = project.Client(server, projects=[definition])
    post = ProjectPost(client, definition, batch, allow_update, notify, waits)
    task = ProjectTask(definition, None, allow_update=allow_update)
    return _job(
        folder,
        records,
        task,
        post,
        good_only=good_only,
        notify=notify,
        waits=waits,
    )


def survey_job(
    folder: Path,
    server: Server,
    definition: survey.Survey,
    records: Sequence[object],
    operation: Any = "update",
    waits: Patience | None = None,
) -> Job:
    """A job that sends participants to a survey."""
    waits = waits or patience()
    client = survey.Client(server, surveys=[definition])
    post = SurveyPost(client, definition, operation, waits)
    return _job(
        folder,
        records,
        SurveyTask(definition, None, operation),
        post,
        waits=waits,
    )


def _job(
    folder: Path,
    records: Sequence[object],
    task: Any,
    post: Any,
    *,
    waits: Patience,
    **options: Any,
) -> Job:
    path = folder / "r.journal.jsonl"
    marks = Marks.beside(path)
    journal = Journal.at(path, marks, "a test")
    return Job(given(list(records)), task, post, journal, marks, patience=waits, **options)


def run(job: Job) -> list[tuple[str, tuple[str, ...]]]:
    """Do all that a run does; the action of each record that there is something to say of, and its codes."""
    try:
        job.read()
        job.resume()
        job.plan()
        for _ in job.send():
            pass
        return texts(job)
    finally:
        job.journal.close()


def texts(job: Job) -> list[tuple[str, tuple[str, ...]]]:
    """The actions and the codes of errors."""
    return [
        (each.action, tuple(found.violation.code for found in each.findings if found.is_error))
        for each in job.outcomes()
    ]
