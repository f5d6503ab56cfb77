"""The fields that a column of a table can be, for the help of the command line."""

from typing import Final

from participant_rules.batch.files.project import PROJECT_FIELDS
from participant_rules.batch.files.survey import SURVEY_FIELDS

__all__ = ["MAP"]

MAP: Final = (
    'A column and the field that it is, as "Column=field"; may be given several times. Fields of a project: '
    f"{', '.join(PROJECT_FIELDS)}, customFields.NAME. Fields of a survey: {', '.join(SURVEY_FIELDS)}, "
    "invite.KEY, and the ids or names of variables (v46)."
)
"""The help of --map."""
