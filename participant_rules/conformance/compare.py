"""Expected and actual values compared; every function yields the differences as sentences."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from participant_rules.http import Response
from participant_rules.jsonplaces import look_up
from participant_rules.unset import UNSET
from participant_rules.violations import Severity, Violation

__all__ = ["compare_response", "compare_violations", "same"]


def compare_violations(expected: Sequence[Sequence[str]], found: Iterable[Violation]) -> Iterator[str]:
    """Exactly the expected errors, in any order, each as [code, pointer] or [code, pointer, message]."""
    errors = [each for each in found if each.severity is Severity.ERROR]
    lengths = {tuple(each[:2]): len(each) for each in expected}
    wanted = Counter(tuple(each) for each in expected)
    came = Counter(_finding(each, lengths.get((each.code, each.pointer or ""), 2)) for each in errors)
    for missing in (wanted - came).elements():
        yield f"expected the violation {list(missing)}"
    for extra in (came - wanted).elements():
        yield f"did not expect the violation {list(extra)}"


def compare_warnings(expected: Sequence[Sequence[str]], found: Iterable[Violation]) -> Iterator[str]:
    """At least the expected warnings."""
    warnings = [each for each in found if each.severity is Severity.WARNING]
    for each in expected:
        if tuple(each) not in {_finding(warning, len(each)) for warning in warnings}:
            yield f"expected the warning {list(each)}"


def _finding(violation: Violation, length: int) -> tuple[str, ...]:
    return (violation.code, violation.pointer or "", violation.message)[:length]


def compare_response(expected: Mapping[str, Any], response: Response) -> Iterator[str]:
    """Status, body, members and headers as far as they are expected."""
    if response.status != expected["status"]:
        yield f"expected status {expected['status']}, came {response.status}"
    try:
        body = response.json()
    except ValueError:
        yield "the body is no JSON"
        return
    if "body" in expected and not same(expected["body"], body):
        yield f"expected body {_show(expected['body'])}, came {_show(body)}"
    if "contains" in expected:
        yield from _compare_part(expected["contains"], body, "")
    for pointer in expected.get("present", ()):
        if look_up(body, pointer) is UNSET:
            yield f"expected a member at {pointer}"
    for pointer in expected.get("absent", ()):
        if look_up(body, pointer) is not UNSET:
            yield f"did not expect a member at {pointer}"
    yield from _compare_headers(expected.get("headers", {}), response.headers)


def same(expected: Any, came: Any) -> bool:
    """Whether two JSON values are equal; true and 1 are not."""
    if isinstance(expected, dict) and isinstance(came, dict):
        return expected.keys() == came.keys() and all(same(expected[name], came[name]) for name in expected)
    if isinstance(expected, list) and isinstance(came, list):
        return len(expected) == len(came) and all(map(same, expected, came))
    return isinstance(expected, bool) is isinstance(came, bool) and bool(expected == came)


def _compare_part(expected: Any, came: Any, pointer: str) -> Iterator[str]:
    """Each expected member is there with its value; a list may be longer than expected."""
    if isinstance(expected, dict) and isinstance(came, dict):
        for name, value in expected.items():
            yield from _compare_part(value, came.get(name, UNSET), f"{pointer}/{name}")
    elif isinstance(expected, list) and isinstance(came, list) and len(expected) <= len(came):
        for position, value in enumerate(expected):
            yield from _compare_part(value, came[position], f"{pointer}/{position}")
    elif came is UNSET:
        yield f"expected {_show(expected)} at {pointer}, came nothing"
    elif not same(expected, came):
        yield f"expected {_show(expected)} at {pointer}, came {_show(came)}"


def _compare_headers(expected: Mapping[str, str], came: Mapping[str, str]) -> Iterator[str]:
    headers = {name.lower(): value for name, value in came.items()}
    for name, value in expected.items():
        if headers.get(name.lower()) != value:
            yield f"expected the header {name}: {value}, came {headers.get(name.lower())}"


def _show(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
