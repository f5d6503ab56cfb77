"""Committing writes to a project.

The writes are made in memory first, in their order, on the keys that the database holds; that finds what is
taken, vanished or stale, and at which write. What they come to is then written: keys that are given up before
those that are taken, so that two participants may exchange an address.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from attrs import define, field
from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from participant_rules.adapters.sqlalchemy.owner import Owner, find_owner, id_of, named_keys
from participant_rules.adapters.sqlalchemy.schema import (
    MEMBERS,
    PROJECT_KEYS,
    PROJECT_PARTICIPANTS,
    PROJECTS,
    SEGMENTS,
    chunks,
)
from participant_rules.adapters.sqlalchemy.search import searched
from participant_rules.conflicts import Stale, Taken, Vanished
from participant_rules.project import Participant, Policy, Write
from participant_rules.project.keys import field_of
from participant_rules.project.wire import write as write_payload

__all__ = ["commit", "participant_row"]

KeyRow = tuple[bytes, int, int]  # key, turn, place

_KEY = PROJECT_KEYS.c
_ROW = PROJECT_PARTICIPANTS.c


@define(eq=False)
class _Seat:
    """A participant while a commit is made: its place, its keys, and the version it was found in.

    Without a version it is as an earlier write of the same commit left it, and `after` is to be stored.
    """

    place: int
    version: int | None = None
    after: Participant | None = None
    keys: set[bytes] = field(factory=set)


@define(eq=False)
class _Hall:
    """The participants that a commit speaks of, by id, and the holders of their keys, the first one first."""

    owner: Owner
    policy: Policy
    seats: dict[bytes, _Seat] = field(factory=dict)
    holders: dict[bytes, list[int]] = field(factory=dict)
    before: set[KeyRow] = field(factory=set)
    stood: set[int] = field(factory=set)
    gone: set[bytes] = field(factory=set)
    places: "count[int]" = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.places = count(self.owner.clock + 1)

    # ---- what the database holds

    def read(self, connection: Connection, ids: set[bytes], keys: set[bytes]) -> None:
        """Ask for the participants with the ids, and for the holders of their old and new keys."""
        self._read_holders(connection, ids | keys)
        places = {self.holders[each][0]: each for each in ids if self.holders.get(each)}
        for place, version in _versions(connection, self.owner, places):
            self.seats[places[place]] = _Seat(place, version)
        seats = {each.place: each for each in self.seats.values()}
        for some in chunks(seats):
            asked = select(_KEY.key, _KEY.place).where(_KEY.project == self.owner.no, _KEY.place.in_(some))
            for each in connection.execute(asked):
                seats[each.place].keys.add(each.key)
        self.stood = set(seats)
        owned = {key for each in seats.values() for key in each.keys}
        self._read_holders(connection, owned - self.holders.keys())

    def _read_holders(self, connection: Connection, keys: set[bytes]) -> None:
        for some in chunks(keys):
            asked = select(_KEY.key, _KEY.turn, _KEY.place).where(
                _KEY.project == self.owner.no, _KEY.key.in_(some)
            )
            for each in connection.execute(asked.order_by(_KEY.turn)):
                self.before.add((each.key, each.turn, each.place))
                self.holders.setdefault(each.key, []).append(each.place)

    # ---- one write

    def make(self, write: Write, position: int) -> None:
        """Make a write; raises the port's exceptions."""
        meant = id_of(write.before.participant if write.before else write.after)
        seat = self.seats.get(meant)
        self._expect(write, seat, position)
        if write.after is None:
            if seat is not None:
                self._leave(meant, seat)
            return
        if seat is None:
            seat = self.seats[meant] = _Seat(next(self.places))
        self._hold(seat, meant, write.after, position)
        seat.version, seat.after = None, write.after

    def _expect(self, write: Write, seat: _Seat | None, position: int) -> None:
        if write.before is None:
            if seat is not None:
                raise Taken("id", position)
        elif seat is None:
            raise Vanished(position)
        elif write.before.version != seat.version:
            raise Stale

    def _hold(self, seat: _Seat, meant: bytes, after: Participant, position: int) -> None:
        """Give a participant its keys, and take away the ones that it no longer has."""
        keys = {meant}
        for path, key in named_keys(after, self.owner.project, self.policy):
            if key not in seat.keys and self.holders.get(key):
                raise Taken(field_of(path), position)
            keys.add(key)
        for key in seat.keys - keys:
            self.holders[key].remove(seat.place)
        for key in keys - seat.keys:
            self.holders.setdefault(key, []).append(seat.place)
        seat.keys = keys

    def _leave(self, meant: bytes, seat: _Seat) -> None:
        for key in seat.keys:
            self.holders[key].remove(seat.place)
        del self.seats[meant]
        self.gone.add(meant)

    # ---- what it comes to

    def write(self, connection: Connection) -> None:
        """Store the result of the writes."""
        after = set(_key_rows(self.holders))
        tick = self.owner.clock + 1
        changed = [each for each in self.seats.values() if each.after is not None]
        kept = {each.place for each in self.seats.values()}
        self._delete(connection, self.before - after, self.stood - kept)
        old = [_row(self.owner, each, tick) for each in changed if each.place in self.stood]
        new = [_row(self.owner, each, tick) for each in changed if each.place not in self.stood]
        if old:
            connection.execute(_UPDATE, [_renamed(each) for each in old])
        if new:
            connection.execute(insert(PROJECT_PARTICIPANTS), new)
        if after - self.before:
            rows = [_key_row(self.owner, each) for each in sorted(after - self.before)]
            connection.execute(insert(PROJECT_KEYS), rows)
        clock = max(tick, next(self.places) - 1)
        connection.execute(update(PROJECTS).where(PROJECTS.c.no == self.owner.no).values(clock=clock))

    def _delete(self, connection: Connection, keys: set[KeyRow], places: set[int]) -> None:
        if keys:
            rows = [{"b_key": key, "b_turn": turn} for key, turn, _ in keys]
            given_up = delete(PROJECT_KEYS).where(_KEY.project == self.owner.no)
            given_up = given_up.where(_KEY.key == bindparam("b_key"), _KEY.turn == bindparam("b_turn"))
            connection.execute(given_up, rows)
        for some in chunks(places):
            mine = _ROW.project == self.owner.no
            connection.execute(delete(PROJECT_PARTICIPANTS).where(mine, _ROW.place.in_(some)))
        segments = select(SEGMENTS.c.no).where(SEGMENTS.c.project == self.owner.no)
        for gone in chunks(self.gone):
            left = delete(MEMBERS).where(MEMBERS.c.key.in_(gone), MEMBERS.c.segment.in_(segments))
            connection.execute(left)


def commit(connection: Connection, writes: Sequence[Write], policy: Policy) -> None:
    """Make the writes; see `Register.commit`."""
    for project in sorted({each.project for each in writes}):
        owner = find_owner(connection, project, hold=True)
        if owner is None:
            raise Stale
        hall = _Hall(owner, policy)
        mine = [(position, each) for position, each in enumerate(writes) if each.project == project]
        hall.read(connection, *_spoken_of((each for _, each in mine), owner, policy))
        for position, each in mine:
            hall.make(each, position)
        try:
            hall.write(connection)
        except IntegrityError:
            raise Stale from None  # somebody writes without holding the project: ask again


def _spoken_of(writes: Iterable[Write], owner: Owner, policy: Policy) -> tuple[set[bytes], set[bytes]]:
    """The ids that writes name, and the keys that they set."""
    ids, keys = set[bytes](), set[bytes]()
    for each in writes:
        ids.add(id_of(each.before.participant if each.before else each.after))
        if each.after is not None:
            keys.update(key for _, key in named_keys(each.after, owner.project, policy))
    return ids, keys


def _versions(connection: Connection, owner: Owner, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    for some in chunks(list(places)):
        asked = select(_ROW.place, _ROW.version).where(_ROW.project == owner.no, _ROW.place.in_(some))
        for each in connection.execute(asked):
            yield each.place, each.version


def _key_rows(holders: dict[bytes, list[int]]) -> Iterator[KeyRow]:
    """The rows of keys: the first holder's turn is 0, others wait with their places for turns."""
    for key, places in holders.items():
        for at, place in enumerate(places):
            yield key, place if at else 0, place


def _key_row(owner: Owner, row: KeyRow) -> dict[str, object]:
    key, turn, place = row
    return {"project": owner.no, "key": key, "turn": turn, "place": place}


_UPDATE = (
    update(PROJECT_PARTICIPANTS)
    .where(_ROW.project == bindparam("b_project"), _ROW.place == bindparam("b_place"))
    .values(
        {
            each: bindparam(f"b_{each}")
            for each in ("version", "document", "inserted", "identifier", "texts", "field_texts")
        }
    )
)


def _renamed(row: dict[str, object]) -> dict[str, object]:
    """The row for an update; its parameters may not have the names of columns."""
    return {f"b_{name}": value for name, value in row.items()}


def _row(owner: Owner, seat: _Seat, version: int) -> dict[str, object]:
    assert seat.after is not None  # noqa: S101  only who was changed is written
    return participant_row(owner, seat.place, version, seat.after)


def participant_row(owner: Owner, place: int, version: int, participant: Participant) -> dict[str, object]:
    """The row of a participant."""
    return {
        "project": owner.no,
        "place": place,
        "version": version,
        "document": write_payload(participant),
        **searched(participant),
    }
