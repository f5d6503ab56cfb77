"""What is declared once: the members of entities, what they may hold, and what they compare by."""

from participant_rules.schema.jsonschema import json_schema

__all__ = ["json_schema"]
