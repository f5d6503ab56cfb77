"""Where a sandbox keeps its participants."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from participant_rules import survey
from participant_rules.http import Request
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.project import Api
from participant_rules.server import MemoryStores, Stores
from participant_rules.server.stores import Held, dated, definitions
from participant_rules.wire import Malformed

SURVEYS = [
    {
        "id": "S1",
        "invited": False,
        "loggedOn": True,
        "group": False,
        "participants": [
            {"loginSection": {"login": name, "subjects": [{"subjectName": ""}]}} for name in "abcdefg"
        ],
    },
    {"id": "S2", "invited": True, "loggedOn": False, "group": False},
]
PROJECTS = [
    {
        "id": "P1",
        "participants": [{"id": "11-A"}, *({"participantIdentifier": f"P-{n}"} for n in range(8))],
    }
]
MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def in_memory(_: Path) -> Stores:
    """In memory."""
    return MemoryStores(MemorySurveys.from_json(SURVEYS), MemoryProjects.from_json(PROJECTS))


def in_sql(folder: Path) -> Stores:
    """In SQLite."""
    pytest.importorskip("sqlalchemy")
    from participant_rules.server.database import SqlStores  # noqa: PLC0415  the extra may not be there

    stores = SqlStores.open(f"sqlite:///{folder}/study.db")
    stores.fill(SURVEYS, PROJECTS)
    return stores


@pytest.mark.parametrize("make", [in_memory, in_sql])
def test_what_there_is(tmp_path: Path, make: Any) -> None:
    """Counts, and the names of some."""
    stores = make(tmp_path)
    assert list(stores.overview()) == [
        Held("survey", "S1", 7, ("a", "b", "c", "d", "e")),
        Held("survey", "S2", 0, ()),
        Held("project", "P1", 9, ("11-A", "P-0", "P-1", "P-2", "P-3")),
    ]
    stores.close()


def test_dates_of_insertion() -> None:
    """A participant without one gets one, everything else stays as it is given."""
    given: list[Any] = [
        {"id": "P1", "participants": [{"id": "A"}, {"id": "B", "insertedDate": "2020-01-01"}, 7]},
        {"id": "P2", "participants": None},
        {"id": "P3"},
    ]
    moment = MOMENT.isoformat()
    assert dated(given, MOMENT) == [
        {"id": "P1", "participants": [{"id": "A", "insertedDate": moment}, given[0]["participants"][1], 7]},
        {"id": "P2", "participants": None},
        {"id": "P3"},
    ]
    assert given[0]["participants"][0] == {"id": "A"}


def test_paging_while_participants_are_added() -> None:
    """Everybody is shown once."""
    some: list[dict[str, Any]] = [{"participantIdentifier": f"P-{n}"} for n in range(5)]
    projects = MemoryProjects.from_json(dated([{"id": "P1", "participants": some}], MOMENT))
    api, address, seen = Api(projects), "/api/v1/administration/projects/P1/participants", list[str]()
    for number in range(5):
        page = api.handle(Request("GET", address, {"pageSize": "2", "pageNumber": str(number)})).json()
        seen += [each["participantIdentifier"] for each in page["participants"]]
        body = f'{{"participantIdentifier": "N-{number}"}}'.encode()
        assert api.handle(Request("PUT", address, body=body)).status == 200
    assert seen == ["P-0", "P-1", "P-2", "P-3", "P-4", "N-0", "N-1", "N-2", "N-3"]


@pytest.mark.parametrize("member", ["invited", "loggedOn", "group"])
def test_a_survey_is_no_project(member: str) -> None:
    """Its definition is recognised by members that only a survey has."""
    with pytest.raises(Malformed) as caught:
        definitions(
            [PROJECTS[0], {"id": "S1", member: False}], "project", MemoryProjects.from_json, "projects"
        )
    assert str(caught.value) == "project: /projects/1 This is the definition of a survey."
    assert definitions(SURVEYS[1], "survey", MemorySurveys.from_json) == [SURVEYS[1]]


@pytest.mark.parametrize("member", ["customFields", "defaultRegion", "linkIdentifiers"])
def test_a_project_is_no_survey(member: str) -> None:
    """Nor the other way round."""
    with pytest.raises(Malformed) as caught:
        definitions({"id": "P1", member: None}, "survey", MemorySurveys.from_json, "surveys")
    assert str(caught.value) == "survey: /surveys This is the definition of a project."


def test_counts() -> None:
    """Of a survey that is not there there is nobody."""
    surveys = MemorySurveys.from_json(SURVEYS)
    assert [surveys.count(each) for each in ("S1", "S2", "S3")] == [7, 0, 0]
    assert surveys.surveys == tuple(map(survey.Survey.from_json, SURVEYS))
