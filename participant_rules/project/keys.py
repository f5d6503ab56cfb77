"""What participants of a project are found by: the keys of its unique members, by their paths."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from participant_rules.formats import fold
from participant_rules.project.model import Participant, Project, Stored
from participant_rules.project.policy import Policy
from participant_rules.project.types import Terms
from participant_rules.schema.tree import Node, Schema
from participant_rules.unset import Unset

__all__ = ["ID", "IDENTIFIER", "field_of", "keys_of", "keys_of_stored", "schema_of"]

ID: Final = "id"
IDENTIFIER: Final = "participantIdentifier"

KeysByPath = Mapping[str, str]


def schema_of(project: Project, policy: Policy) -> Schema:
    """What the members of a project's participants may hold; it is kept with the project."""
    schema: Schema | None = project.made.get(("schema", policy))
    if schema is None:
        schema = project.made["schema", policy] = Schema(Participant, Terms(project, policy))
    return schema


@lru_cache(maxsize=256)
def field_of(path: str) -> str:
    """The name by which a conflict names a unique member: the last one of its path, but for custom fields."""
    return path if path.startswith("customFields.") else path.rpartition(".")[2]


def key_of(node: Node, entity: Any) -> str | None:
    """The key of a unique member's value in a request; None where there is none, or it is malformed."""
    value = node.value_of(entity)
    if isinstance(value, str):
        value = value.strip()
    if value is None or isinstance(value, Unset) or value == "" or node.form is None:
        return None
    return node.form.key(value) if node.form.key is not None else value


def keys_of(participant: Participant, project: Project, policy: Policy) -> KeysByPath:
    """The keys of a stored participant by path; a value that is malformed compares by its folded text."""
    found = dict[str, str]()
    for node in schema_of(project, policy).unique:
        value = node.value_of(participant)
        text = value.strip() if isinstance(value, str) else value
        if text is None or isinstance(text, Unset) or text == "":
            continue
        key = key_of(node, participant)
        found[node.path] = key if key is not None else fold(str(text))
    return found


def keys_of_stored(stored: Stored, project: Project, policy: Policy) -> KeysByPath:
    """The same, which is remembered with the participant."""
    known = stored.found_by
    if known is None or known[0] != project.keyed_by or known[1] is not policy:
        known = (project.keyed_by, policy, keys_of(stored.participant, project, policy))
        object.__setattr__(stored, "found_by", known)
    keys: KeysByPath = known[2]
    return keys
