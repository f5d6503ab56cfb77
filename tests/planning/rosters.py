"""Rosters and records made up at random, from so few values that they meet each other."""

from random import Random
from typing import Any

from tests.survey.samples import facts

Json = dict[str, Any]

IDS = [f"00000000-0000-4000-8000-{number:012d}" for number in range(6)]
EMAILS = [f"{name}@example.com" for name in "abcdef"]
PHONES = [None, "", "2125550100", "+1 212 555 0101", "555"]
CITIES = [None, "", "Anytown", " Anytown", "Othertown"]


def some(random: Random, **choices: list[Any]) -> Json:
    """Some of these members."""
    return {name: random.choice(values) for name, values in choices.items() if random.random() < 0.5}


def project_data(random: Random) -> Json:
    """A project with some participants."""
    emails = random.sample(EMAILS, 4)
    participants = [
        {
            "id": IDS[number],
            "participantIdentifier": f"P-{number}",
            "enrolled": random.random() < 0.3,
            "demographics": {"email": emails[number], **some(random, city=CITIES[2:])},
            "customFields": some(random, Site=["x"], Age=[1, "2"]),
        }
        for number in range(4)
    ]
    fields = [{"name": "Site", "type": "Text"}, {"name": "Age", "type": "Integer"}]
    return {"id": "P", "customFields": fields, "participants": participants}


def project_rows(random: Random) -> list[Json]:
    """Rows about these participants and others."""
    return [project_row(random) for _ in range(30)]


def project_row(random: Random) -> Json:
    """A row: by id, by identifier, by address alone, or by nothing."""
    named = random.choice(
        [
            {"id": random.choice(IDS)},
            {"participantIdentifier": f"P-{random.randrange(12)}"},
            {"participantIdentifier": f"P-{random.randrange(12)}"},
            {},
        ]
    )
    demographics = some(random, email=[*EMAILS, None], city=CITIES, mobilePhone=PHONES, gender=["M", "x"])
    return {
        **named,
        "demographics": demographics,
        "customFields": some(random, Site=["x", "y", "", None], Age=[1, "2", 3, "?"]),
        **some(random, excludeFromExport=[True, False, None], invitationStatus=["approved", None]),
    }


def survey_data(random: Random, kind: str) -> Json:
    """A survey of that kind with some participants."""
    known = {"interviewers": ["ann@example.com"], "importState": None, "fixedSubjects": random.random() < 0.5}
    group = kind != "invite" and random.random() < 0.5
    people = [survey_body(random, kind, number, group=group, good=True) for number in range(4)]
    return {**facts(kind, **known), "group": group, "participants": people}


def survey_body(random: Random, kind: str, number: int, *, group: bool, good: bool = False) -> Json:
    """A participant; with `good` one that can be stored."""
    body = some(random, enabled=[True, False])
    if kind != "login":
        body["invitationSection"] = {
            "emailAddress": EMAILS[number],
            **some(random, sendInvitations=[True, False], inviteSeeding=[None, {"town": "x"}, {"Town": "y"}]),
            **({} if good else some(random, optedOut=[True, False])),
        }
    if kind != "invite":
        names = random.sample(["x", "y", "z"], 2) if group else [""]
        subjects = [
            {"subjectName": each, **some(random, questionnaireSeeding=[None, {"v1": "1"}, {"V1": "2"}])}
            for each in names
        ]
        section = {"login": f"login {number}", "interviewer": "", "subjects": subjects}
        body["loginSection"] = section | some(random, password=[None, "", "secret"])
        if not good and random.random() < 0.2:
            del section["interviewer"]
    return body
