"""Clients of a server of project participants: every documented call, checked before it is sent.

A payload (bytes, text, decoded JSON, an entity, or what `read` made of one) that breaks a law is refused
here, with all that is wrong with it, and nothing is sent; a refusal of the server is recognised and raised as
the same violations. Payloads are sent as they were given; what is odd in the latest one is in `warnings`.
Every method raises `Refused`, `Unexpected` for an answer in no documented form, and what the transport raises
when there is none; ValueError for an empty name in the path.

A call whose answer is lost may be sent again by the transport, but for those that a second arrival would do
twice: a `put` that names nobody by identifier or id, and a `put_many` without `allow_update` or with such
rows. Of these it is not known whether they arrived.

A participant is named by its identifier, or with `by_id` by its id.
"""

from collections.abc import AsyncIterator, Iterator

from attrs import evolve, frozen

from participant_rules.http import AsyncTransport, Transport
from participant_rules.project.calls import BulkResult, Calls, Result
from participant_rules.project.case import Change, Operation
from participant_rules.project.model import Membership, Participant
from participant_rules.project.ports import Page
from participant_rules.project.query import Query
from participant_rules.steps import hold, hold_async
from participant_rules.twins import as_coroutine

__all__ = ["AsyncClient", "Client"]


@frozen(kw_only=True)
class Client(Calls[Transport]):
    """A client behind a transport: `Client(transport, token, projects=[known definitions])`.

    The token is never shown; without one no header is sent.
    """

    _hold = staticmethod(hold)

    def page(self, project: str, query: Query | None = None) -> Page:
        """One page of the participants that match, and how many there are in all."""
        return self._hold(self._search(project, query or Query()))

    def participants(self, project: str, query: Query | None = None) -> Iterator[Participant]:
        """All participants that match, from the query's page on; a page is fetched when it is reached.

        Pages shift while somebody else adds or deletes participants: one may be answered twice, or be left
        out. By itself it asks in the order of insertion, so that whoever is added meanwhile comes last.
        """
        query = query or Query()
        more = True
        while more:
            page = hold(self._search(project, query, steady=True))
            yield from page.participants
            query = evolve(query, page_number=query.page_number + 1)
            more = bool(page.participants) and query.page_number * query.page_size < page.total

    def get(self, project: str, participant: str, *, by_id: bool = False) -> Participant:
        """One participant."""
        return self._hold(self._participant(Change(Operation.READ, project, participant, by_id)))

    def put(self, project: str, payload: object) -> Result:
        """Add a participant, or update the one that the payload names."""
        return self._hold(self._put(project, payload))

    def put_many(
        self, project: str, payload: object, *, allow_update: bool = False, notify: bool | None = None
    ) -> BulkResult:
        """Add or update many, all or none: a bulk body, or an iterable of participants.

        With `notify` those that were added get an invitation; a body says so itself.
        """
        return self._hold(self._put_many(project, payload, allow_update=allow_update, notify=notify))

    def delete(self, project: str, participant: str, *, by_id: bool = False) -> Result:
        """Delete a participant."""
        return self._hold(self._result(Change(Operation.DELETE, project, participant, by_id)))

    def withdraw(self, project: str, participant: str, *, by_id: bool = False) -> Result:
        """Withdraw a participant, which cannot be undone."""
        return self._hold(self._result(Change(Operation.WITHDRAW, project, participant, by_id)))

    def segments(self, project: str, participant: str, *, by_id: bool = False) -> tuple[Membership, ...]:
        """The segments that a participant belongs to."""
        return self._hold(self._memberships(Change(Operation.SEGMENTS, project, participant, by_id)))


@frozen(kw_only=True)
class AsyncClient(Calls[AsyncTransport]):
    """A client behind an async transport: `AsyncClient(transport, token, projects=[known definitions])`.

    Its methods are those of `Client`, as coroutines; the token port may be either.
    """

    _hold = staticmethod(hold_async)
    page = as_coroutine(Client.page)
    get = as_coroutine(Client.get)
    put = as_coroutine(Client.put)
    put_many = as_coroutine(Client.put_many)
    delete = as_coroutine(Client.delete)
    withdraw = as_coroutine(Client.withdraw)
    segments = as_coroutine(Client.segments)

    async def participants(self, project: str, query: Query | None = None) -> AsyncIterator[Participant]:
        """All participants that match; see `Client.participants`."""
        query = query or Query()
        more = True
        while more:
            page = await hold_async(self._search(project, query, steady=True))
            for each in page.participants:
                yield each
            query = evolve(query, page_number=query.page_number + 1)
            more = bool(page.participants) and query.page_number * query.page_size < page.total
