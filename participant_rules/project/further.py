"""The members of a participant that the page does not document: none, unless `model` declares more."""

from typing import Final

from participant_rules.project.model import Participant
from participant_rules.schema.further import Further

__all__ = ["OF_PARTICIPANT"]

OF_PARTICIPANT: Final = Further.beside(
    Participant,
    *("id", "enrolled", "enrollment_date", "withdraw_date", "inserted_date", "invitation_status"),
    *("participant_identifier", "secondary_identifier", "link_identifier", "exclude_from_export"),
    *("institution_code", "added_to_segment_date"),
)
