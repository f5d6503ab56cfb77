"""Clients of a server of survey participants: every documented call, checked before it is sent.

A payload (bytes, text, decoded JSON, or an entity) that breaks a law is refused here, with all that is wrong
with it, and nothing is sent; a refusal of the server is recognised and raised as the same violation. Payloads
are sent as they were given; what is odd in the latest one is in `warnings`. Every method raises `Refused`,
`Unexpected` for an answer in no documented form, and what the transport raises when there is none; ValueError
for an empty name in the path.

A call whose answer is lost may be sent again by the transport, but for `add` and `add_subject`: of these it
is not known whether they arrived.
"""

from collections.abc import AsyncIterator, Iterator

from attrs import frozen

from participant_rules.http import AsyncTransport, Transport
from participant_rules.steps import hold, hold_async
from participant_rules.survey.api import BEGINNING, MOST_PARTICIPANTS
from participant_rules.survey.calls import Calls, of_subject
from participant_rules.survey.case import Change, Operation
from participant_rules.survey.model import Participant, Subject
from participant_rules.survey.ports import Page
from participant_rules.twins import as_coroutine

__all__ = ["AsyncClient", "Client"]


@frozen(kw_only=True)
class Client(Calls[Transport]):
    """A client behind a transport: `Client(transport, credentials, surveys=[known definitions])`.

    Credentials are never shown; without them no headers are sent.
    """

    _hold = staticmethod(hold)

    def page(self, survey: str, *, starting_from: str = BEGINNING, limit: int = MOST_PARTICIPANTS) -> Page:
        """One page of summaries: participants without seedings and subjects."""
        return self._hold(self._page(survey, starting_from, limit))

    def participants(
        self, survey: str, *, starting_from: str = BEGINNING, page_size: int = MOST_PARTICIPANTS
    ) -> Iterator[Participant]:
        """The summaries of all participants; a page is fetched when it is reached."""
        more = True
        while more:
            page = self.page(survey, starting_from=starting_from, limit=page_size)
            yield from page.participants
            starting_from, more = page.progress, bool(page.participants) and not page.up_to_date

    def get(self, survey: str, uid: str) -> Participant:
        """One participant."""
        return self._hold(self._participant(Change(Operation.READ, survey, uid)))

    def add(self, survey: str, payload: object) -> Participant:
        """Add a participant; it is answered as it stands."""
        return self._hold(self._participant(Change(Operation.ADD, survey), payload))

    def update(self, survey: str, uid: str, payload: object) -> Participant:
        """Replace a participant, as far as it may change."""
        return self._hold(self._participant(Change(Operation.UPDATE, survey, uid), payload))

    def delete(self, survey: str, uid: str) -> None:
        """Delete a participant."""
        return self._hold(self._nothing(Change(Operation.DELETE, survey, uid)))

    def subjects(self, survey: str, uid: str) -> tuple[Subject, ...]:
        """The subjects of a participant."""
        return self._hold(self._subjects(Change(Operation.LIST_SUBJECTS, survey, uid)))

    def get_subject(self, survey: str, uid: str, name: str | None) -> Subject:
        """One subject; in a non-group questionnaire its name is "" or None."""
        return self._hold(self._subject(of_subject(Operation.READ_SUBJECT, survey, uid, name)))

    def add_subject(self, survey: str, uid: str, payload: object) -> Subject:
        """Add a subject to a participant of a group questionnaire."""
        return self._hold(self._subject(Change(Operation.ADD_SUBJECT, survey, uid), payload))

    def update_subject(self, survey: str, uid: str, name: str | None, payload: object) -> Subject:
        """Replace the seeding of a subject."""
        return self._hold(self._subject(of_subject(Operation.UPDATE_SUBJECT, survey, uid, name), payload))

    def delete_subject(self, survey: str, uid: str, name: str | None) -> None:
        """Delete a subject of a group questionnaire."""
        return self._hold(self._nothing(of_subject(Operation.DELETE_SUBJECT, survey, uid, name)))


@frozen(kw_only=True)
class AsyncClient(Calls[AsyncTransport]):
    """A client behind an async transport: `AsyncClient(transport, credentials, surveys=[known])`.

    Its methods are those of `Client`, as coroutines.
    """

    _hold = staticmethod(hold_async)
    page = as_coroutine(Client.page)
    get = as_coroutine(Client.get)
    add = as_coroutine(Client.add)
    update = as_coroutine(Client.update)
    delete = as_coroutine(Client.delete)
    subjects = as_coroutine(Client.subjects)
    get_subject = as_coroutine(Client.get_subject)
    add_subject = as_coroutine(Client.add_subject)
    update_subject = as_coroutine(Client.update_subject)
    delete_subject = as_coroutine(Client.delete_subject)

    async def participants(
        self, survey: str, *, starting_from: str = BEGINNING, page_size: int = MOST_PARTICIPANTS
    ) -> AsyncIterator[Participant]:
        """The summaries of all participants; a page is fetched when it is reached."""
        more = True
        while more:
            page = await self.page(survey, starting_from=starting_from, limit=page_size)
            for each in page.participants:
                yield each
            starting_from, more = page.progress, bool(page.participants) and not page.up_to_date
