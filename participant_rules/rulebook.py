"""The rules of every call of a family: a mapping from its calls to rule sets.

rules = survey.RULES.adding(staff_address, to=survey.Operation.ADD)
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from attrs import field, frozen

from participant_rules.due import CODE, RULE, refuse_other
from participant_rules.rules import Rule
from participant_rules.ruleset import RuleSet, refuse_unknown
from participant_rules.spelling import closest

__all__ = ["Rulebook", "is_rulebook", "rules_of"]

CallT = TypeVar("CallT", bound=str)
ValueT = TypeVar("ValueT")


def _copied(sets: Mapping[CallT, RuleSet]) -> dict[CallT, RuleSet]:
    return dict(sets)


@frozen(eq=False)
class Rulebook(Mapping[CallT, RuleSet], Generic[CallT]):
    """The rules of every call, immutable; a call that is missing has none.

    `adding`, `replacing` and `removing` answer a changed one; the order of the other rules stays.
    """

    _sets: Mapping[CallT, RuleSet] = field(converter=_copied)

    def adding(self, *rules: Rule, to: CallT | Iterable[CallT]) -> "Rulebook[CallT]":
        """The rulebook with further rules for one call or several; they rank after the present ones.

        Raises ValueError for a code that is there already, one in `unless` that no rule has, and an unknown
        call, and for no call at all.
        """
        for each in rules:
            refuse_other(each, Rule, RULE)
        calls = self._calls(to)
        if not calls:
            raise ValueError("rules are added to one call at least")
        known = self._codes() | {each.code for each in rules}
        for each in rules:
            refuse_unknown(each, known)
            if taken := next((call for call in calls if each.code in self._sets[call]), None):
                raise ValueError(f"{each.code}: {taken} has a rule with this code; see replacing")
        return self._changed({call: _extended(self._sets[call], rules, known) for call in calls})

    def replacing(self, *rules: Rule) -> "Rulebook[CallT]":
        """The rulebook with rules replaced, in all calls that have their codes.

        Raises ValueError for a code that no rule has, in `unless` too.
        """
        known = self._codes()
        for each in rules:
            refuse_other(each, Rule, RULE)
            self._refuse_strange(each.code)
            refuse_unknown(each, known)
        return self._changed(
            {
                call: _extended(rules_there, [each for each in rules if each.code in rules_there], known)
                for call, rules_there in self._sets.items()
            }
        )

    def removing(self, *codes: str) -> "Rulebook[CallT]":
        """The rulebook without the rules of these codes; raises ValueError for a code that no rule has."""
        for code in codes:
            refuse_other(code, str, CODE)
            self._refuse_strange(code)
        return self._changed(
            {
                call: there.without(*[code for code in codes if code in there])
                for call, there in self._sets.items()
            }
        )

    def __or__(self, other: Mapping[CallT, RuleSet]) -> "Rulebook[CallT]":
        """The rulebook with other rule sets for some calls; raises ValueError for an unknown call."""
        is_rulebook(None, None, other)
        self._calls(other)
        return self._changed(other)

    def __getitem__(self, call: CallT) -> RuleSet:
        """The rules of a call; raises KeyError."""
        return self._sets[call]

    def __iter__(self) -> Iterator[CallT]:
        """The calls."""
        return iter(self._sets)

    def __len__(self) -> int:
        """How many calls there are."""
        return len(self._sets)

    def __eq__(self, other: object) -> bool:
        """Whether a mapping has the same rule sets for the same calls."""
        return isinstance(other, Mapping) and self._sets == dict(other)

    def __hash__(self) -> int:
        """Equal for equal ones."""
        return hash(frozenset(self._sets.items()))

    def __repr__(self) -> str:
        """How many rules each call has."""
        return f"<{', '.join(f'{call}: {rules!r}' for call, rules in self._sets.items())}>"

    def _changed(self, sets: Mapping[CallT, RuleSet]) -> "Rulebook[CallT]":
        return Rulebook({**self._sets, **sets})

    def _calls(self, to: CallT | Iterable[CallT]) -> list[CallT]:
        """The given calls, as this mapping names them."""
        refuse_other(to, Iterable, "a call, or a list of calls,")
        names: list[Any] = [to] if isinstance(to, str) else list(to)
        for name in names:
            refuse_other(name, str, "a call")
        own = {str(call): call for call in self._sets}
        for name in names:
            if name not in own:
                raise ValueError(f"{name!r} is no call{closest(str(name), own)}")
        return [own[name] for name in names]

    def _codes(self) -> frozenset[str]:
        """All codes that a rule may name."""
        return frozenset().union(*[each.known.union(each.codes) for each in self._sets.values()])

    def _refuse_strange(self, code: str) -> None:
        codes = {code for each in self._sets.values() for code in each.codes}
        if code not in codes:
            raise ValueError(f"no rule has the code {code!r}{closest(code, codes)}")


def _extended(rules: RuleSet, more: Iterable[Rule], known: frozenset[str]) -> RuleSet:
    """A set with rules added or replaced, which may name all known codes."""
    return RuleSet(rules.rules, known) + list(more)


def rules_of(rules: Mapping[Any, RuleSet], call: Any) -> RuleSet:
    """The rules of a call.

    Raises TypeError for what is no mapping of calls to rule sets, ValueError where the call is missing.
    """
    if rules.__class__ is not Rulebook and not isinstance(rules, Mapping):  # each request asks
        raise TypeError(_WHAT)
    try:
        chosen = rules[call]
    except KeyError:
        raise ValueError(f"the rules lack those of the call {str(call)!r}: RULES | {{…}} has all") from None
    if not isinstance(chosen, RuleSet):
        raise TypeError(_WHAT)
    return chosen


def is_rulebook(_instance: object, _attribute: Any, rules: object) -> None:
    """Raise TypeError for a value that is no mapping of calls to rule sets: a validator of attrs."""
    if not isinstance(rules, Mapping) or not all(isinstance(each, RuleSet) for each in rules.values()):
        raise TypeError(_WHAT)


_WHAT = "rules are a mapping of calls to rule sets, for instance RULES.adding(rule, to=Operation.ADD)"
