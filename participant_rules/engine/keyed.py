"""The keys of unique members, and the slots of texts that forms refuse."""

from collections.abc import Callable, Sequence
from itertools import repeat
from operator import is_
from typing import Any

from participant_rules.engine.capture_groups import judgements
from participant_rules.engine.patterns import value_of
from participant_rules.engine.readers import Columns, Row, where
from participant_rules.engine.slots import Odd, Slots, State
from participant_rules.schema.form import ANY_TEXT, Form
from participant_rules.schema.reads import Mode, Read
from participant_rules.schema.tree import Node
from participant_rules.unset import UNSET

__all__ = ["ElementKeys", "Keys", "Refusal"]

Verdicts = Sequence[Odd]


class Refusal:
    """The slots that the texts of a member fill, by their form."""

    def __init__(self, slots: Slots, node: Node) -> None:
        self._trims = node.trims
        found = {read: slots.odd[read] for read in judgements(slots, node)}
        state = found.get(Read(node.path, Mode.STATE))
        own = found.get(Read(node.path, Mode.MALFORMED))
        malformed: Odd = ((state, State.MALFORMED),) if state is not None else ()
        self.malformed: Odd = (*malformed, (own, True)) if own is not None else malformed
        self.null: Odd = ((state, State.NULL),) if state is not None else ()
        self.others: list[tuple[Callable[[Any], bool], Odd]] = [
            (_accepting(read.form), ((slot, True),)) for read, slot in found.items() if read.form is not None
        ]
        """The tests of other forms than its own, and the slots that a refused text fills."""
        is_open = node.form is None or node.form is ANY_TEXT or not self.malformed
        self.accepts = None if is_open or node.form is None else _accepting(node.form)
        """The test of its own form; None where no slot notes a refusal."""

    def of_raw(self, raw: str) -> Odd:
        """The slots that null, or a text with its quotes, fills."""
        text = "" if raw == "null" else raw[1:-1]
        if not text or text.isspace():
            return self.null
        if self._trims:
            text = text.strip()
        own = self.malformed if self.accepts is not None and not self.accepts(text) else ()
        return sum([odd for accepts, odd in self.others if not accepts(text)], own)


def _accepting(form: Form) -> Callable[[Any], bool]:
    """The test of a form, as the reader of values has it."""
    choices = form.json.get("enum")
    return frozenset(choices).__contains__ if choices is not None else form.accepts


class Keys:
    """Reads the keys of a member; `at` is the group that captured it, `there` that of the object it is in."""

    def __init__(self, slots: Slots, node: Node, at: int | None, there: int | None) -> None:
        self._at, self._there, self._form, self._trims = at, there, node.form, node.trims
        self._make = node.form.key if node.form is not None else None
        refusal = Refusal(slots, node)
        self._null, self._malformed, self._others = refusal.null, refusal.malformed, refusal.others
        self._accepts = refusal.accepts
        self._has_own = bool(self._malformed or self._null)
        self.judgements = 0 if at is None else self._has_own + len(self._others)
        """How many verdicts there are on each text."""

    def read(self, columns: Columns) -> tuple[Sequence[Any], list[Verdicts]]:
        """The keys, and the verdicts on the texts."""
        if self._at is None:
            return [UNSET] * len(columns[-1]), []
        texts = _without_blanks(columns[self._at], trims=self._trims)
        is_full = all(texts)
        keys = self._keys(texts, is_full=is_full)
        verdicts = [self._verdicts(texts, keys, is_full=is_full)] if self._has_own else []
        for accepts, odd in self._others:
            found: Verdicts = [() if right else odd for right in map(accepts, texts)]
            verdicts.append(
                found if is_full else [each if text else () for each, text in zip(found, texts, strict=True)]
            )
        if self._there is not None and (starts := columns[self._there]).count("{") < len(starts):
            keys = [key if start == "{" else UNSET for key, start in zip(keys, starts, strict=True)]
        return keys, verdicts

    def one(self, row: Row) -> tuple[Any, list[Odd]]:
        """The key of one text, and the verdicts on it."""
        if self._at is None:
            return UNSET, []
        text = row[self._at]
        text = text.strip() if self._trims or text.isspace() else text
        key = (text if self._make is None else self._make(text) or State.MALFORMED) if text else None
        verdicts = [self._verdict(text, key)] if self._has_own else []
        for accepts, odd in self._others:
            verdicts.append(odd if text and not accepts(text) else ())
        return UNSET if self._there is not None and row[self._there] != "{" else key, verdicts

    def _keys(self, texts: Sequence[str], *, is_full: bool) -> Sequence[Any]:
        """The keys of trimmed texts; None for blank ones."""
        form = self._form
        if form is None or form.key is None:
            return texts if is_full else [text or None for text in texts]
        if form.keys is None:
            return [form.key(text) or State.MALFORMED if text else None for text in texts]
        keys = form.keys(texts)
        if is_full and None not in keys:
            return keys
        return [key or State.MALFORMED if text else None for key, text in zip(keys, texts, strict=True)]

    def _verdicts(self, texts: Sequence[str], keys: Sequence[Any], *, is_full: bool) -> Verdicts:
        """The slots that texts fill by the member's own form: mostly none."""
        admits = self._form.admits if self._form is not None else None
        if (is_full or not self._null) and (
            self._accepts is None
            or (self._make is not None and admits is None and State.MALFORMED not in keys)
        ):
            return [()] * len(texts)
        if self._make is None or admits is not None or (self._null and not is_full):
            return list(map(self._verdict, texts, keys))
        found: list[Odd] = [()] * len(texts)
        for place in where(map(is_, keys, repeat(State.MALFORMED))):
            found[place] = self._malformed
        return found

    def _verdict(self, text: str, key: Any) -> Odd:
        """The slots that a text fills: blank, without a key, not admitted, or refused."""
        if not text:
            return self._null
        accepts, form = self._accepts, self._form
        if accepts is None or form is None:
            return ()
        if self._make is None:
            return () if accepts(text) else self._malformed
        if key is State.MALFORMED or (form.admits is not None and not form.admits(key)):
            return self._malformed
        return ()


class ElementKeys:
    """Reads the keys of a unique member of an open object; `at` is the group that captured it."""

    judgements = 0

    def __init__(self, node: Node, at: int | None) -> None:
        self._at, self._form = at, node.form

    def read(self, columns: Columns) -> tuple[Sequence[Any], list[Verdicts]]:
        """The keys, without a verdict."""
        if self._at is None:
            return [UNSET] * len(columns[-1]), []
        return list(map(self._key, columns[self._at])), []

    def one(self, row: Row) -> tuple[Any, list[Odd]]:
        """The key of one text."""
        return UNSET if self._at is None else self._key(row[self._at]), []

    def _key(self, raw: str) -> Any:
        if not raw:
            return UNSET
        value = value_of(raw)
        if isinstance(value, str):
            value = value.strip() or None
        make = self._form.key if self._form is not None else None
        return value if value is None or make is None else make(value) or State.MALFORMED


def _without_blanks(texts: Sequence[str], *, trims: bool) -> Sequence[str]:
    """Texts as they compare; blank ones become empty."""
    if trims:
        return list(map(str.strip, texts))
    return ["" if text.isspace() else text for text in texts] if any(map(str.isspace, texts)) else texts
