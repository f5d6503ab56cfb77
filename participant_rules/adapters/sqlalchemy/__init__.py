"""Stores in a SQL database, with SQLAlchemy 2 (extra `sql`): PostgreSQL and SQLite, sync and async.

    engine = open_engine("postgresql+psycopg:///study")    # or any engine of yours
    create_tables(engine)                                  # or METADATA in your own migrations
    projects = SqlProjects(engine)

Three laws hold here. Unique constraints stand on the comparison keys, so that two participants never have the
same, whoever writes. Who commits holds the row of the survey or project: commits to one of them stand in
line, none meets another half-way, and the order of adding is that of the commits. And the key columns hold
digests: every text has one, none is too long for an index, no collation takes part, and an error of the
database shows nobody's address.
"""

from participant_rules.adapters.sqlalchemy.engines import open_async_engine, open_engine
from participant_rules.adapters.sqlalchemy.project import AsyncSqlProjects, SqlProjects
from participant_rules.adapters.sqlalchemy.schema import METADATA, acreate_tables, create_tables
from participant_rules.adapters.sqlalchemy.survey import AsyncSqlSurveys, SqlSurveys

__all__ = [
    "METADATA",
    "AsyncSqlProjects",
    "AsyncSqlSurveys",
    "SqlProjects",
    "SqlSurveys",
    "acreate_tables",
    "create_tables",
    "open_async_engine",
    "open_engine",
]
