"""Reading definitions: of a survey or a project, with their participants."""

from pathlib import Path
from typing import Annotated, Any

from attrs import field, frozen
from cyclopts import Parameter

from participant_rules.batch.files.content import standard_input
from participant_rules.cli.own import Family
from participant_rules.definitions import parsed, placed
from participant_rules.unusable import Unusable
from participant_rules.wire import Malformed

__all__ = ["Definition", "ProjectFile", "SurveyFile", "one_definition", "read_definition"]

SurveyFile = Annotated[str | None, Parameter(name="--survey", allow_leading_hyphen=True)]
"""The file with the definition of a survey, - for standard input."""

ProjectFile = Annotated[str | None, Parameter(name="--project", allow_leading_hyphen=True)]
"""The file with the definition of a project, - for standard input."""


@frozen
class Definition:
    """The text of a file, and its JSON value."""

    file: str
    text: str = field(repr=False)
    value: Any = field(repr=False)

    def unusable(self, wrong: Malformed) -> Unusable:
        """The error of the file's author: with the line and column of the fault."""
        return Unusable(f"{self.file}: {placed(wrong, self.text)}")


def one_definition(survey_file: str | None, project_file: str | None) -> tuple[Family, Definition]:
    """The definition in one of two files, and its family; without any an empty project. Raises Unusable."""
    family: Family = "survey" if survey_file is not None else "project"
    file = survey_file or project_file
    return family, Definition("", "", {"id": ""}) if file is None else read_definition(file, family)


def read_definition(file: str, name: str) -> Definition:
    """The definition with the name `name`; raises Unusable."""
    try:
        data = standard_input().read() if file == "-" else Path(file).read_bytes()
    except OSError as failure:
        raise Unusable(f"{file}: {failure.strerror}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise Unusable(f"{file}: the file is not UTF-8 (at byte {failure.start})") from None
    try:
        return Definition(file, text, parsed(text, name))
    except Malformed as wrong:
        raise Unusable(f"{file}: {wrong}") from None
