"""Rules of one's own, and facts for them, taken from Python modules by name: `mymodule:RULES`."""

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from participant_rules import Rule, RuleSet, project, survey
from participant_rules.facts import FactValues, refuse_strange
from participant_rules.spelling import closest
from participant_rules.unusable import Unusable

__all__ = ["Family", "Rules", "family_of", "own_of", "rules_named", "sandbox_rules", "try_out", "usable"]

T = TypeVar("T")
Family = Literal["survey", "project"]
Rules = Mapping[Any, RuleSet]

DOCUMENTED: Final[Mapping[Family, Rules]] = {"survey": survey.RULES, "project": project.RULES}

CALLS: Final[Mapping[Family, frozenset[str]]] = {
    "survey": frozenset(survey.Operation),
    "project": frozenset(project.Operation),
}


def rules_named(name: str, family: Family | None = None) -> Rules:
    """The mapping from calls to rule sets of this name, of that family; raises Unusable."""
    rules = _named(name, "--rules")
    if not isinstance(rules, Mapping):
        raise Unusable(f"--rules: {name} is {_kind(rules)}; {_DUE}")
    for each in rules.values():
        if not isinstance(each, RuleSet):
            raise Unusable(f"--rules: {name} has {_kind(each)} among its values; {_DUE}")
    own = family_of(rules, name)
    if family not in (None, own):
        raise Unusable(f"--rules: {name} has rules of a {own}, and a {family} is judged")
    return rules


_DUE: Final = "a mapping from calls to rule sets is due, as project.RULES.adding(rule, to=…) gives one"


def family_of(rules: Rules, name: str) -> Family:
    """The family that has these calls; raises Unusable."""
    for family, calls in CALLS.items():
        if rules and calls.issuperset(rules):
            return family
    raise Unusable(f"--rules: the keys of {name} are not the calls of one family, as survey.Operation.ADD is")


def own_of(rules: str | None, facts: str | None, family: Family) -> dict[str, Any]:
    """The arguments `rules` and `facts` for judging a family, as far as named; raises Unusable."""
    own: dict[str, Any] = {} if rules is None else {"rules": rules_named(rules, family)}
    named = _facts_named([] if facts is None else [facts], own.get("rules", DOCUMENTED[family]))
    return own | {"facts": named} if named else own


def sandbox_rules(rules: Iterable[str], facts: Iterable[str]) -> dict[str, Any]:
    """The arguments of a sandbox: rules of each family, and the facts that these read; raises Unusable."""
    found: dict[Family, Rules] = {**DOCUMENTED}
    for name in rules:
        family = family_of(each := rules_named(name), name)
        if found[family] is not DOCUMENTED[family]:
            raise Unusable(f"--rules: {name} is the second one with rules of a {family}")
        found[family] = each
    every = dict(enumerate(one for each in found.values() for one in each.values()))
    named = _facts_named(facts, every)
    read = {family: _read_by(each) for family, each in found.items()}
    options: dict[str, Any] = {f"{family}_rules": each for family, each in found.items()}
    for family, names in read.items():
        options[f"{family}_facts"] = {name: each for name, each in named.items() if name in names}
    return options


def try_out(own: Mapping[str, Any], surveys: Iterable[Any], projects: Iterable[Any]) -> None:
    """Ask the rules of a sandbox about empty bodies; raises Unusable where they cannot judge."""
    judging = {"rules": own["survey_rules"], "facts": own["survey_facts"]}
    for each in map(survey.Survey.from_json, surveys):
        usable(partial(survey.check, {}, each, operation="add", **judging))
        usable(partial(survey.check, {}, each, operation="update", **judging))
    judging = {"rules": own["project_rules"], "facts": own["project_facts"]}
    for one in map(project.Project.from_json, projects):
        usable(partial(project.check, {}, one, **judging))
        usable(partial(project.check, {"participants": [{}]}, one, operation="bulk", **judging))


def usable(make: Callable[[], T]) -> T:
    """The value that a function makes of usable rules and declared facts; raises Unusable."""
    try:
        return make()
    except (TypeError, ValueError) as wrong:
        raise Unusable(f"--rules: {wrong}") from None


def _facts_named(names: Iterable[str], rules: Rules) -> FactValues:
    """The facts of these names, all of which the rules read; raises Unusable."""
    found = dict[str, object]()
    for name in names:
        facts = _named(name, "--facts")
        if not isinstance(facts, Mapping):
            raise Unusable(f"--facts: {name} is {_kind(facts)}; a mapping from names to facts is due")
        try:
            refuse_strange(facts, rules)
        except ValueError as wrong:
            raise Unusable(f"--facts: {wrong}") from None
        found |= facts
    return found


def _read_by(rules: Rules) -> frozenset[str]:
    """The names of the facts that rules read."""
    return frozenset(name for each in rules.values() for one in each for name in one.facts)


def _named(name: str, option: str) -> Any:
    module, colon, attribute = name.partition(":")
    is_file = module.endswith(".py") or not all(each.isidentifier() for each in module.split("."))
    if is_file or not (colon and attribute):
        raise Unusable(f"{option} takes MODULE:NAME, such as mymodule:RULES; not {name!r}")
    imported = _imported(module, option)
    try:
        return getattr(imported, attribute)
    except AttributeError:
        near = closest(attribute, vars(imported))
        raise Unusable(f"{option}: the module {module} has no {attribute!r}{near}") from None


def _imported(module: str, option: str) -> Any:
    """The module, also one in the folder in which the command runs."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name and (module == missing.name or module.startswith(f"{missing.name}.")):
            raise Unusable(
                f"{option}: there is no module {module!r} in {here} or where Python looks"
            ) from None
        raise Unusable(f"{option}: {module} cannot be imported: it needs {missing.name}") from None
    except Exception as error:  # noqa: BLE001  whatever the module does
        why = " ".join(f"{type(error).__name__}: {error}".split())
        raise Unusable(f"{option}: {module} cannot be imported: {why}") from None


def _kind(value: object) -> str:
    if isinstance(value, RuleSet):
        return "one rule set"
    return "one rule" if isinstance(value, Rule) else f"a value of the type {type(value).__name__}"
