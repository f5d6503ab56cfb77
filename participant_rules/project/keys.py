"""The keys of a project's participants: of their unique members, by path."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from participant_rules.formats import fold
from participant_rules.project.forms import Terms
from participant_rules.project.model import Participant, Project, Stored
from participant_rules.project.policy import POLICY, Policy
from participant_rules.schema.members import camel_case
from participant_rules.schema.tree import Node, Schema
from participant_rules.unset import Unset

__all__ = [
    "ID",
    "IDENTIFIER",
    "field_of",
    "found_by_body",
    "keys_of",
    "keys_of_stored",
    "member_of_row",
    "schema_of",
    "stored_key_of",
    "unique_demographic",
]

ID: Final = "id"
IDENTIFIER: Final = "participantIdentifier"

KeysByPath = Mapping[str, str]


def schema_of(project: Project, policy: Policy) -> Schema:
    """The schema of a project's participants, which is kept with the project."""
    latest: tuple[Policy, Schema] | None = project.made.get("schema")  # no policy is hashed to find it
    if latest is not None and latest[0] is policy:
        return latest[1]
    schema: Schema | None = project.made.get(("schema", policy))
    if schema is None:
        schema = project.made["schema", policy] = Schema(Participant, Terms(project, policy))
    project.made["schema"] = (policy, schema)
    return schema


@lru_cache(maxsize=256)
def field_of(path: str) -> str:
    """The name of a unique member in conflicts: the last one of its path, but for custom fields."""
    return path if path.startswith("customFields.") else path.rpartition(".")[2]


def stored_key_of(node: Node, value: Any) -> str | None:
    """The key of a stored value of a unique member; one that is malformed compares by its folded text."""
    key = node.key_of_value(value)
    if key is not None or value is None or isinstance(value, Unset):
        return key
    return fold(str(value)) or None


def keys_of(participant: Participant, project: Project, policy: Policy = POLICY) -> KeysByPath:
    """The keys of a stored participant by path; a value that is malformed compares by its folded text."""
    schema = schema_of(project, policy)
    found: dict[str, str] = schema.keys_of(participant)
    if len(found) < len(schema.unique):
        for node in schema.unique:
            value = node.value_of(participant) if node.path not in found else None
            key = stored_key_of(node, value)
            if key is not None:
                found[node.path] = key
    return found


def unique_demographic(attribute: str, project: Project, policy: Policy) -> Node | None:
    """The unique member that is a demographic with this attribute; None where its values are not unique."""
    node = schema_of(project, policy).node(f"demographics.{camel_case(attribute)}")
    return node if node.unique else None


def keys_of_stored(stored: Stored, project: Project, policy: Policy) -> KeysByPath:
    """The keys of a stored participant, which are remembered with it."""
    known = stored.found_by
    if known is None or known[0] != project.keyed_by or known[1] is not policy:
        known = (project.keyed_by, policy, keys_of(stored.participant, project, policy))
        stored.kept(known)
    keys: KeysByPath = known[2]
    return keys


def found_by_body(
    keys: KeysByPath, added: Participant, project: Project, policy: Policy
) -> tuple[Any, ...] | None:
    """The keys of a participant that a body adds, from the keys of the body, with the terms of both.

    None where a unique value has no key, or was made: then they are to be worked out.
    """
    schema = schema_of(project, policy)
    made = schema.node(ID).key_of(added)
    if made is None or ID in keys or len(keys) + 1 != len(schema.unique):
        return None
    return project.keyed_by, policy, {ID: made, **keys}


def member_of_row(schema: Schema, path: str, row: int, body: Callable[[], Any]) -> str:
    """The pointer of a unique member of a batch's row; `body` gives the row as JSON."""
    return f"/participants/{row}{schema.node(path).pointer_in(body)}"
