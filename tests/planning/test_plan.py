"""A plan is as the real outcome: the same calls, one by one, on a server of the same roster."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import pytest

from participant_rules import Refused, project, survey
from participant_rules.batch import ProjectTask, SurveyTask
from participant_rules.changes import is_nothing
from participant_rules.memory import Loopback, MemoryProjects, MemorySurveys
from participant_rules.planning import PlannedRecord, TotalsCounter, plan
from tests.planning.rosters import project_data, project_rows, survey_body, survey_data

Flat = dict[str, Any]


def flat(value: Any, where: str = "") -> Flat:
    """The values inside an answer by their places; subjects by name, keys of seedings in lower case."""
    if isinstance(value, list):
        return {k: v for each in value for k, v in flat(each, f"{where}/{each['subjectName']}").items()}
    if isinstance(value, dict):
        inside = "Seeding" in where
        items = [(name.lower() if inside else name, each) for name, each in value.items()]
        return {k: v for name, each in items for k, v in flat(each, f"{where}/{name}").items()}
    return {where: value}


def differing(before: Any, after: Any) -> list[tuple[Any, Any]]:
    """The pairs of values that are not the same in two answers, wherever they stand."""
    old, new = flat(before), flat(after)
    pairs = [(old.get(where), new.get(where)) for where in {**old, **new} if "status" not in where]
    return sorted(
        [(a, b) for a, b in pairs if not (is_nothing(a) and is_nothing(b)) and (type(a), a) != (type(b), b)],
        key=repr,
    )


def planned_pairs(planned: PlannedRecord) -> list[tuple[Any, Any]]:
    """The values that a plan names."""
    return nothings([(each.stored, each.new) for each in planned.effect.changes])


def nothings(pairs: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """The pairs in order, with one word for nothing."""
    return sorted([(a if a != "" else None, b if b != "" else None) for a, b in pairs], key=repr)


@pytest.mark.parametrize("seed", range(4))
def test_of_a_project(seed: int) -> None:
    """Actions, members with values, invitations: row by row."""
    random = Random(seed)
    data, rows = project_data(random), project_rows(random)
    definition, allow = project.Project.from_json(data), random.random() < 0.7
    known = MemoryProjects.from_json([data])
    plans = list(plan(rows, ProjectTask(definition, known, allow_update=allow), notify=True))

    store = MemoryProjects.from_json([data])
    client = project.Client(Loopback({"": project.Api(store, notifier=store)}))
    for row, planned in zip(rows, plans, strict=True):
        before = {str(each.id): each for each in client.participants("P")}
        store.invitations.clear()
        result = answer_of(partial(client.put_many, "P", [row], allow_update=allow, notify=True))
        if isinstance(result, frozenset):
            own = {each.violation.code for each in planned.outcome.findings if each.is_error}
            assert planned.outcome.action == "refused"
            assert result <= own  # a client may know less
            continue
        assert result.action == planned.outcome.action
        assert planned.effect.invited == bool(store.invitations)
        old = before.get(str(result.participant.id))
        pairs = [] if old is None else differing(answered(old), answered(result.participant))
        assert planned_pairs(planned) == nothings(pairs)


def answer_of(call: Callable[[], project.BulkResult]) -> project.Result | frozenset[str]:
    """The result of the only row, or the codes of the refusal."""
    try:
        (result,) = call().results
    except Refused as refused:
        return frozenset(each.code for each in refused.violations)
    return result


def answered(participant: project.Participant) -> Any:
    """The answer of a server, without the alias of a custom field."""
    shown = project.answer(participant)
    shown.pop("secondaryIdentifier", None)
    return shown


@pytest.mark.parametrize("kind", ["login", "invite", "both"])
@pytest.mark.parametrize("seed", range(3))
def test_of_a_survey(seed: int, kind: str) -> None:
    """Additions and updates, and the losses of a full replacement."""
    random = Random(seed)
    data = survey_data(random, kind)
    definition = survey.Survey.from_json(data)
    operation: Any = random.choice(["add", "update"])
    rows = [survey_body(random, kind, random.randrange(6), group=data["group"]) for _ in range(25)]
    known = MemorySurveys.from_json([data])
    plans = list(plan(rows, SurveyTask(definition, known, operation)))

    store = MemorySurveys.from_json([data])
    client = survey.Client(Loopback({"": survey.Api(store)}))
    for row, planned in zip(rows, plans, strict=True):
        uid = definition.identity(survey.read(row)) or ""
        try:
            before = client.get("S1", uid)
        except Refused:
            before = None
        try:
            after = client.add("S1", row) if operation == "add" else client.update("S1", uid, row)
        except Refused:
            # Of an update that is judged by its body alone, nobody has the identity: a refusal all the same.
            assert planned.outcome.action == "refused"
            continue
        assert planned.outcome.action == operation
        answers = [survey.wire.answer(each, definition, survey.Caller()) for each in (before, after) if each]
        pairs = [] if operation == "add" else differing(*answers)
        assert planned_pairs(planned) == nothings(pairs)
        section = after.invitation_section
        invited = bool(section and section.send_invitations) and after.enabled is not False
        assert planned.effect.invited == invited


def test_the_totals_are_those_of_the_records() -> None:
    """Everything is counted; without a roster the report has a note that stored data are unknown."""
    data = project_data(Random(1))
    rows = [
        {
            "id": data["participants"][0]["id"],
            "demographics": {"city": "Elsewhere"},
            "customFields": {"Age": ""},
        },
        {"participantIdentifier": "new"},
        {"demographics": {"gender": "?"}},
    ]
    task = ProjectTask(project.Project.from_json(data), MemoryProjects.from_json([data]), allow_update=True)
    counter = TotalsCounter()
    plans = list(plan(rows, task, notify=True))
    for each in plans:
        counter.add(each)
    totals = counter.totals()
    changes = plans[0].effect.changes
    assert totals.actions == {"update": 1, "add": 1, "refused": 1}
    assert sum(totals.members.values()) == len(changes) > 0
    assert (totals.records, totals.invited, totals.violations, totals.lost) == (3, 1, 2, 0)
    assert "Elsewhere" not in repr((plans, totals))


@pytest.mark.parametrize("records", ["{}", {"participantIdentifier": "A"}, 7])
def test_what_is_handed_in_by_mistake(records: Any) -> None:
    """It is refused at once, as a batch refuses it: the names of a record are no records."""
    with pytest.raises(TypeError, match=r"^records are JSON texts or decoded values"):
        plan(records, ProjectTask(project.Project(id="P")))
    definition: Any = project.Project(id="P")
    with pytest.raises(TypeError, match=r"^a task, such as ProjectTask"):
        plan([], definition)
