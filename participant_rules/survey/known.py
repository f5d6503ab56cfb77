"""The facts of a case about the survey, the caller and the stored participant."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from attrs import define, field

from participant_rules.engine.case import RecordCase
from participant_rules.facts import NO_FACTS, FactValues
from participant_rules.once import once
from participant_rules.quotas import Counts
from participant_rules.schema.reads import Read
from participant_rules.schema.tree import Schema
from participant_rules.survey.change import Change
from participant_rules.survey.model import Caller, Participant, Survey, Variable
from participant_rules.unknown import Unknown, Untold
from participant_rules.unset import UNSET, Unset

__all__ = ["KnownCase", "given"]

T = TypeVar("T")


@define(eq=False, slots=False)
class KnownCase(RecordCase):
    """A change, and the known facts about its survey, its caller and its participant.

    `known_survey` is None where it is not accessible; `is_stored` says whether the participant is there that
    the change names, which is `known_stored`; `known_taken` whether another participant has the identity of
    an added one; `vanished` whether the store reported at commit that the participant is gone. `has_uid` says
    whether the path has an id, which is `path_uid`.
    """

    fact_names: ClassVar = frozenset({"is_stored", "known_taken", "vanished", "has_uid"})
    content: ClassVar = frozenset({"known_stored", "path_uid", "fact_values"})

    change: Change = field(repr=False)
    known_survey: Survey | None
    caller: Caller = field(factory=Caller)
    known_stored: Participant | None | Unset = field(default=UNSET, repr=False)
    known_taken: bool | Unset = UNSET
    vanished: bool = False
    is_stored: bool | Unset = field(init=False)
    has_uid: bool = field(init=False)
    path_uid: str | Unset = field(init=False, repr=False)
    readings: Mapping[Read, Any] | None = field(default=None, repr=False)
    fact_values: FactValues = field(default=NO_FACTS, repr=False)
    counts: Counts | None = field(default=None, repr=False)

    def __attrs_post_init__(self) -> None:
        self.path_uid = self.change.uid
        self.has_uid = not isinstance(self.path_uid, Unset)
        stored = self.known_stored
        self.is_stored = UNSET if isinstance(stored, Unset) else stored is not None

    @once
    def survey(self) -> Survey:
        """The survey; the first gate fires where it is not accessible."""
        if self.known_survey is None:
            raise Unknown("the survey is not accessible")
        return self.known_survey

    @property
    def schema(self) -> Schema:
        """The schema of a participant's members."""
        return self.survey.schema

    @property
    def is_there(self) -> bool:
        """Whether the participant that the change names is stored."""
        return given(self.is_stored, "the stored participant")

    @property
    def standing(self) -> Participant:
        """The stored participant, by the rules that compare with it."""
        if not self.is_there:
            raise Unknown("nobody is stored")
        stored = self.known_stored
        assert isinstance(stored, Participant)  # noqa: S101  who is there is known
        return stored

    @property
    def taken(self) -> bool:
        """Whether another participant has the identity of the body."""
        return given(self.known_taken, "who has the identity")

    @property
    def uid(self) -> str:
        """The id in the path."""
        if not self.has_uid:
            raise Unknown("the path's id is not known")
        return given(self.path_uid, "the path's id")

    @property
    def import_state(self) -> str | None:
        """An import is "scheduled", "running", or there is none (None)."""
        return given(self.survey.import_state, "the import state")

    @property
    def interviewers(self) -> frozenset[str] | None:
        """The keys of the addresses with access; None where the survey allows no interviewers."""
        return given(self.survey.interviewer_keys, "the survey's interviewers", "are")

    @property
    def variables(self) -> Mapping[str, Variable]:
        """The survey's variables by key."""
        return given(self.survey.variables_by_key, "the survey's variables", "are")

    @property
    def seedable(self) -> frozenset[str] | None:
        """The keys of the questionnaire seeding; None where every variable may be seeded."""
        return given(self.survey.seedable_keys, "the questionnaire seeding")

    @property
    def invitable(self) -> frozenset[str]:
        """The keys of the invite seeding."""
        return given(self.survey.invitable_keys, "the invite seeding")

    @property
    def may_name_interviewer(self) -> bool:
        """Whether the survey allows interviewers and the caller may manage them."""
        return self.caller.manages_interviewers and self.interviewers is not None

    @property
    def is_invite_only(self) -> bool:
        """Whether the e-mail address alone identifies participants."""
        return self.survey.invited and not self.survey.logged_on


def given(value: T | Unset, fact: str, verb: str = "is") -> T:
    """The value of a fact; raises Untold where it is not known."""
    if isinstance(value, Unset):
        raise Untold(f"{fact} {verb} not known")
    return value
