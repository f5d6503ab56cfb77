"""The reading of files, on the page: the field of each column, the number of its values, unread ones."""

from collections.abc import Iterator, Sequence

from participant_rules.batch.outcomes import About, Filled, Finding, Summary
from participant_rules.batch.records import ColumnRead
from participant_rules.batch.reports.html.parts import law_link, row, table, text
from participant_rules.batch.reports.phrases import columns_read, reading

__all__ = ["reading_of"]


def reading_of(about: About, summary: Summary) -> str:
    """A part for each file."""
    return "\n".join(_file(name, about, summary) for name in about.files)


def _file(name: str, about: About, summary: Summary) -> str:
    notices = [each for each in summary.notices if each.place.file == name]
    columns, filled = about.columns.get(name, ()), summary.filled.get(name)
    title = [f"<h3>{text(name)}</h3>"] if len(about.files) > 1 else []
    return "\n".join([*title, *_lead(columns, filled), *_notices(notices), *_columns(columns, filled)])


def _lead(columns: Sequence[ColumnRead], filled: Filled | None) -> Iterator[str]:
    if not columns:
        yield '<p class="quiet">It is no table: each member has its documented name.</p>'
        return
    rows = f"Rows below the header: {filled.rows:,}. " if filled else ""
    yield f"<p>{rows}{text(columns_read(columns) or 'All columns were read.')}</p>"


def _notices(notices: Sequence[Finding]) -> Iterator[str]:
    if notices:
        items = "".join(f"<li>{_notice(each)}</li>" for each in notices)
        yield f'<ul class="once">{items}</ul>'


def _notice(notice: Finding) -> str:
    column = f", {text(notice.place.column)}" if notice.place.column else ""
    code = notice.violation.code
    return f"Row {notice.place.row}{column}: {text(notice.violation.text)} {law_link(code, code)}"


def _columns(columns: Sequence[ColumnRead], filled: Filled | None) -> Iterator[str]:
    if columns:
        heads = ("Column", "Field", "Rows with a value") if filled else ("Column", "Field")
        counts = filled.columns if filled else [0] * len(columns)
        yield table(
            "columns", heads, [_column(*each, filled=filled) for each in zip(columns, counts, strict=True)]
        )


def _column(column: ColumnRead, count: int, *, filled: Filled | None) -> str:
    read = f"<code>{text(column.pointer)}</code>" if column.pointer is not None else text(reading(column))
    cells = [text(column.name), read, *([f"{count:,}"] if filled else [])]
    return row(cells, "" if column.pointer is not None or column.ignored else ' class="out"')
