"""Each of these changes is made in one place, and every road follows.

The changes are made in a copy of the package, in a process of its own: see `asked_everywhere`.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from attrs import field, frozen

import participant_rules
from participant_rules.wire import Malformed
from tests import asked_everywhere
from tests.asked_everywhere import Project, Survey

Json = dict[str, Any]
PACKAGE: Final = Path(participant_rules.__file__).parent
ORDINARY: Final = 25  # payloads without a fault: enough for templates to be learned

PROJECT: Final[Json] = {
    "id": "P",
    "participants": [
        {
            "id": "3a713a06-295d-4803-9602-776f09a1483b",
            "participantIdentifier": "Z-1",
            "demographics": {"postalCode": "02134"},
        }
    ],
}
SURVEY: Final[Json] = {
    "id": "S",
    "invited": False,
    "loggedOn": True,
    "group": True,
    "fixedSubjects": False,
    "participants": [
        {"loginSection": {"login": "Ann", "subjects": [{"subjectName": "One"}]}, "enabled": True}
    ],
}


@frozen
class Change:
    """An edit of one file, or of two, and payloads that are answered otherwise since."""

    edits: Mapping[str, Sequence[tuple[str, str]]]
    payload: Json
    accepted: bool
    definition: Json = field(factory=PROJECT.copy)
    described: str = ""

    @property
    def family(self) -> str:
        """The family that is changed."""
        return "survey" if self.definition["id"] == "S" else "project"

    def payloads(self) -> list[Json]:
        """The payload behind ordinary ones of the same members."""
        if self.family == "survey":
            return [*(logging_in(f"L{n}") for n in range(ORDINARY)), self.payload]
        return [*({"participantIdentifier": f"A-{n}"} for n in range(ORDINARY)), self.payload]


def demographic(name: str, value: str) -> Json:
    """A participant of a project with a demographic."""
    return {"participantIdentifier": "B-1", "demographics": {name: value}}


def logging_in(login: str) -> Json:
    """A participant of a survey with a login."""
    return {"loginSection": {"login": login, "subjects": [{"subjectName": "One"}]}, "enabled": True}


_UNIQUE: Final = """postal_code_taken = unique(
    "demographics.postalCode",
    "Must be unique within a project.",
    code="postal-code-taken",
    law="No two participants have the same postal code.",
)

email_taken = unique(
"""
_ROBOT: Final = '''@rule("Robots do not log in.", pointer="/loginSection/login", reads=[LOGIN])
def robot(case: Case) -> Iterator[At]:
    """No login is that of a robot."""
    if case.identity == "robot":
        yield at()


login_name_taken = unique(
'''

CHANGES: Final = {
    "another gender code": Change(
        {"project/model.py": [('    OTHER = "O"\n', '    OTHER = "O"\n    NONE_OF_THESE = "X"\n')]},
        demographic("gender", "X"),
        accepted=True,
        described='"enum": ["M", "F", "O", "X"]',
    ),
    "another invitation status": Change(
        {"project/model.py": [('    PENDING = "pending"\n', '    PENDING = "pending"\n    LATE = "late"\n')]},
        {"participantIdentifier": "B-1", "invitationStatus": "late"},
        accepted=True,
        described='"enum": ["pending", "late", ',
    ),
    "another date form": Change(
        {
            "formats/forms.py": [
                (
                    "DATE: Final = text_form(\n    is_date,",
                    'DATE: Final = text_form(\n    lambda text: is_date(text.replace("/", "-")),',
                ),
                (
                    '"format": "date",\n        "pattern": f"^(?:{_CALENDAR})$"',
                    '"pattern": "^[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}$"',
                ),
            ]
        },
        demographic("dateOfBirth", "2000/02/29"),
        accepted=True,
        described='{"type": "string", "pattern": "^[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}$"}',
    ),
    "an offset without seconds": Change(
        {
            "formats/forms.py": [
                (
                    "    is_utc_offset,\n    ",
                    '    lambda text: is_utc_offset(text) or is_utc_offset(text + ":00"),\n    ',
                ),
                ("[0-5][0-9]:[0-5][0-9]|14:00:00)$", "[0-5][0-9](?::[0-5][0-9])?|14:00(?::00)?)$"),
            ]
        },
        demographic("utcOffset", "-04:00"),
        accepted=True,
        described='1[0-3]):[0-5][0-9](?::[0-5][0-9])?|14:00(?::00)?)$"}',
    ),
    "a unique demographic": Change(
        {
            "project/model.py": [
                (
                    "postal_code: str | None | Unset = member(",
                    "postal_code: str | None | Unset = member(form=ANY_TEXT, unique=True, ",
                )
            ],
            "project/rules.py": [
                ("email_taken = unique(\n", _UNIQUE),
                ("        email_taken,\n", "        postal_code_taken,\n        email_taken,\n"),
            ],
        },
        demographic("postalCode", "02134"),
        accepted=False,
    ),
    "logins without case": Change(
        {
            "survey/model.py": [
                ("schema.form import ANY_TEXT", "schema.form import key_form"),
                (
                    "login: str | None | Unset = member(form=ANY_TEXT",
                    "login: str | None | Unset = member(form=key_form(str.lower)",
                ),
            ]
        },
        logging_in("ANN"),
        accepted=False,
        definition=SURVEY,
    ),
    "a rule on logins": Change(
        {
            "survey/rules.py": [
                ("login_name_taken = unique(\n", _ROBOT),
                ("        login_name_required,\n", "        login_name_required,\n        robot,\n"),
            ]
        },
        logging_in("robot"),
        accepted=False,
        definition=SURVEY,
    ),
    "a type of custom fields": Change(
        {
            "project/types.py": [
                ('    BOOLEAN = "Boolean"\n', '    BOOLEAN = "Boolean"\n    YEAR = "Year"\n'),
                (
                    "    FieldType.DATE: DATE_OR_TIME,\n",
                    '    FieldType.DATE: DATE_OR_TIME,\n    FieldType.YEAR: _of_texts("[0-9]{4}", []),\n',
                ),
            ]
        },
        {"participantIdentifier": "B-1", "customFields": {"Born": "1999"}},
        accepted=True,
        definition=PROJECT | {"customFields": [{"name": "Born", "type": "Year"}]},
    ),
}


def changed(changes: Iterable[Change], folder: Path) -> Path:
    """The folder of a copy of the package in which changes are made."""
    shutil.copytree(PACKAGE, folder / PACKAGE.name)
    for change in changes:
        for name, edits in change.edits.items():
            file = folder / PACKAGE.name / name
            text = file.read_text("utf-8")
            for old, new in edits:
                assert text.count(old) == 1, f"{name} has {old!r} once"
                text = text.replace(old, new)
            file.write_text(text, "utf-8")
    return folder


def asked(changes: Sequence[Change], folder: Path) -> Json:
    """The answers of every road to the payloads of changes, and the OpenAPI description, under them."""
    given = [
        {"family": each.family, "definition": each.definition, "payloads": each.payloads()}
        for each in changes
    ]
    done = subprocess.run(
        [sys.executable, asked_everywhere.__file__],
        input=json.dumps(given),
        env={**os.environ, "PYTHONPATH": str(changed(changes, folder))},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: Json = json.loads(done.stdout)
    return answer


def followed(change: Change, roads: Mapping[str, list[bool]], openapi: str) -> None:
    """The payload is answered otherwise than before on every road, the ordinary ones as before."""
    expected = [*[True] * ORDINARY, change.accepted]
    assert {road: found for road, found in roads.items() if found != expected[-len(found) :]} == {}
    assert change.described in openapi


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """The roads' answers by change, with all changes made at once, and the OpenAPI description."""
    answer = asked([*CHANGES.values()], tmp_path_factory.mktemp("changed"))
    return {**dict(zip(CHANGES, answer["roads"], strict=True)), "openapi": answer["openapi"]}


@pytest.mark.parametrize("name", CHANGES)
def test_every_road_follows(name: str, together: Mapping[str, Any]) -> None:
    """Each of the changes, which are made beside each other: one process is quicker than eight."""
    assert accepted_before(CHANGES[name]) is not CHANGES[name].accepted
    followed(CHANGES[name], together[name], together["openapi"])


@pytest.mark.heavy
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_road_follows_one_change(change: Change, tmp_path: Path) -> None:
    """Each of the changes alone."""
    answer = asked([change], tmp_path)
    followed(change, answer["roads"][0], answer["openapi"])


def accepted_before(change: Change) -> bool:
    """Whether the payload is accepted without the change."""
    try:
        family = (Survey if change.family == "survey" else Project)(change.definition)
    except Malformed:
        return False
    return family.check(change.payload)
