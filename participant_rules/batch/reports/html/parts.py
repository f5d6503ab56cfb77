"""The common parts of the page: texts that are never markup, and files of the package."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from html import escape
from importlib.resources import files

from participant_rules.batch.reports.phrases import visible

__all__ = ["code_hash", "law_link", "packaged", "row", "table", "text"]


def text(plain: str) -> str:
    """A text of a file or a rule, as text and never as markup."""
    return escape(visible(plain))


def law_link(code: str, label: str) -> str:
    """A link to a rule's law, which stands further down on the page."""
    return f'<a href="#law-{text(code)}">{text(label)}</a>'


def row(cells: Iterable[str], attributes: str = "") -> str:
    """A row of a table, of cells that are markup."""
    return f"<tr{attributes}>{''.join(f'<td>{each}</td>' for each in cells)}</tr>"


def table(kind: str, heads: Sequence[str], rows: Iterable[str]) -> str:
    """A table of such rows."""
    head = "".join(f'<th scope="col">{each}</th>' for each in heads)
    return (
        f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>\n'
        + "\n".join(rows)
        + "</tbody></table>"
    )


def packaged(name: str) -> str:
    """The text of a file that comes with the page."""
    return files("participant_rules.batch.reports.html").joinpath(name).read_text("utf-8")


def code_hash(code: str) -> str:
    """The hash by which the page's security policy knows its own code."""
    return b64encode(sha256(code.encode()).digest()).decode("ascii")
