"""Files to be read, and the records read from them."""

import csv
import gzip
import io
import pickle
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal

from openpyxl import Workbook  # type: ignore[import-untyped]

from participant_rules.batch.files import FileSource, Layout, open_source
from participant_rules.batch.files.options import Options
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.files.survey import SurveyLayout
from participant_rules.batch.records import Chunk, Kind, Seekable, Source
from participant_rules.project.model import Project
from participant_rules.survey.model import Survey

UNDECLARED: Final = ProjectLayout(Project(id="P"))
DECLARED: Final = ProjectLayout(
    Project.from_json(
        {
            "id": "P",
            "customFields": [
                {"name": "Smoker", "type": "Integer"},
                {"name": "Body_Weight", "type": "Decimal"},
                {"name": "Medication1", "type": "Text"},
                {"name": "SurgeryDate", "type": "Date"},
            ],
        }
    )
)


def survey_layout(*, group: bool, **members: Any) -> SurveyLayout:
    """The layout of a survey with logins and invitations."""
    return SurveyLayout(
        Survey.from_json({"id": "S", "invited": True, "loggedOn": True, "group": group, **members})
    )


GROUP: Final = survey_layout(group=True)
ALONE: Final = survey_layout(group=False)


def delimited(rows: Sequence[Sequence[str]], separator: str = ",", line_end: str = "\r\n") -> str:
    """The rows as delimited text."""
    out = io.StringIO()
    has_cr = any("\r" in cell for row in rows for cell in row)  # which the writer does not quote by itself
    quoting: Literal[0, 1] = csv.QUOTE_ALL if has_cr else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=separator, lineterminator=line_end, quoting=quoting).writerows(rows)
    return out.getvalue()


def workbook(rows: Sequence[Sequence[str | float | date | datetime | None]]) -> bytes:
    """The rows as a workbook."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(
    folder: Path,
    data: bytes | str,
    layout: Layout = UNDECLARED,
    name: str = "people.csv",
    *,
    input_format: Kind | None = None,
    **options: Any,
) -> FileSource:
    """A file with these bytes, opened."""
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return open_source(str(path), layout, input_format=input_format, options=Options(**options))


def chunks(source: Source, records: int = 2_000) -> list[Chunk]:
    """All that a source has; each part gives the same again, and when it has travelled."""
    parts = list(source.parts(records))
    read = [each.read() for each in parts]
    assert [each.read() for each in parts] == read
    travelled = [pickle.loads(pickle.dumps(each)).read() for each in parts]
    assert [list(each.payloads) for each in travelled] == [list(each.payloads) for each in read]
    assert [list(each.rows) for each in travelled] == [list(each.rows) for each in read]
    for part, chunk in zip(parts, read, strict=True):
        for at in {0, len(chunk.payloads) // 2, len(chunk.payloads) - 1} if chunk.offsets else ():
            assert isinstance(part, Seekable)
            assert part.payload(chunk.offsets[at]) == chunk.payloads[at]
    return read


def payloads(source: Source, records: int = 2_000) -> list[Any]:
    """The payloads of all records."""
    return [payload for chunk in chunks(source, records) for payload in chunk.payloads]


def rows(source: Source, records: int = 2_000) -> list[int]:
    """Where all records stand."""
    return [row for chunk in chunks(source, records) for row in chunk.rows]


def notices(source: Source) -> Iterator[tuple[int, str | None, str]]:
    """Row, column and code of the notices on a file as a whole."""
    return ((each.row, each.column, each.violation.code) for each in source.notices)


def packed(data: bytes) -> bytes:
    """The bytes, packed with gzip."""
    return gzip.compress(data, mtime=0)
