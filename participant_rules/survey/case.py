"""What was asked and what is known, together: what a rule reads.

A `Change` is a request as values; `keys` says what a decision on it must know; a `Case` is both together.
Rules read the properties of a case: one whose fact nobody told raises Unknown, and the rule that reads it
does not run.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final, TypeVar

from attrs import define, field

from participant_rules.rules import Unknown, once
from participant_rules.survey.change import Change, Keys, Known, Operation, Stored, keys
from participant_rules.survey.model import (
    Caller,
    InvitationSection,
    LoginSection,
    Participant,
    Seeding,
    Subject,
    Survey,
    Variable,
)
from participant_rules.survey.seeding import code_values
from participant_rules.unset import UNREADABLE, UNSET, Unset

__all__ = ["EVERYTHING", "Case", "Change", "Keys", "Known", "Operation", "Seed", "Stored", "keys"]

EVERYTHING: Final = -1  # every topic is in doubt (all bits are set)

T = TypeVar("T")
Path = tuple[str | int, ...]


@define
class Seed:
    """One seeding value of a subject: where it stands, its key as it is written, and its text.

    `key` is what seeding keys and variable ids compare by.
    """

    path: Path
    name: str
    text: str | None | Unset = field(repr=False)
    key: str

    @property
    def values(self) -> tuple[str, ...]:
        """The code values: "split at ;", trimmed, blanks dropped."""
        return code_values(self.text if isinstance(self.text, str) else "")


def blank(value: object) -> bool:
    """Whether nothing was sent: left out, null, or white space; an unreadable value is not blank."""
    return value is UNSET or value is None or (isinstance(value, str) and not value.strip())


def told(value: T | Unset) -> T | None:
    """A value of the body, None where it was left out; raises Unknown where it cannot be read."""
    if value is UNREADABLE:
        raise Unknown("the value has the wrong type")
    return None if isinstance(value, Unset) else value


@define(eq=False, slots=False)
class Case:
    """A change, and every fact that a rule may ask for.

    `known_survey` is None where it is not accessible; `known_stored` the participant that the change names
    (None: nobody), `known_taken` whether another participant has the identity of an added one, `vanished`
    whether the store said at commit that the participant is gone. `doubts` are the topics that a walk over
    the body was not sure of (see `guards`); where nobody walked, that is everything.
    """

    change: Change = field(repr=False)
    known_survey: Survey | None
    caller: Caller = field(factory=Caller)
    known_stored: Participant | None | Unset = field(default=UNSET, repr=False)
    known_taken: bool | Unset = UNSET
    vanished: bool = False
    doubts: int = field(default=EVERYTHING, repr=False)

    @classmethod
    def of(cls, change: Change, known: Known, caller: Caller) -> "Case":
        """The change with what a store answered to its keys."""
        case = cls(change, known.survey, caller)
        survey, asked = known.survey, change.asked
        if survey is None:
            return case
        identity: str | None | Unset = change.uid
        if isinstance(identity, Unset):
            identity = survey.identity(asked) if isinstance(asked, Participant) else None
        found = known.find(identity) if identity is not None else UNSET
        if change.operation is Operation.ADD:
            case.known_taken = found if isinstance(found, Unset) else found is not None
        else:
            case.known_stored = found.participant if isinstance(found, Stored) else found
        return case

    # ---- what is known

    @property
    def survey(self) -> Survey:
        """The survey; the first gate fires where it is not accessible."""
        if self.known_survey is None:
            raise Unknown("the survey is not accessible")
        return self.known_survey

    @property
    def stored(self) -> Participant | None:
        """The participant that the change names, None where it names nobody."""
        return _known(self.known_stored, "the stored participant")

    @property
    def standing(self) -> Participant:
        """The stored participant, by the rules that compare with it."""
        if self.stored is None:
            raise Unknown("nobody is stored")
        return self.stored

    @property
    def taken(self) -> bool:
        """Whether another participant has the identity of the body."""
        return _known(self.known_taken, "who has the identity")

    @property
    def uid(self) -> str:
        """The id in the path."""
        return _known(self.change.uid, "the path's id")

    @property
    def import_state(self) -> str | None:
        """An import is "scheduled", "running", or there is none (None)."""
        return _known(self.survey.import_state, "the import state")

    @property
    def interviewers(self) -> frozenset[str] | None:
        """The keys of the addresses with access; None where the survey allows no interviewers."""
        return _known(self.survey.interviewer_keys, "the survey's interviewers")

    @property
    def may_name_interviewer(self) -> bool:
        """Whether the survey allows interviewers and the caller may manage them."""
        return self.caller.manages_interviewers and self.interviewers is not None

    @property
    def is_invite_only(self) -> bool:
        """Whether the e-mail address alone identifies participants."""
        return self.survey.invited and not self.survey.logged_on

    # ---- what was asked

    @property
    def asked(self) -> Participant | Subject:
        """The body."""
        asked = self.change.asked
        if isinstance(asked, Unset):
            raise Unknown("the body is not known")
        return asked

    @property
    def participant(self) -> Participant:
        """The body of a call that sends a participant."""
        asked = self.change.asked
        if not isinstance(asked, Participant):
            raise Unknown("the body is no participant")
        return asked

    @once
    def login_section(self) -> LoginSection:
        """The login section, where the survey wants one and the body has it."""
        section = self.participant.login_section
        if not self.survey.logged_on or not isinstance(section, LoginSection):
            raise Unknown("there is no login section to judge")
        return section

    @once
    def invitation_section(self) -> InvitationSection:
        """The invitation section, where the survey wants one and the body has it."""
        section = self.participant.invitation_section
        if not self.survey.invited or not isinstance(section, InvitationSection):
            raise Unknown("there is no invitation section to judge")
        return section

    @property
    def login(self) -> str | None:
        """The login name; None where it was left out."""
        return told(self.login_section.login)

    @property
    def interviewer(self) -> str | None:
        """The interviewer; None where it was left out."""
        return told(self.login_section.interviewer)

    @property
    def email_address(self) -> str | None:
        """The address, trimmed."""
        address = told(self.invitation_section.email_address)
        return address and address.strip()

    @once
    def address_is_needed(self) -> bool:
        """Whether invitations go to the address, or it is the participant's identity."""
        return self.is_invite_only or told(self.invitation_section.send_invitations) is True

    @property
    def identity(self) -> str | None:
        """The body's own unique id; None where it is blank."""
        written = self.login if self.survey.logged_on else self.email_address
        return None if blank(written) else written

    # ---- subjects and seedings

    @once
    def subject_list(self) -> tuple[Subject | Unset, ...]:
        """The subjects of the login section, unreadable ones included."""
        return told(self.login_section.subjects) or ()

    @once
    def subjects(self) -> tuple[tuple[Path, Subject], ...]:
        """The readable subjects of the body and the path to each; a subject call's body is one itself."""
        asked = self.asked
        if isinstance(asked, Subject):
            return (((), asked),)
        return tuple(
            [
                (("loginSection", "subjects", position), subject)
                for position, subject in enumerate(self.subject_list)
                if not isinstance(subject, Unset)
            ]
        )

    @property
    def body_subject(self) -> Subject:
        """The body of a subject call."""
        if not isinstance(self.asked, Subject):
            raise Unknown("the body is no subject")
        return self.asked

    @once
    def subject_names(self) -> tuple[str | None, ...]:
        """The names of all subjects of the body; unknown when one cannot be read."""
        names = [told(told_subject(each).subject_name) for each in self.subject_list]
        return tuple(names)

    @once
    def stored_subjects(self) -> Mapping[str | None | Unset, Subject]:
        """The stored subjects by name."""
        section = self.standing.login_section
        subjects = (section.subjects or ()) if isinstance(section, LoginSection) else ()
        return {each.subject_name: each for each in subjects if not isinstance(each, Unset)}

    @property
    def path_subject(self) -> str:
        """The subject name in the path; the word `null` stands for "" in a non-group questionnaire."""
        word = _known(self.change.subject_name, "the path's subject")
        if self.survey.group:
            return word
        return "" if word == "null" else word

    @property
    def variables(self) -> Mapping[str, Variable]:
        """The survey's variables by key."""
        return _known(self.survey.variables_by_key, "the survey's variables")

    @property
    def seedable(self) -> frozenset[str] | None:
        """The keys of the questionnaire seeding; None where every variable may be seeded."""
        return _known(self.survey.seedable_keys, "the questionnaire seeding")

    @property
    def invitable(self) -> frozenset[str]:
        """The keys of the invite seeding."""
        return _known(self.survey.invitable_keys, "the invite seeding")

    @once
    def invite_seeding(self) -> tuple[Path, Seeding]:
        """The invite seeding, spelt either way, and the path to it."""
        section = self.invitation_section
        if section.invite_seeding:
            return ("invitationSection", "inviteSeeding"), section.invite_seeding
        return ("invitationSection", "invitationSeeding"), section.invitation_seeding or {}

    @once
    def questionnaire_seedings(self) -> tuple[tuple[Path, Seeding], ...]:
        """The questionnaire seeding of each subject that has one, and the path to it."""
        return tuple(
            [
                ((*path, "questionnaireSeeding"), subject.questionnaire_seeding)
                for path, subject in self.subjects
                if subject.questionnaire_seeding
            ]
        )

    @property
    def seedings(self) -> tuple[tuple[Path, Seeding], ...]:
        """Every seeding that the body has in a section that is judged."""
        found: list[tuple[Path, Seeding]] = []
        with suppress(Unknown):
            found.append(self.invite_seeding)
        with suppress(Unknown):
            found.extend(self.questionnaire_seedings)
        return tuple(found)

    @property
    def invite_seeds(self) -> tuple[Seed, ...]:
        """The invite seeding's values."""
        path, seeding = self.invite_seeding
        return _seeds(seeding, path)

    @property
    def seeds(self) -> tuple[Seed, ...]:
        """The questionnaire seedings' values of all subjects."""
        return tuple(
            [seed for path, seeding in self.questionnaire_seedings for seed in _seeds(seeding, path)]
        )

    @once
    def odd_seeds(self) -> tuple[Seed, ...]:
        """The seeds that were not judged right before: only these can break a law of their own."""
        if self.questionnaire_seedings:
            self.variables  # noqa: B018  unknown variables judge nothing
        odd = self.survey.accepted.odd
        return tuple(
            [seed for path, seeding in self.questionnaire_seedings for seed in _seeds(odd(seeding), path)]
        )

    @once
    def odd_choices(self) -> tuple[tuple[Seed, Variable, tuple[str, ...]], ...]:
        """Those of choice variables that may be seeded, as far as is known, and their code values."""
        allowed = None if self.survey.questionnaire_seeding is UNSET else self.seedable
        return tuple(
            [
                (seed, self.variables[seed.key], seed.values)
                for seed in self.odd_seeds
                if seed.key in self.variables and (allowed is None or seed.key in allowed)
            ]
        )


def told_subject(subject: Subject | Unset) -> Subject:
    """A subject of the body; raises Unknown where it cannot be read."""
    if isinstance(subject, Unset):
        raise Unknown("a subject has the wrong type")
    return subject


def _known(value: T | Unset, fact: str) -> T:
    if isinstance(value, Unset):
        raise Unknown(f"{fact} is not known")
    return value


def _seeds(seeding: Seeding, path: Path) -> tuple[Seed, ...]:
    return tuple([Seed((*path, name), name, text, name.lower()) for name, text in seeding.items()])
