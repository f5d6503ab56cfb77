"""The keys of unique members, and what is said of texts that forms refuse."""

from collections.abc import Callable, Sequence
from typing import Any

from participant_rules.engine.layouts import What, judgements
from participant_rules.engine.patterns import value_of
from participant_rules.engine.slots import Odd, Slots, State
from participant_rules.schema.form import ANY_TEXT, Form
from participant_rules.schema.reads import Mode, Read
from participant_rules.schema.tree import Node
from participant_rules.unset import UNSET

__all__ = ["KeyReader", "Refusal", "refusal_of"]


class Refusal:
    """What is said of the texts of a member: slots and what they hold."""

    def __init__(self, slots: Slots, node: Node) -> None:
        self.form = node.form
        found = {read: slots.odd[read] for read in judgements(slots, node)}
        state = found.get(Read(node.path, Mode.STATE))
        own = found.get(Read(node.path, Mode.MALFORMED))
        said: list[tuple[int, Any]] = [(state, State.MALFORMED)] if state is not None else []
        self.malformed: Odd = (*said, (own, True)) if own is not None else tuple(said)
        self.null: Odd = ((state, State.NULL),) if state is not None else ()
        self._others = [(_refusing(read.form), (slot, True)) for read, slot in found.items() if read.form]
        self.judges = bool(found)
        self.judges_others = bool(self._others)

    def of_text(self, text: str) -> Odd:
        """What is said of a text that is trimmed."""
        if not text:
            return self.null
        own = self.malformed if self.malformed and self.form and _refusing(self.form)(text) else ()
        return own + self.by_others(text)

    def by_others(self, text: str) -> Odd:
        """What is said of a text by other forms than its own."""
        return tuple([said for refuses, said in self._others if refuses(text)])

    def of_written(self, written: str) -> Odd:
        """What is said of null, or of a text with its quotes."""
        return self.of_text("" if written == "null" else written[1:-1].strip())


refusal_of = Refusal


def _refusing(form: Form) -> Callable[[str], bool]:
    """What tells whether a form refuses a text, as the walk over values has it."""
    choices = form.json.get("enum")
    if choices is not None:
        allowed = frozenset(choices)
        return lambda text: text not in allowed
    accepts = form.accepts
    return lambda text: not accepts(text)


class KeyReader:
    """Reads the keys of a member; `at` is the group that captured it, `there` that of the object it is in."""

    def __init__(
        self,
        slots: Slots,
        node: Node,
        here: tuple[str | int, ...],
        at: int | None,
        there: int | None,
        *,
        of_element: bool = False,
    ) -> None:
        self.name = (here, What.KEY, "")
        self._at, self._there, self._of_element, self._form = at, there, of_element, node.form
        self._refusal = Refusal(slots, node)
        self.judges = at is not None and not of_element and self._refusal.judges

    def read(self, columns: Sequence[Sequence[str]]) -> tuple[Sequence[Any], Sequence[Odd] | None]:
        """The keys, and what is said of the texts."""
        if self._at is None:
            return [UNSET] * len(columns[-1]), None
        column = columns[self._at]
        if self._of_element:
            return [self._key_of(value_of(each)) if each else UNSET for each in column], None
        texts = list(map(str.strip, column))
        keys = self._keys(texts)
        verdicts = self._verdicts(texts, keys) if self.judges else None
        if self._there is not None and (starts := columns[self._there]).count("{") < len(starts):
            keys = [key if start == "{" else UNSET for key, start in zip(keys, starts, strict=True)]
        return keys, verdicts

    def _key_of(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip() or None
        make = self._form.key if self._form is not None else None
        return value if value is None or make is None else make(value)

    def _keys(self, texts: Sequence[str]) -> Sequence[Any]:
        """The keys of trimmed texts; None for blank ones."""
        form, is_full = self._form, all(texts)
        if form is None or (form.key is None and form.keys is None):
            return texts if is_full else [text or None for text in texts]
        if is_full:
            return form.keys_of(texts)
        if form.keys is None:
            make = form.key
            assert make is not None  # noqa: S101  one of the two is there
            return [make(text) if text else None for text in texts]
        return [key if text else None for key, text in zip(form.keys(texts), texts, strict=True)]

    def _verdicts(self, texts: Sequence[str], keys: Sequence[Any]) -> Sequence[Odd]:
        refusal = self._refusal
        found = self._by_own(texts, keys)
        if not refusal.judges_others:
            return found
        by_others = refusal.by_others
        return [said + by_others(text) if text else said for said, text in zip(found, texts, strict=True)]

    def _by_own(self, texts: Sequence[str], keys: Sequence[Any]) -> Sequence[Odd]:
        """What is said of texts without keys, and of those that are not admitted."""
        form, null, malformed = self._form, self._refusal.null, self._refusal.malformed
        nothing: Odd = ()
        if form is None or form is ANY_TEXT or not malformed:
            return [nothing] * len(texts) if not null or all(texts) else [() if text else null for text in texts]
        if form.key is None:
            refuses = _refusing(form)
            return [null if not text else malformed if refuses(text) else () for text in texts]
        admits = form.admits
        if admits is None:
            if all(keys):
                return [nothing] * len(texts)
            return [
                () if key is not None else malformed if text else null
                for key, text in zip(keys, texts, strict=True)
            ]
        return [
            null if not text else () if key is not None and admits(key) else malformed
            for key, text in zip(keys, texts, strict=True)
        ]
