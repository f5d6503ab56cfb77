"""Schemas and parameters that the calls of both families are made of."""

from typing import Any, Final

__all__ = ["BOOLEAN", "COUNT", "FAILURE", "STRING", "list_of", "object_of"]

Json = dict[str, Any]

STRING: Final[Json] = {"type": "string"}
BOOLEAN: Final[Json] = {"type": "boolean"}
COUNT: Final[Json] = {"type": "integer", "minimum": 0}

FAILURE: Final[Json] = {
    "500": {"description": "The server failed: it is not known whether the call was carried out, and why."}
}
"""The answer of a server that fails, by itself or on purpose.

Its body is of no use and not described: with it, generated clients take any refusal for a text.
"""


def object_of(**members: Json) -> Json:
    """An object that has all these members."""
    return {"type": "object", "properties": members, "required": list(members)}


def list_of(items: Json) -> Json:
    """A list."""
    return {"type": "array", "items": items}
