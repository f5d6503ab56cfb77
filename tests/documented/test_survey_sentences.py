"""The sentences that the page prints, held against the laws that carry them.

`survey.txt` has the printed lines byte for byte, in the order of the page ("Update Participant", section
"HTTP Status Codes"): one stands there twice, one lacks its opening quote, eight begin with a space.
"""

import re
from pathlib import Path

import pytest

from participant_rules import Severity, survey
from participant_rules.rules import Rule

LINES = (Path(__file__).parent / "survey.txt").read_text("utf-8").splitlines()
SECTION = "Update Participant, HTTP Status Codes"
PLACEHOLDERS = {"invite item": "{item}", "questionnaire item": "{item}", "code value": "{code}"}

# code, pointer, status, provenance of the sentence, and of its meaning
ORDER = """
survey-not-accessible          -                                                       401 ours    documented
participants-unsupported       -                                                       400 printed inferred
import-in-progress             -                                                       400 printed documented
participant-not-found          -                                                       404 printed documented
subject-not-found              -                                                       404 ours    inferred
login-section-required         /loginSection                                           400 printed documented
login-name-required            /loginSection/login                                     400 printed documented
invitation-section-required    /invitationSection                                      400 printed documented
invitation-section-unexpected  /invitationSection                                      400 printed documented
login-section-unexpected       /loginSection                                           400 printed documented
identity-mismatch              /loginSection/login|/invitationSection/emailAddress     400 printed documented
interviewer-not-allowed        /loginSection/interviewer                               400 printed inferred
interviewer-required           /loginSection/interviewer                               400 printed documented
interviewer-without-access     /loginSection/interviewer                               400 printed documented
subject-required               /loginSection/subjects                                  400 printed documented
subject-not-single             /loginSection/subjects                                  400 printed documented
subjects-required              /loginSection/subjects                                  400 printed documented
subject-name-blank             /loginSection/subjects/{i}/subjectName                  400 printed documented
opted-out-and-invited          /invitationSection                                      400 printed documented
email-required                 /invitationSection/emailAddress                         400 printed inferred
email-malformed                /invitationSection/emailAddress                         400 printed inferred
login-name-unknown             /loginSection/login                                     400 printed inferred
login-name-taken               /loginSection/login                                     400 printed documented
email-taken                    /invitationSection/emailAddress                         400 ours    inferred
subject-repeated               /loginSection/subjects/{i}/subjectName                  400 printed documented
participant-vanished           -                                                       400 printed inferred
subjects-mismatch              /loginSection/subjects                                  400 printed inferred
email-unknown                  /invitationSection/emailAddress                         400 printed inferred
invite-seeding-twice           /invitationSection/invitationSeeding                    400 ours    inferred
seeding-repeated               {seeding}/{item}                                        400 ours    inferred
invite-seeding-unknown         /invitationSection/inviteSeeding/{item}                 400 printed inferred
questionnaire-seeding-unknown  /loginSection/subjects/{i}/questionnaireSeeding/{item}  400 printed inferred
variable-unknown               /loginSection/subjects/{i}/questionnaireSeeding/{item}  400 printed documented
choice-not-single              /loginSection/subjects/{i}/questionnaireSeeding/{item}  400 printed documented
choice-repeated                /loginSection/subjects/{i}/questionnaireSeeding/{item}  400 printed documented
choice-unknown                 /loginSection/subjects/{i}/questionnaireSeeding/{item}  400 printed documented
"""


def _sentence(line: str) -> str:
    """The sentence of a printed line; its opening quote may be missing."""
    printed = re.fullmatch(r'\s*"message": "?(.*)"', line)
    assert printed is not None
    return printed[1]


def _template(sentence: str) -> str:
    """The sentence in the format syntax of messages: literal braces doubled, items as placeholders."""
    doubled = sentence.replace("{", "{{").replace("}", "}}")
    return re.sub(r"<(.*?)>", lambda item: PLACEHOLDERS[item[1]], doubled)


SENTENCES = [_sentence(line) for line in LINES]
ERRORS = [each for each in survey.SENTENCES if each.severity is Severity.ERROR]
PRINTED = [each for each in ERRORS if each.source.kind == "printed"]


def test_the_page_prints_32_lines_and_31_sentences() -> None:
    """One sentence is printed twice; one line lacks its opening quote; eight begin with a space."""
    assert (len(LINES), len(set(SENTENCES))) == (32, 31)
    assert [each for each in SENTENCES if SENTENCES.count(each) == 2] == [
        "The unique participant id provided in the URL must be the same as in the request body."
    ] * 2
    assert [line for line in LINES if '": "' not in line] == [
        '"message": Participants for this survey must have one subject."'
    ]
    assert [each[0] == " " for each in SENTENCES] == [False] * 24 + [True] * 8


@pytest.mark.parametrize("sentence", sorted(set(SENTENCES)))
def test_every_printed_sentence_is_the_message_of_one_law(sentence: str) -> None:
    """A printed line is the message of exactly one law, byte for byte; that law says that it is printed."""
    assert [each.source.kind for each in ERRORS if each.message == _template(sentence)] == ["printed"]


@pytest.mark.parametrize("law", [pytest.param(each, id=each.code) for each in PRINTED])
def test_every_printed_law_names_its_line(law: Rule) -> None:
    """A law with a printed source names the place, and its message stands there."""
    assert law.source.section == SECTION
    assert law.message in {_template(sentence) for sentence in SENTENCES}


@pytest.mark.parametrize("law", [pytest.param(each, id=each.code) for each in ERRORS])
def test_text_is_the_message_trimmed_and_repaired(law: Rule) -> None:
    """People read the same sentence without the leading space and the stray brace, with a hint perhaps."""
    assert law.text.replace("{hint}", "") == law.message.strip().replace("'{item}}}'", "'{item}'")


def test_precedence_pointers_and_provenance() -> None:
    """Every law stands in its place: first the gates, then the order of the page."""
    rows = [
        " ".join(
            [
                each.code,
                each.pointer.replace(" or ", "|") or "-",
                str(each.status),
                each.source.kind,
                each.basis,
            ]
        )
        for each in ERRORS
    ]
    assert rows == [" ".join(row.split()) for row in ORDER.strip().splitlines()]


def test_the_page_prints_the_sentences_in_that_order() -> None:
    """But for the gates, laws stand in the order in which the page prints their sentences first."""
    places = [SENTENCES.index(_untemplated(each)) for each in PRINTED if not each.gate]
    assert places == sorted(places)
    assert [each.code for each in ERRORS if each.gate] == [
        "survey-not-accessible",
        "participants-unsupported",
        "import-in-progress",
        "participant-not-found",
        "subject-not-found",
    ]


def _untemplated(law: Rule) -> str:
    return next(sentence for sentence in SENTENCES if _template(sentence) == law.message)
