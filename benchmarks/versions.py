"""What another version of the library has under another name, or has not: so that two can be compared.

Nothing else in this folder knows of a version but the present one.
"""

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import Any

from attrs import fields

from participant_rules import batch, project, rule


def reading(sentence: str, reads: Sequence[str], **declared: Any) -> Any:
    """`rule` with the members that it reads, where that can be declared."""
    if "reads" in signature(rule).parameters:
        declared["reads"] = reads
    return rule(sentence, **declared)


def project_task(definition: Any, roster: Any, rules: Mapping[Any, Any] | None) -> Any:
    """The task of a bulk under rules for each operation; None: under the rules of the library."""
    given: dict[str, Any] = {}
    if rules is not None and any(each.name == "rules" for each in fields(batch.ProjectTask)):
        given["rules"] = rules
    elif rules is not None:
        given["laws"] = rules[project.Operation.BULK]
    return batch.ProjectTask(definition, roster, allow_update=True, **given)
