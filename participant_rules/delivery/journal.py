"""The journal of a file that is sent: a line before each call, and one after it, on disk before going on.

    {"journal": 1, "purpose": "<keyed hash of the server and the definition's id>"}
    {"call": 1, "rows": [[2, "<keyed hash of the row>", 0, "add"], …]}
    {"call": 1, "sent": ["add", …]}

or instead of the last one `"refused"` (by the place of the row in the call: codes and pointers), `"nothing"`
(the call has done nothing, and its rows are still to be sent) or `"unknown"` (nobody can tell whether it
arrived). There is no personal data in it. A last line that was cut short is taken away: what it would have
said has not begun, or is asked for.
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, Self

from attrs import define, field

from participant_rules.delivery.locks import lock
from participant_rules.delivery.marks import Marks, durable_folder
from participant_rules.delivery.rows import Mark, Row, State
from participant_rules.unusable import Unusable
from participant_rules.violations import Violation

__all__ = ["Journal", "Started"]

_VERSION: Final = 1
_OUTCOMES: Final = frozenset({"sent", "refused", "nothing", "unknown"})
_ACTIONS: Final = frozenset({"add", "update", "none"})
Started = tuple[int, Mark, Any]
"""A row of a call: its place in the file, its mark, and the action that was planned."""


@define
class Journal:
    """The known states of a file's rows: `states` by their marks, and the call that is `open`, if any."""

    path: Path
    states: dict[Mark, State] = field(factory=dict, repr=False)
    open: tuple[Started, ...] = field(default=(), repr=False)
    _calls: int = 0
    _file: BinaryIO | None = field(default=None, repr=False)

    @classmethod
    def at(cls, path: Path, marks: Marks, purpose: str) -> Self:
        """The journal at a path, read as far as it goes, and locked; a new one where there is none.

        Raises Unusable where it cannot be used, another process uses it, or it is about another server or
        definition.
        """
        journal = cls(path)
        try:
            journal._take(marks.hashed(purpose.encode()))
        except OSError as failure:
            journal.close()
            raise Unusable(f"{path}: the journal cannot be used ({failure.strerror})") from None
        except Unusable:
            journal.close()
            raise
        return journal

    def close(self) -> None:
        """Close the file, and free the lock."""
        if self._file is not None:
            self._file.close()

    # ---- what is about to be done, and what became of it

    def begin(self, rows: Sequence[Row], places: Sequence[int]) -> None:
        """A call with these rows is about to be made; the places are their rows in the file.

        Raises ValueError where a call is open: what has become of that one would be lost.
        """
        if self.open:
            raise ValueError("a call is open")
        self._calls += 1
        self.open = tuple([(place, row.mark, row.action) for place, row in zip(places, rows, strict=True)])
        entry = [[place, *mark, action] for place, mark, action in self.open]
        self._write({"call": self._calls, "rows": entry})

    def sent(self, actions: Sequence[str] | None = None) -> tuple[State, ...]:
        """The open call was carried out, with these actions or else the planned ones."""
        return self._end("sent", [action for _, _, action in self.open] if actions is None else [*actions])

    def refused(self, found: Mapping[int, Sequence[Violation]]) -> None:
        """The open call was refused as a whole, for violations of some of its rows."""
        entry = {
            str(place): [[each.code, each.pointer] for each in violations]
            for place, violations in found.items()
        }
        rows = self.open
        self._end("refused", entry)
        for place, violations in found.items():  # the codes alone are on disk
            self.states[rows[place][1]] = State("refused", violations=tuple(violations))

    def nothing(self) -> None:
        """The open call has done nothing."""
        self._end("nothing", value=True)

    def unknown(self) -> tuple[State, ...]:
        """It is unknown whether the open call arrived."""
        return self._end("unknown", value=True)

    # ---- lines

    def _end(self, outcome: str, value: Any) -> tuple[State, ...]:
        line = {"call": self._calls, outcome: value}
        self._write(line)
        return self._close(line)

    def _write(self, line: Mapping[str, Any]) -> None:
        """Append a line; it is on disk when this returns."""
        if self._file is None:
            raise ValueError("the journal is closed")
        self._file.write(json.dumps(line).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _take(self, purpose: str) -> None:
        """Open, lock and read the file."""
        is_new = not self.path.exists()
        self._file = self.path.open("a+b")
        try:
            lock(self._file)
        except OSError:
            raise Unusable(f"{self.path}: another process is sending this file") from None
        self._file.seek(0)
        whole, line = 0, b"\n"
        for number, line in enumerate(self._file):
            if not _is_whole(line):
                break
            self._read(line, number, purpose)
            whole += len(line)
        self._file.truncate(whole)
        if _is_whole(line) and not line.endswith(b"\n"):
            self._file.write(b"\n")
        if whole == 0:
            self._write({"journal": _VERSION, "purpose": purpose})
        if is_new:
            durable_folder(self.path.parent)

    def _read(self, line: bytes, number: int, purpose: str) -> None:
        try:
            entry = json.loads(line)
            if number == 0:
                self._check(entry, purpose)
            elif "rows" in entry:
                self._reopen(entry)
            else:
                self._close(_of_call(entry, self._calls, len(self.open)))
        except (AttributeError, ValueError, KeyError, TypeError, IndexError, RecursionError):
            raise Unusable(f"{self.path}: line {number + 1} is none of a journal's") from None

    def _reopen(self, entry: Mapping[str, Any]) -> None:
        """Open a call again; raises ValueError where it does not follow the one before it."""
        if self.open or not entry["rows"] or entry["call"] != self._calls + 1:
            raise ValueError("a line is missing")
        self._calls += 1
        self.open = tuple([_started(*each) for each in entry["rows"]])

    def _check(self, entry: Mapping[str, Any], purpose: str) -> None:
        if entry["journal"] != _VERSION:
            raise ValueError
        if entry["purpose"] != purpose:
            raise Unusable(
                f"{self.path}: the journal is of another server, definition or way of sending; "
                "name another --journal, or delete it to begin anew"
            )

    def _close(self, line: Mapping[str, Any]) -> tuple[State, ...]:
        """Close the open call by a line; returns the states of its rows, where it has them."""
        states: list[State] = []
        if "sent" in line:
            states = [State("sent", action) for action in line["sent"]]
        elif "unknown" in line:
            states = [State("unknown") for _ in self.open]
        for (_, mark, _), state in zip(self.open, states):  # noqa: B905  a refused call has none
            self.states[mark] = state
        for place, found in line.get("refused", {}).items():
            violations = tuple([Violation(code, "", pointer=pointer) for code, pointer in found])
            self.states[self.open[int(place)][1]] = State("refused", violations=violations)
        self.open = ()
        return tuple(states)


def _is_whole(line: bytes) -> bool:
    """Whether nothing of a line is missing, but perhaps its end."""
    if line.endswith(b"\n"):
        return True
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _started(place: int, text: str, number: int, action: str) -> Started:
    """A row of a call, by its entry; raises ValueError for any other values."""
    if action not in _ACTIONS or (type(place), type(text), type(number)) != (int, str, int):
        raise ValueError("the entry is no row's")
    return place, (text, number), action


def _of_call(line: Mapping[str, Any], call: int, rows: int) -> Mapping[str, Any]:
    """The line that closes a call of so many rows; raises ValueError where it does not."""
    if _OUTCOMES.isdisjoint(line):
        raise ValueError("the line says nothing of a call")
    actions = line.get("sent")
    is_whole = actions is None or (len(actions) == rows and _ACTIONS.issuperset(actions))
    if not rows or line["call"] != call or not is_whole:
        raise ValueError("the line closes another call, or a part of it")
    if any(not 0 <= int(place) < rows for place in line.get("refused", {})):
        raise ValueError("a row that was refused is none of the call's")
    return line
