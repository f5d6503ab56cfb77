"""Rows of a Bulk Add/Update: the view of a batch of them, and the cost of judging them."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from attrs import field, frozen

from participant_rules import project, rule
from participant_rules.batch import ProjectTask, check, check_sources
from participant_rules.batch.sources import given
from participant_rules.memory import MemoryProjects
from participant_rules.project.wire import read_stored
from participant_rules.rules import At, at
from tests.batch.samples import IDS, RowResult, codes_of_rules, results_of, row, rows_one_by_one, text_of

PROJECT = project.Project(id="P")


def person(identifier: str, **contact: object) -> dict[str, Any]:
    """A row."""
    return {"participantIdentifier": identifier, "demographics": contact}


def codes(results: list[RowResult]) -> list[tuple[str, list[str]]]:
    """The action of each row, and the codes of its findings."""
    return [(action, codes_of_rules(found)) for action, found in results]


def batched(
    rows: list[Any], roster: Any = None, records: int = 1, **options: Any
) -> list[tuple[str, list[str]]]:
    """The outcomes of rows that may update participants, in chunks of so many."""
    task = ProjectTask(PROJECT, roster, allow_update=True, **options)
    return codes(results_of(check_sources([given(rows)], task, records=records)))


LEE = {"id": IDS[0], "participantIdentifier": "A", "demographics": {"email": "lee@example.com"}}
KIM = {"id": IDS[1], "participantIdentifier": "B", "demographics": {"email": "kim@example.com"}}


def store(*people: dict[str, Any]) -> MemoryProjects:
    """A store with these people."""
    return MemoryProjects.from_json([{"id": "P", "participants": people}])


@pytest.mark.parametrize("records", [1, 2, 10])
def test_later_rows_see_what_earlier_ones_did(records: int) -> None:
    """A rename by id, an address that is released and taken, an update of an added participant."""
    rows = [
        {"id": IDS[0].upper(), "participantIdentifier": "C"},
        person("A", email="new@example.com"),
        person("C", email=None),
        person("D", email="LEE@example.com"),
        person("D", city="Ulm"),
        person("D", city=" Ulm "),
        person("E", email="lee@example.com"),
        {"id": IDS[0], "demographics": {"email": "lee@example.com"}},
    ]
    assert batched(rows, store(LEE), records) == [
        ("update", []),
        ("add", []),
        ("update", []),
        ("add", []),
        ("update", []),
        ("none", []),
        ("refused", ["email-taken"]),
        ("refused", ["email-taken"]),
    ]


@pytest.mark.parametrize("records", [1, 10])
def test_a_row_without_an_identity_takes_no_key(records: int) -> None:
    """Such a row is refused for that alone, even with the number of another one."""
    rows = [person("A", mobilePhone="2125550100"), {"demographics": {"mobilePhone": "2125550100"}}]
    assert batched(rows, records=records) == [("add", []), ("refused", ["identity-required"])]


@pytest.mark.parametrize("records", [1, 10])
def test_a_malformed_number_is_not_taken_as_well(records: int) -> None:
    """A number that is only possible is malformed where valid ones are wanted."""
    stored = store({"id": IDS[0], "demographics": {"mobilePhone": "5557778888"}})
    rows = [person("A", mobilePhone="5557778888")] * 2
    policy = project.Policy(valid_phones=True)
    assert batched(rows, stored, records, policy=policy) == [("refused", ["mobile-phone-malformed"])] * 2


def test_null_excludes_nobody() -> None:
    """It stands for the stored value, where that is false."""
    row = {"participantIdentifier": "A", "excludeFromExport": None}
    assert batched([row], store(LEE)) == [("none", [])]
    assert batched([row], store(LEE | {"excludeFromExport": True})) == [("update", [])]


@pytest.mark.parametrize("records", [1, 10])
def test_of_holders_of_one_key_the_first_counts(records: int) -> None:
    """In the store's order, whichever of them an earlier row speaks of."""
    twins = store(LEE | {"enrolled": True}, KIM | {"participantIdentifier": "A"})
    younger = {"id": IDS[1], "demographics": {"city": "Ulm"}}
    rows = [younger, younger, person("A", email="new@example.com")]
    expected = [("update", []), ("none", []), ("refused", ["email-immutable"])]
    assert batched(rows, twins, records) == expected


@frozen
class Nameless:
    """A roster without ids: whatever the question, it answers one participant."""

    person: project.Stored = field(repr=False)

    def find(self, keys: project.Keys) -> project.Known:
        """The one."""
        return project.Known(PROJECT, (self.person,))


@pytest.mark.parametrize("records", [1, 10])
def test_a_roster_without_ids(records: int) -> None:
    """A key that an earlier row released stays free, however often the roster answers its old holder."""
    stored = read_stored({name: value for name, value in LEE.items() if name != "id"}, PROJECT)
    rows = [person("A", email=None), person("A", city="Ulm"), person("B", email="lee@example.com")]
    found = batched(rows, Nameless(project.Stored(stored, 1)), records)
    assert found == [("update", []), ("update", []), ("add", [])]


@pytest.mark.parametrize("escape", [":", "\\u003a", "\\u003A"])
def test_a_name_that_stands_twice_is_seen(escape: str) -> None:
    """However the colons are written that could hide it."""
    offset = f'"demographics": {{"utcOffset": "-04{escape}00:00"}}'
    text = f'{{"participantIdentifier": "A", "participantIdentifier": "B", {offset}}}'
    assert batched([text, text.encode()]) == [("refused", ["key-repeated"])] * 2


# ---- laws of one's own


@rule("Staff register with their work address.", pointer="/demographics/email")
def staff_address(case: project.Case) -> Iterator[At]:
    """An address is one of the house."""
    if not case.keys.get("demographics.email", "@example.com").endswith("@example.com"):
        yield at()


def test_laws_of_ones_own_count() -> None:
    """A rule without `reads` is asked for every row; all are decided in the same order."""
    laws = {**project.RULES, project.Operation.BULK: project.BULK + staff_address}
    rows = [person("A", email="a@example.org"), person("A", email="a@example.com"), person("B", gender="m")]
    assert batched(rows, rules=laws) == [
        ("refused", ["staff-address"]),
        ("add", []),
        ("refused", ["gender-unknown"]),
    ]
    fewer = {project.Operation.BULK: project.BULK.without("email-taken", "gender-unknown")}
    assert batched([person("A", email="a@x.de"), person("B", email="a@x.de", gender="m")], rules=fewer) == [
        ("add", []),
        ("add", []),
    ]


def test_a_batch_with_laws_of_ones_own_is_its_rows_one_by_one() -> None:
    """The same laws in another rule set find the same."""
    random = Random(11)
    rows = [text_of(random, row(random, 0.1)) for _ in range(200)]
    laws = project.BULK + ()
    assert laws is not project.BULK
    task = ProjectTask(PROJECT, allow_update=True, rules={project.Operation.BULK: laws})
    expected = rows_one_by_one(rows, PROJECT, None, allow_update=True, policy=task.policy)
    assert results_of(check_sources([given(rows)], task, records=50)) == expected


# ---- what it costs


class Counting:
    """A roster that counts its questions."""

    def __init__(self, register: MemoryProjects) -> None:
        self.register, self.asked = register, list[project.Keys]()

    def find(self, keys: project.Keys) -> project.Known:
        """The answer of the store."""
        self.asked.append(keys)
        return self.register.find(keys)


def test_the_store_is_asked_for_all_that_rows_speak_of() -> None:
    """Ids in lower case, identifiers, and the keys of addresses and numbers, in one question."""
    roster = Counting(store(LEE))
    rows = [
        person(" A ", email=" LEE@example.com ", mobilePhone="2125550100"),
        {"id": IDS[1].upper(), "demographics": {"email": "B@example.com"}, "x": []},
        {"id": 1, "participantIdentifier": "C", "demographics": {"mobilePhone": "+12125550101"}},
    ]
    assert len([*check(rows, ProjectTask(PROJECT, roster))]) == 3
    (keys,) = roster.asked
    assert keys.project == "P"
    assert keys.of(PROJECT) == {
        "id": frozenset({IDS[1]}),
        "participantIdentifier": frozenset({"A", "C"}),
        "demographics.email": frozenset({"lee@example.com", "b@example.com"}),
        "demographics.mobilePhone": frozenset({"+12125550100", "+12125550101"}),
    }


def test_the_project_of_the_task_counts() -> None:
    """Not the one that the roster may know."""
    declared = project.Project(id="P", custom_fields=())
    row = person("N") | {"customFields": {"x": 1}}
    (outcome,) = check([row], ProjectTask(declared, store(LEE)))
    assert [each.violation.code for each in outcome.findings] == ["custom-field-undeclared"]


LEGACY = {"id": IDS[2], "participantIdentifier": "L", "demographics": {"mobilePhone": "No Number"}}


@pytest.mark.parametrize(
    "row",
    [
        {"id": IDS[0].upper(), "participantIdentifier": "Z"},
        {"id": IDS[0], "participantIdentifier": "B"},
        {"id": None, "participantIdentifier": "A"},
        {"id": " ", "participantIdentifier": "A", "demographics": {"email": "kim@example.com"}},
        {"id": 7, "participantIdentifier": "A", "demographics": {"email": "kim@example.com"}},
        {"id": 7, "demographics": {"email": "kim@example.com"}},
        {"id": "nobody", "participantIdentifier": "A", "demographics": {"email": "kim@example.com"}},
        {"participantIdentifier": " ", "demographics": {"email": "KIM@example.com"}},
        {"participantIdentifier": 7, "demographics": {"email": "kim@example.com"}},
        {"participantIdentifier": "A", "demographics": {"email": 7}},
        {"participantIdentifier": "A", "demographics": 7},
        {"demographics": {"email": 7}},
        {"demographics": 7},
        {"demographics": None},
        {"demographics": {"email": " "}},
        {},
        {"id": IDS[1], "demographics": {"email": "kim@EXAMPLE.com"}},
        {"participantIdentifier": "L", "demographics": {"mobilePhone": " no number"}},
        {"participantIdentifier": "L", "demographics": {"mobilePhone": "no number", "gender": "X"}},
        {"participantIdentifier": "L", "demographics": {"mobilePhone": "nonumber"}},
        {"participantIdentifier": "L", "demographics": {"mobilePhone": None}},
    ],
    ids=repr,
)
def test_who_is_meant(row: dict[str, Any]) -> None:
    """A row of a batch means whom the row of a bulk means."""
    known = store(LEE, KIM, LEGACY)
    bulk = project.Registrar(known).put_many(
        project.read_batch({"participants": [row]}, project="P").changes, allow_update=True, accept="good"
    )
    action = "refused" if bulk[0].violations else bulk[0].action
    found = [each.code for each in (*bulk[0].violations, *bulk[0].warnings)]
    assert batched([row], store(LEE, KIM, LEGACY)) == [(action, found)]
    assert batched([json.dumps(row)], store(LEE, KIM, LEGACY)) == [(action, found)]


def test_a_row_with_an_id_needs_a_roster() -> None:
    """Without one the participant is unknown; a row without a name needs none."""
    for sent, shown in (({"id": IDS[0]}, True), ({}, False)):
        task, untold = ProjectTask(project.Project(id="P")), dict[str, str]()
        list(check_sources([given([sent])], task, untold=untold))
        assert ("it is not known who is meant" in untold.values()) is shown
        assert task.asked is project.BULK
