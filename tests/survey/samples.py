"""Surveys and payloads that the tests of this family share."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from participant_rules import survey
from participant_rules.http import Request
from participant_rules.memory import MemorySurveys

Json = dict[str, Any]

PATH = "/surveys/S1/participants"
SECRETS = ("hunter2", "robin@example.com", "Robin", "Loxley")


def facts(kind: str = "login", **known: Any) -> Json:
    """The definition of a survey: "login", "invite" or "both"; other known facts may be added."""
    return {
        "id": "S1",
        "invited": kind in ("invite", "both"),
        "loggedOn": kind in ("login", "both"),
        "group": False,
        **known,
    }


def a_survey(kind: str = "login", **known: Any) -> survey.Survey:
    """A survey of that kind."""
    return survey.Survey.from_json(facts(kind, **known))


def login_section(login: Any = "kim", *names: Any, **members: Any) -> Json:
    """A login section with subjects of these names."""
    subjects = [{"subjectName": name} for name in names or ("",)]
    return {"login": login, "interviewer": None, "subjects": subjects, **members}


def invitation_section(address: Any = "kim@example.com", **members: Any) -> Json:
    """An invitation section."""
    return {"emailAddress": address, **members}


def payload(kind: str = "login", **members: Any) -> Json:
    """A body that a survey of that kind takes."""
    sections: Json = {}
    if kind in ("invite", "both"):
        sections["invitationSection"] = invitation_section()
    if kind in ("login", "both"):
        sections["loginSection"] = login_section()
    return {**sections, **members}


def store(*participants: Mapping[str, Any], kind: str = "login", **known: Any) -> MemorySurveys:
    """A store with one survey and these participants."""
    return MemorySurveys.from_json([{**facts(kind, **known), "participants": list(participants)}])


def secret_participant() -> Json:
    """A participant with personal values that must not be shown anywhere."""
    return {
        "invitationSection": {
            "optedOut": False,
            "sendInvitations": False,
            "emailAddress": "robin@example.com",
            "inviteSeeding": {"surname": "Loxley"},
        },
        "loginSection": {
            "login": "Robin",
            "password": "hunter2",
            "interviewer": "robin@example.com",
            "status": "Saved",
            "subjects": [{"subjectName": "Robin", "questionnaireSeeding": {"v1": "Loxley"}}],
        },
    }


def codes(violations: Iterable[Any]) -> list[str]:
    """The codes of violations, in order."""
    return [each.code for each in violations]


def request(method: str, rest: str = "", body: bytes = b"", **query: str) -> Request:
    """A request on the participants of the survey S1."""
    return Request(method, PATH + rest, query, body=body)


class Later:
    """A register of coroutines, around one that answers at once."""

    def __init__(self, register: survey.Register) -> None:
        self.register = register

    async def find(self, keys: survey.Keys) -> survey.Known:
        """Answer a question, later."""
        await asyncio.sleep(0)
        found = self.register.find(keys)
        assert isinstance(found, survey.Known)
        return found

    async def commit(self, write: survey.Write) -> None:
        """Make a write, later."""
        await asyncio.sleep(0)
        self.register.commit(write)

    async def page(self, survey_id: str, starting_from: str, limit: int) -> survey.Page:
        """Answer a page, later."""
        await asyncio.sleep(0)
        found = self.register.page(survey_id, starting_from, limit)
        assert isinstance(found, survey.Page)
        return found


class Racing:
    """A register in which something happens between the question and the commit."""

    def __init__(self, register: MemorySurveys, *happenings: Callable[[MemorySurveys], object]) -> None:
        self.register, self.happenings, self.questions = register, list(happenings), 0

    def find(self, keys: survey.Keys) -> survey.Known:
        """Answer a question."""
        self.questions += 1
        return self.register.find(keys)

    def commit(self, write: survey.Write) -> None:
        """Let the next thing happen, then make the write."""
        if self.happenings:
            self.happenings.pop(0)(self.register)
        self.register.commit(write)

    def page(self, survey_id: str, starting_from: str, limit: int) -> survey.Page:
        """Answer a page."""
        return self.register.page(survey_id, starting_from, limit)
