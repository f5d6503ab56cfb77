"""The violations of a request, as values.

A violation says which law was broken, in the words of the documented server, and where. It never shows the
value that broke it: `words` carries only what the documented sentences name (seeding keys, code values), and
a repair is made when it is asked for.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal

from attrs import Factory, field, frozen

__all__ = ["OURS", "Refused", "Repair", "Severity", "Source", "Violation", "listing", "pointer"]


class Severity(StrEnum):
    """An error refuses the change; a warning never does."""

    ERROR = "error"
    WARNING = "warning"


@frozen
class Source:
    """Where a sentence comes from.

    `kind` is "printed" (the page prints it as an error), "quoted" (the page states it as a law) or "ours"
    (the pages have no words for it); `section` names the page and its section, and is empty for a sentence of
    ours.
    """

    kind: Literal["printed", "quoted", "ours"]
    section: str = ""


OURS = Source("ours")


def pointer(*parts: str | int) -> str:
    """The JSON Pointer (RFC 6901) of a member, from the names and positions that lead to it.

    >>> pointer("customFields", "a/b")
    '/customFields/a~1b'
    """
    return joined(parts)


@lru_cache(maxsize=4096)  # the members of a batch's records are the same ones
def joined(parts: tuple[str | int, ...]) -> str:
    """The JSON Pointer of a path."""
    return "".join(["/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts])


def _severity(named: str) -> Severity:
    return named if isinstance(named, Severity) else Severity(named)


def _tidied(violation: Any) -> str:
    message: str = violation.message
    return message.strip()


@frozen
class Repair:
    """The repair of a member: `value` at the JSON Pointer `pointer`.

    It is `certain` where the value that stands there has one reading only; else it is merely likely. Where
    the name of the member is repaired, `renames` is the name that it has, and `value` is kept as it is.
    The value is personal data, and never in a repr.
    """

    pointer: str
    value: Any = field(repr=False)
    certain: bool
    renames: str | None = field(default=None, repr=False)


@frozen
class Made:
    """The offer of a repair that is made already."""

    repair: Repair | None = field(repr=False)

    def __call__(self, _violation: "Violation") -> Repair | None:
        """The repair."""
        return self.repair


@frozen(slots=False)  # half the price of a frozen class with slots, and a refused record makes several
class Violation:
    """One broken law, at one place.

    `message` is the documented sentence byte for byte, `text` the same sentence tidied for people. `pointer`
    is the JSON Pointer of the member in the request ("" is the whole request); None when only a server's
    sentence is known. `related` points at the other row's member in a batch. `status` is the HTTP status of
    an answer that begins with this violation. `offer` makes the repair, which is no part of its value; a
    copy in another process has the repair itself.
    """

    code: str
    message: str
    text: str = field(default=Factory(_tidied, takes_self=True))
    pointer: str | None = ""
    words: Mapping[str, str] = field(factory=dict, hash=False, repr=False)
    related: str | None = None
    severity: Severity = field(default=Severity.ERROR, converter=_severity)
    status: int = 400
    source: Source = OURS
    offer: "Callable[[Violation], Repair | None] | None" = field(default=None, eq=False, repr=False)

    @property
    def repair(self) -> Repair | None:
        """The repair of the member; None where none is known. It is personal data."""
        return None if self.offer is None else self.offer(self)

    def with_offer(self, offer: "Callable[[Violation], Repair | None]") -> "Violation":
        """The same violation, with an offer that makes its repair."""
        return self._with("offer", offer)

    def below(self, base: str) -> "Violation":
        """The same violation of a part: its pointer starts with that of the part."""
        return self._with("pointer", base + (self.pointer or "")) if base else self

    def _with(self, member: str, value: Any) -> "Violation":
        same = object.__new__(Violation)  # without the constructor, which costs as much as judging
        members = same.__dict__
        members.update(self.__dict__)
        members[member] = value
        return same

    def __getstate__(self) -> dict[str, Any]:
        """The members; of an offer only the repair that it makes."""
        return self.__dict__ if self.offer is None else {**self.__dict__, "offer": Made(self.repair)}

    def __repr__(self) -> str:
        """The code and the place: a message may have a person's own words."""
        return f"<{self.severity.value} {self.code} at {self.pointer!r}>"

    def as_dict(self) -> dict[str, Any]:
        """The violation as JSON values; where it has a repair, its place and whether it is certain."""
        repair = self.repair
        document: dict[str, Any] = {
            "code": self.code,
            "pointer": self.pointer,
            "message": self.message,
            "text": self.text,
            "words": dict(self.words),
            "related": self.related,
            "severity": self.severity.value,
            "status": self.status,
            "source": {"kind": self.source.kind, "section": self.source.section},
        }
        if repair is not None:
            document["repair"] = {"pointer": repair.pointer, "certain": repair.certain}
        return document


def listing(violations: Iterable[Violation]) -> str:
    """The sentence, the code and the place of each violation; a sentence of another server has no place."""
    return "; ".join(f"{each.text} ({each.code}{_place(each.pointer)})" for each in violations)


def _place(where: str | None) -> str:
    return "" if where is None else f" at {where or 'the root'}"


class Refused(ValueError):
    """A payload or a change is refused; `violations` has every reason.

    Its text has the sentences: they may name what a person wrote, such as the key of a seeding.
    """

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__(listing(self.violations))

    def __reduce__(self) -> tuple[type["Refused"], tuple[tuple[Violation, ...]]]:
        """Pickle the error by its violations."""
        return type(self), (self.violations,)
