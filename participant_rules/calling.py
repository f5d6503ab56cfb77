"""The common part of both families' clients: sending payloads, reading answers, keeping secrets.

A call is a conversation with a transport (see `steps`), so that clients for sync and for async transports run
one code path.
"""

import inspect
import json
import re
import warnings
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import partial
from typing import Any, Final, Generic, TypeVar
from urllib.parse import unquote

import attrs
from attrs import evolve, field, frozen
from attrs.validators import is_callable, optional

from participant_rules import access, jsontext, routes, wire
from participant_rules.due import TRANSPORT, with_methods
from participant_rules.facts import NO_FACTS, FactValues, are_facts
from participant_rules.http import AsyncTransport, Request, Response, Transport, Unexpected
from participant_rules.ruleset import RuleSet
from participant_rules.schema.documents import document_of
from participant_rules.steps import Steps
from participant_rules.violations import Refused, Violation, listing
from participant_rules.wire import Malformed

__all__ = [
    "READING",
    "AnswerT",
    "PayloadWarning",
    "Sender",
    "TransportT",
    "Warned",
    "as_json",
    "encoded",
    "header_value",
    "json_of",
    "list_of",
    "member",
    "recognise",
    "recognise_error",
    "refusal",
    "succeeded",
    "warn",
]

AnswerT = TypeVar("AnswerT")
TransportT = TypeVar("TransportT", bound=Transport | AsyncTransport)

READING: Final = RuleSet((*access.FAULTS, *routes.FAULTS, *jsontext.FAULTS, *wire.FAULTS))
"""The laws of admitting and reading a request, of both families."""

_REFUSALS: Final = frozenset({400, 401, 403, 404, 405, 409, 422})


class PayloadWarning(UserWarning):
    """A payload that is sent although something in it is odd; `violations` are the warnings."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__(listing(self.violations))

    def __reduce__(self) -> tuple[type["PayloadWarning"], tuple[tuple[Violation, ...]]]:
        """Pickle the warning by its violations."""
        return type(self), (self.violations,)


Warned = Callable[[tuple[Violation, ...]], object]
"""A listener to the warnings of a payload, called before it is sent."""

_latest: ContextVar[tuple[object, tuple[Violation, ...]]] = ContextVar("_latest", default=(None, ()))


@frozen(kw_only=True)
class Sender(Generic[TransportT]):
    """The part that the clients of both families share: a transport, and sending requests through it.

    `base_path` stands before the documented paths. `facts` are the caller's own, by which payloads are judged
    too. `warned` is called with the warnings of a payload before it is sent, where it has some;
    `calling.warn` makes Python warnings of them.
    """

    transport: TransportT = field(kw_only=False, validator=with_methods("send", due=TRANSPORT))
    base_path: str = ""
    facts: FactValues = field(default=NO_FACTS, validator=are_facts, repr=False)
    warned: Warned | None = field(default=None, repr=False, validator=optional(is_callable()))

    @property
    def warnings(self) -> tuple[Violation, ...]:
        """The warnings of the latest payload that this client sent, in this thread or task."""
        client, violations = _latest.get()
        return violations if client is self else ()

    def _admit(self, violations: Iterable[Violation], warnings: Iterable[Violation]) -> None:
        """Refuse to send a payload that breaks a law; keep its warnings, and call the listener."""
        violations, warnings = tuple(violations), tuple(warnings)
        if violations:
            raise Refused(violations)
        _latest.set((self, warnings))
        if warnings and self.warned is not None:
            self.warned(warnings)

    def _exchange(
        self,
        request: Request,
        read: Callable[[Response], AnswerT],
        recognised: Callable[[Response], Iterable[Violation]],
    ) -> Steps[AnswerT]:
        """Send a request and read its answer; `recognised` gives the violations of a refusal."""
        request = evolve(request, path=self.base_path.rstrip("/") + request.path)
        response: Response = yield partial(self.transport.send, request)
        if not succeeded(response):
            raise Refused(recognised(response))
        try:
            return read(response)
        except Malformed as wrong:
            raise Unexpected(response) from wrong


def warn(violations: tuple[Violation, ...]) -> None:
    """Issue a PayloadWarning at the line outside of this package that made the call."""
    level, frame = 1, inspect.currentframe()
    while frame is not None and frame.f_globals.get("__name__", "").startswith("participant_rules."):
        level, frame = level + 1, frame.f_back
    warnings.warn(PayloadWarning(violations), stacklevel=level)


def as_json(payload: object) -> object:
    """A payload as it is judged and sent: entities as JSON, with all the members that they were read with.

    Raises ValueError for an entity with a value that could not be read.
    """
    if attrs.has(type(payload)):
        document = document_of(payload, stored=True)
        if document is None:
            raise ValueError("a value of the entity could not be read")
        return document
    if isinstance(payload, list | tuple):
        return [as_json(each) for each in payload]
    return payload


def encoded(payload: object) -> bytes:
    """The bytes of a body: bytes and text as they are, anything else as JSON."""
    if isinstance(payload, bytes | bytearray | memoryview):
        return bytes(payload)
    text = payload if isinstance(payload, str) else json.dumps(payload, ensure_ascii=False)
    return text.encode()


_header_text = re.compile(r"[!-~](?:[ -~]*[!-~])?").fullmatch


def header_value(value: str, name: str) -> str:
    """A secret that can stand in a header; raises ValueError, which does not show it.

    A key that was read from a file often ends with a line break, and an HTTP library would complain of it
    aloud.
    """
    if not _header_text(value):
        raise ValueError(
            f"{name} cannot stand in a header: it is empty, or has white space or odd characters"
        )
    return value


def succeeded(response: Response) -> bool:
    """Whether a response is a success."""
    return response.status == 200  # noqa: PLR2004  "200 OK" is the only documented one


def json_of(response: Response) -> Any:
    """The answer's JSON value; raises Unexpected where it is none."""
    try:
        return response.json()
    except ValueError:
        raise Unexpected(response) from None


def member(response: Response, name: str) -> Any:
    """A member of the answered object, or None; raises Unexpected where the answer is no JSON object."""
    data = json_of(response)
    if not isinstance(data, dict):
        raise Unexpected(response)
    return data.get(name)


def list_of(response: Response, read: Callable[[Any], AnswerT]) -> tuple[AnswerT, ...]:
    """The elements of an answer that is a bare list, read; raises Unexpected where it is none."""
    found = json_of(response)
    if not isinstance(found, list):
        raise Unexpected(response)
    return tuple(map(read, found))


def refusal(response: Response, name: str) -> Any:
    """A member of an answer that refuses; raises Unexpected for any other failure."""
    if response.status not in _REFUSALS:
        raise Unexpected(response)
    return member(response, name)


def recognise(message: str, laws: Iterable[RuleSet], status: int) -> Violation:
    """The violation that a sentence states, by the first set that has it; an unknown one has no law."""
    found = next((found for each in laws if (found := each.recognise(message))), None)
    if found is None:
        return Violation("unrecognised", message, pointer=None, status=status)
    return evolve(found, status=status)


def recognise_error(error: object, laws: Iterable[RuleSet], response: Response) -> Violation:
    """The violation that one of the `errors` of problem details states."""
    if not isinstance(error, dict) or not isinstance(error.get("detail"), str):
        raise Unexpected(response)
    code, pointer, message = error.get("code"), error.get("pointer"), error["detail"]
    where = unquote(pointer.removeprefix("#")) if isinstance(pointer, str) else None
    own = (rules.only(code) for rules in laws if isinstance(code, str) and code in rules)
    found = next((found for each in own if (found := each.recognise(message))), None)
    if found is None:
        return Violation(str(code or "unrecognised"), message, pointer=where, status=response.status)
    return evolve(found, pointer=where)
