"""A request together with the known facts: the input of a rule."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final

from participant_rules.due import KNOWN, refuse_other
from participant_rules.engine.case import Faults, known_value
from participant_rules.facts import NO_FACTS, FactValues
from participant_rules.once import once
from participant_rules.quotas import Counts
from participant_rules.schema.kinds import Path
from participant_rules.schema.tree import Schema
from participant_rules.survey.change import CHANGE, Change, Keys, Known, Operation, Stored, keys
from participant_rules.survey.known import KnownCase, given
from participant_rules.survey.model import (
    Caller,
    InvitationSection,
    LoginSection,
    Participant,
    Seeding,
    Subject,
    Survey,
)
from participant_rules.unknown import Unknown
from participant_rules.unset import UNREADABLE, UNSET, Unset

__all__ = ["Case", "Change", "Keys", "Known", "Operation", "Stored", "keys"]

INVITES: Final = ("invitationSection.inviteSeeding", "invitationSection.invitationSeeding")
SEEDS: Final = "loginSection.subjects[].questionnaireSeeding"


def blank(value: object) -> bool:
    """Whether nothing was sent: left out, null, or white space; an unreadable value is not blank."""
    return value is UNSET or value is None or (isinstance(value, str) and not value.strip())


def _found(change: Change, known: Known, survey: Survey) -> Stored | None | Unset:
    """The stored participant with the id in the path, or else with the identity of the body."""
    identity: str | None | Unset = change.uid
    if isinstance(identity, Unset):
        identity = survey.identity(change.asked) if isinstance(change.asked, Participant) else None
    return known.find(identity) if identity is not None else UNSET


class Case(KnownCase):
    """A change, and every fact that a rule may ask for."""

    @classmethod
    def of(
        cls,
        change: Change,
        known: Known,
        caller: Caller,
        *,
        facts: FactValues = NO_FACTS,
        counts: Counts | None = None,
    ) -> "Case":
        """The change with a store's answer to its keys; `facts` are the caller's own.

        `counts` is what earlier changes of a batch took of quotas among them.
        """
        if change.__class__ is not Change or known.__class__ is not Known:  # each request asks
            refuse_other(change, Change, CHANGE)
            refuse_other(known, Known, KNOWN)
        survey, asked = known.survey, change.asked
        if survey is None:
            return cls(change, None, caller, fact_values=facts, counts=counts)
        found = _found(change, known, survey)
        if change.operation is Operation.ADD:
            taken = found if isinstance(found, Unset) else found is not None
            case = cls(change, survey, caller, known_taken=taken, fact_values=facts, counts=counts)
        else:
            stored = found.participant if isinstance(found, Stored) else found
            case = cls(change, survey, caller, stored, fact_values=facts, counts=counts)
        case.__dict__["survey"] = survey  # every decision asks
        if isinstance(asked, Participant):
            case.__dict__["participant"] = asked
        return case

    # ---- the body

    @property
    def asked(self) -> Participant | Subject:
        """The body."""
        asked = self.change.asked
        if isinstance(asked, Unset):
            raise Unknown("the body is not known")
        return asked

    @once
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
        return known_value(self.login_section.login)

    @property
    def interviewer(self) -> str | None:
        """The interviewer; None where it was left out."""
        return known_value(self.login_section.interviewer)

    @property
    def email_address(self) -> str | None:
        """The address, trimmed."""
        address = known_value(self.invitation_section.email_address)
        return address and address.strip()

    @once
    def address_is_needed(self) -> bool:
        """Whether invitations go to the address, or it is the participant's identity."""
        return self.is_invite_only or known_value(self.invitation_section.send_invitations) is True

    @property
    def identity(self) -> str | None:
        """The body's own unique id; None where it is blank."""
        unique_id = self.login if self.survey.logged_on else self.email_address
        return None if blank(unique_id) else unique_id

    @property
    def has_identity(self) -> bool:
        """Whether the body has a unique id."""
        return not self.lacks(self.survey.identity_path)

    def is_taken(self, path: str) -> bool:
        """Whether another participant has the identity of the body, and a path is that of the identity."""
        return path == self.survey.identity_path and self.has_identity and self.taken

    def related(self, _path: str) -> None:
        """None: no row of another participant is named."""
        return

    def is_judged(self, _path: str) -> bool:
        """True: an update is a full replacement, so every value is judged."""
        return True

    def part(self, section: str) -> Any:
        """The body, or one of its sections."""
        if section == "loginSection":
            return self.login_section
        return self.invitation_section if section == "invitationSection" else self.participant

    @property
    def body(self) -> tuple[Schema, Any]:
        """The entity of the request, a participant or a subject, and its schema."""
        asked = self.asked
        return (self.survey.subject_schema if isinstance(asked, Subject) else self.schema), asked

    # ---- subjects and seedings

    @once
    def subject_list(self) -> tuple[Subject | Unset, ...]:
        """The subjects of the login section, unreadable ones included."""
        return known_value(self.login_section.subjects) or ()

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
        names = [known_value(known_subject(each).subject_name) for each in self.subject_list]
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
        word = given(self.change.subject_name, "the path's subject")
        if self.survey.group:
            return word
        return "" if word == "null" else word

    @once
    def invite_seeding(self) -> tuple[Path, Seeding]:
        """The invite seeding, spelt either way, and the path to it."""
        section = self.invitation_section
        if section.invite_seeding:
            return ("invitationSection", "inviteSeeding"), section.invite_seeding
        return ("invitationSection", "invitationSeeding"), section.invitation_seeding or {}

    @once
    def invite_faults(self) -> Faults:
        """The faults of the invite seeding, spelt either way."""
        return self.faults(INVITES[1] if self._has_nothing(INVITES[0]) else INVITES[0])

    def _has_nothing(self, path: str) -> bool:
        try:
            return self.lacks(path)
        except Unknown:
            return True

    @once
    def seed_faults(self) -> Faults:
        """The faults of the questionnaire seedings of all subjects."""
        return self.faults(SEEDS)

    @property
    def invites_by_keys(self) -> Faults:
        """The faults of the invite seeding; raises Unknown where there is one and its keys are not known."""
        for path in INVITES:
            self._need(path, "invitable")
        return self.invite_faults

    def seeds_by(self, *facts: str) -> Faults:
        """The faults of the questionnaire seedings; raises Unknown where there is one and a fact lacks."""
        self._need(SEEDS, *facts)
        return self.seed_faults

    def _need(self, path: str, *facts: str) -> None:
        if self.readings is not None or next(self.opened(path), None) is not None:
            for fact in facts:
                getattr(self, fact)

    @property
    def seeding_faults(self) -> Faults:
        """The faults of every seeding in a section that is judged."""
        found: Faults = ()
        with suppress(Unknown):
            found += self.invite_faults
        with suppress(Unknown):
            found += self.seed_faults
        return found

    def opened(self, path: str) -> Iterator[tuple[Path, Seeding]]:
        """The seedings at a path, and the path of each."""
        if path != SEEDS:
            yield from super().opened(path)
            return
        if isinstance(self.asked, Participant) and self.login_section.subjects is UNREADABLE:
            return  # of what cannot be read nothing is wrong but its type
        for where, subject in self.subjects:
            if subject.questionnaire_seeding:
                yield (*where, "questionnaireSeeding"), subject.questionnaire_seeding


def known_subject(subject: Subject | Unset) -> Subject:
    """A subject of the body; raises Unknown where it cannot be read."""
    if isinstance(subject, Unset):
        raise Unknown("a subject has the wrong type")
    return subject
