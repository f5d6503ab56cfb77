"""Querying: parameters, filters, sorting, paging."""

from typing import Any

import pytest

from participant_rules.project.memory import MemoryProjects
from participant_rules.project.model import Demographics, Participant, Project
from participant_rules.project.query import Query, Sort, read_query
from participant_rules.project.search import matches, sort_key, sorted_by

IDS = [f"00000000-0000-0000-0000-00000000000{i}" for i in range(4)]
SEGMENT = "F4828980-3a25-46c7-8d54-ea6bfc4fa970"
PEOPLE: list[dict[str, Any]] = [
    {
        "id": IDS[0],
        "participantIdentifier": "d",
        "insertedDate": "2020-01-03",
        "invitationStatus": "pending",
        "demographics": {
            "email": "Lee@Example.com",
            "firstName": "Lee",
            "dateOfBirth": "2000-06-16",
            "city": "Ulm",
        },
        "customFields": {"State": "AR", "n": 10, "flag": True},
    },
    {
        "id": IDS[1],
        "participantIdentifier": "C",
        "insertedDate": "2020-01-02T00:00:00+02:00",
        "enrollmentDate": "2021-01-01",
        "demographics": {"firstName": "lee ", "lastName": "Ångström", "mobilePhone": "(555) 777-8888"},
        "customFields": {"state": "ar ", "n": 9, "SecondaryIdentifier": "S-2"},
    },
    {
        "id": IDS[2],
        "participantIdentifier": "b",
        "insertedDate": "2020-01-02T00:00:00Z",
        "linkIdentifier": "link-3",
        "customFields": {"n": "x", "State": "", "SecondaryIdentifier": "s-1"},
    },
    {"id": IDS[3]},
]
STORE = MemoryProjects.from_json(
    [
        {
            "id": "P",
            "participants": PEOPLE,
            "segments": [{"segmentID": SEGMENT, "members": [{"id": IDS[0]}, {"id": IDS[2]}, {"id": IDS[3]}]}],
        }
    ]
)


def found(**parameters: Any) -> str:
    """The numbers of the participants that a query answers, in its order."""
    names = {name.replace("__", "."): value for name, value in parameters.items()}
    query, faults = read_query(names)
    assert faults == ()
    page = STORE.search("P", query)
    return "".join(str(each.id)[-1] for each in page.participants)


def malformed(**parameters: Any) -> list[str | None]:
    """The pointers of malformed values."""
    return [
        each.pointer
        for each in read_query({name.replace("__", "."): text for name, text in parameters.items()})[1]
    ]


def test_the_defaults() -> None:
    """By inserted date, ascending, twenty a page; whatever is unknown is ignored."""
    assert read_query({"colour": "red", "custom": "x"}) == (Query(), ())
    assert Query() == Query("", None, (), (), Sort("participant", "inserted_date"), True, 0, 20)
    assert found() == "1203"


@pytest.mark.parametrize("value", ["-1", "x", "", "1.0", " 1", "１", "+1"])
def test_numbers_that_are_malformed(value: str) -> None:
    """Page numbers count from 0 and page sizes from 1."""
    assert malformed(pageNumber=value, pagesize=value) == ["/pageNumber", "/pageSize"]
    assert malformed(pageNumber="0", pageSize="0") == ["/pageSize"]


@pytest.mark.parametrize(
    ("name", "value", "where"),
    [
        ("SORTASCENDING", "yes", "/sortAscending"),
        ("sortAscending", "", "/sortAscending"),
        ("sortby", "Enrolled", "/sortBy"),
        ("sortBy", "CustomField.", "/sortBy"),
        ("sortBy", "DemographicField.Name", "/sortBy"),
        ("sortBy", "InsertedDate.x", "/sortBy"),
        ("segmentId", "x", "/segmentID"),
        ("segmentID", "", "/segmentID"),
        ("demographicfield__City", "Ulm", "/demographicField.City"),
    ],
)
def test_other_parameters_that_are_malformed(name: str, value: str, where: str) -> None:
    """The pointer has the documented spelling."""
    assert malformed(**{name: value}) == [where]


def test_paging() -> None:
    """A page beyond the last one is empty; the total counts all that match."""
    assert [found(pageSize="3", pageNumber=str(i)) for i in range(3)] == ["120", "3", ""]
    assert STORE.search("P", Query(page_size=1)).total == 4


@pytest.mark.parametrize(
    ("sort", "ascending", "descending"),
    [
        ("ParticipantIdentifier", "2103", "0123"),
        ("insertedDATE", "1203", "0213"),
        ("EnrollmentDate", "1023", "1023"),
        ("InvitationStatus", "0123", "0123"),
        ("SecondaryIdentifier", "2103", "1203"),
        ("CustomField.n", "1023", "2013"),
        ("customfield.N", "1023", "2013"),
        ("CustomField.State", "0123", "0123"),
        ("CustomField.flag", "0123", "0123"),
        ("DemographicField.FirstName", "0123", "0123"),
        ("DemographicField.MobilePhone", "1023", "1023"),
        ("demographicfield.city", "0123", "0123"),
    ],
)
def test_sorting(sort: str, ascending: str, descending: str) -> None:
    """A participant without a value comes last in either order, ties keep the order of adding."""
    assert (found(sortBy=sort), found(sortBy=sort, sortAscending="False")) == (ascending, descending)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("customField.State", "ar", "10"),
        ("CUSTOMFIELD.STATE", " AR ", "10"),
        ("customField.State", "A", ""),
        ("customField.State", "", "23"),
        ("customField.n", "10", "0"),
        ("customField.flag", "TRUE", "0"),
        ("customField.flag", "True ", "0"),
        ("customField.none", "", "1203"),
        ("demographicField.FirstName", "LEE", "10"),
        ("demographicField.FirstName", "", "23"),
        ("demographicField.LastName", "ångström", "1"),
        ("demographicField.Email", "lee@EXAMPLE.com", "0"),
        ("demographicField.Email", "lee", ""),
        ("demographicField.MobilePhone", "+15557778888", "1"),
        ("demographicField.DOB", "2000-06-16", "0"),
        ("demographicField.dateOfBirth", "2000-06-16", "0"),
    ],
)
def test_filters(field: str, value: str, expected: str) -> None:
    """A filter matches the whole value, without regard to case; an empty one matches a missing value."""
    assert found(**{field: value}) == expected


def test_all_filters_are_met() -> None:
    """Repeated ones too."""
    assert found(customField__State="ar", customField__n="9") == "1"
    assert found(customField__n=["9", "10"]) == ""


@pytest.mark.parametrize(
    ("text", "everywhere", "in_segment"),
    [
        ("lee", "10", "0"),
        ("ULM", "0", "0"),
        ("S-", "12", "2"),
        ("LINK", "2", "2"),
        ("777", "1", ""),
        ("true", "", "0"),
        ("10", "", "0"),
        ("", "1203", "203"),
        (" b ", "2", "2"),
        ("00000000", "", ""),
    ],
)
def test_searching(text: str, everywhere: str, in_segment: str) -> None:
    """Demographics and identifiers, and with a segment custom fields too."""
    assert (found(query=text), found(query=text, segmentId=SEGMENT.lower())) == (everywhere, in_segment)


def test_a_field_of_the_very_name_is_what_is_sorted_by() -> None:
    """Only where there is none does another case count."""
    people = [
        {"id": IDS[0], "customFields": {"N": 1, "n": 3}},
        {"id": IDS[1], "customFields": {"N": 2, "n": 1}},
    ]
    store = MemoryProjects.from_json([{"id": "P", "participants": people}])
    page = store.search("P", Query(sort_by=Sort("custom", "n")))
    assert [each.id for each in page.participants] == [IDS[1], IDS[0]]


def test_an_unknown_segment_is_empty() -> None:
    """It is no fault."""
    assert found(segmentID=IDS[0]) == ""


def test_a_stored_date_that_is_none_sorts_as_a_text() -> None:
    """Legacy dates that are no dates come after the real ones, in the order of their texts."""
    given = ["soon", "2020-06-16", "Later"]
    people = [Participant(id=str(place), inserted_date=each) for place, each in enumerate(given)]
    assert [each.inserted_date for each in sorted_by(Query(), people)] == ["2020-06-16", "Later", "soon"]


@pytest.mark.parametrize(
    ("sort", "participant", "key"),
    [
        (Sort("custom", "F"), Participant(custom_fields={"F": 2}), (0, 2)),
        (Sort("custom", "F"), Participant(custom_fields={"F": True}), (2, "true")),
        (Sort("custom", "F"), Participant(custom_fields={"F": " B "}), (2, "b")),
        (Sort("custom", "F"), Participant(custom_fields={"F": " "}), None),
        (Sort("custom", "F"), Participant(custom_fields={"f": 1, "F": 2}), (0, 2)),
        (Sort("custom", "F"), Participant(custom_fields={"f": 1}), (0, 1)),
        (Sort("custom", "f"), Participant(custom_fields={"F": 3}), (0, 3)),
        (
            Sort("participant", "participant_identifier"),
            Participant(participant_identifier="2020-01-02"),
            (2, "2020-01-02"),
        ),
        (Sort("participant", "enrollment_date"), Participant(enrollment_date=" "), None),
        (Sort("participant", "enrollment_date"), Participant(enrollment_date="Monday"), (2, "monday")),
    ],
)
def test_sort_keys(sort: Sort, participant: Participant, key: object) -> None:
    """Numbers before texts, true and false as texts; a date is one only where dates stand."""
    assert sort_key(sort, participant) == key


@pytest.mark.parametrize(
    ("value", "is_none"), [(" ", True), ("", True), (None, True), ("x", False), (0, False)]
)
def test_a_blank_filter_of_a_custom_field(value: object, is_none: bool) -> None:
    """It matches who has nothing there, in whatever spelling either is."""
    query = Query(custom_fields=(("f", " "),))
    assert matches(query, Participant(custom_fields={"F": value}), Project(id="P")) is is_none


@pytest.mark.parametrize(("value", "is_none"), [(" ", True), (None, True), ("x", False)])
def test_a_blank_filter_of_a_demographic(value: str | None, is_none: bool) -> None:
    """It matches who has nothing there, in whatever spelling either is."""
    for attribute in ("first_name", "email"):
        demographics: dict[str, Any] = {attribute: value}
        person = Participant(demographics=Demographics(**demographics))
        assert matches(Query(demographics=((attribute, " "),)), person, Project(id="P")) is is_none


def test_the_alias_is_searched_as_it_is_answered() -> None:
    """By the text of a number too, without a segment."""
    person = Participant(custom_fields={"SecondaryIdentifier": 770, "Other": 880})
    found = {text: matches(Query(text), person, Project(id="P")) for text in ("77", "88")}
    assert found == {"77": True, "88": False}


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("InsertedDat", "InsertedDate"),
        ("DemographicField.Emial", "DemographicField.Email"),
        ("Foo.Email", None),
        ("Email", None),
    ],
)
def test_what_nobody_can_sort_by(text: str, nearest: str | None) -> None:
    """The nearest documented value is named."""
    (fault,) = read_query({"sortBy": text})[1]
    assert (fault.code, fault.pointer) == ("parameter-malformed", "/sortBy")
    assert nearest is None or f"{nearest} is the nearest" in fault.text
