"""`participant-rules rules`: the catalogue."""

import json
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from participant_rules import access, catalogue, jsontext, project, routes, survey, wire
from participant_rules.rules import Rule

__all__ = ["catalogue_of", "rules"]

Family = Literal["survey", "project"]

_READING = (*wire.FAULTS, *jsontext.FAULTS, *jsontext.VALUE_FAULTS, *routes.FAULTS)
_ADMITTING = {"survey": (access.key_wrong,), "project": access.PROJECT}
_TITLES = {"survey": "Participants of a survey", "project": "Participants of a project"}


def catalogue_of(family: Family) -> tuple[Rule, ...]:
    """The laws of a family in the order of precedence, then those of reading and of admission."""
    own = survey.SENTENCES if family == "survey" else project.SENTENCES
    return (*own, *_READING, *_ADMITTING[family])


def rules(
    *,
    family: Family | None = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
    markdown: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Print every law: its code, its sentence, where it applies, and where it comes from.

    Args:
        family: Only the laws of this family.
        as_json: As a JSON list.
        markdown: As the page of the documentation.
    """
    families: list[Family] = [family] if family else ["survey", "project"]
    if as_json:
        rows = [
            {"family": each} | catalogue.as_dict(rule) for each in families for rule in catalogue_of(each)
        ]
        print(json.dumps(rows, indent=2, ensure_ascii=False))
    elif markdown:
        print("\n".join(catalogue.markdown(_TITLES[each], catalogue_of(each)) for each in families), end="")
    else:
        for each in families:
            Console().print(_table(each))
    return 0


def _table(family: Family) -> Table:
    table = Table(title=_TITLES[family], title_justify="left")
    table.add_column("code", no_wrap=True)
    for name in ("text", "at", "source"):
        table.add_column(name, overflow="fold")
    for rule in catalogue_of(family):
        source = f"{rule.source.kind}, {rule.basis}"
        table.add_row(rule.code, rule.text.replace("[", r"\["), rule.pointer, source)
    return table
