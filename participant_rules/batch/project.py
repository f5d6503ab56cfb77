"""Rows of a project's Bulk Add/Update, judged by the chunk."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import compress
from typing import Any, Final

from attrs import evolve, field, frozen

from participant_rules import jsontext
from participant_rules.batch.chunks import ChunkResult, Draft, Settled
from participant_rules.batch.claims import Hasher, local
from participant_rules.batch.holdings import Holdings, of_case, of_update
from participant_rules.batch.judges import told_of
from participant_rules.batch.outcomes import Action
from participant_rules.batch.records import Sound, Tabular
from participant_rules.batch.repeats import Key
from participant_rules.jsontext import Glance
from participant_rules.project.case import Case, Change, Keys, Known, Operation, keys
from participant_rules.project.cells import Columns, Skims, skims_of
from participant_rules.project.claim import STRANGER, Claim
from participant_rules.project.claiming import Claimed
from participant_rules.project.decision import Rows
from participant_rules.project.ledger import Ledger
from participant_rules.project.likeness import is_alike
from participant_rules.project.merge import merge
from participant_rules.project.model import Participant, Project, Stored
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.ports import Roster
from participant_rules.project.rules import BULK
from participant_rules.project.telling import Teller, teller_of
from participant_rules.project.wire import read_body, read_value
from participant_rules.rules import RuleSet
from participant_rules.unset import Unset
from participant_rules.violations import Violation

__all__ = ["ProjectTask"]

_Told = dict[int, Claim]  # rows that a screen can tell, by their places in a chunk
_Changes = dict[int, Change]  # the other ones


@frozen
class ProjectTask:
    """Records are rows of one Bulk Add/Update of a project.

    Without a `roster` it is not known who is stored, and what depends on that is not judged.
    """

    project: Project
    roster: Roster | None = field(default=None, repr=False)
    allow_update: bool = False
    policy: Policy = POLICY
    laws: RuleSet = field(default=BULK, repr=False)

    def __reduce__(self) -> tuple[type["ProjectTask"], tuple[Any, ...]]:
        """Travels between processes; our own laws, which cannot, are there already."""
        known = (self.project, self.roster, self.allow_update, self.policy)
        return type(self), known if self.laws is BULK else (*known, self.laws)

    def judge(
        self, *, hasher: Hasher = local, glance: Glance = jsontext.glance, warnings: bool = True
    ) -> "ProjectJudge":
        """The judge of these rows; without `warnings` it says violations only."""
        return ProjectJudge(self, hasher, glance, warnings=warnings)

    def ask(self, asked: Keys) -> Known:
        """What the roster answers; raises TypeError for one whose methods are coroutines."""
        if self.roster is None:
            return Known(self.project)
        known = self.roster.find(asked)
        if not isinstance(known, Known):
            raise TypeError("a batch asks a roster whose methods answer at once")
        return evolve(known, project=self.project)

    def rows(self, known: Known) -> Rows:
        """What decides rows on what is known."""
        return Rows(known, allow_update=self.allow_update, policy=self.policy, laws=self.laws)

    def unique_keys(self, payload: object) -> Sequence[Key]:
        """What names a participant, and the keys of his address and number; see `Task.unique_keys`."""
        asked, faults = read_body(payload)
        if faults or not isinstance(asked, Participant):
            return ()
        case = Case.of(self.change(asked, faults), Known(self.project), self.policy)
        found = (
            ("/participantIdentifier", asked.participant_identifier, True),
            ("/id", asked.id.lower() if isinstance(asked.id, str) else None, True),
            ("/demographics/email", case.email_key, False),
            ("/demographics/mobilePhone", case.phone_key, False),
        )
        return [Key(pointer, text, names) for pointer, text, names in found if isinstance(text, str) and text]

    def change(self, asked: Participant | Unset, faults: tuple[Violation, ...]) -> Change:
        """A row that was read."""
        return Change(Operation.BULK, self.project.id, asked=asked, faults=faults)


class ProjectJudge:
    """Judges rows: those that can be told by their signs, the others by the rules."""

    def __init__(self, task: ProjectTask, hasher: Hasher, glance: Glance, *, warnings: bool) -> None:
        self.task, self.warns, self._hasher, self._glance = task, warnings, hasher, glance
        if task.laws is BULK:
            self.teller = teller_of(task.project, task.policy, warnings=warnings)
            self._skims: Skims = skims_of(task.project, task.policy)
        else:
            self.teller = Teller(task.project, task.policy, task.laws, warnings=warnings)
            self._skims = _skims_nothing

    def contest(self) -> "ProjectContest":
        """A contest that no row has entered yet."""
        return ProjectContest(self)

    def judge(self, payloads: Sequence[object], first: int = 0, *, sound: bool = False) -> ChunkResult:
        """Judge each row as if it stood alone; see `Judge.judge`."""
        told, changes = self.look(payloads, sound=sound)
        claimed = Claimed.of(told)
        rows = self.task.rows(self.task.ask(self.keys(claimed, changes)))
        ledger, draft, held = rows.ledger, Draft(first, len(payloads)), Holdings()
        strangers = set[int]()
        for place in _met(claimed, ledger):
            said = self._of_stored(told, place, partial(self._body_at, payloads, place), ledger)
            if said is not None:
                draft.put(place, *said)
                held.note(place, of_update(told.pop(place), ledger))
            elif told[place].has_fault(STRANGER):
                strangers.add(place)
            else:
                changes[place] = self.change(payloads[place])
                del told[place]
        for place, change in changes.items():
            decision = rows.decide(change)
            draft.put(place, *told_of(decision, warnings=self.warns))
            held.note(place, of_case(decision.case))
        added = claimed.only(told)
        for place in strangers | self._remarkable(added, ledger):
            stands, why = self.teller.of_new(told[place], partial(self._body_at, payloads, place), ledger)
            draft.put(place, "add" if stands else "refused", why)
        held.take(added)
        for kind, places, texts in held:
            draft.claim(places, self._hasher(kind, texts))
        return draft.finished()

    def look(self, payloads: Sequence[object], *, sound: bool = False) -> tuple[_Told, _Changes]:
        """The rows that the screen can tell, and the others."""
        glance, screen, skimmer = self._glance, self.teller.screen, self.teller.skimmer
        told = self._by_cells(payloads) if isinstance(payloads, Tabular) else _Told()
        changes = _Changes()

        def read(place: int) -> bool:
            """Part one that is not told by skimming; whether its shape was learned."""
            payload = payloads[place]
            trusted = sound or payload.__class__ is Sound
            body, colons = (_bare(payload), 0) if trusted else glance(payload)
            claim = screen(body)
            counted = trusted or (claim is not None and claim.colons == colons)
            if not counted and (colons < 0 or not jsontext.is_whole(payload, body, colons)):
                changes[place] = self.task.change(*read_body(payload))
            elif claim is None:
                changes[place] = self.task.change(*read_value(body))
            else:
                told[place] = claim
                return skimmer.learn(payload, body)
            return False

        rest = [place for place in range(len(payloads)) if place not in told]
        told |= skimmer.sift(payloads, rest, read)
        return told, changes

    def _by_cells(self, table: Tabular) -> _Told:
        """The rows of a table that can be told from their cells."""
        skim = self._skims(table.columns, table.width)
        if skim is None:
            return {}
        claims, unsure = skim(list(table.cells))
        return {place: claim for place, claim in enumerate(claims) if place not in unsure}

    def change(self, payload: object) -> Change:
        """A row that was told, as a change."""
        return self.task.change(*read_value(self.body(payload)))

    def body(self, payload: object) -> Any:
        """The JSON value of a row that was told: it is sound."""
        is_text = isinstance(payload, bytes | str)
        return jsontext.sound_value(payload, self._glance) if is_text else _bare(payload)

    def _body_at(self, payloads: Sequence[object], place: int) -> Any:
        return self.body(payloads[place])

    def keys(self, claimed: Claimed, changes: _Changes) -> Keys:
        """The question about all the rows."""
        asked = keys(changes.values(), self.task.policy)
        return Keys(
            self.task.project.id,
            asked.ids.union(filter(None, claimed.ids)),
            asked.identifiers.union(filter(None, claimed.identifiers)),
            asked.emails.union([key for key in claimed.emails if key]),
            self.task.policy,
            tuple(changes.values()),
            frozenset([key for key in claimed.phones if key]),
        )

    def _of_stored(
        self, told: _Told, place: int, body: Callable[[], Any], ledger: Ledger
    ) -> tuple[Action, tuple[Violation, ...]] | None:
        """What becomes of a row that names somebody who is stored; None where it is not sure.

        Of a row with an id that nobody has, its claim says so from now on.
        """
        claim = told[place]
        entry = ledger.identifiers.first.get(claim.identifier or "")
        if entry is None:
            if ledger.complete and claim.id not in ledger.ids:
                told[place] = claim.of_stranger()
            return None
        said = self.teller.of_update(claim, body, entry, ledger) if self.task.allow_update else None
        if said is None:
            return None
        if not said[0]:
            return "refused", said[1]
        return ("none" if is_alike(body(), claim, entry, self.task.project) else "update"), said[1]

    def _remarkable(self, added: Claimed, ledger: Ledger) -> set[int]:
        """The places of rows of which something is said: they have signs, or what is another one's."""
        found = {*compress(added.places, added.faults)}
        if self.warns:
            found.update(compress(added.places, added.odd))
        for taken, column in ((ledger.emails.first, added.emails), (ledger.phones.first, added.phones)):
            if not taken.keys().isdisjoint(column):
                found.update([place for place, key in zip(added.places, column, strict=True) if key in taken])
        return found


def _met(claimed: Claimed, ledger: Ledger) -> list[int]:
    """The places of rows that name somebody who is stored, or have an id."""
    stored, named = ledger.identifiers.first, zip(*claimed[:3], strict=True)
    return [place for place, name, identifier in named if identifier in stored or name is not None]


_NOT_SURE: Final[tuple[bool, tuple[Violation, ...]]] = (True, ())


class ProjectContest:
    """Rows that claim the same, decided one after the other."""

    def __init__(self, judge: ProjectJudge) -> None:
        self._judge, self._task = judge, judge.task
        self._rows = self._task.rows(self._task.ask(Keys(self._task.project.id)))

    def decide(self, rows: Sequence[tuple[int, object]]) -> Iterator[Settled]:
        """Decide further rows in their order; see `Contest.decide`."""
        payloads = [payload for _, payload in rows]
        told, changes = self._judge.look(payloads)
        known = self._task.ask(self._judge.keys(Claimed.of(told), changes))
        if not isinstance(known.participants, Unset):
            self._rows.learn(known.participants)
        identifiers = self._rows.ledger.identifiers.first
        for place, (number, payload) in enumerate(rows):
            claim = told.get(place)
            if claim is not None and claim.id is None and (claim.identifier or "") not in identifiers:
                yield number, *self._add(claim, payload, number)
                continue
            refused = self._refused(claim, payload) if claim is not None else None
            if refused is not None:
                yield number, "refused", refused
                continue
            change = changes.get(place) or self._judge.change(payload)
            decision = self._rows.decide(change)
            yield number, *told_of(decision, warnings=self._judge.warns)
            self._rows.stand(decision, number)

    def _refused(self, claim: Claim, payload: object) -> tuple[Violation, ...] | None:
        """What is said of an update that surely does not stand."""
        entry = self._rows.ledger.identifiers.first.get(claim.identifier or "")
        if entry is None or not self._task.allow_update:
            return None
        body = partial(self._judge.body, payload)
        stands, said = self._judge.teller.of_update(claim, body, entry, self._rows.ledger) or _NOT_SURE
        return None if stands else said

    def _add(self, claim: Claim, payload: object, row: int) -> tuple[Action, tuple[Violation, ...]]:
        """Add somebody who can be told by his signs, unless another one has his address or number."""
        ledger, body = self._rows.ledger, partial(self._judge.body, payload)
        stands, said = self._judge.teller.of_new(claim, body, ledger)
        if stands:
            added = _Added(self._judge, payload)
            ledger.enter_new(added, claim.identifier, claim.email, claim.phone, row)
        return "add" if stands else "refused", said


@frozen
class _Added:
    """An added participant, who is made of his payload when a later row speaks of him."""

    judge: ProjectJudge
    payload: object = field(repr=False)

    @property
    def participant(self) -> Participant:
        """The participant."""
        task = self.judge.task
        return merge(Case.of(self.judge.change(self.payload), Known(task.project, ()), task.policy))

    @property
    def as_stored(self) -> Stored:
        """As an earlier row left it."""
        return Stored(self.participant)


def _bare(payload: object) -> object:
    """A decoded payload as a plain value."""
    return dict(payload) if isinstance(payload, Sound) else payload


def _skims_nothing(_columns: Columns, _width: int) -> None:
    """The skims for laws that they do not know."""
