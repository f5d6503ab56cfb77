"""Ordered sets of rules: the order is their precedence.

Importing registers nothing: a set is immutable, and a caller adds a rule of their own with `+`.
"""

from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from string import Formatter
from typing import Literal

from attrs import evolve, field, frozen

from participant_rules.asking import ask
from participant_rules.due import CODE, RULE, refuse_other
from participant_rules.rules import Rule, at
from participant_rules.silencing import AT, Silencing
from participant_rules.spelling import closest
from participant_rules.violations import Severity, Violation

__all__ = ["RuleSet", "Verdict", "refuse_unknown"]


@frozen
class Verdict:
    """The verdict of one rule: it "held", "fired" (with its violations) or was "skipped" (and why)."""

    rule: Rule
    outcome: Literal["held", "fired", "skipped"]
    violations: tuple[Violation, ...] = ()
    why: str = ""


def _in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    refuse_other(rules, Iterable, RULE)
    found = tuple(rules)
    for each in found:
        refuse_other(each, Rule, RULE)
    return found


def _distinct(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    found = _in_order(rules)
    codes = [each.code for each in found]
    if twice := next((code for place, code in enumerate(codes) if code in codes[:place]), None):
        raise ValueError(f"{twice}: two rules have this code")
    return found


@frozen(slots=False, cache_hash=True)  # plans are looked up by it
class RuleSet:
    """An immutable, ordered set of laws; the order is their precedence.

    Codes are unique within a set: a rule that is added again takes the old one's place. `known` has the codes
    of the rules that it was chosen from, which may stand in `unless` too.
    """

    rules: tuple[Rule, ...] = field(converter=_distinct, default=())
    known: frozenset[str] = field(default=frozenset(), eq=False, repr=False)

    @cached_property
    def errors(self) -> tuple[Rule, ...]:
        """The rules that refuse."""
        return tuple(each for each in self.rules if each.severity is Severity.ERROR)

    @cached_property
    def noting(self) -> "RuleSet":
        """The set of the rules that warn, which no rule that refuses silences."""
        return RuleSet([each for each in self.rules if each.severity is Severity.WARNING], self._all)

    @cached_property
    def about_unique(self) -> frozenset[str]:
        """The codes of the rules about unique members."""
        return frozenset(each.code for each in self.rules if each.about)

    def violations(self, case: object, base: str = "") -> tuple[Violation, ...]:
        """Every error of the case, in the order of precedence; pointers start with `base`."""
        return tuple(_found(self.errors, case, base))

    def first(self, case: object, base: str = "") -> Violation | None:
        """The error that a server would answer with, or None."""
        return next(_found(self.errors, case, base), None)

    def warnings(self, case: object, base: str = "") -> tuple[Violation, ...]:
        """Every warning of the case; a warning never refuses."""
        return tuple(_found(self.noting, case, base))

    def explain(self, case: object, base: str = "") -> tuple[Verdict, ...]:
        """The verdict of every rule, in order."""
        return tuple(_judge(self.rules, case, base))

    def recognise(self, message: str) -> Violation | None:
        """The violation that a server's sentence states, verbatim or tidied; None for an unknown sentence.

        Where several laws share a sentence, it is the first one's. The pointer is None where the sentence
        alone does not tell it.
        """
        refuse_other(message, str, "the sentence of a server")
        for each in self.rules:
            for template in (each.message, each.message.strip(), each.text):
                words = _words(template, message)
                if words is not None:
                    sure = "{" not in each.pointer and " or " not in each.pointer
                    return evolve(each.violation(at(**words)), pointer=each.pointer if sure else None)
        return None

    @property
    def ranks(self) -> dict[str, int]:
        """The place of each code among all violations of a case: errors in their order, then warnings."""
        in_order = sorted(self.rules, key=lambda law: law.severity is Severity.WARNING)
        return {law.code: rank for rank, law in enumerate(in_order)}

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the laws, in their order."""
        return tuple(each.code for each in self.rules)

    def only(self, *codes: str) -> "RuleSet":
        """The set of just these laws, in the order they have here; raises KeyError for a stranger."""
        chosen = {self[code].code for code in codes}
        return RuleSet((each for each in self.rules if each.code in chosen), self._all)

    def without(self, *codes: str) -> "RuleSet":
        """The set without these laws.

        Raises KeyError for a code that it does not have.
        """
        for code in codes:
            self[code]
        return RuleSet((each for each in self.rules if each.code not in codes), self._all)

    def __add__(self, other: "Rule | RuleSet | Iterable[Rule]") -> "RuleSet":
        """The set with more laws, which rank after its own.

        Raises ValueError for a rule that is silenced (`unless`) by a code that no rule has.
        """
        added = {each.code: each for each in _in_order((other,) if isinstance(other, Rule) else other)}
        known = self._all | added.keys() | (other.known if isinstance(other, RuleSet) else frozenset())
        for each in added.values():
            refuse_unknown(each, known)
        kept = [added.pop(each.code, each) for each in self.rules]
        return RuleSet([*kept, *added.values()], known)

    @cached_property
    def _all(self) -> frozenset[str]:
        """The codes that a rule may name."""
        return self.known.union(self.codes)

    def __getitem__(self, code: str) -> Rule:
        """The law with this code; raises KeyError."""
        refuse_other(code, str, CODE)
        for each in self.rules:
            if each.code == code:
                return each
        raise KeyError(f"no rule has the code {code!r}{closest(code, self.codes)}")

    def __contains__(self, code: object) -> bool:
        """Whether the set has a law with this code."""
        return any(each.code == code for each in self.rules)

    def __repr__(self) -> str:
        """How many laws there are: all of them would fill pages."""
        return f"<{len(self.rules)} rule{'s' if len(self.rules) != 1 else ''}>"

    def __iter__(self) -> Iterator[Rule]:
        """The laws in their order."""
        return iter(self.rules)

    def __len__(self) -> int:
        """How many laws there are."""
        return len(self.rules)


def refuse_unknown(rule: Rule, known: Iterable[str]) -> None:
    """Raise ValueError where a rule is silenced by a code that is none of the known ones."""
    known = frozenset(known)
    for code in sorted({each.partition(AT)[0] for each in rule.unless} - known):
        raise ValueError(f"{rule.code}: unless names {code!r}, which no rule has{closest(code, known)}")


def _found(rules: Iterable[Rule], case: object, base: str) -> Iterator[Violation]:
    """The violations of the rules, each as soon as it is found; see `_judge`."""
    silencing = Silencing(base)
    for each in rules:
        if silencing.silencer(each):
            continue
        found, _ = ask(each, case, base)
        if found:
            silencing.note(each, found)
            yield from found
            if silencing.gate:
                return


def _judge(rules: Iterable[Rule], case: object, base: str) -> Iterator[Verdict]:
    """Run the rules in order."""
    silencing = Silencing(base)
    for each in rules:
        silencer = silencing.silencer(each)
        if silencing.gate or silencer:
            why = f"the judging ended at {silencing.gate}" if silencing.gate else f"silenced by {silencer}"
            yield Verdict(each, "skipped", why=why)
            continue
        verdict = _run(each, case, base)
        if verdict.violations:
            silencing.note(each, verdict.violations)
        yield verdict


def _run(rule: Rule, case: object, base: str) -> Verdict:
    found, unknown = ask(rule, case, base)
    if unknown is not None and not found:
        return Verdict(rule, "skipped", why=str(unknown))
    return Verdict(rule, "fired" if found else "held", found)


def _words(template: str, sentence: str) -> dict[str, str] | None:
    """The words that make a sentence of the template, each as short as it can be; None where none do."""
    beginning, *gaps = _literals(template)
    words: dict[str, str] = {}
    place, last = len(beginning[1]), len(gaps) - 1
    if not sentence.startswith(beginning[1]) or (not gaps and len(sentence) != place):
        return None
    for number, (name, literal) in enumerate(gaps):
        end = sentence.find(literal, place) if number < last else len(sentence) - len(literal)
        if end < place or not sentence.startswith(literal, end):
            return None
        word, place = sentence[place:end], end + len(literal)
        if words.setdefault(name, word) != word:
            return None
    return words


@cache
def _literals(template: str) -> tuple[tuple[str, str], ...]:
    """The text before the first placeholder, and each placeholder with the text behind it."""
    found = [("", "")]
    for literal, name, _, _ in Formatter().parse(template):
        found[-1] = (found[-1][0], found[-1][1] + literal)
        if name is not None:
            found.append((name, ""))
    return tuple(found)
