"""The keys of unique members, and what is said of texts that forms refuse."""

from collections.abc import Callable, Sequence
from typing import Any

from participant_rules.engine.layouts import judgements
from participant_rules.engine.patterns import value_of
from participant_rules.engine.readers import Columns, Row
from participant_rules.engine.slots import Odd, Slots, State
from participant_rules.schema.form import ANY_TEXT, Form
from participant_rules.schema.reads import Mode, Read
from participant_rules.schema.tree import Node
from participant_rules.unset import UNSET

__all__ = ["ElementKeys", "Keys", "Refusal"]

Verdicts = Sequence[Odd]


class Refusal:
    """What is said of the texts of a member: slots and what they hold."""

    def __init__(self, slots: Slots, node: Node) -> None:
        found = {read: slots.odd[read] for read in judgements(slots, node)}
        state = found.get(Read(node.path, Mode.STATE))
        own = found.get(Read(node.path, Mode.MALFORMED))
        malformed: Odd = ((state, State.MALFORMED),) if state is not None else ()
        self.malformed: Odd = (*malformed, (own, True)) if own is not None else malformed
        self.null: Odd = ((state, State.NULL),) if state is not None else ()
        self.others: list[tuple[Callable[[Any], bool], Odd]] = [
            (_accepting(read.form), ((slot, True),)) for read, slot in found.items() if read.form is not None
        ]
        """The tests of other forms than its own, and what is said of a text that one refuses."""
        is_open = node.form is None or node.form is ANY_TEXT or not self.malformed
        self.accepts = None if is_open or node.form is None else _accepting(node.form)
        """The test of its own form; None where nothing is said of what that refuses."""

    def of_written(self, written: str) -> Odd:
        """What is said of null, or of a text with its quotes."""
        text = "" if written == "null" else written[1:-1].strip()
        if not text:
            return self.null
        own = self.malformed if self.accepts is not None and not self.accepts(text) else ()
        return sum([said for accepts, said in self.others if not accepts(text)], own)


def _accepting(form: Form) -> Callable[[Any], bool]:
    """What tells whether a form accepts a text, as the walk over values has it."""
    choices = form.json.get("enum")
    return frozenset(choices).__contains__ if choices is not None else form.accepts


class Keys:
    """Reads the keys of a member; `at` is the group that captured it, `there` that of the object it is in."""

    def __init__(self, slots: Slots, node: Node, at: int | None, there: int | None) -> None:
        self._at, self._there, self._form = at, there, node.form
        self._refusal = Refusal(slots, node)
        has_own = bool(self._refusal.malformed or self._refusal.null)
        self.judgements = 0 if at is None else has_own + len(self._refusal.others)
        """How many verdicts there are on each text."""
        self._has_own = has_own

    def read(self, columns: Columns) -> tuple[Sequence[Any], list[Verdicts]]:
        """The keys, and the verdicts on the texts."""
        if self._at is None:
            return [UNSET] * len(columns[-1]), []
        texts = list(map(str.strip, columns[self._at]))
        is_full = all(texts)
        keys = self._keys(texts, is_full=is_full)
        verdicts = [self._own(texts, keys, is_full=is_full)] if self._has_own else []
        for accepts, said in self._refusal.others:
            found: list[Odd] = [() if right else said for right in map(accepts, texts)]
            verdicts.append(found if is_full else [each if text else () for each, text in zip(found, texts, strict=True)])
        if self._there is not None and (starts := columns[self._there]).count("{") < len(starts):
            keys = [key if start == "{" else UNSET for key, start in zip(keys, starts, strict=True)]
        return keys, verdicts

    def one(self, row: Row) -> tuple[Any, list[Odd]]:
        """The key and the verdicts of one text."""
        if self._at is None:
            return UNSET, []
        text, form = row[self._at].strip(), self._form
        key: Any = text or None
        if text and form is not None:
            (key,) = form.keys_of([text]) if form.key is None else (form.key(text),)
        verdicts = [*self._own([text], [key], is_full=bool(text))] if self._has_own else []
        verdicts += [said if text and not accepts(text) else () for accepts, said in self._refusal.others]
        return UNSET if self._there is not None and row[self._there] != "{" else key, verdicts

    def _keys(self, texts: Sequence[str], *, is_full: bool) -> Sequence[Any]:
        """The keys of trimmed texts; None for blank ones."""
        form = self._form
        if form is None or (form.key is None and form.keys is None):
            return texts if is_full else [text or None for text in texts]
        if is_full:
            return form.keys_of(texts)
        if form.keys is None and form.key is not None:
            return [form.key(text) if text else None for text in texts]
        return [key if text else None for key, text in zip(form.keys_of(texts), texts, strict=True)]

    def _own(self, texts: Sequence[str], keys: Sequence[Any], *, is_full: bool) -> Verdicts:
        """What is said of blank texts, of those without a key, and of those that are not admitted."""
        form, null, malformed, accepts = self._form, self._refusal.null, self._refusal.malformed, self._refusal.accepts
        if accepts is None or form is None:
            return [()] * len(texts) if is_full or not null else [() if text else null for text in texts]
        if form.key is None:
            return [null if not text else () if accepts(text) else malformed for text in texts]
        admits = form.admits
        if admits is not None:
            return [
                null if not text else () if key is not None and admits(key) else malformed
                for key, text in zip(keys, texts, strict=True)
            ]
        if all(keys):
            return [()] * len(texts)
        return [
            () if key is not None else malformed if text else null for key, text in zip(keys, texts, strict=True)
        ]


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

    def _key(self, captured: str) -> Any:
        if not captured:
            return UNSET
        value = value_of(captured)
        if isinstance(value, str):
            value = value.strip() or None
        make = self._form.key if self._form is not None else None
        return value if value is None or make is None else make(value)
