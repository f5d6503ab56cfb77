"""One payload, read as a record without an entity where that is sound."""

from typing import Any

from participant_rules import jsontext
from participant_rules.engine.plan import Plan
from participant_rules.engine.readings import Reading
from participant_rules.jsontext import Glance
from participant_rules.unset import UNSET

__all__ = ["read_decoded", "read_one", "sound_object"]


def read_one(plan: Plan[Any], payload: object, glance: Glance = jsontext.glance) -> Reading | None:
    """The reading of a payload; None for one that must be read strictly."""
    found = plan.templates.read_one(payload)
    if found is not None:
        return found
    decoded = read_decoded(plan, payload, glance, sound_object(payload))
    return None if decoded is None else decoded[0]


def sound_object(payload: object) -> Any:
    """A payload that is an object of JSON, without a fault that a text could have; UNSET for any other."""
    return payload if payload.__class__ is dict and jsontext.is_sound(payload) else UNSET


def read_decoded(
    plan: Plan[Any], payload: object, glance: Glance, sound: Any = UNSET
) -> tuple[Reading, bool] | None:
    """The reading of a payload that no template read, and whether a template was learned of it.

    `sound` is its value, where it is known to be without faults of a text. None for a payload that must be
    read strictly.
    """
    is_text = sound is UNSET
    value, colons = glance(payload) if is_text else (sound, 0)
    reading = plan.read(value) if colons >= 0 else None
    if reading is None:
        return None
    counted, keys, odd, texts, mistyped = reading
    if is_text and counted != colons and not jsontext.is_whole(payload, value, colons):
        return None
    return (keys, odd, texts), not mistyped and plan.templates.learn(payload, value)
