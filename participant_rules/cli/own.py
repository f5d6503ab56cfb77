"""Rules of one's own, and facts for them, taken from a Python module by name: `mymodule:RULES`."""

import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal

from participant_rules import Rule, RuleSet, project, survey
from participant_rules.spelling import closest
from participant_rules.unusable import Unusable

__all__ = ["Family", "Rules", "facts_named", "family_of", "rules_named"]

Family = Literal["survey", "project"]
Rules = Mapping[Any, RuleSet]

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
    """The family whose calls are the keys; raises Unusable."""
    for family, calls in CALLS.items():
        if rules and calls.issuperset(rules):
            return family
    raise Unusable(f"--rules: the keys of {name} are not the calls of one family, as survey.Operation.ADD is")


def facts_named(name: str) -> Mapping[str, object]:
    """The mapping from names to facts of this name; raises Unusable."""
    facts = _named(name, "--facts")
    if not isinstance(facts, Mapping):
        raise Unusable(f"--facts: {name} is {_kind(facts)}; a mapping from names to facts is due")
    return facts


def _named(name: str, option: str) -> Any:
    module, colon, attribute = name.partition(":")
    if not (module and colon and attribute):
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
