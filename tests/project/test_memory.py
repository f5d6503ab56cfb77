"""The embedded store: atomic, unique by keys, and whole again after a lost commit."""

import pickle
from collections.abc import Sequence
from threading import Thread

import pytest
from attrs import evolve

from participant_rules import project
from participant_rules.conflicts import Stale, Taken, Vanished
from participant_rules.project.memory import MemoryProjects
from participant_rules.project.search import find_page
from participant_rules.wire import Malformed

ID = "3a713a06-295d-4803-9602-776f09a1483b"
OTHER = "c9238480-6a9d-11eb-9439-0242ac130002"
SEGMENT = "f4828980-3a25-46c7-8d54-ea6bfc4fa970"
LEE = {
    "id": ID,
    "participantIdentifier": "A-7",
    "demographics": {"email": "lee@example.com", "mobilePhone": "5557778888"},
}
KIM = {"id": OTHER, "participantIdentifier": "B-1"}


def store_of(*participants: object) -> MemoryProjects:
    """A store with a segment."""
    members = [{"id": ID.upper(), "addDate": "2022-11-10"}]
    segments = [{"segmentID": SEGMENT, "segmentName": "Under 35", "members": members}]
    return MemoryProjects.from_json([{"id": "P", "participants": participants, "segments": segments}])


def stored(store: MemoryProjects, participant: str = ID) -> project.Stored:
    """The stored participant with this id."""
    found = store.find(project.Keys("P", {"id": frozenset({participant.lower()})})).participants
    assert isinstance(found, tuple)
    return found[0]


def new(**values: object) -> project.Participant:
    """A participant as a decision makes it."""
    contact = {name: values.pop(name) for name in ("email", "mobile_phone") if name in values}
    return project.Participant(**values, demographics=project.Demographics(**contact))  # type: ignore[arg-type]


def test_what_is_given_is_what_is_stored() -> None:
    """A participant needs nothing; undocumented members are kept."""
    given = {**LEE, "accountEmail": "x", "demographics": {**LEE["demographics"], "timeZone": "UTC"}}  # type: ignore[dict-item]
    store = MemoryProjects.from_json([{"id": "P", "participants": [given, {}]}], new_id=lambda: OTHER)
    assert store.to_json() == [{"id": "P", "participants": [given, {"id": OTHER}], "segments": []}]


def test_a_given_alias_is_the_custom_field() -> None:
    """Unless the project has no such field; the field itself wins."""
    both = {"id": ID, "secondaryIdentifier": "S", "customFields": {"SecondaryIdentifier": "T"}}
    kept = MemoryProjects.from_json([{"id": "P", "participants": [both]}]).to_json()[0]["participants"]
    assert kept == [{"id": ID, "customFields": {"SecondaryIdentifier": "T"}}]
    given = {"id": ID, "secondaryIdentifier": "S", "customFields": {"x": 1}}
    fields = MemoryProjects.from_json([{"id": "P", "participants": [given]}]).to_json()[0]["participants"]
    assert fields == [{"id": ID, "customFields": {"x": 1, "SecondaryIdentifier": "S"}}]
    declared = {"id": "P", "participants": [given], "customFields": [{"name": "x", "type": "Text"}]}
    assert MemoryProjects.from_json([declared]).to_json()[0]["participants"] == [
        {"id": ID, "customFields": {"x": 1}}
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"customFields": [{"name": "x", "type": "Number"}]},
            (
                "project: /customFields/0/type"
                " The value must be one of Text, Integer, Decimal, Date, Boolean. (x)"
            ),
        ),
        ({"customFields": [{"name": "x"}]}, "project: /customFields/0/type The value must be a string."),
        ({"defaultRegion": 1}, "project: /defaultRegion The value must be a string."),
        (
            {"participants": [{"id": 1}]},
            "participant: /participants/0/id The value must be a string or null.",
        ),
        (
            {"participants": [LEE, {"id": ID.upper()}]},
            "participant: /participants/1/id An earlier participant has the same id.",
        ),
        (
            {"segments": [{"segmentName": "x"}]},
            "segment: /segments/0/segmentID The value must be a string.",
        ),
        (
            {"segments": [{"segmentID": SEGMENT}, {"segmentID": SEGMENT.upper()}]},
            "segment: /segments/1/segmentID An earlier segment has the same id.",
        ),
    ],
    ids=str,
)
def test_a_set_up_error_is_malformed(given: dict[str, object], said: str) -> None:
    """It says where it is wrong."""
    with pytest.raises(Malformed) as wrong:
        MemoryProjects.from_json([{"id": "P", **given}])
    assert str(wrong.value) == said


def test_two_projects_with_one_id() -> None:
    """One of the two would be gone; ids that are GUIDs compare without regard to case."""
    with pytest.raises(Malformed) as wrong:
        MemoryProjects.from_json([{"id": ID}, {"id": ID.upper()}])
    assert str(wrong.value) == f"project: /id Two definitions have the id {ID.upper()!r}."
    with pytest.raises(Malformed):
        MemoryProjects([project.Project(id="P"), project.Project(id="P")])
    with pytest.raises(TypeError, match=r"^a list of definitions is due, even of one$"):
        MemoryProjects(project.Project(id="P"))  # type: ignore[arg-type]


def test_find_answers_each_key() -> None:
    """Ids in any case, identifiers exactly, addresses and numbers by their keys; everybody once, in order."""
    store = store_of(LEE, KIM)
    lee, kim = stored(store, ID), stored(store, OTHER)
    rows: list[tuple[object, list[project.Stored]]] = [
        ({"id": ID.upper()}, [lee]),
        ({"participantIdentifier": "B-1"}, [kim]),
        ({"participantIdentifier": "b-1"}, []),
        ({"demographics": {"email": "LEE@example.com"}}, [lee]),
        ({"demographics": {"mobilePhone": "+1 555 777 8888"}}, [lee]),
        (
            {"id": OTHER, "participantIdentifier": "A-7", "demographics": {"email": "lee@example.com"}},
            [lee, kim],
        ),
    ]
    for row, expected in rows:
        known = store.find(project.keys([project.read(row, project="P")]))
        assert (known.project, list(known.participants or ())) == (project.Project(id="P"), expected)
    assert store.find(project.Keys("Q")).project is None


def test_project_ids_that_are_guids_compare_without_regard_to_case() -> None:
    """Others compare exactly."""
    store = MemoryProjects.from_json([{"id": ID}, {"id": "p"}])
    found = [store.find(project.Keys(name)).project is not None for name in (ID.upper(), "p", "P")]
    assert found == [True, True, False]


@pytest.mark.parametrize(
    ("after", "field"),
    [
        (new(id="n", participant_identifier="A-7"), "participantIdentifier"),
        (new(id="n", email="LEE@example.com"), "email"),
        (new(id="n", mobile_phone="+15557778888"), "mobilePhone"),
        (new(id=ID.upper()), "id"),
    ],
    ids=["identifier", "email", "phone", "id"],
)
def test_unique_values_are_guarded(after: project.Participant, field: str) -> None:
    """A failing write in the middle leaves everything as it was."""
    store = store_of(LEE, KIM)
    before, kim = store.to_json(), stored(store, OTHER)
    renamed = evolve(kim.participant, participant_identifier="B-2")
    deleted = project.Write("P", stored(store, OTHER))
    writes = [
        project.Write("P", None, new(id="m")),
        project.Write("P", kim, renamed),
        project.Write("P", None, after),
    ]
    with pytest.raises(Taken) as taken:
        store.commit(writes)
    assert (taken.value.field, taken.value.position) == (field, 2)
    with pytest.raises(Taken):
        store.commit([deleted, project.Write("P", None, after)])
    assert store.to_json() == before
    store.commit([project.Write("P", stored(store, OTHER), renamed)])


def test_versions_are_guarded() -> None:
    """Another version is stale, a missing participant has vanished, and an old version never returns."""
    store = store_of(LEE)
    first = stored(store)
    store.commit([project.Write("P", first, evolve(first.participant, institution_code="x"))])
    with pytest.raises(Stale):
        store.commit([project.Write("P", first, first.participant)])
    with pytest.raises(Stale):
        store.commit([project.Write("P", project.Stored(first.participant), first.participant)])
    store.commit([project.Write("P", stored(store))])
    with pytest.raises(Vanished) as vanished:
        store.commit([project.Write("P", None, new(id="n")), project.Write("P", first)])
    assert vanished.value.position == 1
    store.commit([project.Write("P", None, first.participant)])
    with pytest.raises(Stale):
        store.commit([project.Write("P", first, first.participant)])


def test_a_later_write_follows_an_earlier_one_of_the_commit() -> None:
    """It has no version; keys may change hands on the way."""
    store = store_of(LEE, KIM)
    lee, kim = stored(store), stored(store, OTHER)
    swapped: Sequence[project.Write] = [
        project.Write("P", lee, evolve(lee.participant, participant_identifier="tmp")),
        project.Write("P", kim, evolve(kim.participant, participant_identifier="A-7")),
        project.Write(
            "P", project.Stored(lee.participant), evolve(lee.participant, participant_identifier="B-1")
        ),
    ]
    store.commit(swapped)
    found = [each["participantIdentifier"] for each in store.to_json()[0]["participants"]]
    assert found == ["B-1", "A-7"]


def test_an_update_keeps_its_place() -> None:
    """In the order of adding."""
    store = store_of(LEE, KIM)
    store.commit([project.Write("P", stored(store), evolve(stored(store).participant, institution_code="x"))])
    assert [each["id"] for each in store.to_json()[0]["participants"]] == [ID, OTHER]


def test_two_writes_to_one_participant_are_undone_together() -> None:
    """To the state before the first."""
    store = store_of(LEE, KIM)
    before, lee = store.to_json(), stored(store)
    first, second = (evolve(lee.participant, institution_code=code) for code in "xy")
    writes = [
        project.Write("P", lee, first),
        project.Write("P", project.Stored(first), second),
        project.Write("P", None, new(id="n", participant_identifier="B-1")),
    ]
    with pytest.raises(Taken):
        store.commit(writes)
    assert (store.to_json(), stored(store)) == (before, lee)


def test_a_legacy_key_of_several_is_kept_until_the_last_gives_it_up() -> None:
    """The store starts with exactly the given data."""
    twins = [
        {"id": ID, "demographics": {"email": "a@example.com"}},
        {"id": OTHER, "demographics": {"email": "A@example.com"}},
    ]
    store = store_of(*twins)
    registrar = project.Registrar(store)
    assert registrar.put(project.read({"id": OTHER, "institutionCode": "x"}, project="P")).action == "update"
    row = project.read({"demographics": {"email": "a@example.com"}}, project="P")
    for each in (ID, OTHER):
        assert [found.code for found in registrar.put(row).violations] == ["email-taken"]
        cleared = project.read({"id": each, "demographics": {"email": None}}, project="P")
        batch = registrar.put_many([cleared, row], allow_update=True)
        assert bool(batch) is (each == OTHER)
        registrar.put(cleared)


def test_delete_leaves_all_segments() -> None:
    """And they are there until then."""
    store = store_of(LEE)
    assert store.segments("P", ID) == (project.Membership(SEGMENT, "Under 35", "2022-11-10"),)
    assert project.Registrar(store).delete("P", "A-7")
    left = [{"segmentID": SEGMENT, "segmentName": "Under 35"}]
    assert (store.segments("P", ID), store.to_json()[0]["segments"]) == ((), left)


def test_a_member_that_is_given_twice_is_one_membership() -> None:
    """The later date counts, in a search and in the participant's segments."""
    members = [{"id": ID, "addDate": "2022-11-10"}, {"id": ID.upper(), "addDate": "2023-01-01"}]
    segment = {"segmentID": SEGMENT, "segmentName": "Under 35", "members": members}
    store = MemoryProjects.from_json([{"id": "P", "participants": [LEE], "segments": [segment]}])
    page = store.search("P", project.Query(segment_id=SEGMENT))
    assert [each.added_to_segment_date for each in page.participants] == ["2023-01-01"]
    assert store.segments("P", ID) == (project.Membership(SEGMENT, "Under 35", "2023-01-01"),)


def test_writers_at_once_make_no_duplicate() -> None:
    """Eight threads put the same address; one of them has it."""
    store = store_of()

    def write(name: int) -> None:
        row = {"participantIdentifier": f"N{name}", "demographics": {"email": "n@example.com"}}
        outcomes.append(bool(project.Registrar(store).put(project.read(row, project="P"))))

    outcomes: list[bool] = []
    threads = [Thread(target=write, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 7 + [True]


def test_a_store_travels() -> None:
    """A copy in another process has the store's answers, versions included, and goes its own way."""
    store = store_of(LEE, KIM)
    store.commit([project.Write("P", stored(store), evolve(stored(store).participant, enrolled=True))])
    store.invite("P", [stored(store).participant])
    before, everybody = store.to_json(), project.Keys("P", {"id": frozenset({ID, OTHER})})
    copy = pickle.loads(pickle.dumps(store))
    assert (copy.to_json(), copy.find(everybody), copy.invitations) == (
        before,
        store.find(everybody),
        store.invitations,
    )
    with pytest.raises(Taken):
        copy.commit([project.Write("P", after=new(id="1", email="LEE@example.com"))])
    copy.commit(
        [project.Write("P", stored(store)), project.Write("P", after=new(id="1", email="lee@example.com"))]
    )
    copy.invite("P", [])
    assert copy.find(
        project.Keys("P", {"demographics.email": frozenset({"lee@example.com"})})
    ).participants == (stored(copy, "1"),)
    assert (store.to_json(), len(store.invitations)) == (before, 1)
    versions = [stored(store), stored(store, OTHER), stored(copy, "1")]
    assert len({each.version for each in versions}) == 3


def test_a_list_is_in_its_order_whatever_happens() -> None:
    """As a search over all participants finds it: by insertion, without a date last, each once."""
    some: list[dict[str, object]] = [
        {"id": f"{n}", "insertedDate": date}
        if (date := f"2026-01-{31 - n % 7:02}") and n % 5
        else {"id": f"{n}"}
        for n in range(40)
    ]
    store = store_of(*some)
    for number in range(0, 40, 3):
        before = stored(store, str(number))
        after = evolve(before.participant, inserted_date="2026-01-27") if number % 2 else None
        store.commit([project.Write("P", before, after)])
    everybody = list(store._shelves["P"].in_order())
    for size, page in ((10, 0), (10, 2), (1, 5), (100, 0), (5, 90)):
        query = project.Query(page_size=size, page_number=page)
        expected = find_page(query, everybody, project.Project(id="P"))
        found = store.search("P", query)
        assert (found.participants, found.total) == expected
    with pytest.raises(Stale):
        store.commit([project.Write("P", stored(store, "1"), None), project.Write("Q", None, new(id="X"))])
    assert store.search("P", project.Query(page_size=100)).total == len(everybody)
    assert store.projects == (project.Project(id="P"),)
