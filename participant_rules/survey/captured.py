"""What was captured of participants in JSON texts, and what the readers of signs are shown of one of them."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from participant_rules.formats import email_key, malformed_emails
from participant_rules.patterns import pairs_of, value_of
from participant_rules.skims import Columns, where
from participant_rules.survey.guards import are_distinct
from participant_rules.survey.layout import ADDRESS, INVITATION, LOGIN, OPTED_OUT, SENDING, Layout

__all__ = ["Captured", "ShownText"]


class Captured:
    """What was captured, a column for each member; of subjects for each place that one may have.

    The last column is blank: it stands for what was not captured.
    """

    def __init__(self, columns: Columns, layout: Layout) -> None:
        def all_of(section: str, name: str) -> list[Sequence[str]]:
            return [columns[each] for each in layout.at.get((section, name), ())]

        def one_of(section: str, name: str) -> Sequence[str]:
            return next(iter(all_of(section, name)), columns[-1])

        self.layout = layout
        self.invited, self.logging_on = one_of(*INVITATION), one_of(*LOGIN)
        self.enabled = one_of("", "enabled")
        self.opted_out, self.sending = one_of(*OPTED_OUT), one_of(*SENDING)
        self.addresses = list(map(str.strip, one_of(*ADDRESS))) if layout.addresses_identify else ()
        """Trimmed, where they identify participants."""
        self.no_addresses = self._no_addresses(one_of(*ADDRESS))
        """What is no address, by place; empty where nothing is there."""
        self.further_invites = one_of("invitationSection", "inviteSeeding")
        self.logins = one_of("loginSection", "login")
        self.interviewers = one_of("loginSection", "interviewer")
        self.names = all_of("subjects", "subjectName")
        self.seedings = all_of("subjects", "questionnaireSeeding")

    def _no_addresses(self, column: Sequence[str]) -> dict[int, str]:
        if self.layout.addresses_identify:
            return {place: self.addresses[place] for place in malformed_emails(self.addresses)}
        if ADDRESS not in self.layout.at:
            return dict.fromkeys(range(len(column)), "")
        odd = {place: (value_of(column[place]) or "").strip() for place in where(column)}
        return {place: text for place, text in odd.items() if email_key(text) is None}


class ShownText:
    """What was captured of a participant, and of his seedings those that are odd, by subject; see `Shown`."""

    def __init__(self, captured: Captured, place: int, odd: Mapping[int, Mapping[str, Any]]) -> None:
        self._captured, self._place, self._odd = captured, place, odd

    @property
    def lacks(self) -> tuple[bool, bool]:
        """Whether there is no invitation, and no login."""
        return not self._captured.invited[self._place], not self._captured.logging_on[self._place]

    @property
    def login(self) -> str:
        """The login name, empty where there is none."""
        return self._captured.logins[self._place]

    @property
    def interviewer(self) -> str | None:
        """The address of the interviewer."""
        quoted = self._captured.interviewers[self._place]
        return quoted[1:-1] if quoted else None

    @property
    def names(self) -> list[str]:
        """The names of the subjects."""
        quoted = [column[self._place] for column in self._captured.names]
        return [name[1:-1] for name in quoted if name]

    @property
    def reach(self) -> tuple[bool | None, bool | None, bool | None]:
        """Whether he has opted out, whether he is to be invited, and whether his address is well formed."""
        captured, place, sent = self._captured, self._place, self._captured.layout.at
        no_address = captured.no_addresses.get(place)
        return (
            captured.opted_out[place] != "" if OPTED_OUT in sent else None,
            captured.sending[place] != "" if SENDING in sent else None,
            None if no_address == "" else no_address is None,
        )

    @cached_property
    def invites(self) -> tuple[str, ...]:
        """The keys of the invite seeding."""
        further, layout = self._captured.further_invites[self._place], self._captured.layout
        pairs = pairs_of("{" + further[len(layout.style.item) :] + "}") if further else ()
        return (*layout.invites, *[name for name, _ in pairs])

    @property
    def has_distinct_keys(self) -> bool:
        """Whether no key of the invite seeding is there in two spellings; other seedings are told so only."""
        return are_distinct(self.invites)

    @property
    def odd_seedings(self) -> Iterable[tuple[int, Mapping[str, Any]]]:
        """The places of subjects, and what is not right of their seedings."""
        return self._odd.items()

    @property
    def enabled(self) -> Any:
        """Whether he is enabled; raises ValueError for what is no JSON."""
        odd = self._captured.enabled[self._place]
        return value_of(odd) if odd else True
