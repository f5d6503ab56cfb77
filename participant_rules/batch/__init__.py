"""Many records: files in, decisions and reports out; chunks that merge."""

from participant_rules.batch.chunks import ChunkResult
from participant_rules.batch.held_keys import keyed
from participant_rules.batch.outcomes import Action, Finding, Outcome, Place, Repairable, Summary
from participant_rules.batch.pipeline import check, check_sources
from participant_rules.batch.records import Chunk, Part, Source, Unusable
from participant_rules.batch.repairs import Repairer
from participant_rules.batch.resolving import check_chunk, resolve
from participant_rules.batch.tasks import ProjectTask, SurveyTask

__all__ = [
    "Action",
    "Chunk",
    "ChunkResult",
    "Finding",
    "Outcome",
    "Part",
    "Place",
    "ProjectTask",
    "Repairable",
    "Repairer",
    "Source",
    "Summary",
    "SurveyTask",
    "Unusable",
    "check",
    "check_chunk",
    "check_sources",
    "keyed",
    "resolve",
]
