"""Code that puts the cells of a row into a payload, generated for the columns of a table.

It costs a tenth of a microsecond a cell; a loop over the columns costs more than twice that.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import frozen

from participant_rules import jsontext
from participant_rules.batch.files.fields import Form, Path
from participant_rules.batch.files.sheets import Cells

__all__ = ["BuildRows", "Payload", "Target", "row_builder"]

Payload = dict[str, Any]
BuildRows = Callable[[Sequence[Cells]], list[Payload]]


@frozen
class Target:
    """The target and the form of a cell; a blank one is left out, or `blank` where it `has_blank`."""

    place: int
    path: Path
    form: Form
    has_blank: bool
    blank: str | None


def row_builder(
    targets: Sequence[Target],
    width: int,
    constants: Sequence[tuple[Path, str]],
    *,
    always: Path,
    keeps: bool,
) -> BuildRows:
    """The function that makes the payloads of rows of so many cells.

    The object at the path `always` is there whether it has columns or not.
    """
    paths = [*[each.path for each in targets], *[path for path, _ in constants], (*always, "")]
    objects = _objects(paths)
    lines = [f"{variable} = {{}}" for variable in objects.values()]
    lines += [f"{_member(path, objects)} = {text!r}" for path, text in constants]
    for each in targets:
        lines += _placing(each, _member(each.path, objects))
    lines += [_attaching(path, objects, keeps=keeps) for path in reversed(objects) if path]
    scope: dict[str, Any] = dict(_CONVERSIONS)
    exec(_source(width, lines), scope)  # noqa: S102  all texts in the code are quoted
    build: BuildRows = scope["build"]
    return build


def _source(width: int, lines: Sequence[str]) -> str:
    cells = "".join([f"c{place}, " for place in range(width)])
    body = "\n        ".join([*lines, "append(o0)"])
    return (
        "def build(rows):\n    payloads = []; append = payloads.append\n"
        f"    for {cells}in rows:\n        {body}\n    return payloads"
    )


def _objects(paths: Sequence[Path]) -> dict[Path, str]:
    """The variables of the objects that members stand in, outer ones first; the payload is the first."""
    found = {path[:end] for path in paths for end in range(1, len(path)) if path[end] != 0}
    return {path: f"o{number}" for number, path in enumerate([(), *sorted(found, key=_by_depth)])}


def _member(path: Path, objects: Mapping[Path, str]) -> str:
    return f"{objects[path[:-1]]}[{path[-1]!r}]"


def _by_depth(path: Path) -> tuple[int, str]:
    return len(path), repr(path)


def _placing(target: Target, member: str) -> Iterator[str]:
    cell = f"c{target.place}"
    converted = {"text": cell, "trimmed": f"{cell}.strip()"}.get(target.form, f"{target.form}({cell})")
    yield f"if {cell} and not {cell}.isspace(): {member} = {converted}"
    if target.has_blank:
        yield f"else: {member} = {target.blank!r}"


def _attaching(path: Path, objects: Mapping[Path, str], *, keeps: bool) -> str:
    """The line that puts an object, or the list that it is in, into the one around it."""
    variable = objects[path]
    around, value = (path[:-1], f"[{variable}]") if path[-1] == 0 else (path, variable)
    attach = f"{_member(around, objects)} = {value}"
    return attach if keeps else f"if {variable}: {attach}"


# ---- what a cell becomes, where it is no text; what does not read so stays text, and a rule says it

_TRUTH: Final[Mapping[str, bool]] = {"true": True, "false": False}
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,299})").fullmatch
_DECIMAL: Final = re.compile(r"(?=[-.0-9]{1,302}\Z)-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?").fullmatch
_SCALARS: Final = frozenset({str, int, float, bool, type(None)})


def _boolean(cell: str) -> bool | str:
    return _TRUTH.get(cell.strip().casefold(), cell)


def _integer(cell: str) -> int | str:
    text = cell.strip()
    return int(text) if _INTEGER(text) else text


def _decimal(cell: str) -> float | str:
    text = cell.strip()
    if not _DECIMAL(text):
        return text
    return float(text) if "." in text else int(text)


def _object(cell: str) -> Payload | str:
    """The custom fields that are written as JSON in one cell."""
    value, colons = jsontext.glance(cell)
    if value.__class__ is dict and len(value) == colons and _SCALARS.issuperset(map(type, value.values())):
        return dict(value)
    value, faults = jsontext.read(cell)
    if faults or not isinstance(value, dict) or jsontext.read({"customFields": value})[1]:
        return cell
    return value


_CONVERSIONS: Final[Mapping[str, Callable[[str], Any]]] = {
    "boolean": _boolean,
    "integer": _integer,
    "decimal": _decimal,
    "object": _object,
}
