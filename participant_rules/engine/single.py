"""One payload, read as a record without an entity where that is sound."""

from typing import Any

from participant_rules import jsontext
from participant_rules.engine.plan import Plan
from participant_rules.engine.readings import Reading
from participant_rules.jsontext import Glance

__all__ = ["read_one"]


def read_one(plan: Plan[Any], payload: object, glance: Glance = jsontext.glance) -> Reading | None:
    """The reading of a payload; None for one that must be read strictly."""
    found = plan.templates.read_one(payload)
    if found is not None:
        return found
    trusted = payload.__class__ is dict and jsontext.is_sound(payload)
    value, colons = (payload, 0) if trusted else glance(payload)
    reading = plan.read(value) if colons >= 0 else None
    if reading is None:
        return None
    counted, keys, odd, texts, mistyped = reading
    if not trusted and counted != colons and not jsontext.is_whole(payload, value, colons):
        return None
    if not mistyped:
        plan.templates.learn(payload, value)
    return keys, odd, texts
