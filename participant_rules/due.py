"""Errors of a program that passes a value of a wrong type: a TypeError that names the right one."""

from collections.abc import Awaitable, Callable, Iterable
from itertools import islice
from types import CoroutineType, UnionType
from typing import Any, Final, TypeVar

__all__ = [
    "ALLOW_UPDATE",
    "A_POLICY",
    "CALLER",
    "CASE",
    "CODE",
    "KNOWN",
    "PAGE",
    "PARTICIPANT",
    "PATH",
    "PROJECT",
    "REGISTER",
    "REQUEST",
    "ROSTER",
    "RULE",
    "SENTENCE",
    "STORED",
    "SURVEY",
    "TRANSPORT",
    "a",
    "answered_at_once",
    "each_of",
    "frame_advice",
    "named",
    "refuse_coroutine",
    "refuse_lacking",
    "refuse_other",
    "refuse_unstored",
    "refuse_unversioned",
    "with_methods",
]

Validator = Callable[[Any, Any, Any], None]
ValueT = TypeVar("ValueT")

# What is due, as the errors say it.
A_POLICY: Final = "a Policy"
ALLOW_UPDATE: Final = "allow_update as True or False"
CALLER: Final = "a Caller"
CODE: Final = "the code of a rule"
CASE: Final = "a Case, as Case.of(change, known, …) makes one,"
KNOWN: Final = "a Known, as find(…) of a store answers one,"
PAGE: Final = "a Page, as the port has it,"
PARTICIPANT: Final = "a Participant, as read_stored(…) reads one,"
PATH: Final = "the path of a member"
PROJECT: Final = "a Project, as Project.from_json(…) reads one,"
REGISTER: Final = "a store with find and commit"
REQUEST: Final = "a Request, as Request(method, path, …) makes one,"
RULE: Final = "a rule, as @rule(…) declares one,"
ROSTER: Final = "a store with find"
SENTENCE: Final = 'the sentence of a rule, as in @rule("…"),'
STORED: Final = "a Stored, as Stored(participant, version) makes one,"
SURVEY: Final = "a Survey, as Survey.from_json(…) reads one,"
TRANSPORT: Final = "a transport with send, such as HttpxTransport(url),"


def refuse_other(value: object, kind: type | UnionType, due: str) -> None:
    """Raise TypeError for a value of another kind; `due` names the right one, and where it comes from."""
    if not isinstance(value, kind):
        raise TypeError(f"{due} is due, not {named(value)}")


def each_of(values: Iterable[ValueT], kind: type, due: str, plural: str) -> tuple[ValueT, ...]:
    """The values, which are all of a kind; raises TypeError for anything else."""
    if values.__class__ is not list and values.__class__ is not tuple:  # each request asks
        refuse_other(values, Iterable, f"an iterable of {plural}")
    values = tuple(values)
    for each in values:
        if each.__class__ is not kind:
            refuse_other(each, kind, due)
    return values


def a(kind: type, due: str, *, optional: bool = False) -> Validator:
    """A validator of attrs that refuses values of another kind, and None unless it is optional."""

    def refuse(_instance: object, _attribute: object, value: object) -> None:
        if not (optional and value is None):
            refuse_other(value, kind, due)

    return refuse


def with_methods(*names: str, due: str) -> Validator:
    """A validator of attrs that refuses objects without these methods, and classes."""

    def refuse(_instance: object, attribute: Any, value: object) -> None:
        if value is not None or attribute.default is not None:
            refuse_lacking(value, names, due)

    return refuse


def refuse_lacking(value: object, names: Iterable[str], due: str) -> None:
    """Raise TypeError for an object without these methods, and for a class."""
    if isinstance(value, type):
        raise TypeError(f"{due} is due, not the class {value.__name__} itself")
    lacking = [name for name in names if not callable(getattr(value, name, None))]
    if lacking:
        raise TypeError(f"{due} is due, not {named(value)}, which has no {' and no '.join(lacking)}")


def refuse_unstored(found: Iterable[Any], stored: type, participant: type) -> None:
    """Raise TypeError where a store answers anything but stored participants.

    The first one is looked at: an answer may have thousands.
    """
    for each in islice(found, 1):
        refuse_other(each, stored, STORED)
        refuse_other(each.participant, participant, PARTICIPANT)


def refuse_unversioned(found: Iterable[Any]) -> None:
    """Raise TypeError where a store answers participants without a version, which no commit can name."""
    for each in islice(found, 1):
        if each.version is None:
            raise TypeError("find(…) left out the version: Stored(participant, version), which is not None")


def refuse_coroutine(answer: Any, call: Any) -> None:
    """Raise TypeError for an answer that is a coroutine, where none can be awaited."""
    if answer.__class__ is CoroutineType:  # each request asks twice
        answer.close()
        name = getattr(getattr(call, "func", call), "__qualname__", "the method")
        raise TypeError(f"{name} is a coroutine: await the async twin (ahandle, asubmit, AsyncClient …)")


def answered_at_once(answer: Any, asking: str) -> Any:
    """The answer of a roster; raises TypeError for one to be awaited, as neither a check nor a batch does."""
    if isinstance(answer, Awaitable):
        if isinstance(answer, CoroutineType):
            answer.close()
        raise TypeError(f"{asking} asks a roster whose methods answer at once")
    return answer


def frame_advice(kind: type) -> str | None:
    """The rows of a data frame, as its package writes them; None for another type."""
    return next(
        (advice for names, advice in _FRAMES if all(hasattr(kind, each) for each in names.split())), None
    )


_FRAMES: Final = (
    ("columns iterrows compute", 'frame.compute().to_dict("records")'),
    ("columns iterrows to_dict", 'frame.to_dict("records")'),
    ("columns to_dicts", "frame.to_dicts()"),
    ("columns collect_schema collect", "frame.collect().to_dicts()"),
    ("column_names to_pylist", "table.to_pylist()"),
    ("model_fields model_dump", 'a list, even of one: [model.model_dump(mode="json")]'),
    ("__dataframe__", "a list of its rows as dictionaries"),
)
"""The attributes by which a frame, or a model of pydantic, is known, and what has its rows."""


def named(value: object) -> str:
    """The value by its type alone, as the errors say it."""
    kind = type(value)
    package = kind.__module__.partition(".")[0]
    name = kind.__name__ if package == "builtins" else f"{package}.{kind.__name__}"
    return "None" if value is None else f"a value of the type {name}"
