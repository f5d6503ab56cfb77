"""Columns of a project's tables, by documented names, the vendor's, and declared ones."""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from participant_rules import Violation
from participant_rules.batch import ProjectTask, check_sources
from participant_rules.batch.files.notices import NOTICES
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.records import Source, Tabular, Unusable
from participant_rules.project.model import Project
from participant_rules.project.policy import POLICY
from tests.batch.files.drawn import header, rows
from tests.batch.files.samples import DECLARED, UNDECLARED, chunks, delimited, notices, opened, payloads
from tests.batch.samples import DECLARED as OF_ALL_TYPES
from tests.batch.samples import people, store_of


@pytest.mark.parametrize(
    ("column", "path"),
    [
        *[(name, "/participantIdentifier") for name in ("ParticipantIdentifier", " participant_identifier ")],
        *[(name, "/id") for name in ("id", "ID", "ParticipantID")],
        *[
            (name, "/demographics/email")
            for name in ("email", "E-Mail", "EmailAddress", "demographics.Email")
        ],
        *[(name, "/demographics/dateOfBirth") for name in ("DateOfBirth", "date of birth", "DOB", "dob")],
        *[
            (name, "/demographics/firstName")
            for name in ("FirstName", "FIRST NAME", "Demographics.first-name")
        ],
        *[(name, "/demographics/street1") for name in ("Street1", "street_1")],
        *[(name, "/demographics/mobilePhone") for name in ("MobilePhone", "mobile phone")],
        ("UtcOffset", "/demographics/utcOffset"),
        ("SecondaryIdentifier", "/secondaryIdentifier"),
        ("customFields.SecondaryIdentifier", "/customFields/SecondaryIdentifier"),
        ("InsertedDate", "/insertedDate"),
        ("linkIdentifier", "/linkIdentifier"),
        ("AddedToSegmentDate", "/addedToSegmentDate"),
        ("CustomFields", "/customFields"),
        *[(name, "/customFields/Smoker") for name in ("Smoker", "SMOKER", "custom fields.smoker")],
        *[(name, "/customFields/Body_Weight") for name in ("Body_Weight", "body weight", "BodyWeight")],
        ("Custom_Fields. not declared ", "/customFields/not declared"),
    ],
)
def test_names_of_columns(tmp_path: Path, column: str, path: str) -> None:
    """A column is found by its loose name, and its pointer leads back to it as it is spelled."""
    source = opened(tmp_path, f"{column},City\n", DECLARED)
    assert (source.column(path), source.notices) == (column, ())
    assert [source.column(each) for each in ("", "/demographics", "/loginSection/login", "/x")] == [None] * 4


@pytest.mark.parametrize(
    "column",
    [
        *("Smoker", "Body weight", "Name", "demographics", "demographics.participantIdentifier"),
        *("demographics.", "customFields.", "custom.Smoker", "TimeZone", "participant.email"),
    ],
)
def test_unknown_columns(tmp_path: Path, column: str) -> None:
    """A column that is no field is left out with a notice; without declared fields a prefix makes one."""
    source = opened(tmp_path, f"\nEmail,{column}\na,secret\n")
    assert list(notices(source)) == [(2, column, "column-unknown")]
    assert payloads(source) == [{"demographics": {"email": "a"}}]
    (notice,) = source.notices
    assert (notice.violation.pointer, notice.violation.severity) == ("", "warning")
    assert notice.violation.text.startswith("The column is not known and is left out.")


def test_undeclared_fields(tmp_path: Path) -> None:
    """With its prefix a column is a custom field of any name, and its cells stay text."""
    source = opened(tmp_path, "customFields.Smoker,Custom Fields.a/b\n1, 2.5 \n")
    assert payloads(source) == [{"customFields": {"Smoker": "1", "a/b": " 2.5 "}}]
    assert source.column("/customFields/a~1b") == "Custom Fields.a/b"


def test_declared_names_that_are_nearly_equal(tmp_path: Path) -> None:
    """Of two declared names that are alike the first is meant."""
    fields = [{"name": "a_b", "type": "Text"}, {"name": "ab", "type": "Text"}]
    layout = ProjectLayout(Project.from_json({"customFields": fields}))
    assert payloads(opened(tmp_path, "AB\nx\n", layout)) == [{"customFields": {"a_b": "x"}}]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        *[("excludeFromExport", cell, True) for cell in ("true", "TRUE", " True ")],
        ("excludeFromExport", "FALSE", False),
        *[("excludeFromExport", cell, cell) for cell in ("yes", "1", "ja")],
        ("enrolled", "true", True),
        ("institutionCode", "true", "true"),
        ("participantIdentifier", " 0012 ", " 0012 "),
    ],
)
def test_members(tmp_path: Path, column: str, cell: str, value: object) -> None:
    """Booleans are true and false in any case; all else stays text as it is written."""
    assert payloads(opened(tmp_path, f"{column}\n{cell}\n")) == [{column: value}]


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        *[("Smoker", cell, int(cell)) for cell in ("0", "17", "-3", " 4 ", "9" * 300)],
        *[("Smoker", cell, cell) for cell in ("03", "+3", "1.0", "1e3", "٣", "9" * 301, "-", "NaN")],
        *[("Body weight", cell, float(cell)) for cell in ("71.5", "-0.25", " 70.0 ", "0." + "3" * 299)],
        ("Body weight", "70", 70),
        *[
            ("Body weight", cell, cell)
            for cell in ("1e5", "1.", ".5", "01.5", "1.5.5", "9" * 400 + ".5", "1,5")
        ],
        *[("Medication1", cell, cell.strip()) for cell in ("5", "true", " x ")],
        *[("SurgeryDate", cell, cell) for cell in ("2021-08-10", "10/08/2021")],
    ],
)
def test_declared_fields(tmp_path: Path, column: str, cell: str, value: object) -> None:
    """A cell of a field of numbers is a number where it is written as JSON writes it; all else stays text."""
    (payload,) = payloads(opened(tmp_path, f'{column}\n"{cell}"\n', DECLARED))
    ((_, found),) = payload["customFields"].items()
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('{"a": "x", "b": 1, "c": null, "d": 2.5}', {"a": "x", "b": 1, "c": None, "d": 2.5}),
        (' {"a": "10:30", "b": [true]}\n', {"a": "10:30", "b": [True]}),
        ("{}", {}),
        *[(cell, cell) for cell in ('["a"]', "x", '{"a": 1, "a": 2}', '{"a": NaN}', '{"a": "\\u0000"}')],
        ('{"a":' * 62 + "1" + "}" * 62, None),
        *[(cell, cell) for cell in ('{"a":' * 64 + "1" + "}" * 64, '{"a":' * 65 + "1" + "}" * 65)],
    ],
)
def test_custom_fields_in_one_column(tmp_path: Path, cell: str, value: Any) -> None:
    """A cell of customFields is its JSON object; a cell that is none, or has a fault, stays text."""
    doubled = cell.replace('"', '""')
    source = opened(tmp_path, f'Email,CustomFields\na,"{doubled}"\n')
    (payload,) = payloads(source)
    found = payload["customFields"]
    assert found == value if value is not None else isinstance(found, dict)
    assert source.column("/customFields/a") == "CustomFields"


def test_blank_cells(tmp_path: Path) -> None:
    """A blank cell is left out, and an object without members too."""
    source = opened(tmp_path, "id,Email,Smoker,excludeFromExport,enrolled\nx, ,\t,,\n", DECLARED)
    assert payloads(source) == [{"id": "x"}]


def test_blank_cells_that_clear(tmp_path: Path) -> None:
    """With blank="clear" a blank cell is null; a field that cannot be set is left out all the same."""
    text = "id,Email,Smoker,excludeFromExport,enrolled,customFields.x\nx, ,,,,\ny, \n"
    nulls = {
        "demographics": {"email": None},
        "customFields": {"Smoker": None, "x": None},
        "excludeFromExport": None,
    }
    source = opened(tmp_path, text, DECLARED, blank="clear")
    assert payloads(source) == [
        {"id": "x", **nulls},
        {"id": "y", "demographics": {"email": None}},  # what the row lacks is not blank
    ]
    source = opened(tmp_path, "id,customFields\nx,\n", blank="clear")
    assert payloads(source) == [{"id": "x", "customFields": None}]


# ---- columns that are mapped


def test_mapped_columns(tmp_path: Path) -> None:
    """A mapped column is the field it is given, whatever its own name means."""
    mapping = {
        " Work ": "email",
        "City": "demographics.firstName",
        "Tobacco": "customFields.Smoker",
        "No": "participant identifier",
        "x": "customFields.New",
    }
    source = opened(tmp_path, " Work ,City,Tobacco,No,x\na,b,1,c,2\n", DECLARED, mapping=mapping)
    assert payloads(source) == [
        {
            "demographics": {"email": "a", "firstName": "b"},
            "customFields": {"Smoker": 1, "New": "2"},
            "participantIdentifier": "c",
        }
    ]
    assert (source.column("/demographics/email"), source.notices) == (" Work ", ())


def test_a_mapped_column_takes_the_place_of_another(tmp_path: Path) -> None:
    """A column that has the name of a mapped field is left out, with a notice."""
    source = opened(tmp_path, "Email,Work,City\na,b,c\n", mapping={"Work": "email"})
    assert list(notices(source)) == [(1, "Email", "column-overridden")]
    assert payloads(source) == [{"demographics": {"email": "b", "city": "c"}}]


FIELDS = ", ".join(DECLARED.names)
STRANGE = (
    "the file has no column that is known; is the header missing? "
    "--header-row, --separator and --map say how it is read; fields are id, invitationStatus, "
    "participantIdentifier, secondaryIdentifier, excludeFromExport, institutionCode, customFields, email, "
    "firstName, middleName, lastName, dateOfBirth, preferredLanguage, gender, street1, street2, city, state, "
    "postalCode, mobilePhone, utcOffset"
)


@pytest.mark.parametrize(
    ("header", "mapping", "why"),
    [
        ("Email", {"email": "city"}, 'there is no column "email" that could be mapped'),
        ("Email,", {"": "city"}, 'there is no column "" that could be mapped'),
        ("Email", {"Email": "nope"}, '"nope" is no field that a column could be mapped to: ' + FIELDS),
        ("Email", {"Email": "a\nb"}, '"a\\nb" is no field that a column could be mapped to: ' + FIELDS),
        ("a,b", {"a": "email", "b": "email"}, 'the columns "a" and "b" are the same field'),
        ("Email,Email,b", {}, 'the column "Email" stands there twice'),
        ("Email,City, City", {}, 'the column "City" stands there twice'),
        ("DOB,DateOfBirth", {}, 'the columns "DOB" and "DateOfBirth" are the same field'),
        (
            "customFields.Smoker,Email,CustomFields",
            {},
            'the columns "customFields.Smoker" and "CustomFields" are the same field',
        ),
        ("CustomFields,Smoker", {}, 'the columns "CustomFields" and "Smoker" are the same field'),
        ('"Küche\n1",City', {"x": "city"}, 'there is no column "x" that could be mapped'),
        ("secret,secret", {}, f"{STRANGE}, Smoker, Body_Weight, Medication1, SurgeryDate"),
    ],
)
def test_ambiguous_columns(tmp_path: Path, header: str, mapping: dict[str, str], why: str) -> None:
    """Columns that are repeated, or mapped wrongly, are one line that names them."""
    with pytest.raises(Unusable) as raised:
        opened(tmp_path, f"{header}\n", DECLARED, mapping=mapping)
    assert str(raised.value) == f"{tmp_path / 'people.csv'}: {why}"


def test_undeclared_is_not_empty(tmp_path: Path) -> None:
    """A project that declares no fields has none: only the prefix makes a column one, and rules refuse it."""
    layout = ProjectLayout(Project.from_json({"customFields": []}))
    source = opened(tmp_path, "Email,Smoker,customFields.Smoker 2\na,1,2\n", layout)
    assert payloads(source) == [{"demographics": {"email": "a"}, "customFields": {"Smoker 2": "2"}}]
    assert list(notices(source)) == [(1, "Smoker", "column-unknown")]
    assert UNDECLARED.field("Smoker") is None


# ---- judged by cells


def said(source: Source, task: ProjectTask, records: int) -> list[tuple[str, Sequence[Violation]]]:
    """The outcomes of the records of a source, and all findings on them."""
    outcomes = check_sources([source], task, records=records)
    ours = {rule.code for rule in NOTICES} | {"text-malformed"}
    return [
        (each.action, [found.violation for found in each.findings if found.violation.code not in ours])
        for each in outcomes
    ]


@pytest.mark.parametrize(
    "seed", [*range(4), *(pytest.param(each, marks=pytest.mark.heavy) for each in range(4, 12))]
)
def test_a_table_is_judged_as_its_json_lines(tmp_path: Path, seed: int) -> None:
    """Rows that meet others, near or far, are judged the same, whichever way they were read."""
    random = Random(seed)
    layout = ProjectLayout(Project(id="P", custom_fields=random.choice([None, OF_ALL_TYPES[:4]])))
    names = header(random)
    if seed % 5 == 0:  # no row of it can be told from its cells
        added = ("secondaryIdentifier", "customFields.SecondaryIdentifier")
        names = (*[each for each in names if each not in (*added, "customFields")], *added)
    store = store_of(layout.project, people(random), POLICY) if seed % 3 else None
    task = ProjectTask(layout.project, store, allow_update=seed % 2 == 0)
    blank = random.choice(["omit", "clear"])
    table = opened(tmp_path, delimited([names, *rows(random, names, 200)]), layout, blank=blank)
    records = [json.dumps(each) for each in payloads(table)]
    lines = opened(tmp_path, "\n".join(records), name="people.jsonl")
    assert said(table, task, 20) == said(lines, task, 400)


def test_payloads_are_made_when_they_are_asked_for(tmp_path: Path) -> None:
    """One, some, or all of them."""
    (chunk,) = chunks(opened(tmp_path, "Email\na\nb\nc\n"))
    made = [{"demographics": {"email": each}} for each in "abc"]
    assert isinstance(chunk.payloads, Tabular)
    assert list(chunk.payloads) == made
    assert [chunk.payloads[place] for place in range(len(chunk.payloads))] == made
    assert chunk.payloads[1:] == made[1:]
