"""The documented calls as an OpenAPI 3.1 description, made of the entities, the routes and the rules."""

from participant_rules.openapi.document import document, titles

__all__ = ["document", "titles"]
