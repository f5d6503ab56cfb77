"""`participant-rules schema`: the JSON Schema of a participant."""

import json
from typing import Any, Final

from participant_rules import project, survey
from participant_rules.cli.definitions import ProjectFile, SurveyFile, one_definition
from participant_rules.project.forms import Terms
from participant_rules.schema.jsonschema import json_schema
from participant_rules.unusable import Unusable
from participant_rules.wire import Malformed

__all__ = ["schema"]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def schema(
    *,
    survey_file: SurveyFile = None,
    project_file: ProjectFile = None,
) -> int:
    """Print the JSON Schema of a participant.

    Args:
        survey_file: The definition of a survey: its seeding items and their code values.
        project_file: The definition of a project: its custom fields; without it an empty project.
    """
    if survey_file is not None and project_file is not None:
        raise Unusable("--survey goes without --project")
    family, given = one_definition(survey_file, project_file)
    try:
        document = _of_survey(given.value) if family == "survey" else _of_project(given.value)
    except Malformed as wrong:
        raise given.unusable(wrong) from None
    print(json.dumps({"$schema": _DIALECT} | document, indent=2, ensure_ascii=False))
    return 0


def _of_survey(definition: Any) -> dict[str, Any]:
    return json_schema(survey.Participant, survey.Survey.from_json(definition))


def _of_project(definition: Any) -> dict[str, Any]:
    terms = Terms(project.Project.from_json(definition), project.Policy())
    return json_schema(project.Participant, terms)
