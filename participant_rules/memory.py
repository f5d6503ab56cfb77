"""The embedded default: stores in memory, for both families."""

from participant_rules.survey.memory import MemorySurveys

__all__ = ["MemorySurveys"]
