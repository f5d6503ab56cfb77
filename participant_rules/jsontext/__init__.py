"""Strict JSON: the text of a request becomes a value, or all the faults of the text.

    "The names within an object SHOULD be unique." (RFC 8259, section 4; here they must be)

A prebuilt decoder reads a sound text at the speed of the standard library (`quick`). A text that it doubts
is read once more by a slow twin, which finds every fault and its place (`slow`). Nothing here raises on bad
input.
"""

from participant_rules.jsontext.faults import FAULTS, MAX_BYTES, MAX_DEPTH, VALUE_FAULTS, text_malformed
from participant_rules.jsontext.quick import Glance, glance, is_whole
from participant_rules.jsontext.reading import read, sound_value
from participant_rules.jsontext.slow import too_deep_at
from participant_rules.jsontext.values import is_sound

__all__ = [
    "FAULTS",
    "MAX_BYTES",
    "MAX_DEPTH",
    "VALUE_FAULTS",
    "Glance",
    "glance",
    "is_sound",
    "is_whole",
    "read",
    "sound_value",
    "text_malformed",
    "too_deep_at",
]
