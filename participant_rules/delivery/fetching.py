"""Rosters fetched from a server: only the participants that the file addresses."""

from collections.abc import Iterable, Iterator

from attrs import evolve

from participant_rules import project, survey
from participant_rules.batch.tasks import ProjectTask, SurveyTask
from participant_rules.delivery.waiting import Patience
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.project.keys import keys_of_stored
from participant_rules.project.wire import read_change as read_row
from participant_rules.survey.wire import read_change

__all__ = ["with_project_roster", "with_survey_roster"]

_PAGE = 500


def with_project_roster(
    task: ProjectTask, client: project.Client, payloads: Iterable[object], patience: Patience
) -> ProjectTask:
    """The task with a roster of the addressed participants: by id, identifier, or any unique value.

    All participants are asked for, page by page; what is kept grows with the file, not with the server.
    Raises what `Patience.ask` raises, and Refused.
    """
    named = {
        key
        for each in payloads
        for key in read_row(each, project.Operation.BULK, task.project.id)
        .keys(task.project, task.policy)
        .items()
    }
    met = [
        project.write(each)
        for each in _participants(task, client, patience)
        if not named.isdisjoint(keys_of_stored(project.Stored(each), task.project, task.policy).items())
    ]
    data = {**task.project.to_json(), "participants": met}
    return evolve(task, roster=MemoryProjects.from_json([data], policy=task.policy))


def _participants(
    task: ProjectTask, client: project.Client, patience: Patience
) -> Iterator[project.Participant]:
    """All participants, each once: pages may shift meanwhile."""
    seen, number, total = set[str](), 0, 1
    while number * _PAGE < total:
        query = project.Query(page_number=number, page_size=_PAGE)
        page = patience.ask(lambda query=query: client.page(task.project.id, query))  # type: ignore[misc]  # a default binds it
        for each in page.participants:
            if str(each.id) not in seen:
                seen.add(str(each.id))
                yield each
        number, total = number + 1, page.total if page.participants else 0


def with_survey_roster(
    task: SurveyTask, client: survey.Client, payloads: Iterable[object], patience: Patience
) -> SurveyTask:
    """The task with a roster of the addressed participants.

    A list has no seedings and no subjects: whoever is to be updated is asked for singly. Raises what
    `Patience.ask` raises, and Refused.
    """
    definition = task.survey
    call = survey.Change(survey.Operation(task.operation), definition.id)
    named = {definition.key_of(read_change(call, each).asked) for each in payloads} - {None}
    found = [each for each in _summaries(definition, client, patience) if definition.key_of(each) in named]
    if task.operation == "update":
        found = [whole for each in found if (whole := _whole(definition, client, each, patience)) is not None]
    data = {**definition.to_json(), "participants": [survey.write(each) for each in found]}
    return evolve(task, roster=MemorySurveys.from_json([data]))


def _summaries(
    definition: survey.Survey, client: survey.Client, patience: Patience
) -> Iterator[survey.Participant]:
    token, more = "0", True
    while more:
        page = patience.ask(lambda token=token: client.page(definition.id, starting_from=token))  # type: ignore[misc]  # a default binds it
        yield from page.participants
        token, more = page.progress, bool(page.participants) and not page.up_to_date


def _whole(
    definition: survey.Survey, client: survey.Client, summary: survey.Participant, patience: Patience
) -> survey.Participant | None:
    """The participant with seedings and subjects; None where it has gone meanwhile."""
    uid = definition.identity(summary) or ""
    return patience.find(lambda: client.get(definition.id, uid))
