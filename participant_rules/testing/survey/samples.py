"""The surveys and people of the suite: odd spellings, and everything that may be stored."""

from typing import Any, Final

__all__ = ["ODD", "SURVEYS", "address", "login", "logins"]

_VARIABLES: Final = [{"variableId": "V1", "responseType": "Single", "codes": [{"codeValue": "1"}]}]


def login(name: str, *, password: str | None = None, enabled: bool = True) -> dict[str, Any]:
    """A participant with everything that a stored one may have, in wire form."""
    subjects = [
        {"subjectName": "Zoë", "questionnaireSeeding": {"v2": "b;a", "V1": None}, "status": "Complete"},
        {"subjectName": "A", "questionnaireSeeding": {}, "status": "NotStarted"},
    ]
    section = {
        "login": name,
        "password": password,
        "interviewer": "",
        "status": "Started",
        "subjects": subjects,
    }
    return {"loginSection": section, "enabled": enabled}


def address(email: str, *, opted_out: bool = False) -> dict[str, Any]:
    """A participant that is only invited, in wire form."""
    section = {
        "optedOut": opted_out,
        "sendInvitations": False,
        "emailAddress": email,
        "inviteSeeding": {"surname": "O’Neill", "b": ""},
    }
    return {"invitationSection": section, "enabled": False}


ODD: Final = (
    "\0",
    "a\0b",
    "\udcff",
    "x" * 5000,
    "' OR 1=1 --",
    "%",
    "_",
    "\U0001f600",
    " ",
    "E ",
    "e",
    "É",
    "",
)

SURVEYS: Final[list[dict[str, Any]]] = [
    {
        "id": "L",
        "invited": False,
        "loggedOn": True,
        "group": True,
        "importState": None,
        "interviewers": ["i@example.com"],
        "variables": _VARIABLES,
        "participants": [{**login("E", password="p"), "legacy": {"x": 1}}, login("straße"), login("%_")],
    },
    {
        "id": "l",
        "invited": False,
        "loggedOn": True,
        "group": True,
        "participants": [login("E", enabled=False)],
    },
    {
        "id": "I",
        "invited": True,
        "loggedOn": False,
        "group": False,
        "participants": [address("Lee@Example.com"), address("kim@example.com")],
    },
    {"id": "running", "invited": False, "loggedOn": True, "group": True, "importState": "running"},
]


def logins(participants: Any) -> list[str]:
    """The logins of participants."""
    return [each.login_section.login for each in participants]
