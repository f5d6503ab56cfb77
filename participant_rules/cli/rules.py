"""`participant-rules rules`: the catalogue."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Annotated, Any

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from participant_rules import access, catalogue, jsontext, project, routes, survey, wire
from participant_rules.cli.own import Family, family_of, rules_named
from participant_rules.rules import Rule
from participant_rules.ruleset import RuleSet
from participant_rules.unusable import Unusable

__all__ = ["Family", "catalogue_of", "rules"]

_READING = (*wire.FAULTS, *jsontext.FAULTS, *jsontext.VALUE_FAULTS, *routes.FAULTS)
_ADMITTING = {"survey": (access.key_wrong,), "project": (*access.PROJECT, *access.TOKEN.values())}
_TITLES = {"survey": "Participants of a survey", "project": "Participants of a project"}


def catalogue_of(family: Family, rules: Mapping[Any, RuleSet] = MappingProxyType({})) -> tuple[Rule, ...]:
    """The laws of a family in the order of precedence, then the laws of reading and of admission.

    Where there are `rules` of one's own for each call, they are those.
    """
    documented = survey.SENTENCES if family == "survey" else project.SENTENCES
    own = {each.code: each for one in rules.values() or [documented] for each in one}
    in_order = sorted(own.values(), key=partial(_rank, documented.codes))
    return (*in_order, *_READING, *_ADMITTING[family])


def _rank(codes: Sequence[str], rule: Rule) -> int:
    """The place of a rule among the documented ones; others come after them."""
    return codes.index(rule.code) if rule.code in codes else len(codes)


def rules(
    *,
    family: Family | None = None,
    own: Annotated[str | None, Parameter(name="--rules")] = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    markdown: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Print every law: its code, its sentence, where it applies, and where it comes from.

    Args:
        family: Only the laws of this family.
        own: With rules of your own: a mapping from calls to rule sets in a module, as "mymodule:RULES".
        as_json: As a JSON list.
        markdown: As the page of the documentation.
    """
    if as_json and markdown:
        raise Unusable("--json and --markdown are two forms: give one")
    catalogues = _catalogues(family, own)
    if as_json:
        rows = [
            {"family": each} | catalogue.as_dict(rule) for each, laws in catalogues.items() for rule in laws
        ]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    elif markdown:
        pages = [catalogue.markdown(_TITLES[each], laws) for each, laws in catalogues.items()]
        print("\n".join(pages), end="")
    else:
        for each, laws in catalogues.items():
            Console().print(_table(each, laws))
    return 0


def _catalogues(family: Family | None, own: str | None) -> Mapping[Family, Sequence[Rule]]:
    """The laws of one family or of both; with rules of one's own, of their family."""
    if own is not None:
        given = rules_named(own, family)
        family = family_of(given, own)
        return {family: catalogue_of(family, given)}
    families: tuple[Family, ...] = (family,) if family else ("survey", "project")
    return {each: catalogue_of(each) for each in families}


def _table(family: Family, laws: Iterable[Rule]) -> Table:
    table = Table(title=_TITLES[family], title_justify="left")
    table.add_column("code", no_wrap=True)
    for name in ("text", "at", "source"):
        table.add_column(name, overflow="fold")
    for rule in laws:
        source = f"{rule.source.kind}, {rule.basis}"
        table.add_row(rule.code, rule.text.replace("[", r"\["), rule.pointer, source)
    return table
