"""Repairs that violations offer, and payloads that are repaired."""

import json
import pickle
from typing import Any

import pytest

from participant_rules import project, survey
from participant_rules.memory import MemoryProjects
from participant_rules.repairing import offered, repair_of, repaired_payload, with_repair
from participant_rules.schema.tree import Schema
from participant_rules.unset import UNSET
from participant_rules.violations import Repair, Severity, Violation
from tests.schema.test_repairing import OF_PROJECT, PROJECT, SURVEY, seeds

IDENTIFIED = {"participantIdentifier": "A"}


def repairs_of(found: Any) -> list[tuple[str, Any]]:
    """The codes of violations, and their repaired values."""
    return [(each.code, each.repair and each.repair.value) for each in found]


@pytest.mark.parametrize("text", [True, False])
def test_violations_have_their_repairs(text: bool) -> None:
    """Of a JSON text as of a value, on the short road and on the whole one."""
    payload: Any = {**IDENTIFIED, "demographics": {"gender": "f", "utcOffset": "?"}}
    wrong: Any = payload | {"excludeFromExport": "no"}
    if text:
        payload, wrong = json.dumps(payload), json.dumps(wrong).encode()
    assert repairs_of(project.check(payload, PROJECT)) == [
        ("gender-unknown", "F"),
        ("utc-offset-malformed", None),
    ]
    assert repairs_of(project.check(wrong, PROJECT)) == [
        ("wrong-type", False),
        ("gender-unknown", "F"),
        ("utc-offset-malformed", None),
    ]


def test_violations_of_rows_have_their_repairs() -> None:
    """Pointers begin with the row; violations around rows have none."""
    found = project.check(
        {"participants": [IDENTIFIED, {"demographics": {"email": "kim@example.com,"}}], "x": 1},
        PROJECT,
        operation="bulk",
    )
    assert [(each.code, each.repair) for each in found] == [
        ("email-malformed", Repair("/participants/1/demographics/email", "kim@example.com", certain=True)),
        ("unknown-field", None),
    ]


def test_violations_of_a_survey_have_their_repairs() -> None:
    """Also of a text that has faults, which have none."""
    found = survey.check(seeds(v1="no"), SURVEY)
    assert ("choice-unknown", "2") in repairs_of(found)
    assert repairs_of(survey.check('{"enabled": "yes", "enabled": true}', SURVEY)) == [("key-repeated", None)]
    assert ("wrong-type", True) in repairs_of(survey.check('{"enabled": "yes"}', SURVEY))
    assert (
        repairs_of(
            survey.check(
                {"loginSection": None}, survey.Survey(id="S", invited=True, logged_on=False, group=False)
            )
        )[0][1]
        is None
    )


def test_a_repair_is_made_when_it_is_asked_for() -> None:
    """And once only; violations without and with a repair are equal, and travel."""

    class Counting:
        asked = 0

        @property
        def nodes(self) -> Any:
            self.asked += 1
            return OF_PROJECT.nodes

    counting: Any = Counting()
    payload = {"demographics": {"gender": "f"}}
    bare = Violation("gender-unknown", "Gender.", pointer="/demographics/gender")
    (violation,) = offered([bare], counting, lambda: payload)
    assert counting.asked == 0
    assert violation == bare
    assert violation.repair == violation.repair == Repair("/demographics/gender", "F", certain=True)
    asked = counting.asked
    assert violation.repair is not None
    assert counting.asked == asked
    assert pickle.loads(pickle.dumps(violation)).repair == violation.repair
    assert bare.repair is None
    assert "F" not in repr(violation)
    assert violation.as_dict()["repair"] == {"pointer": "/demographics/gender", "certain": True}
    assert "repair" not in bare.as_dict()


def test_what_repairs_are_made_of() -> None:
    """A violation at the whole record, elsewhere, or a warning about a value has none."""
    payload = {"demographics": {"gender": "f"}}
    at_gender = Violation("x", "X.", pointer="/demographics/gender")
    assert repair_of(at_gender, OF_PROJECT, payload) is not None
    assert repair_of(Violation("x", "X.", pointer=None), OF_PROJECT, payload) is None
    assert repair_of(at_gender, OF_PROJECT, payload, "/participants/0") is None
    warning = Violation("x", "X.", pointer="/demographics/gender", severity=Severity.WARNING)
    assert repair_of(warning, OF_PROJECT, payload) is None
    repair = Repair("/a", 1, certain=False)
    assert with_repair(at_gender, repair).repair is repair


# ---- payloads


def test_a_payload_repaired() -> None:
    """The certain repairs, and the likely ones where they are wanted; the payload itself stays."""
    payload = {**IDENTIFIED, "demographics": {"Gender": "f", "utcOffset": "4", "city": 5}}
    done = project.repair(payload, PROJECT)
    assert done.payload == {**IDENTIFIED, "demographics": {"gender": "F", "utcOffset": "4", "city": 5}}
    assert [(each.pointer, each.value, each.certain) for each in done.repairs] == [
        ("/demographics/gender", "f", True),
        ("/demographics/gender", "F", True),
    ]
    assert [each.code for each in done.violations] == ["wrong-type", "utc-offset-malformed"]
    likely = project.repair(payload, PROJECT, likely=True)
    assert likely.payload == {
        **IDENTIFIED,
        "demographics": {"gender": "F", "utcOffset": "+04:00:00", "city": "5"},
    }
    assert likely.violations == ()
    assert payload["demographics"] == {"Gender": "f", "utcOffset": "4", "city": 5}
    assert "Gender" not in repr(done)


@pytest.mark.parametrize(
    "payload", ["[", "{}", b'{"participantIdentifier": "A"}', {"participantIdentifier": "A"}]
)
def test_a_payload_without_repairs(payload: Any) -> None:
    """It is the same one, bad input included."""
    assert project.repair(payload).payload is payload


def test_a_text_repaired() -> None:
    """It becomes a JSON value."""
    assert survey.repair('{"enabled": "no"}', SURVEY).payload == {"enabled": False}


def test_what_another_one_has() -> None:
    """A repair that would give a participant the address of another one is not made."""
    stored = {"participantIdentifier": "B", "demographics": {"email": "kim@example.com"}}
    roster = MemoryProjects.from_json([{"id": "P", "participants": [stored]}])
    payload = {**IDENTIFIED, "demographics": {"email": "Kim@example.com,", "gender": "f"}}
    done = project.repair(payload, project.Project(id="P"), roster=roster)
    assert done.payload == {**IDENTIFIED, "demographics": {"email": "Kim@example.com,", "gender": "F"}}
    assert [each.code for each in done.violations] == ["email-malformed"]
    assert (
        project.repair(
            {**payload, "participantIdentifier": "B"}, project.Project(id="P"), roster=roster
        ).violations
        == ()
    )


ROWS: list[Any] = [
    [{"demographics": {"email": "<kim@example.com>"}}, {"demographics": {"email": "kim@example.com"}}],
    [{"demographics": {"email": "kim@example.com"}}, {"demographics": {"email": "<kim@example.com>"}}],
    [{"demographics": {"email": "<kim@example.com>"}}, {"demographics": {"email": "kim@example.com,"}}],
    [  # the first one is refused, and holds nothing yet
        {"demographics": {"email": "<kim@example.com>", "utcOffset": "?"}},
        {"demographics": {"email": "kim@example.com"}},
    ],
]


@pytest.mark.parametrize("rows", ROWS)
def test_what_another_row_has(rows: Any) -> None:
    """Neither of two rows is repaired to the other one's value, present or future."""
    done = project.repair(
        {"participants": [*rows, {"demographics": {"email": "<lee@example.com>"}}]}, operation="bulk"
    )
    assert done.payload == {"participants": [*rows, {"demographics": {"email": "lee@example.com"}}]}


def test_unique_fields_of_rows() -> None:
    """A unique custom field is one of them."""
    definition = project.Project.from_json(
        {"id": "P", "customFields": [{"name": "No", "type": "Integer", "unique": True}]}
    )
    rows = [
        {"participantIdentifier": "A", "customFields": {"No": "3.0"}},
        {"participantIdentifier": "B", "customFields": {"No": 3}},
        "x",
    ]
    done = project.repair({"participants": rows}, definition, operation="bulk")
    assert done.payload == {"participants": rows}
    assert project.repair({"participants": "x"}, definition, operation="bulk").repairs == ()


def test_a_schema_without_a_definition() -> None:
    """A member that is left open there has no repair."""
    payload = {"demographics": {"email": "x,"}}
    violation = Violation("x", "X.", pointer="/demographics/email")
    assert repair_of(violation, Schema(project.Participant, UNSET), payload) is None


def test_no_repair_is_made_twice() -> None:
    """Also where a check finds it again."""
    found = with_repair(Violation("x", "X.", pointer="/a"), Repair("/a", 1, certain=True))
    done = repaired_payload({"a": 2}, lambda _: [found], lambda _value, _found: [], likely=False)
    assert (done.payload, len(done.repairs)) == ({"a": 1}, 1)


def test_the_other_rows_of_a_batch() -> None:
    """Their dates decide which part comes first: likely, and in a batch alone."""
    days = ["12/11/1990", "31/12/1990"]
    rows = [{"participantIdentifier": day, "demographics": {"dateOfBirth": day}} for day in days]
    for likely, first in ((True, "1990-11-12"), (False, "12/11/1990")):
        done = project.repair({"participants": rows}, operation="bulk", likely=likely)
        found = [row["demographics"]["dateOfBirth"] for row in done.payload["participants"]]
        assert found == [first, "1990-12-31"]
    assert project.repair(rows[0], likely=True).repairs == ()
    assert project.repair({"participants": 5}, operation="bulk", likely=True).repairs == ()
