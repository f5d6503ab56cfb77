"""The projects and people of the suite: legacy values, odd spellings, all that may be stored."""

from typing import Any, Final

from attrs import evolve

from participant_rules.project import Demographics, Participant, Project
from participant_rules.project.wire import read_stored

__all__ = [
    "BADGES",
    "BARE",
    "GUID",
    "HERE",
    "KIM",
    "LEE",
    "ODD",
    "OLD",
    "PATHS",
    "PROJECTS",
    "SEGMENT",
    "SHARED",
    "WHOLE",
    "WITHOUT_SEGMENTS",
    "changed",
    "contact",
    "person",
]

GUID: Final = "9ed4eda3-9a81-4c71-9bc7-1bd27ba55b1b"
BADGES: Final = "badges"
"""A project with unique custom fields."""

PATHS: Final = ("id", "participantIdentifier", "demographics.email", "demographics.mobilePhone")
"""The unique members of a project without declarations."""

SEGMENT: Final = "f4828980-3a25-46c7-8d54-ea6bfc4fa970"

ODD: Final = ("\0", "a\0b", "\udcff", "x" * 5000, "' OR 1=1 --", "%", "_", "\U0001f600", "É")

LEE: Final[dict[str, Any]] = {
    "id": "3a713a06-295d-4803-9602-776f09a1483b",
    "enrolled": True,
    "insertedDate": "2024-03-01T10:00:00+02:00",
    "enrollmentDate": "2024-03-02",
    "invitationStatus": "approved",
    "participantIdentifier": "A-7",
    "linkIdentifier": "link",
    "demographics": {
        "email": "Lee@Example.com",
        "firstName": "Zoë",
        "lastName": "O'Neill %_\\",
        "mobilePhone": "(555) 777-8888",
        "dateOfBirth": "1980-02-29",
        "timeZone": "UTC",
    },
    "customFields": {
        "z": {"deep": [1, 1.0, True, None]},
        "SecondaryIdentifier": "S-1",
        "a": "İstanbul",
        "N": 10,
    },
    "excludeFromExport": False,
    "accountEmail": "legacy@example.com",
}
KIM: Final[dict[str, Any]] = {
    "id": "C9238480-6A9D-11EB-9439-0242AC130002",
    "insertedDate": "2024-03-01T09:30:00+02:00",
    "participantIdentifier": "a-7",
    "demographics": {"email": "kim@example.com", "firstName": "kim"},
    "customFields": {"n": 9, "a": "istanbul"},
}
BARE: Final[dict[str, Any]] = {"id": "11111111-6a9d-11eb-9439-0242ac130002"}
OLD: Final[dict[str, Any]] = {
    "id": "legacy id",
    "insertedDate": "2020-01-01",
    "withdrawDate": "2021-01-01",
    "participantIdentifier": "B-2",
    "demographics": {"email": "no address", "mobilePhone": "unlisted", "lastName": "Lee"},
    "customFields": {"N": "9", "empty": ""},
}
WHOLE: Final[dict[str, Any]] = {
    "enrolled": True,
    "insertedDate": "2024-05-05T10:00:00.9+00:00",
    "enrollmentDate": "2024-05-06T10:00:00.967+00:00",
    "withdrawDate": "2024-05-07",
    "invitationStatus": "approved",
    "linkIdentifier": "link of the whole",
    "demographics": {
        "email": "whole@example.com",
        "firstName": "John",
        "middleName": "James",
        "lastName": "Smith",
        "dateOfBirth": "2000-06-16",
        "preferredLanguage": "en",
        "gender": "M",
        "utcOffset": "-04:00:00",
        "street1": "123 Main Street",
        "street2": "Apartment #1",
        "city": "Anytown",
        "state": "NY",
        "postalCode": "01234",
        "mobilePhone": "2025550143",
    },
    "customFields": {"SecondaryIdentifier": "S-9", "Smoker": 0},
    "excludeFromExport": True,
    "institutionCode": "County",
}
"""Every documented member that a store keeps, beside those that name a participant."""

PROJECTS: Final[list[dict[str, Any]]] = [
    {
        "id": GUID,
        "participants": [LEE, KIM, BARE, OLD],
        "segments": [
            {
                "segmentID": SEGMENT,
                "segmentName": "Under 35",
                "members": [
                    {"id": LEE["id"].upper(), "addDate": "2022-11-10T20:15:38+00:00"},
                    {"id": OLD["id"], "addDate": "2022-11-09"},
                ],
            },
            {
                "segmentID": GUID,
                "segmentName": "Lee",
                "members": [{"id": LEE["id"], "addDate": "2023-01-01"}],
            },
        ],
    },
    {
        "id": "other",
        "defaultRegion": "GB",
        "customFields": [{"name": "n", "type": "Integer"}],
        "participants": [
            {"id": LEE["id"], "participantIdentifier": "A-7", "demographics": LEE["demographics"]}
        ],
    },
    {
        "id": BADGES,
        "customFields": [
            {"name": "Badge", "type": "Text", "unique": True},
            {"name": "Number", "type": "Integer", "unique": True},
            {"name": "Note", "type": "Text"},
        ],
        "participants": [
            {
                "id": "id first",
                "participantIdentifier": "first",
                "customFields": {"Badge": "B-1", "Number": 7, "Note": "same"},
            },
            {
                "id": "id second",
                "participantIdentifier": "second",
                "customFields": {"Badge": "B-9", "Number": "8", "Note": "same"},
            },
            {"id": "id third", "participantIdentifier": "third", "customFields": {"Badge": "B-3"}},
        ],
    },
]
WITHOUT_SEGMENTS: Final = [
    {name: value for name, value in each.items() if name != "segments"} for each in PROJECTS
]
SHARED: Final = [
    {
        "id": BADGES,
        "customFields": [{"name": "Badge", "type": "Text", "unique": True}],
        "participants": [
            {"id": f"id {each}", "participantIdentifier": each, "customFields": {"Badge": "B-9"}}
            for each in ("one", "two")
        ],
    }
]
"""Legacy data: two with one value that should be unique."""

HERE: Final = Project.from_json({"id": GUID})


def person(name: str, **values: Any) -> Participant:
    """A participant with an id and an identifier of this name."""
    given = {"id": f"id {name}", "participantIdentifier": name, "insertedDate": "2024-05-05", **values}
    return read_stored(given, HERE)


def contact(**values: str) -> dict[str, dict[str, str]]:
    """Demographics."""
    return {"demographics": values}


def changed(participant: Participant, **values: str | None) -> Participant:
    """The participant with other values, of its own or of its demographics."""
    own = {name: values.pop(name) for name in ("participant_identifier",) if name in values}
    before = participant.demographics or Demographics()
    demographics = evolve(before, **values)  # type: ignore[arg-type]  # texts all
    return evolve(participant, demographics=demographics, **own)  # type: ignore[arg-type]  # texts too
