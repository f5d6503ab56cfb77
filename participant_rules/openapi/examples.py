"""Examples of names and bodies: they are about the survey and the project of the examples beside the docs."""

from typing import Any, Final

__all__ = ["BODIES", "NAMES"]

Json = dict[str, Any]

NAMES: Final = {
    "surveyId": "20dbe888-ec99-4895-b094-e34084f9408f",
    "participantUniqueId": "A4",
    "subjectName": "Alton Towers",
    "projectId": "8b0b3d7e-52b5-4c43-9c5d-5f3c5e7a1f00",
    "participantID": "A-0001",
}
"""A name for each place in a path."""


def _subject(name: str, **seeding: str) -> Json:
    return {"subjectName": name, "questionnaireSeeding": seeding}


def _participant(login: str, email: str, *subjects: Json) -> Json:
    return {
        "enabled": True,
        "invitationSection": {
            "optedOut": False,
            "sendInvitations": True,
            "emailAddress": email,
            "inviteSeeding": {"surname": "D", "forenames": "David"},
        },
        "loginSection": {"login": login, "password": None, "interviewer": None, "subjects": list(subjects)},
    }


_PERSON: Final[Json] = {
    "participantIdentifier": "A-0003",
    "invitationStatus": "approved",
    "demographics": {"email": "someone@example.com", "firstName": "John", "lastName": "Doe", "gender": "M"},
    "customFields": {"Smoker": 1},
}

BODIES: Final[dict[str, Json]] = {
    "survey-add": _participant("A5", "sborg5@titan.local", _subject("Alton Towers", v45="David", v46="D")),
    "survey-update": _participant(
        "A4", "sborg4@titan.local", _subject("Alton Towers", v45="David", v46="D"), _subject("Chester Zoo")
    ),
    "survey-add-subject": _subject("Warwick Castle", v48="2;3"),
    "survey-update-subject": _subject("Alton Towers", v45="Daniel", v46="6"),
    "project-put": _PERSON,
    "project-bulk": {
        "participants": [_PERSON, {"demographics": {"email": "someone-else@example.com"}}],
        "sendDefaultInvitationNotifications": False,
    },
}
"""A body for each call that has one, by the id of the operation."""
