"""The laws that the page of projects prints, held against the rules that carry them.

`project.txt` has the printed paragraphs that say a law, byte for byte, each after the section and the member
where it stands ("Participant Administration API"). A paragraph may hold two sentences, and a sentence be the
message of several rules; the page prints no error sentences.
"""

from pathlib import Path

import pytest

from participant_rules import Severity, project
from participant_rules.rules import Rule

LINES = (Path(__file__).parent / "project.txt").read_text("utf-8").splitlines()
PARAGRAPHS = dict(line.split(": ", 1) for line in LINES)
NO_LAW = (
    "If you want to update an existing participant, the body parameters must include either a "
    "ParticipantIdentifier or ID field matching the participant’s existing record."
)
"""The one sentence that is no message: who sends neither adds a participant."""

# code, pointer, status, and the provenance of the message
ORDER = """
project-not-found              -                           404 ours
identity-required              -                           400 quoted
participant-not-found          /id                         404 ours
update-not-allowed             /participantIdentifier|/id  400 ours
participant-identifier-taken   /participantIdentifier      400 quoted
invitation-status-unknown      /invitationStatus           400 quoted
secondary-identifier-conflict  /secondaryIdentifier        400 ours
email-malformed                /demographics/email         400 ours
date-of-birth-malformed        /demographics/dateOfBirth   400 quoted
gender-unknown                 /demographics/gender        400 quoted
mobile-phone-malformed         /demographics/mobilePhone   400 ours
utc-offset-malformed           /demographics/utcOffset     400 quoted
custom-field-undeclared        /customFields/{name}        400 ours
custom-field-mistyped          /customFields/{name}        400 ours
custom-field-required          /customFields/{name}        400 ours
custom-field-not-allowed       /customFields/{name}        400 ours
custom-field-out-of-range      /customFields/{name}        400 ours
email-immutable                /demographics/email         400 quoted
mobile-phone-immutable         /demographics/mobilePhone   400 quoted
email-taken                    /demographics/email         400 quoted
mobile-phone-taken             /demographics/mobilePhone   400 quoted
custom-field-immutable         /customFields/{name}        400 ours
custom-field-taken             /customFields/{name}        400 ours
"""
WARNINGS = {
    "secondary-identifier-deprecated",
    "read-only-field",
    "unknown-field",
    "custom-field-name-malformed",
    "mobile-phone-not-ten-digits",
}


def _sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph; the page ends each with a full stop and begins it with a capital."""
    return [f"{each.removesuffix('.')}." for each in paragraph.split(". ")]


LAWS = sorted({each for paragraph in PARAGRAPHS.values() for each in _sentences(paragraph)} - {NO_LAW})
ERRORS = [each for each in project.SENTENCES if each.severity is Severity.ERROR]
QUOTED = [each for each in project.SENTENCES if each.source.kind == "quoted"]

LOCAL = {"custom-field-immutable", "custom-field-taken"}
"""Rules of a project's own definition that borrow a quoted sentence."""


def test_the_page_prints_seven_laws() -> None:
    """Seven paragraphs print seven different laws: the two of the address are also the number's."""
    assert (len(LINES), len(PARAGRAPHS), len(LAWS)) == (7, 7, 7)
    assert NO_LAW in _sentences(PARAGRAPHS["Add/Update Participant, Body Parameters"])


@pytest.mark.parametrize("sentence", LAWS)
def test_every_printed_law_is_the_message_of_a_rule(sentence: str) -> None:
    """A printed law is the message of one rule or several, byte for byte; each says that it is quoted."""
    assert {each.source.kind for each in ERRORS if each.message == sentence and each.code not in LOCAL} == {
        "quoted"
    }


@pytest.mark.parametrize("law", [pytest.param(each, id=each.code) for each in QUOTED])
def test_every_quoted_rule_stands_on_the_page(law: Rule) -> None:
    """The message stands in the section that the rule names, and people read the same sentence."""
    printed = [text for place, text in PARAGRAPHS.items() if place.startswith(law.source.section)]
    assert law.message in {each for text in printed for each in _sentences(text)}
    assert law.text == law.message


@pytest.mark.parametrize("law", [pytest.param(each, id=each.code) for each in QUOTED])
def test_a_quoted_rule_points_at_the_member_that_it_is_printed_for(law: Rule) -> None:
    """The law of a member is printed for it; only the uniqueness of identifiers has other words."""
    if law.code in {"identity-required", "participant-identifier-taken"}:
        return
    member = law.pointer.removeprefix("/").replace("/", ".")
    assert law.message in _sentences(PARAGRAPHS[f"Participant Object, {member} (string)"])


def test_how_many_rules_share_a_sentence() -> None:
    """Uniqueness is stated of three members, immutability of two, everything else of one."""
    assert {sentence: sum(each.message == sentence for each in QUOTED) for sentence in LAWS} == {
        **dict.fromkeys(LAWS, 1),
        "Must be unique within a project.": 3,
        "Cannot be updated once a participant has enrolled.": 2,
    }


def test_precedence_pointers_and_provenance() -> None:
    """Every law stands in its place."""
    rows = [
        " ".join([each.code, each.pointer.replace(" or ", "|") or "-", str(each.status), each.source.kind])
        for each in ERRORS
    ]
    assert rows == [" ".join(row.split()) for row in ORDER.strip().splitlines()]


def test_what_never_refuses() -> None:
    """The other rules only warn, in words of ours."""
    warnings = [each for each in project.SENTENCES if each.severity is Severity.WARNING]
    assert {each.code for each in warnings} == WARNINGS
    assert {each.source.kind for each in warnings} == {"ours"}
