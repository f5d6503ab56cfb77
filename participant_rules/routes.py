"""Which call a request makes: its path and its method against a table of the documented ones."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Generic, TypeVar
from urllib.parse import quote, unquote

from attrs import evolve, field, frozen

from participant_rules.due import refuse_other
from participant_rules.engine.recent import Recent
from participant_rules.rules import Rule, at, fault
from participant_rules.unset import UNSET, Unset
from participant_rules.violations import Violation
from participant_rules.wire import parameter_malformed

__all__ = [
    "FAULTS",
    "Endpoint",
    "NoEndpoint",
    "Routes",
    "boolean_parameter",
    "integer_parameter",
    "odd_parameter",
    "parameter",
]

CallT = TypeVar("CallT")
Matching = Callable[[str], re.Match[str] | None]

endpoint_unknown = fault(
    "The path is none of the documented ones.",
    "endpoint-unknown",
    "A request goes to a documented path.",
    status=404,
)
method_not_allowed = fault(
    "The path does not have this method.",
    "method-not-allowed",
    "A request has a method of its path.",
    status=405,
)

FAULTS: Final[tuple[Rule, ...]] = (endpoint_unknown, method_not_allowed)


@frozen(slots=False)  # made faster than with slots
class Endpoint(Generic[CallT]):
    """The call that a request makes, and the names in its path, decoded."""

    call: CallT
    names: tuple[str, ...]

    def name(self, position: int) -> str | Unset:
        """The name at a position; UNSET where the path has fewer."""
        return self.names[position] if position < len(self.names) else UNSET


@frozen
class NoEndpoint:
    """A request to no documented call; `allow` lists the methods that the path has."""

    violation: Violation
    allow: tuple[str, ...] = ()

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the answer: "The origin server MUST generate an Allow header" (RFC 9110, 15.5.6)."""
        return {"Allow": ", ".join(self.allow)} if self.allow else {}


@frozen
class Routes(Generic[CallT]):
    """A table of path templates (`/surveys/{}/participants`) with the call of each method."""

    table: Mapping[str, Mapping[str, CallT]]
    _patterns: tuple[tuple[Matching, str], ...] = field(init=False, repr=False, eq=False)
    _found: Recent[tuple[str, str], Endpoint[CallT] | NoEndpoint] = field(init=False, repr=False, eq=False)

    @_patterns.default
    def _pattern_of_each_template(self) -> tuple[tuple[Matching, str], ...]:
        return tuple((_pattern(template), template) for template in self.table)

    @_found.default
    def _found_of_late(self) -> "Recent[tuple[str, str], Endpoint[CallT] | NoEndpoint]":
        return Recent(self._find, _PATHS, keeps=_is_short)

    def find(self, method: str, path: str) -> Endpoint[CallT] | NoEndpoint:
        """The call of a request, or the reason why it is none; that of the latest paths is remembered."""
        return self._found[method, path]

    def _find(self, request: tuple[str, str]) -> Endpoint[CallT] | NoEndpoint:
        method, path = request
        for match, template in self._patterns:
            found = match(path)
            if found is None:
                continue
            methods = self.table[template]
            if method in methods:
                return Endpoint(methods[method], tuple(map(unquote, found.groups())))
            return NoEndpoint(method_not_allowed.violation(), tuple(methods))
        unknown = endpoint_unknown.violation()
        return NoEndpoint(_with_query(unknown) if "?" in path else unknown)

    def template(self, path: str) -> str | None:
        """The template that a path has: the path without names; None for no documented one."""
        return next((template for match, template in self._patterns if match(path)), None)

    def locate(self, call: CallT, *names: str | Unset) -> tuple[str, str]:
        """The method and the path of a call with these names, but for UNSET: `find` the other way round.

        Raises ValueError for an empty name: without it the path would be another call's. Raises TypeError for
        one that is no text.
        """
        given = [each for each in names if not isinstance(each, Unset)]
        for each in given:
            refuse_other(each, str, "a name in a path")
        template, method = next(
            (template, method)
            for template, methods in self.table.items()
            for method, each in methods.items()
            if each == call
        )
        if not all(given):
            raise ValueError("a name in a path cannot be empty")
        return method, template.format(*map(_segment, given))


_PATHS: Final = 64  # most requests of a server are about few studies


def _is_short(request: tuple[str, str]) -> bool:
    return len(request[1]) <= _LONGEST_PATH


_LONGEST_PATH: Final = 256


def _with_query(unknown: Violation) -> Violation:
    """The same of a path that has a query in it."""
    message = f"{unknown.message} The query is no part of it."
    return evolve(unknown, message=message, text=message)


def _segment(name: str) -> str:
    """A name as one segment of a path; "." and ".." would be taken for steps in it (RFC 3986, 5.2.4)."""
    return name.replace(".", "%2E") if name in (".", "..") else quote(name, safe="")


def _pattern(template: str) -> Matching:
    """Matches the paths of a template; its groups are the names, as they are written."""
    segments = ["([^/]+)" if each == "{}" else re.escape(each) for each in template.split("/")]
    return re.compile("/".join(segments)).fullmatch


def parameter(query: Mapping[str, str | Sequence[str]], name: str) -> str | None:
    """The value of a query parameter, in any case of its name; the last one of several."""
    refuse_other(query, Mapping, "a query as a mapping, as urllib.parse.parse_qs(text) makes one,")
    found = None
    for each, value in query.items():
        if each.lower() == name.lower():
            found = value if isinstance(value, str) else (value[-1] if value else found)
    return found


_digits = re.compile(r"[0-9]{1,18}").fullmatch


def integer_parameter(
    query: Mapping[str, str | Sequence[str]],
    name: str,
    *,
    default: int,
    least: int = 0,
    most: int | None = None,
) -> tuple[int, tuple[Violation, ...]]:
    """A whole number in a query, or its default and a violation at `/` and its name."""
    text = parameter(query, name)
    if text is None:
        return default, ()
    number = int(text) if _digits(text) else -1
    if number >= least and (most is None or number <= most):
        return number, ()
    expected = f"a whole number from {least}" + (f" to {most}" if most is not None else "")
    return default, (odd_parameter(name, expected),)


def boolean_parameter(
    query: Mapping[str, str | Sequence[str]], name: str, *, default: bool = False
) -> tuple[bool, tuple[Violation, ...]]:
    """True or false in a query, in any case, or the default and a violation at `/` and its name."""
    text = parameter(query, name)
    if text is None:
        return default, ()
    if text.lower() not in ("true", "false"):
        return default, (odd_parameter(name, "true or false"),)
    return text.lower() == "true", ()


def odd_parameter(name: str, expected: str) -> Violation:
    """The violation of a query parameter that has another value than is documented."""
    return parameter_malformed.violation(at(name, expected=expected))
