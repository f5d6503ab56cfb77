"""Rows to a project: bulk calls, all or nothing each."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from attrs import evolve, field, frozen

from participant_rules.batch.outcomes import Action
from participant_rules.delivery.rows import Arrival, Row
from participant_rules.delivery.waiting import Patience
from participant_rules.http import Response, Unexpected
from participant_rules.project import Change, Client, Known, Participant, Project, Query, Stored, decide
from participant_rules.project.case import Case, Operation
from participant_rules.project.keys import ID, IDENTIFIER, keys_of_stored
from participant_rules.project.policy import POLICY
from participant_rules.project.wire import read_change
from participant_rules.violations import Violation

__all__ = ["ProjectPost"]

_EMAIL: Final = "demographics.email"
_ASKED: Final = 20  # calls about a call that may arrive twice
_NAMING: Final = (ID, IDENTIFIER, _EMAIL)
_ACTIONS: Final[Mapping[str, Action]] = {"add": "add", "update": "update"}
_row = re.compile("/participants/([0-9]+)(.*)", re.DOTALL).fullmatch


@frozen
class ProjectPost:
    """Carries rows to a project in bulk calls of at most `most` rows.

    With `allow_update` they may update participants; with `notify` those that are added get an invitation.
    """

    client: Client
    project: Project
    most: int = 100
    allow_update: bool = False
    notify: bool = False
    patience: Patience = field(factory=Patience)

    def send(self, rows: Sequence[Row]) -> Sequence[Action]:
        """Send rows in one call; see `Post.send`."""
        body = b'{"participants": [%s]' % b", ".join(each.payload for each in rows)
        body += b', "sendDefaultInvitationNotifications": true}' if self.notify else b"}"
        done = self.client.put_many(self.project.id, body, allow_update=self.allow_update)
        if len(done.results) != len(rows):
            raise Unexpected(Response(200))
        return [_ACTIONS.get(each.action, "none") for each in done.results]

    def by_row(self, violations: Sequence[Violation]) -> dict[int, tuple[Violation, ...]] | None:
        """The violations by row; None where one of them is about no row."""
        found: dict[int, tuple[Violation, ...]] = {}
        for each in violations:
            match = _row(each.pointer or "")
            if match is None:
                return None
            place = int(match[1])
            found[place] = (*found.get(place, ()), evolve(each, pointer=match[2]))
        return found

    # ---- what has arrived

    def arrival(self, rows: Sequence[Row]) -> Arrival:
        """Whether a call with these rows arrived: it has done all of them or none.

        Rows that are all as they would be have arrived. A call that does no harm a second time is absent as
        soon as one row is otherwise, or where more rows had to be asked for than the second call costs. Any
        other is absent where somebody is not there, and else nobody can tell.
        """
        newest = self._newest(len(rows))
        harmless = self.allow_update and all(
            ID in each or IDENTIFIER in each for each in map(self._keys, rows)
        )
        unsure, asked = False, 0
        for row in rows:
            found = self._among(newest, row)
            if found is None:
                asked += 1
                found = self._ask(row) if asked <= _ASKED or not harmless else None
            if found is None:
                return Arrival.ABSENT
            if not self._is_done(row, found):
                if harmless:
                    return Arrival.ABSENT
                unsure = True
        return Arrival.UNKNOWN if unsure else Arrival.ARRIVED

    def _is_done(self, row: Row, found: Participant) -> bool:
        """Whether a row would change nothing of a participant."""
        asked = self._change(row).asked
        assert isinstance(asked, Participant)  # noqa: S101  the row was judged
        change = Change(Operation.PUT, self.project.id, asked=evolve(asked, id=found.id))
        decision = decide(Case.of(change, Known(self.project, (Stored(found),))))
        return bool(decision) and decision.action == "none"

    def _newest(self, count: int) -> Mapping[tuple[str, str], Participant]:
        """The participants added last, by key, among them the added ones of a call that has arrived."""
        query = Query(ascending=False, page_size=count)
        page = self.patience.ask(lambda: self.client.page(self.project.id, query))
        return {
            each: participant
            for participant in reversed(page.participants)
            for each in keys_of_stored(Stored(participant), self.project, POLICY).items()
        }

    def _among(self, known: Mapping[tuple[str, str], Participant], row: Row) -> Participant | None:
        keys = self._keys(row)
        path = next((each for each in _NAMING if each in keys), _EMAIL)
        return known.get((path, keys.get(path, "")))

    def _ask(self, row: Row) -> Participant | None:
        """The participant that a row names, as the server answers; None for none."""
        asked = self._change(row).asked
        assert isinstance(asked, Participant)  # noqa: S101  the row was judged
        name = asked.id or asked.participant_identifier
        if not isinstance(name, str):
            return self._by_address(row, asked)
        by_id = bool(asked.id)
        return self.patience.find(lambda: self.client.get(self.project.id, name.strip(), by_id=by_id))

    def _by_address(self, row: Row, asked: Participant) -> Participant | None:
        email = asked.demographics.email if asked.demographics else None
        query = Query(demographics=(("email", str(email).strip()),))
        page = self.patience.ask(lambda: self.client.page(self.project.id, query))
        key = self._keys(row)[_EMAIL]
        same = (
            each
            for each in page.participants
            if keys_of_stored(Stored(each), self.project, POLICY).get(_EMAIL) == key
        )
        return next(same, None)

    def _keys(self, row: Row) -> Mapping[str, str]:
        """The keys of a row by path."""
        return self._change(row).keys(self.project, POLICY)

    def _change(self, row: Row) -> Change:
        return read_change(row.payload, Operation.PUT, self.project.id)
