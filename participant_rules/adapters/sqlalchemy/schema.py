"""The tables, and the digests in their key columns."""

from collections.abc import Collection, Iterator, Sequence
from hashlib import blake2b
from typing import Any, Final, TypeVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.ext.asyncio import AsyncEngine

__all__ = [
    "MEMBERS",
    "METADATA",
    "PROJECTS",
    "PROJECT_KEYS",
    "PROJECT_PARTICIPANTS",
    "SEGMENTS",
    "SURVEYS",
    "SURVEY_PARTICIPANTS",
    "acreate_tables",
    "chunks",
    "create_tables",
    "digest",
]

T = TypeVar("T")

METADATA: Final = MetaData()
"""All tables, for `create_tables` or for a migration tool of yours."""

CHUNK: Final = 1000  # values in one IN; SQLite takes 32,766 parameters, PostgreSQL 65,535


def digest(kind: str, key: str) -> bytes:
    """The text of a comparison key in its column."""
    return blake2b(f"{kind}\0{key}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


def chunks(values: Collection[T]) -> Iterator[Sequence[T]]:
    """The values in portions that one statement takes."""
    portion = list(values)
    for start in range(0, len(portion), CHUNK):
        yield portion[start : start + CHUNK]


def create_tables(engine: Engine) -> None:
    """Create the tables that are not there yet."""
    METADATA.create_all(engine)


async def acreate_tables(engine: AsyncEngine) -> None:
    """Create the tables that are not there yet, through an async engine."""
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)


_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")  # whose rows are numbered only as INTEGER


def _number(name: str, *constraints: ForeignKey, **options: Any) -> "Column[int]":
    return Column(name, _NUMBER, *constraints, **{"nullable": False, **options})


def _digest(name: str, **options: Any) -> "Column[bytes]":
    return Column(name, LargeBinary(16), **{"nullable": False, **options})


def _owners(name: str) -> Table:
    """Surveys or projects. The clock ticks with every commit: versions and places are times of it."""
    return Table(
        f"participant_rules_{name}",
        METADATA,
        _number("no", primary_key=True),
        _digest("key", unique=True),
        Column("definition", Text, nullable=False),
        _number("clock", default=0),
    )


SURVEYS: Final = _owners("survey")

SURVEY_PARTICIPANTS: Final = Table(
    "participant_rules_survey_participant",
    METADATA,
    _number("survey", ForeignKey(SURVEYS.c.no), primary_key=True, autoincrement=False),
    _number("place", primary_key=True, autoincrement=False),
    _digest("key"),
    _number("version"),
    Column("document", JSON, nullable=False),
    UniqueConstraint("survey", "key", name="participant_rules_survey_identity"),
)

PROJECTS: Final = _owners("project")

PROJECT_PARTICIPANTS: Final = Table(
    "participant_rules_project_participant",
    METADATA,
    _number("project", ForeignKey(PROJECTS.c.no), primary_key=True, autoincrement=False),
    _number("place", primary_key=True, autoincrement=False),
    _number("version"),
    Column("document", JSON, nullable=False),
    # What a search compares, made from the document by the same functions that search without a database:
    Column("inserted", LargeBinary),
    Column("identifier", LargeBinary),
    Column("texts", Text, nullable=False),
    Column("field_texts", Text, nullable=False),
    Index("participant_rules_project_inserted", "project", "inserted", "place"),
)

# The keys of all unique members. The turn is 0 for who has the key. Others who had it too in data
# that the store was filled with wait behind, with their places for turns.
PROJECT_KEYS: Final = Table(
    "participant_rules_project_key",
    METADATA,
    _number("project", primary_key=True, autoincrement=False),
    _digest("key", primary_key=True),
    _number("turn", primary_key=True, autoincrement=False),
    _number("place"),
    Index("participant_rules_project_key_place", "place", "project"),
)

SEGMENTS: Final = Table(
    "participant_rules_segment",
    METADATA,
    _number("no", primary_key=True),
    _number("project", ForeignKey(PROJECTS.c.no)),
    _digest("key"),
    Column("definition", Text, nullable=False),
    UniqueConstraint("project", "key", name="participant_rules_segment_key"),
)

MEMBERS: Final = Table(
    "participant_rules_segment_member",
    METADATA,
    _number("segment", ForeignKey(SEGMENTS.c.no), primary_key=True, autoincrement=False),
    _digest("key", primary_key=True),
    _number("seat"),
    Column("document", JSON, nullable=False),
    Index("participant_rules_segment_member_key", "key"),
)
