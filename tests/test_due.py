"""Mistakes of a program: a TypeError that names the right type, and no error from within."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from participant_rules import batch, planning, project, rule, survey
from participant_rules.conflicts import Taken
from participant_rules.declared import one_of, unique
from participant_rules.http import Request
from participant_rules.memory import Loopback, MemoryProjects, MemorySurveys
from participant_rules.sending import RateLimit, Retry

PROJECT = project.Project(id="P1")
SURVEY = survey.Survey(id="S1", invited=False, logged_on=True, group=False)
PROJECTS, SURVEYS = MemoryProjects([PROJECT]), MemorySurveys([SURVEY])
PERSON = {"participantIdentifier": "A"}
KIM = survey.read({"loginSection": {"login": "kim", "subjects": [{"subjectName": ""}]}})
KNOWN = project.Known(PROJECT, ())
CHANGE = project.read(PERSON, project="P1")
PATH = "/api/v1/administration/projects"
LOOPBACK = Loopback({"": survey.Api(SURVEYS), "/api/v1/": project.Api(PROJECTS)})

A_CHANGE = "a change, as project.read(payload, project=…) makes one, is due, not"
A_CALL = "a change, as survey.Change(operation, survey, …) makes one, is due, not"
A_CASE = "a Case, as Case.of(change, known, …) makes one, is due, not"
A_KNOWN = "a Known, as find(…) of a store answers one, is due, not"
A_PARTICIPANT = "a Participant, as read_stored(…) reads one, is due, not"
A_PROJECT = "a Project, as Project.from_json(…) reads one, is due, not"
A_SURVEY = "a Survey, as Survey.from_json(…) reads one, is due, not"
A_REQUEST = "a Request, as Request(method, path, …) makes one, is due, not"
A_STORED = "a Stored, as Stored(participant, version) makes one, is due, not"
A_STORE = "a store with find and commit is due, not"
A_TRANSPORT = "a transport with send, such as HttpxTransport(url), is due, not"


class Frame:
    """The attributes of a pandas frame."""

    columns = ("participantIdentifier",)

    def iterrows(self) -> None:
        """Its rows."""

    def to_dict(self) -> None:
        """Its records."""


class Answering:
    """A store that answers the same to every question, and has no pages."""

    def __init__(self, known: object) -> None:
        self.known = known

    def find(self, keys: object) -> object:
        """What is stored."""
        return self.known

    def commit(self, writes: object) -> None:
        """Nothing is made."""

    def search(self, project: str, query: object) -> None:
        """A programmer's mistake."""

    def page(self, survey: str, starting_from: str, limit: int) -> None:
        """Another one."""


class Coroutines:
    """A store of coroutines."""

    async def find(self, keys: project.Keys) -> project.Known:
        """The stored participants."""
        return PROJECTS.find(keys)

    async def commit(self, writes: Any) -> None:
        """Make the writes."""


def any_of(value: Any) -> Any:
    """A value of a type that no checker looks at."""
    return value


MISTAKES: list[tuple[Callable[[], object], str]] = [
    (lambda: registrar().put(PERSON), f"{A_CHANGE} a value of the type dict"),
    (lambda: registrar().put(None), f"{A_CHANGE} None"),
    (
        lambda: registrar().put(project.Participant(participant_identifier="A")),
        f"{A_CHANGE} a value of the type participant_rules.Participant",
    ),
    (lambda: registrar().put_many([PERSON]), f"{A_CHANGE} a value of the type dict"),
    (
        lambda: registrar().put_many(project.read(PERSON)),
        "an iterable of changes is due, not a value of the type participant_rules.Change",
    ),
    (lambda: project.keys(any_of([PERSON])), f"{A_CHANGE} a value of the type dict"),
    (lambda: project.keys(any_of(PERSON)), f"{A_CHANGE} a value of the type str"),
    (
        lambda: project.keys(any_of(project.read(PERSON))),
        "an iterable of changes is due, not a value of the type participant_rules.Change",
    ),
    (lambda: survey.keys(any_of([{}])), f"{A_CALL} a value of the type dict"),
    (lambda: project.decide_all(any_of([PERSON]), KNOWN), f"{A_CHANGE} a value of the type dict"),
    (
        lambda: project.decide_all([], any_of(PROJECT)),
        f"{A_KNOWN} a value of the type participant_rules.Project",
    ),
    (
        lambda: project.decide_all([], any_of(PROJECTS)),
        f"{A_KNOWN} a value of the type participant_rules.MemoryProjects",
    ),
    (
        lambda: project.decide_all([], project.Known(PROJECT, any_of([PERSON]))),
        f"{A_STORED} a value of the type dict",
    ),
    (lambda: survey.decide_all(any_of([{}]), survey.Known(SURVEY)), f"{A_CALL} a value of the type dict"),
    (
        lambda: survey.decide_all([], any_of(SURVEY)),
        f"{A_KNOWN} a value of the type participant_rules.Survey",
    ),
    (
        lambda: survey.decide_all([], survey.Known(SURVEY, any_of([KIM]))),
        "participants by their keys is due, not a value of the type list",
    ),
    (
        lambda: survey.decide_all([], survey.Known(SURVEY, any_of({"kim": KIM}))),
        f"{A_STORED} a value of the type participant_rules.Participant",
    ),
    *[
        (lambda answer=answer: project.Registrar(any_of(Answering(answer))).put(CHANGE), why)
        for answer, why in (
            (None, f"{A_KNOWN} None"),
            (
                project.Known(PROJECT),
                "find(…) left out who is stored: where nobody is, it answers Known(project, ())",
            ),
        )
    ],
    (
        lambda: project.Registrar(any_of(Answering(project.Known(PROJECT)))).put_many([CHANGE]),
        "find(…) left out who is stored: where nobody is, it answers Known(project, ())",
    ),
    (
        lambda: survey.Registrar(any_of(Answering(survey.Known(SURVEY)))).add("S1", KIM),
        "find(…) left out who is stored: where nobody is, it answers Known(survey, {})",
    ),
    *[
        (lambda known=known: project.decide_all([], known), why)
        for known, why in (
            (project.Known(any_of("P1")), f"{A_PROJECT} a value of the type str"),
            (project.Known(PROJECT, any_of(None)), "a tuple of Stored is due, not None"),
            (
                project.Known(PROJECT, (project.Stored(any_of(PERSON)),)),
                f"{A_PARTICIPANT} a value of the type dict",
            ),
        )
    ],
    (lambda: survey.decide_all([], survey.Known(any_of("S1"))), f"{A_SURVEY} a value of the type str"),
    (
        lambda: survey.decide_all([], survey.Known(SURVEY, {"kim": survey.Stored(any_of({}))})),
        f"{A_PARTICIPANT} a value of the type dict",
    ),
    (
        lambda: project.Api(any_of(Answering(KNOWN))).handle(Request("GET", f"{PATH}/P1/participants")),
        "a Page, as the port has it, is due, not None",
    ),
    (
        lambda: survey.Api(any_of(Answering(survey.Known(SURVEY, {})))).handle(
            Request("GET", "/surveys/S1/participants")
        ),
        "a Page, as the port has it, is due, not None",
    ),
    (lambda: project.Case.of(any_of(PERSON), KNOWN), f"{A_CHANGE} a value of the type dict"),
    (
        lambda: project.Case.of(project.read(PERSON), any_of(PROJECT)),
        f"{A_KNOWN} a value of the type participant_rules.Project",
    ),
    (
        lambda: survey.Case.of(any_of({}), survey.Known(SURVEY), survey.Caller()),
        f"{A_CALL} a value of the type dict",
    ),
    (
        lambda: survey.Case.of(survey.Change(survey.Operation.LIST, "S1"), any_of(None), survey.Caller()),
        f"{A_KNOWN} None",
    ),
    (lambda: project.decide(any_of(PERSON)), f"{A_CASE} a value of the type dict"),
    (lambda: survey.decide(any_of(None)), f"{A_CASE} None"),
    (
        lambda: project.read(PERSON, project=any_of(PROJECT)),
        "the id of a project is due, not a value of the type participant_rules.Project",
    ),
    (lambda: project.repair(PERSON, any_of({"id": "P1"})), f"{A_PROJECT} a value of the type dict"),
    (lambda: survey.repair({}, any_of({"id": "S1"})), f"{A_SURVEY} a value of the type dict"),
    (
        lambda: survey.check({}, SURVEY, caller=any_of("robin")),
        "a Caller is due, not a value of the type str",
    ),
    (lambda: project.Api(PROJECTS).handle(any_of("/x")), f"{A_REQUEST} a value of the type str"),
    (lambda: survey.Api(SURVEYS).check(any_of({})), f"{A_REQUEST} a value of the type dict"),
    (
        lambda: surveys().submit({"login": "kim"}),
        "a change, as survey.Change(operation, survey, …) makes one, is due, not a value of the type dict",
    ),
    *[
        (call, f"a {kind}, as survey.read(…) makes one, is due, not a value of the type dict")
        for call, kind in (
            (lambda: surveys().add("S1", {}), "Participant"),
            (lambda: surveys().update("S1", "kim", {}), "Participant"),
            (lambda: surveys().add_subject("S1", "kim", {}), "Subject"),
            (lambda: surveys().update_subject("S1", "kim", "a", {}), "Subject"),
        )
    ],
    (lambda: check_project("P1"), f"{A_PROJECT} a value of the type str"),
    (lambda: check_survey({"id": "S1"}), f"{A_SURVEY} a value of the type dict"),
    (
        lambda: project.check({}, PROJECT, known=any_of({})),
        "a Known, as find(…) of a store answers one, is due, not a value of the type dict",
    ),
    (
        lambda: survey.check({}, SURVEY, known=any_of([])),
        "a Known, as find(…) of a store answers one, is due, not a value of the type list",
    ),
    (
        lambda: project.check({}, PROJECT, roster=any_of({})),
        "a store with find is due, not a value of the type dict, which has no find",
    ),
    (lambda: task(project={"id": "P1"}), f"{A_PROJECT} a value of the type dict"),
    (
        lambda: task(project=PROJECT, roster=PROJECT),
        "a store with find is due, not a value of the type participant_rules.Project, which has no find",
    ),
    (
        lambda: batch.check([PERSON], any_of(PROJECT)),
        (
            "a task, such as ProjectTask(project), is due,"
            " not a value of the type participant_rules.Project, which has no judge"
        ),
    ),
    (lambda: MemoryProjects(any_of([{"id": "P1"}])), f"{A_PROJECT} a value of the type dict"),
    (lambda: MemorySurveys(any_of(["S1"])), f"{A_SURVEY} a value of the type str"),
    (lambda: MemoryProjects.from_json(any_of({"id": "P1"})), "a list of definitions is due, even of one"),
    (lambda: MemorySurveys.from_json(any_of("{}")), "a list of definitions is due, even of one"),
    (
        lambda: project.Api(any_of(PROJECT)),
        f"{A_STORE} a value of the type participant_rules.Project, which has no find and no commit",
    ),
    (lambda: survey.Api(any_of(MemorySurveys)), f"{A_STORE} the class MemorySurveys itself"),
    (lambda: survey.Registrar(any_of(None)), f"{A_STORE} None, which has no find and no commit"),
    (lambda: survey.Api(SURVEYS, caller=any_of({})), "a Caller is due, not a value of the type dict"),
    (
        lambda: project.Client(any_of("http://localhost")),
        f"{A_TRANSPORT} a value of the type str, which has no send",
    ),
    (
        lambda: project.Client(LOOPBACK, any_of(7)),
        "a token, or an object with token, is due, not a value of the type int, which has no token",
    ),
    (
        lambda: survey.Client(LOOPBACK, any_of(("me", "key"))),
        "Credentials is due, not a value of the type tuple",
    ),
    (
        lambda: project.Client(LOOPBACK).put_many("P1", any_of(Frame())),
        'the participants are a body, or a list: hand in frame.to_dict("records")',
    ),
    (
        lambda: Loopback(any_of(PROJECT)),
        "Apis by the prefixes of their paths is due, not a value of the type participant_rules.Project",
    ),
    (
        lambda: Loopback({"": any_of(PROJECTS)}),
        "an Api is due, not a value of the type participant_rules.MemoryProjects, which has no handle",
    ),
    (
        lambda: project.Client(LOOPBACK).get("P1", any_of(None)),
        "a name in a path is due, not None",
    ),
    (
        lambda: project.Client(LOOPBACK).get(any_of(PROJECT), "A"),
        "the id of a project is due, not a value of the type participant_rules.Project",
    ),
    (
        lambda: project.Query(demographics=any_of({"email": "kim@example.com"})),
        (
            'a tuple of names and values, such as (("email", "kim@example.com"),), is due,'
            " not a value of the type dict"
        ),
    ),
    (lambda: project.Query(sort_by=any_of("Email")), "a Sort is due, not a value of the type str"),
    (
        lambda: project.Policy(valid_phones=any_of("no")),
        "true or false is due, not a value of the type str",
    ),
    (
        lambda: batch.check([PERSON], any_of(task(project=PROJECT)), jobs=any_of("2")),
        "a number of jobs is due, not a value of the type str",
    ),
    (
        lambda: project.Client(LOOPBACK).page("P1", any_of({"pageSize": 5})),
        "a Query is due, not a value of the type dict",
    ),
    (
        lambda: survey.Client(LOOPBACK).get("S1", any_of(5)),
        "a name in a path is due, not a value of the type int",
    ),
    (
        lambda: survey.Api(SURVEYS).handle(
            Request("GET", "/surveys/S1/participants", any_of("maxParticipants=1"))
        ),
        "a query as a mapping, as urllib.parse.parse_qs(text) makes one, is due, not a value of the type str",
    ),
    (
        lambda: rule(any_of(lambda case: None)),
        'the sentence of a rule, as in @rule("…"), is due, not a value of the type function',
    ),
    (
        lambda: project.Registrar(any_of(Coroutines())).put(project.read(PERSON, project="P1")),
        "Coroutines.find is a coroutine: await the async twin (ahandle, asubmit, AsyncClient …)",
    ),
]


def registrar() -> Any:
    """A registrar of the project."""
    return project.Registrar(PROJECTS)


def surveys() -> Any:
    """A registrar of the survey."""
    return survey.Registrar(SURVEYS)


def check_project(definition: Any) -> object:
    """Check nothing by an odd definition."""
    return project.check({}, definition)


def check_survey(definition: Any) -> object:
    """Check nothing by an odd definition."""
    return survey.check({}, definition)


def task(**options: Any) -> object:
    """A task."""
    return batch.ProjectTask(**options)


@pytest.mark.parametrize(("mistake", "why"), MISTAKES, ids=range(len(MISTAKES)))
def test_a_mistake_is_named(mistake: Callable[[], object], why: str) -> None:
    """At once, and with the right type."""
    with pytest.raises(TypeError) as error:
        mistake()
    assert str(error.value) == why


def test_the_async_twin_takes_coroutines() -> None:
    """As the error says."""
    registrar = project.Registrar(any_of(Coroutines()))
    assert asyncio.run(registrar.aput(project.read(PERSON, project="P1"))).action == "add"


def test_operations_are_those_that_have_a_body() -> None:
    """Any other one is an error, and not another call."""
    for call in (
        lambda: survey.check({}, SURVEY, operation=any_of("delete")),
        lambda: batch.SurveyTask(SURVEY, operation=any_of("put")),
    ):
        with pytest.raises(ValueError, match=r"^operation is 'add' or 'update'$"):
            call()
    with pytest.raises(ValueError, match=r"^operation is 'put' or 'bulk'$"):
        project.check({}, PROJECT, operation=any_of("add"))


def test_numbers_and_words_that_there_are_not() -> None:
    """A rate of no calls, no attempt at all, and another way to accept a batch."""
    for make in (lambda: RateLimit(a_second=0), lambda: RateLimit(a_minute=-1), lambda: Retry(attempts=0)):
        with pytest.raises(ValueError, match="must be >= 1"):
            make()
    with pytest.raises(ValueError, match=r"'accept' must be in \('all', 'good'\)"):
        project.decide_all([], KNOWN, accept=any_of("best"))


def test_changes_of_one_question_are_of_one_project_or_survey() -> None:
    """Else changes of one would be made in another."""
    changes = [project.read({"participantIdentifier": each}, project=each) for each in ("P1", "P2")]
    with pytest.raises(ValueError, match=r"^the changes are of several projects, and one is asked about"):
        registrar().put_many(changes)
    with pytest.raises(ValueError, match=r"^the changes are of several surveys, and one is asked about"):
        survey.keys([survey.Change("list", each) for each in ("S1", "S2")])


def test_a_path_with_a_query() -> None:
    """It says why it is none of the documented ones."""
    answer = survey.Api(SURVEYS).handle(Request("GET", "/surveys/S1/participants?maxParticipants=1"))
    assert (answer.status, answer.json()) == (
        404,
        {"message": "The path is none of the documented ones. The query is no part of it."},
    )


NO_POLICY = "a Policy is due, not None"
NO_FLAG = "allow_update as True or False is due, not a value of the type str"
NO_PATH = "the path of a member is due, not None"
DECLARED: dict[str, Any] = {"code": "odd", "law": "It is odd."}


FRONT_DOORS: list[tuple[Callable[[], object], str]] = [
    (lambda: project.check(PERSON, PROJECT, policy=any_of(None)), NO_POLICY),
    (lambda: project.decide_all([CHANGE], KNOWN, policy=any_of(None)), NO_POLICY),
    (lambda: project.Case.of(CHANGE, KNOWN, any_of(None)), NO_POLICY),
    (lambda: project.keys([CHANGE], any_of(None)), NO_POLICY),
    (lambda: project.Api(PROJECTS, policy=any_of(None)), NO_POLICY),
    (lambda: project.Registrar(PROJECTS, any_of(None)), NO_POLICY),
    (lambda: batch.ProjectTask(PROJECT, policy=any_of(None)), NO_POLICY),
    (lambda: project.check(PERSON, PROJECT, allow_update=any_of("no")), NO_FLAG),
    (lambda: project.decide_all([CHANGE], KNOWN, allow_update=any_of("no")), NO_FLAG),
    (lambda: batch.ProjectTask(PROJECT, allow_update=any_of("no")), NO_FLAG),
    (
        lambda: project.check(PERSON, PROJECT, facts=any_of({1: 2})),
        "the name of a fact is due, not a value of the type int",
    ),
    (
        lambda: project.Registrar(PROJECTS).delete(any_of(None), "A"),
        "the id of a project is due, not None",
    ),
    (
        lambda: project.Registrar(PROJECTS).withdraw("P1", any_of(7)),
        "the identifier or id of a participant is due, not a value of the type int",
    ),
    (
        lambda: survey.Registrar(SURVEYS).add(any_of(["S1"]), KIM),
        "the id of a survey is due, not a value of the type list",
    ),
    (
        lambda: survey.Registrar(SURVEYS).update("S1", any_of(None), KIM),
        "the unique id of a participant is due, not None",
    ),
    (
        lambda: survey.Registrar(SURVEYS).delete("S1", any_of(None)),
        "the unique id of a participant is due, not None",
    ),
    (
        lambda: survey.Registrar(SURVEYS).delete_subject("S1", "kim", any_of(None)),
        "the name of a subject is due, not None",
    ),
    (
        lambda: planning.plan([PERSON], any_of(None)),
        "a task, such as ProjectTask(project), is due, not None, which has no judge",
    ),
    (
        lambda: planning.plan(any_of(None), batch.ProjectTask(PROJECT)),
        (
            "records are JSON texts or decoded values, and this is of the type NoneType:"
            " hand in an iterable of them"
        ),
    ),
    (lambda: project.PUT[any_of(None)], "the code of a rule is due, not None"),
    (lambda: project.PUT.without(any_of(None)), "the code of a rule is due, not None"),
    (lambda: project.PUT.recognise(any_of(None)), "the sentence of a server is due, not None"),
    (
        lambda: project.RULES.adding(project.PUT["email-taken"], to=any_of(None)),
        "a call, or a list of calls, is due, not None",
    ),
    (
        lambda: project.RULES.adding(project.PUT["email-taken"], to=any_of([1])),
        "a call is due, not a value of the type int",
    ),
    (lambda: unique(any_of(None), "Odd.", **DECLARED), NO_PATH),
    (
        lambda: unique("id", any_of(None), **DECLARED),
        'the sentence of a rule, as in @rule("…"), is due, not None',
    ),
    (
        lambda: unique("id", "Odd.", **DECLARED, text=any_of(1)),
        "odd: a text is due, not a value of the type int",
    ),
    (
        lambda: unique("id", "Odd.", **DECLARED, unless=any_of(None)),
        "odd: a list in unless is due, not None",
    ),
    (lambda: one_of("MF"), "one_of takes a list: ['MF']"),
    (lambda: one_of(any_of(None)), "a list of texts is due, not None"),
]


@pytest.mark.parametrize(("call", "why"), FRONT_DOORS, ids=range(len(FRONT_DOORS)))
def test_other_front_doors(call: Callable[[], object], why: str) -> None:
    """Policies, names, codes, calls, paths and sentences."""
    with pytest.raises(TypeError) as error:
        call()
    assert str(error.value) == why


def test_an_operation_that_cannot_be_looked_up() -> None:
    """It is no operation either."""
    with pytest.raises(ValueError, match=r"^operation is 'add' or 'update'$"):
        survey.check({}, SURVEY, operation=any_of([]))


class Losing:
    """A store of one answer, which loses each write to another writer."""

    def __init__(self, answer: Any, position: int = 0) -> None:
        self.answer, self.position = answer, position

    def find(self, keys: object) -> Any:
        """The answer."""
        return self.answer

    def commit(self, writes: object) -> None:
        """The conflict."""
        raise Taken("email", self.position)


UNREAD = "a Stored, as Stored(participant, version) makes one, is due, not a value of the type dict"


@pytest.mark.parametrize(
    "call",
    [
        lambda: project.check(PERSON, PROJECT, roster=Losing(project.Known(PROJECT, any_of(({},))))),
        lambda: list(
            batch.check([PERSON], batch.ProjectTask(PROJECT, Losing(project.Known(PROJECT, any_of(({},))))))
        ),
        lambda: list(
            batch.check(
                [{"loginSection": {"login": "kim"}}],
                batch.SurveyTask(SURVEY, Losing(survey.Known(SURVEY, any_of({"kim": {}})))),
            )
        ),
    ],
    ids=["check", "project", "survey"],
)
def test_a_roster_that_answers_something_else(call: Callable[[], object]) -> None:
    """A check and a batch look at the answer too."""
    with pytest.raises(TypeError) as error:
        call()
    assert str(error.value) == UNREAD


def test_a_store_without_versions() -> None:
    """No commit can name what it replaces."""
    stored = project.Stored(project.read_stored({"id": "I", "participantIdentifier": "A"}, PROJECT))
    store: Any = Losing(project.Known(PROJECT, (stored,)))
    change = project.read(PERSON | {"institutionCode": "I"}, project="P1")
    with pytest.raises(TypeError, match=r"^find\(…\) left out the version: Stored\(participant, version\)"):
        project.Registrar(store).put(change)
    entry = survey.Stored(KIM)
    kept: Any = Losing(survey.Known(SURVEY, {"kim": entry}))
    with pytest.raises(TypeError, match=r"^find\(…\) left out the version: Stored\(participant, version\)"):
        survey.Registrar(kept).delete("S1", "kim")


def test_a_conflict_of_no_write() -> None:
    """It passes through: nobody knows whose it is."""
    store: Any = Losing(KNOWN, 7)
    with pytest.raises(Taken) as conflict:
        project.Registrar(store).put_many([CHANGE])
    assert conflict.value.position == 7


@pytest.mark.parametrize("rest", ["", "/segments"])
def test_a_store_that_was_not_asked(rest: str) -> None:
    """Nobody can be read there."""
    api = project.Api(any_of(Losing(project.Known(PROJECT))))
    with pytest.raises(TypeError, match=r"^find\(…\) left out who is stored"):
        api.handle(Request("GET", f"{PATH}/P1/participants/A{rest}"))
