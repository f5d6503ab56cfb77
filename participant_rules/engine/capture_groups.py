"""The groups that templates capture of JSON texts, and their names."""

from enum import Enum
from typing import Final, NamedTuple

from participant_rules.engine.slots import Slots
from participant_rules.schema.reads import Mode, Read
from participant_rules.schema.tree import Node

__all__ = ["MOST_ELEMENTS", "CaptureGroup", "Name", "What", "can_capture", "judgements"]

MOST_ELEMENTS: Final = 4
"""The elements of a list that an expression knows; a text with more does not match."""


class What(Enum):
    """The kinds of captured text."""

    IS_THERE = "the bracket of an object or a list, n for null"
    FLAG = "t for true, n for null"
    KEY = "the text of a unique value"
    TEXT = "a text with its quotes"
    JUDGED = "a text that may be malformed, with its quotes, or null"
    ELEMENT = "a member of an open object that may be wrong"
    FURTHER = "the members of an open object behind those of the first text"
    MEMBERS = "the members of an open object, between its braces"
    OBJECT = "an open object as a whole"

    __hash__ = object.__hash__  # by identity, in C: groups are looked up by it


Name = tuple[tuple[str | int, ...], What, str]
"""The name of a group: the path of its member with the places of elements, its sort, and an open name."""


class CaptureGroup(NamedTuple):
    """A group of a pattern: the member that it captures, and how; `path` has the places of elements in it."""

    path: tuple[str | int, ...]
    what: What
    node: Node
    name: str = ""
    """The name of the member of an open object."""

    @property
    def at(self) -> Name:
        """The name of the group."""
        return self.path, self.what, self.name


def can_capture(slots: Slots) -> bool:
    """Whether templates can read all slots: no keys of the elements of lists, and no deeper texts."""
    nodes = [slots.schema.node(path) for path in [*slots.keys, *[read.path for read in slots.texts]]]
    in_lists = [node for node in nodes if "[]" in node.section]
    return all(
        node.section.endswith("[]") and node.section.count("[]") == 1 and node.is_text and not node.unique
        for node in in_lists
    )


def judgements(slots: Slots, node: Node) -> list[Read]:
    """The reads of a text beside its value: its state, and whether forms refuse it."""
    return [
        read for read in slots.odd if read.path == node.path and read.mode in (Mode.STATE, Mode.MALFORMED)
    ]
