"""Declarations: the members of entities, the forms of their values, and their comparison keys."""

from participant_rules.schema.jsonschema import json_schema

__all__ = ["json_schema"]
