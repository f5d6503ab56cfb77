"""The rules engine: laws as generator functions, and ordered sets of them.

A rule is declared with its sentence and yields only where the law is broken; the engine stamps the rest:

    @rule("You must provide a login name.", pointer="/loginSection/login")
    def login_name_required(case):
        "A participant who logs in has a login name."
        if not case.login:
            yield at()

The code is the function's name with hyphens and the docstring's first sentence is the law. Importing
registers nothing: the order of a `RuleSet` is its precedence, and a caller adds a law of their own with `+`.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib import import_module
from string import Formatter
from typing import Any, Generic, Literal, Protocol, Self, TypeVar, overload

from attrs import define, evolve, field, fields, frozen

from participant_rules.schema.reads import Read
from participant_rules.violations import OURS, Severity, Source, Violation, joined

__all__ = [
    "At",
    "Rule",
    "RuleSet",
    "Unknown",
    "Verdict",
    "at",
    "declared_rule",
    "fault",
    "once",
    "rule",
]

Basis = Literal["documented", "inferred"]
CaseT_contra = TypeVar("CaseT_contra", contravariant=True)
FactT = TypeVar("FactT")


class Unknown(LookupError):
    """A rule read a fact that nobody told: the rule does not run.

    A case raises this from the property of a fact that was left out, or of a value that has the wrong type.
    So a rule simply reads what it needs, and what is not known is never guessed.
    """


class once(Generic[FactT]):  # noqa: N801  used like a decorator of the standard library
    """A property of a case that is worked out when the first rule reads it; one that raises is tried again.

    It is functools.cached_property without the lock that this has before Python 3.12, where taking it costs
    more than most facts do.
    """

    def __init__(self, work_out: Callable[[Any], FactT]) -> None:
        self._work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, case: None, owner: type) -> Self: ...

    @overload
    def __get__(self, case: object, owner: type) -> FactT: ...

    def __get__(self, case: object | None, owner: type) -> Self | FactT:
        if case is None:
            return self
        fact = case.__dict__[self._name] = self._work_out(case)
        return fact


@define
class At:
    """Where a rule found its law broken: a pointer (None is the rule's own), the words of its sentence."""

    pointer: str | None
    words: Mapping[str, str]
    related: str | None


def at(*parts: str | int, related: str | None = None, pointer: str | None = None, **words: str) -> At:
    """The place of a violation: the names and positions that lead there, or a ready JSON Pointer.

    Without either it is the pointer that the rule declares. `words` fill the placeholders of the sentence;
    `related` points at the other row's member in a batch.
    """
    return At(joined(parts) if parts else pointer, words, related)


class Check(Protocol[CaseT_contra]):
    """The body of a rule: yields a place for every way in which a case breaks the law."""

    __name__: str
    __doc__: str | None

    def __call__(self, case: CaseT_contra, /) -> Iterator[At]:
        """Judge the case."""
        ...


@frozen
class Rule:
    """One law: its sentence, its provenance, and the check that finds where it is broken.

    `message` and `text` are templates in Python's format syntax. A `gate` that fires ends the judging; a rule
    is silenced when one of the codes in `unless` has fired before it. `reads` is what the check reads of a
    record (None: it does not say, and is asked for every record); `about` is the path of the unique
    member, or of the object with unique members, that a rule is about.
    """

    code: str
    message: str
    text: str
    law: str
    check: Callable[[Any], Iterator[At]] = field(repr=False)
    pointer: str = ""
    status: int = 400
    source: Source = OURS
    basis: Basis = "documented"
    severity: Severity = Severity.ERROR
    gate: bool = False
    unless: frozenset[str] = frozenset()
    reads: frozenset[Read] | None = field(default=None, repr=False)
    about: str = ""

    _constant: Mapping[str, Any] = field(init=False, repr=False, eq=False)

    @_constant.default
    def _said_each_time(self) -> Mapping[str, Any]:
        """What all violations of this law have in common."""
        common = {
            "code": self.code,
            "severity": self.severity,
            "status": self.status,
            "source": self.source,
            "offer": None,
        }
        if _BRACE(self.message) or _BRACE(self.text):
            return common
        return common | {"message": self.message, "text": self.text}

    def __reduce__(self) -> tuple[Any, ...]:
        """Travels between processes by the name that it has in its module; a changed one with its changes."""
        module, name = getattr(self.check, "__module__", ""), getattr(self.check, "__qualname__", "")
        named = getattr(sys.modules.get(module), name, None)
        members = {str(each.alias): getattr(self, each.name) for each in fields(Rule) if each.init}
        if not isinstance(named, Rule) or named.check is not self.check:
            return _rebuilt, (members,)
        changes = {each: value for each, value in members.items() if value != getattr(named, each)}
        return _imported, (module, name, changes)

    def violation(self, place: At | None = None, base: str = "") -> Violation:
        """The violation of this law at a place, which lies under `base`.

        It is filled in without its constructor: nine violations of one payload cost a third then.
        """
        place = place or at()
        violation = object.__new__(Violation)
        said = violation.__dict__
        said.update(self._constant)
        said["pointer"] = base + (self.pointer if place.pointer is None else place.pointer)
        said["words"], said["related"] = place.words, place.related
        if "message" not in said:
            said["message"] = self.message.format_map(place.words)
            said["text"] = self.text.format_map(place.words)
        return violation


def _rebuilt(members: Mapping[str, Any]) -> Rule:
    return Rule(**members)


def _imported(module: str, name: str, changes: Mapping[str, Any]) -> Rule:
    named: Rule = getattr(import_module(module), name)
    return evolve(named, **changes) if changes else named


_BRACE = re.compile("[{}]").search


def rule(
    message: str,
    *,
    text: str | None = None,
    pointer: str = "",
    status: int = 400,
    source: Source = OURS,
    basis: Basis | None = None,
    severity: Literal["error", "warning"] = "error",
    gate: bool = False,
    unless: Iterable[str] = (),
    reads: Iterable[str | Read] | None = None,
    about: str = "",
) -> Callable[[Check[Any]], Rule]:
    """Declare a law: decorate the generator function that finds where it is broken.

    `message` is the sentence byte for byte, `text` the same for people where trimming is not repair enough.
    `basis` defaults to "documented", for a sentence of ours to "inferred". `reads` names the members that the
    check reads, by their documented paths ("demographics.email"): records that are the same in these are
    judged once. `about` is the path of the unique member that the rule is about.
    """
    declared: dict[str, Any] = {
        "text": text,
        "pointer": pointer,
        "status": status,
        "source": source,
        "basis": basis,
        "severity": severity,
        "gate": gate,
        "unless": unless,
        "reads": reads,
        "about": about,
    }

    def declare(check: Check[Any]) -> Rule:
        code = check.__name__.replace("_", "-")
        return declared_rule(check, message, code, _first_sentence(check.__doc__ or message), **declared)

    return declare


def declared_rule(
    check: Callable[[Any], Iterator[At]],
    message: str,
    code: str,
    law: str,
    *,
    text: str | None = None,
    source: Source = OURS,
    basis: Basis | None = None,
    severity: str = "error",
    unless: Iterable[str] = (),
    reads: Iterable[str | Read] | None = None,
    **declared: Any,
) -> Rule:
    """The rule that a check decides; see `rule`."""
    return Rule(
        code=code,
        message=message,
        text=message.strip() if text is None else text,
        law=law,
        check=check,
        source=source,
        basis=basis or ("inferred" if source is OURS else "documented"),
        severity=Severity(severity),
        unless=frozenset(unless),
        reads=_reads(reads),
        **declared,
    )


def _reads(reads: Iterable[str | Read] | None) -> frozenset[Read] | None:
    if reads is None:
        return None
    return frozenset(Read(each) if isinstance(each, str) else each for each in reads)


def fault(message: str, code: str, law: str, **declared: Any) -> Rule:
    """A law about the text or the shape of a request, whose breaches the reader finds and stamps."""
    return Rule(code=code, message=message, text=message, law=law, check=_never, basis="inferred", **declared)


def _never(_case: object) -> Iterator[At]:
    return iter(())


def _first_sentence(docstring: str) -> str:
    return re.split(r"(?<=\.)\s", " ".join(docstring.split()), maxsplit=1)[0]


@frozen
class Verdict:
    """What became of one rule: it "held", "fired" (with its violations) or was "skipped" (and why)."""

    rule: Rule
    outcome: Literal["held", "fired", "skipped"]
    violations: tuple[Violation, ...] = ()
    why: str = ""


def _in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    return tuple(rules)


@frozen(slots=False, cache_hash=True)  # plans are looked up by it
class RuleSet:
    """An immutable, ordered set of laws; the order is their precedence.

    Codes are unique within a set: a rule that is added again takes the old one's place.
    """

    rules: tuple[Rule, ...] = field(converter=_in_order, default=())

    @cached_property
    def errors(self) -> tuple[Rule, ...]:
        """The rules that refuse."""
        return tuple(each for each in self.rules if each.severity is Severity.ERROR)

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
        return tuple(_found([each for each in self.rules if each.severity is Severity.WARNING], case, base))

    def explain(self, case: object, base: str = "") -> tuple[Verdict, ...]:
        """What became of every rule, in order."""
        return tuple(_judge(self.rules, case, base))

    def recognise(self, message: str) -> Violation | None:
        """The violation that a server's sentence tells of, verbatim or tidied; None for a stranger's.

        Where several laws share a sentence, it is the first one's. The pointer is None where the sentence
        alone does not tell it.
        """
        for each in self.rules:
            for template in (each.message, each.message.strip(), each.text):
                words = _words(template, message)
                if words is not None:
                    words = dict.fromkeys(_named(each.text), "") | words
                    sure = "{" not in each.pointer and " or " not in each.pointer
                    return evolve(each.violation(at(**words)), pointer=each.pointer if sure else None)
        return None

    @property
    def ranks(self) -> dict[str, int]:
        """The place of each code among all that is said of a case: errors in their order, then warnings."""
        in_order = sorted(self.rules, key=lambda law: law.severity is Severity.WARNING)
        return {law.code: rank for rank, law in enumerate(in_order)}

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the laws, in their order."""
        return tuple(each.code for each in self.rules)

    def only(self, *codes: str) -> "RuleSet":
        """The set of just these laws, in the order they have here; raises KeyError for a stranger."""
        chosen = {self[code].code for code in codes}
        return RuleSet(each for each in self.rules if each.code in chosen)

    def without(self, *codes: str) -> "RuleSet":
        """The set without these laws.

        Raises KeyError for a code that it does not have.
        """
        for code in codes:
            self[code]
        return RuleSet(each for each in self.rules if each.code not in codes)

    def __add__(self, other: "Rule | RuleSet | Iterable[Rule]") -> "RuleSet":
        """The set with more laws, which rank after its own."""
        added = {each.code: each for each in ((other,) if isinstance(other, Rule) else other)}
        kept = [added.pop(each.code, each) for each in self.rules]
        return RuleSet([*kept, *added.values()])

    def __getitem__(self, code: str) -> Rule:
        """The law with this code; raises KeyError."""
        for each in self.rules:
            if each.code == code:
                return each
        raise KeyError(code)

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


def _found(rules: Iterable[Rule], case: object, base: str) -> Iterator[Violation]:
    """What the rules find: `_judge` without an account of it, since it runs for every refused record."""
    fired: set[str] = set()
    for each in rules:
        if each.unless and not fired.isdisjoint(each.unless):
            continue
        try:
            for place in each.check(case):
                fired.add(each.code)
                yield each.violation(place, base)
        except Unknown:
            pass  # what was found before an unknown fact stands
        if each.gate and each.code in fired:
            return


def _judge(rules: Iterable[Rule], case: object, base: str) -> Iterator[Verdict]:
    """Run the rules in order: a gate that fired ends the judging, a code silences its dependants."""
    fired: set[str] = set()
    ended = ""
    for each in rules:
        silencer = next(iter(each.unless & fired), "")
        if ended or silencer:
            why = f"the judging ended at {ended}" if ended else f"silenced by {silencer}"
            yield Verdict(each, "skipped", why=why)
            continue
        verdict = _run(each, case, base)
        if verdict.violations:
            fired.add(each.code)
            ended = each.code if each.gate else ""
        yield verdict


def _run(rule: Rule, case: object, base: str) -> Verdict:
    """Ask one rule; what it found before it met an unknown fact stands."""
    found: list[Violation] = []
    try:
        for place in rule.check(case):
            found.append(rule.violation(place, base))  # noqa: PERF401  what was found before an Unknown stands
    except Unknown as unknown:
        if not found:
            return Verdict(rule, "skipped", why=str(unknown))
    return Verdict(rule, "fired" if found else "held", tuple(found))


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
def _named(template: str) -> tuple[str, ...]:
    """The names of a template's placeholders."""
    return tuple([name for name, _ in _literals(template)[1:]])


@cache
def _literals(template: str) -> tuple[tuple[str, str], ...]:
    """The text before the first placeholder, and each placeholder with the text behind it."""
    found = [("", "")]
    for literal, name, _, _ in Formatter().parse(template):
        found[-1] = (found[-1][0], found[-1][1] + literal)
        if name is not None:
            found.append((name, ""))
    return tuple(found)
