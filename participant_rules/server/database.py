"""A sandbox's participants in SQL: they outlive it (needs the extra `sql`)."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Self

from attrs import define
from sqlalchemy import Engine, func, select

from participant_rules import project, survey
from participant_rules.adapters.sqlalchemy import SqlProjects, SqlSurveys, create_tables, open_engine
from participant_rules.adapters.sqlalchemy.schema import PROJECTS, SURVEY_PARTICIPANTS, SURVEYS, digest
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.server.stores import Definitions, Held, held

__all__ = ["SqlStores"]


@define
class SqlStores:
    """Everything in one database."""

    engine: Engine
    surveys: SqlSurveys
    projects: SqlProjects
    blocking: bool = True

    @classmethod
    def open(cls, url: str) -> Self:
        """The stores in the database at this address; tables are made where they are missing."""
        engine = open_engine(url)
        create_tables(engine)
        return cls(engine, SqlSurveys(engine), SqlProjects(engine))

    def fill(self, surveys: Definitions, projects: Definitions) -> None:
        """Store definitions; stored ones keep their participants. Raises Malformed."""
        for data in surveys:
            definition = survey.Survey.from_json(data)
            if self.surveys.find(survey.Keys(definition.id, frozenset())).survey is None:
                self.surveys.load([data])
            else:
                self.surveys.save_survey(definition)
        for data in projects:
            declared = project.Project.from_json(data)
            if self.projects.find(project.Keys(declared.id)).project is None:
                self.projects.load([data])
            else:
                self.projects.save_project(declared)

    def count(self, survey: str) -> int:
        """How many participants a survey has."""
        rows = SURVEY_PARTICIPANTS.c
        asked = (
            select(func.count(rows.place))
            .join(SURVEYS, SURVEYS.c.no == rows.survey)
            .where(SURVEYS.c.key == digest("survey", survey))
        )
        with self.engine.connect() as connection:
            return connection.execute(asked).scalar_one()

    def overview(self) -> Sequence[Held]:
        """The contents; see `Stores.overview`."""
        with self.engine.connect() as connection:
            surveys, projects = (
                [
                    json.loads(each)
                    for each in connection.scalars(select(table.c.definition).order_by(table.c.no))
                ]
                for table in (SURVEYS, PROJECTS)
            )
        return tuple(
            held(map(survey.Survey.from_json, surveys), map(project.Project.from_json, projects), self)
        )

    def reset(self, surveys: Definitions, projects: Definitions, now: Callable[[], datetime] | None) -> None:
        """Start again; see `Stores.reset`."""
        surveys, projects = list(surveys), list(projects)
        MemorySurveys.from_json(surveys)  # Malformed before anything is cleared
        MemoryProjects.from_json(projects)
        self.projects = SqlProjects(self.engine, now=now) if now else SqlProjects(self.engine)
        self.surveys.clear()
        self.projects.clear()
        self.surveys.load(surveys)
        self.projects.load(projects)

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()
