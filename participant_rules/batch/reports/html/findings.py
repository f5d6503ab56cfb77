"""The table of findings on the page: the first rows as HTML, and all of them as data for its script."""

from collections.abc import Iterator, Mapping
from string import Template
from typing import Final

from participant_rules.batch.reports.html.parts import packaged, text
from participant_rules.batch.reports.html.store import Listed

__all__ = ["findings_of"]

_HEADS: Final[Mapping[str, str]] = {
    "file": "File",
    "row": "Row",
    "where": "Column",
    "reason": "Reason",
    "value": "Value",
    "repair": "Repair",
    "rule": "Rule",
    "severity": "Severity",
}
_WITHOUT_SCRIPT: Final = 500


def findings_of(listed: Listed, total: int, *, values: bool, single: bool) -> str:
    """The part of the page with the findings, of which there are so many in all.

    A `single` file is not named in each row; there is a column for values, and one for repairs if any.
    """
    left_out = {
        "file": single,
        "value": not values,
        "repair": not listed.has_repairs,
    }
    heads = {key: head for key, head in _HEADS.items() if not left_out.get(key)}
    row = Template(_row(heads))
    return Template(packaged("findings.html")).substitute(
        bound="\n".join(_bounds(len(listed), total)),
        head="".join(_head(key, head) for key, head in heads.items()),
        row=row.substitute(dict.fromkeys(_HEADS, "")),
        rows="\n".join(row.substitute(_escaped(each)) for each in listed.rows(_WITHOUT_SCRIPT)),
        data=listed.as_json(),
    )


def _bounds(listed: int, total: int) -> Iterator[str]:
    if listed < total:
        yield f'<p class="quiet">The table has {listed:,} of {total:,} findings, violations first.</p>'
    if listed > _WITHOUT_SCRIPT:
        few = f"Without JavaScript the table has the first {_WITHOUT_SCRIPT} findings."
        yield f'<noscript><p class="quiet">{few}</p></noscript>'


def _head(key: str, head: str) -> str:
    return (
        f'<th scope="col" class="{key}"><button type="button" data-key="{key}" disabled>{head}</button></th>'
    )


def _row(heads: Mapping[str, str]) -> str:
    """The template of a row, for here and for the script."""
    cells = "".join(f'<td class="{key}" data-head="{head}">{_cell(key)}</td>' for key, head in heads.items())
    return f'<tr class="$severity">{cells}</tr>'


def _cell(key: str) -> str:
    return '<a href="#law-$rule">$rule</a>' if key == "rule" else f"${key}"


def _escaped(texts: Mapping[str, str]) -> Mapping[str, str]:
    return {key: text(each) for key, each in texts.items()}
