"""The differences that an accepted call makes, by the answers of Get Participant before and after it."""

from collections.abc import Hashable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

from attrs import evolve

from participant_rules.changes import MemberChange, Members, compared, is_nothing
from participant_rules.schema.kinds import Path
from participant_rules.survey.case import Case, Operation
from participant_rules.survey.model import Participant, Subject
from participant_rules.survey.omission import omissions
from participant_rules.survey.wire import answer
from participant_rules.unknown import Unknown
from participant_rules.violations import pointer

__all__ = ["differences"]

Key = tuple[Hashable, ...]

_SUBJECTS: Final = ("loginSection", "subjects")
_REPLACING: Final = frozenset({Operation.UPDATE, Operation.UPDATE_SUBJECT})


def differences(case: Case, after: Participant) -> tuple[MemberChange, ...]:
    """The members that differ, and which of them the body leaves out; none without a known participant."""
    before = case.known_stored
    if not isinstance(before, Participant):
        return ()
    old, new = _members(before, case), _members(after, case)
    lost = tuple(_lost(case, old, new))
    return tuple([evolve(each, omitted=_is_within(key, lost)) for key, each in compared(old, new, _same)])


def _lost(case: Case, old: Members, new: Members) -> Iterator[Key]:
    """The keys of values that a full replacement loses: of members and subjects absent from the body."""
    operation = case.change.operation
    if operation in _REPLACING:
        yield from _left_out(case)
    if operation is Operation.UPDATE:
        yield from ((*_SUBJECTS, name) for name in _subjects(old) - _subjects(new))


def _is_within(key: Any, lost: Iterable[Key]) -> bool:
    return any(key[: len(each)] == each for each in lost)


def _subjects(members: Members) -> frozenset[Hashable]:
    """The names of the subjects."""
    return frozenset(key[2] for key in members if isinstance(key, tuple) and key[:2] == _SUBJECTS)


def _same(stored: Any, new: Any) -> bool:
    """Whether two values of a survey's participant are the same: texts exactly, null and "" are one."""
    return (is_nothing(stored) and is_nothing(new)) or (type(stored) is type(new) and stored == new)


# ---- members of an answer, by what compares


def _members(participant: Participant, case: Case) -> Members:
    answered = answer(participant, case.survey, case.caller)
    return {
        _key(path, answered): (pointer(*path), value)
        for path, value in _flat(answered, ())
        if path[-1] != "status"
    }


def _flat(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """The values inside an answer, and their paths."""
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for name, each in inner:
            yield from _flat(each, (*path, name))
    else:
        yield path, value


def _key(path: Path, answered: Any) -> Key:
    """The key of a member: of a subject its name, of a seeding its key without regard to case."""
    if path[:2] == _SUBJECTS:
        name = answered["loginSection"]["subjects"][path[2]]["subjectName"]
        return _folded((*_SUBJECTS, name, *path[3:]))
    return _folded(path)


def _folded(key: Key) -> Key:
    """A key whose last step into a seeding is one of its keys, which compare without regard to case."""
    into_seeding = {"inviteSeeding", "questionnaireSeeding"}.intersection(key[:-1])
    return (*key[:-1], str(key[-1]).lower()) if into_seeding else key


# ---- what the body leaves out


def _left_out(case: Case) -> Iterator[Key]:
    """The keys of the members that the body leaves out, or of seedings as a whole."""
    with suppress(Unknown):
        for path in omissions(case):
            yield _omitted(path, case)


def _omitted(path: Path, case: Case) -> Key:
    if isinstance(case.asked, Subject):
        return _folded((*_SUBJECTS, case.path_subject, *path))
    if path[:2] == _SUBJECTS:
        (name,) = [each.subject_name for where, each in case.subjects if where == path[:3]]
        return _folded((*_SUBJECTS, name, *path[3:]))
    return _folded(path)
