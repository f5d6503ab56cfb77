"""The types of custom fields, and declarations that cannot be."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from participant_rules.project import Project
from participant_rules.project.types import FieldType, comparable
from participant_rules.wire import Malformed


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (FieldType.INTEGER, "+7", Decimal(7)),
        (FieldType.DECIMAL, 1.5, Decimal("1.5")),
        (FieldType.INTEGER, "seven", None),
        (FieldType.DATE, "2000-02-29", datetime(2000, 2, 29, tzinfo=UTC)),
        (FieldType.DATE, "2000-02-29T10:00:00", datetime(2000, 2, 29, 10, tzinfo=UTC)),
        (FieldType.DATE, "2000-02-29T10:00:00+02:00", datetime(2000, 2, 29, 8, tzinfo=UTC)),
        (FieldType.DATE, 7, None),
        (FieldType.TEXT, "7", None),
    ],
)
def test_what_values_compare_by(kind: FieldType, value: Any, expected: object) -> None:
    """Numbers by their value, dates as points in time; nothing else has an order."""
    assert comparable(kind, value) == expected


@pytest.mark.parametrize(
    ("declared", "found"),
    [
        ({"type": "Number"}, "/type The value must be one of Text, Integer, Decimal, Date, Boolean."),
        ({"type": "Integer", "oneOf": ["1", "x"]}, "/oneOf The values must be of the type Integer."),
        (
            {"type": "Text", "minimum": "a"},
            "/minimum The value must be one of the type Text that has an order.",
        ),
        ({"type": "Integer", "minimum": True}, "/minimum The value must be a string or a number"),
        (
            {"type": "Date", "minimum": "2001-01-01", "maximum": "2000-01-01"},
            "/minimum The value must not be above the maximum.",
        ),
    ],
)  # fmt: skip
def test_declarations_that_cannot_be(declared: dict[str, Any], found: str) -> None:
    """They are errors of whoever declares, with their place."""
    with pytest.raises(Malformed) as wrong:
        Project.from_json({"id": "P", "customFields": [{"name": "F", **declared}]})
    assert f"/customFields/0{found}" in str(wrong.value)
