"""The JSON types of members: generated code that accepts a value, and functions that find its faults."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final

from attrs import field, frozen

from participant_rules.unset import UNREADABLE

if TYPE_CHECKING:  # a shape has members, and these have kinds
    from participant_rules.schema.shapes import Shape

__all__ = [
    "REFUSED",
    "Anything",
    "Boolean",
    "Kind",
    "Nested",
    "Path",
    "Report",
    "Scalar",
    "Several",
    "Strings",
    "Text",
    "Texts",
]

Path = tuple[str | int, ...]
Report = Callable[[Path, str], None]

REFUSED: Final = object()
"""A value of a wrong type, which is yet to be reported."""


@frozen
class Kind(ABC):
    """The kind of a member's value: generated code that accepts, and a function that finds faults.

    `expected` completes the sentence "The value must be …".
    """

    accepts = ""  # the expression that is true for a right value, {0}; none where the conversion tells
    expected: str

    def convert(self, value: str) -> str:
        """The expression for the accepted value."""
        return value

    @abstractmethod
    def read(self, value: Any, path: Path, report: Report) -> Any:
        """The value; UNREADABLE for one that is refused, and reports of the faults inside of it.

        REFUSED is a value that is itself of a wrong type.
        """


@frozen
class Plain(Kind):
    """A value without parts."""

    @abstractmethod
    def take(self, value: Any) -> Any:
        """The value, or REFUSED."""

    def read(self, value: Any, path: Path, report: Report) -> Any:  # noqa: ARG002  no part has faults
        """See `Kind`."""
        return self.take(value)


@frozen
class Text(Plain):
    """A string; trimmed where the class asks for it."""

    trim: bool = False
    empty: bool = True

    accepts = "{0}.__class__ is str"

    def convert(self, value: str) -> str:
        """See `Kind`."""
        stripped = f"{value}.strip()" if self.trim else value
        return stripped if self.empty else f"({stripped} or None)"

    def take(self, value: Any) -> Any:
        """See `Kind`."""
        if not isinstance(value, str):
            return REFUSED
        text = value.strip() if self.trim else value
        return text if self.empty else text or None


@frozen
class Boolean(Plain):
    """True or false, and nothing that looks like it."""

    accepts = "{0}.__class__ is bool"

    def take(self, value: Any) -> Any:
        """See `Kind`."""
        return value if isinstance(value, bool) else REFUSED


@frozen
class Texts(Kind):
    """An object of strings and nulls."""

    accepts = "{0}.__class__ is dict and TEXTS.issuperset(map(CLASS, {0}.values()))"
    element: ClassVar = "a string or null"
    """The end of the sentence about each value."""

    def read(self, value: Any, path: Path, report: Report) -> Any:
        """See `Kind`."""
        if not isinstance(value, dict):
            return REFUSED
        return {name: self._read_one(text, (*path, name), report) for name, text in value.items()}

    def _read_one(self, value: Any, path: Path, report: Report) -> Any:
        if value is None or isinstance(value, str):
            return value
        report(path, self.element)
        return UNREADABLE


@frozen
class Anything(Plain):
    """An object of any JSON values."""

    accepts = "{0}.__class__ is dict"

    def take(self, value: Any) -> Any:
        """See `Kind`."""
        return value if isinstance(value, dict) else REFUSED


@frozen
class Scalar(Plain):
    """A string or a number."""

    accepts = "{0}.__class__ in SCALARS"

    def take(self, value: Any) -> Any:
        """See `Kind`."""
        right = isinstance(value, str | int | float) and not isinstance(value, bool)
        return value if right else REFUSED


@frozen
class Strings(Plain):
    """A list of strings."""

    accepts = "{0}.__class__ is list and STRING.issuperset(map(CLASS, {0}))"

    def convert(self, value: str) -> str:
        """See `Kind`."""
        return f"tuple({value})"

    def take(self, value: Any) -> Any:
        """See `Kind`."""
        right = isinstance(value, list) and all(isinstance(each, str) for each in value)
        return tuple(value) if right else REFUSED


@frozen
class Nested(Kind):
    """An entity."""

    entity: "Shape" = field(kw_only=True)

    def convert(self, value: str) -> str:
        """See `Kind`."""
        return f"accept_{self.entity.name}({value})"

    def read(self, value: Any, path: Path, report: Report) -> Any:
        """See `Kind`."""
        return self.entity.read_part(value, path, report)


@frozen
class Several(Kind):
    """A list of entities."""

    entity: "Shape" = field(kw_only=True)

    accepts = "{0}.__class__ is list"
    element: ClassVar = "an object"
    """The end of the sentence about each element."""

    def convert(self, value: str) -> str:
        """See `Kind`."""
        return f"tuple([accept_{self.entity.name}(each) for each in {value}])"

    def read(self, value: Any, path: Path, report: Report) -> Any:
        """See `Kind`."""
        if not isinstance(value, list):
            return REFUSED
        return tuple([self._element(each, (*path, place), report) for place, each in enumerate(value)])

    def _element(self, value: Any, path: Path, report: Report) -> Any:
        found = self.entity.read_part(value, path, report)
        if found is not REFUSED:
            return found
        report(path, self.element)
        return UNREADABLE
