"""Files in: tables, JSON and JSON lines, packed or not, as sources of records."""

from participant_rules.batch.files.columns import Blank
from participant_rules.batch.files.layout import Layout
from participant_rules.batch.files.notices import NOTICES
from participant_rules.batch.files.opening import FileSource, open_source
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.files.survey import SurveyLayout

__all__ = ["NOTICES", "Blank", "FileSource", "Layout", "ProjectLayout", "SurveyLayout", "open_source"]
