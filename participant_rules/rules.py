"""Rules: laws as generator functions.

A rule is declared with its sentence and yields only where the law is broken; the engine stamps the rest:

    @rule("You must provide a login name.", pointer="/loginSection/login")
    def login_name_required(case):
        "A participant who logs in has a login name."
        if not case.login:
            yield at()

The code is the function's name with hyphens and the docstring's first sentence is the law. Importing
registers nothing: a `RuleSet` puts rules in order, and a caller adds one with `+`.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from string import Formatter
from types import UnionType
from typing import Any, Literal, Protocol, TypeVar

from attrs import define, evolve, field, fields, frozen

from participant_rules.due import SENTENCE, refuse_other
from participant_rules.schema.reads import Read
from participant_rules.violations import OURS, Severity, Source, Violation, joined

__all__ = [
    "At",
    "Rule",
    "at",
    "declared_rule",
    "fault",
    "rule",
]

Basis = Literal["documented", "inferred"]
CaseT_contra = TypeVar("CaseT_contra", contravariant=True)
NameT = TypeVar("NameT")


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


@frozen(cache_hash=True)  # verdicts are looked up by it
class Rule:
    """One law: its sentence, its provenance, and the check that finds where it is broken.

    `message` and `text` are templates in Python's format syntax. A `gate` that fires ends the judging; a rule
    is silenced when one of the codes in `unless` has fired before it ("code at pointer": just there). `reads`
    is what the check reads of a record (None: it does not say, and is asked for every record), `facts` are
    the names of the caller's own facts that it reads; `about` is the path of the unique member, or of the
    object with unique members, that a rule is about.
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
    facts: frozenset[str] = frozenset()

    _constant: Mapping[str, Any] = field(init=False, repr=False, eq=False)

    @_constant.default
    def _common_members(self) -> Mapping[str, Any]:
        """The common members of all violations of this law."""
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
        """Pickle the rule by its name in its module; a changed rule with its changes."""
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
        members = violation.__dict__
        members.update(self._constant)
        members["pointer"] = base + (self.pointer if place.pointer is None else place.pointer)
        members["words"], members["related"] = place.words, place.related
        if "message" not in members:
            members["message"] = self.message.format_map(place.words)
            members["text"] = self.text.format_map(_Placeholders(place.words))
        return violation


class _Placeholders(dict[str, str]):
    """The placeholders' texts, of which some may be missing: a hint stands only where there is one."""

    def __missing__(self, name: str) -> str:
        return ""


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
    facts: Iterable[str] = (),
) -> Callable[[Check[Any]], Rule]:
    """Declare a law: decorate the generator function that finds where it is broken.

    `message` is the sentence byte for byte, `text` the same for people where trimming is not repair enough.
    `basis` defaults to "documented", for a sentence of ours to "inferred". `reads` names the members that the
    check reads, by their documented paths ("demographics.email"): records that are the same in these are
    judged once. `unless` names the codes that silence the rule, wherever they have fired or at one pointer
    ("email-taken at /demographics/email"). `about` is the path of the unique member that the rule is about.
    `facts` names the facts of the caller's own that the check reads; see `facts`.
    """
    refuse_other(message, str, SENTENCE)
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
        "facts": facts,
    }

    def declare(check: Check[Any]) -> Rule:
        if not check.__name__.isidentifier():  # a lambda
            raise ValueError(f"a rule has its code from the name of its function, not from {check.__name__}")
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
    facts: Iterable[str] = (),
    **declared: Any,
) -> Rule:
    """The rule that a check decides; see `rule`.

    Raises TypeError for one name where several are due, and ValueError for a fact that is no name of Python,
    a pointer, a sentence or a severity that is none, and a gate that is a warning.
    """
    refuse_other(message, str, SENTENCE)
    refuse_other(message if text is None else text, str, f"{code}: a text")
    pointer = declared.get("pointer", "")
    refuse_other(pointer, str, f"{code}: a pointer")
    if pointer and not pointer.startswith(("/", "{")):  # or a placeholder that has one
        raise ValueError(f"{code}: a pointer begins with a slash, or is empty")
    if severity not in list(Severity):
        known = " or ".join(repr(str(each)) for each in Severity)
        raise ValueError(f"{code}: severity is {known}, not {severity!r}")
    if severity == Severity.WARNING and declared.get("gate"):
        raise ValueError(f"{code}: a warning ends no judging: it is no gate")
    _refuse_no_sentence(code, message)
    return Rule(
        code=code,
        message=message,
        text=message.strip() if text is None else text,
        law=law,
        check=check,
        source=source,
        basis=basis or ("inferred" if source is OURS else "documented"),
        severity=Severity(severity),
        unless=_names(code, "unless", unless, str),
        reads=None if reads is None else frozenset(map(_read, _names(code, "reads", reads, str | Read))),
        facts=_facts(code, _names(code, "facts", facts, str)),
        **declared,
    )


def _refuse_no_sentence(code: str, message: str) -> None:
    try:
        literals = [literal for literal, *_ in Formatter().parse(message)]
    except ValueError as wrong:
        raise ValueError(f"{code}: the sentence is no template: {wrong}") from None
    if not literals:
        raise ValueError(f"{code}: the sentence is empty")


def _names(code: str, parameter: str, names: Iterable[NameT], kind: type | UnionType) -> frozenset[NameT]:
    if isinstance(names, str):
        raise TypeError(f"{code}: {parameter} takes a list: [{names!r}]")  # its letters would be names
    refuse_other(names, Iterable, f"{code}: a list in {parameter}")
    names = list(names)
    for each in names:
        refuse_other(each, kind, f"{code}: a text in {parameter}")
    return frozenset(names)


def _read(read: str | Read) -> Read:
    return Read(read) if isinstance(read, str) else read


def _facts(code: str, names: frozenset[str]) -> frozenset[str]:
    odd = [name for name in names if not name.isidentifier() or name.startswith("_")]
    if odd:
        raise ValueError(f"{code}: {min(odd)!r} cannot be read as case.facts.{min(odd)}")
    return names


def fault(message: str, code: str, law: str, **declared: Any) -> Rule:
    """A law about the text or the shape of a request; the reader finds its breaches and stamps them."""
    return Rule(code=code, message=message, text=message, law=law, check=_never, basis="inferred", **declared)


def _never(_case: object) -> Iterator[At]:
    return iter(())


def _first_sentence(docstring: str) -> str:
    return re.split(r"(?<=\.)\s", " ".join(docstring.split()), maxsplit=1)[0]
