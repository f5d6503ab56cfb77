"""Contract suites for your own stores and transports: pytest classes to subclass, each in four lines.

    class TestMyStore(SurveyRegisterContract):
        def make(self, definitions):
            return MyStore(definitions)

They need pytest (extra `contract`) and cover every clause of the ports' docstrings, races and crashes among
them. The methods of a store may be coroutines or not; where they are, `make` may be one too.
"""

import pytest

for _name in ("harness", "points", "project", "survey", "transport"):
    pytest.register_assert_rewrite(f"{__name__}.{_name}")  # so that a failure shows what was expected

from participant_rules.testing.project import ProjectRegisterContract, ProjectRosterContract
from participant_rules.testing.survey import SurveyRegisterContract, SurveyRosterContract
from participant_rules.testing.transport import TransportContract

__all__ = [
    "ProjectRegisterContract",
    "ProjectRosterContract",
    "SurveyRegisterContract",
    "SurveyRosterContract",
    "TransportContract",
]
