"""The rule sets as data and as Markdown; the pages of the documentation are generated from it."""

from collections.abc import Iterable
from typing import Any

from participant_rules.rules import Rule

__all__ = ["as_dict", "markdown"]


def as_dict(rule: Rule) -> dict[str, Any]:
    """A rule as JSON values; message and text are templates in Python's format syntax."""
    return {
        "code": rule.code,
        "message": rule.message,
        "text": rule.text,
        "law": rule.law,
        "pointer": rule.pointer,
        "status": rule.status,
        "severity": rule.severity.value,
        "source": rule.source.kind,
        "section": rule.source.section,
        "basis": rule.basis,
    }


def markdown(title: str, rules: Iterable[Rule]) -> str:
    """The rules as a page: each with its law, its sentence as it is sent, where, and where it comes from."""
    return f"# {title}\n\n" + "\n".join(_entry(rule) for rule in rules)


def _entry(rule: Rule) -> str:
    where = f"`{rule.pointer}`" if rule.pointer else "the whole request"
    kind = f"a warning at {where}" if rule.severity.value == "warning" else f"{rule.status} at {where}"
    source = f"{rule.source.kind}: {rule.source.section}" if rule.source.section else rule.source.kind
    lines = [f"## {rule.code}", "", rule.law, "", "```text", rule.message, "```", ""]
    if rule.text != rule.message:
        lines += [f"For people: {rule.text}", ""]
    return "\n".join([*lines, f"{kind} · {source} · {rule.basis}", ""])
