"""Rows are read by their columns as by their payloads."""

from collections.abc import Hashable, Mapping
from typing import Any, ClassVar, Final

import pytest
from attrs import frozen
from hypothesis import event, example, given
from hypothesis import strategies as st

from participant_rules.engine.columns import TableColumn, columns_reader
from participant_rules.engine.slots import UNREAD, Slots, State
from participant_rules.engine.values import reader_of
from participant_rules.project import CustomField, Project
from participant_rules.project.change import Operation
from participant_rules.project.forms import TEN_DIGITS
from participant_rules.project.keys import schema_of
from participant_rules.project.plan import plan_of
from participant_rules.project.policy import POLICY, Policy
from participant_rules.project.rules import BULK
from participant_rules.schema.entity import Entity
from participant_rules.schema.form import ANY_TEXT, Form, key_form, one_of, text_form
from participant_rules.schema.kinds import Path
from participant_rules.schema.members import extras, member
from participant_rules.schema.reads import IGNORED, UNDECLARED, Read, faults, malformed, state, value
from participant_rules.schema.tree import Schema
from participant_rules.unset import UNSET, Unset
from tests.engine.tables import Convert, decimal, flag, integer, payload_of, tables

Cells = st.SearchStrategy[str]


Table = tuple[tuple[TableColumn, ...], list[list[str]]]
"""Columns, and rows of cells."""


def sampled(*texts: str) -> Cells:
    """One of some cells."""
    return st.sampled_from(texts)


def compare(
    slots: Slots,
    table: Table,
    converts: Mapping[Path, Convert] = {},
    *,
    keeps: bool = False,
) -> float:
    """Compare the readings of a table's rows with those of their payloads: the share of sure rows."""
    columns, rows = table
    read, value_reader = columns_reader(slots, columns, len(columns), keeps=keeps), reader_of(slots)
    assert read is not None, columns
    found = read(rows)
    for index, place in enumerate(found.places):
        row, (keys, odd, texts) = rows[place], found[index]
        expected = value_reader(payload_of(row, columns, converts, keeps=keeps))
        assert expected is not None
        assert keys == expected[1], row
        assert dict(odd) == dict(expected[2]), row
        assert len(dict(odd)) == len(odd), row
        shown = [each for each in zip(texts, expected[3], strict=True) if each[0] is not UNREAD]
        assert all(ours == theirs for ours, theirs in shown), row
        assert len(shown) == len(texts) or slots.schema.entity is not Thing
        assert not expected[4], row
    return len(found) / len(rows)


# ---- participants of a project

FIELDS: Final = (
    CustomField("T", "Text"),
    CustomField("I", "Integer"),
    CustomField("D", "Decimal"),
    CustomField("On", "Date"),
    CustomField("B", "Boolean"),
    CustomField("Few", "Text", one_of=("a", "b")),
    CustomField("Low", "Integer", maximum=9),
    CustomField("Once", "Decimal", unique=True),
)
PROJECTS: Final = [
    Project(),
    Project(custom_fields=()),
    Project(custom_fields=FIELDS),
    *[
        Project(custom_fields=(*FIELDS, CustomField("SecondaryIdentifier", kind)), default_region="GB")
        for kind in ("Text", "Integer")
    ],
]
POLICIES: Final = [POLICY, Policy(valid_phones=True), Policy(email_key=lambda text: text[1:] or None)]
OF_PROJECT: Final[Mapping[Path, Cells]] = {
    ("id",): sampled("a", "B", " Ab "),
    ("enrolled",): sampled("true", "no"),
    ("insertedDate",): sampled("2000-01-01"),
    ("invitationStatus",): sampled("pending", "pending", " approved", "Pending"),
    ("participantIdentifier",): sampled("A1", " A2 "),
    ("secondaryIdentifier",): sampled("S", "7", " 7"),
    ("excludeFromExport",): sampled("true", "FALSE", " True ", "yes"),
    ("institutionCode",): sampled("X"),
    ("Odd",): sampled("x"),
    ("colour",): sampled("red"),
    ("demographics", "email"): sampled("kim@example.com", "KIM@example.com ", "kim", "k@", "ö@example.com"),
    ("demographics", "city"): sampled("Rome", " Rome"),
    ("demographics", "dateOfBirth"): sampled("2000-02-29", " 2000-02-28", "2001-02-29", "1.2.2000"),
    ("demographics", "gender"): sampled("M", "F ", "m"),
    ("demographics", "mobilePhone"): sampled(
        "2125550100", "+1 212 555 0100", "5550100", "1", "+44 20 7946 0958"
    ),
    ("demographics", "utcOffset"): sampled("-04:00:00", "+14:00:00", "14:00:01", "05:30:00"),
    ("demographics", "height"): sampled("180"),
    ("customFields", "T"): sampled("some", " 5", "5"),
    ("customFields", "I"): sampled("5", "-5", "+5", " 7", "5.0", "five", "007", "9" * 400),
    ("customFields", "D"): sampled("5", "1.50", "-0.5", ".5", "1e3", "0.10"),
    ("customFields", "On"): sampled("2000-02-29", "2000-02-29T23:59:59Z", "2001-02-29"),
    ("customFields", "B"): sampled("true", "FALSE", "1"),
    ("customFields", "Few"): sampled("a", "b", "c", " a"),
    ("customFields", "Low"): sampled("5", "15"),
    ("customFields", "Once"): sampled("1.50", "1.5", "x"),
    ("customFields", "SecondaryIdentifier"): sampled("S", "7"),
    ("customFields", "not plain"): sampled("x"),
    ("customFields", "a-b"): sampled("x"),
}
MORE: Final = [
    value("demographics.city"),
    value("institutionCode"),
    value("excludeFromExport"),
    state("excludeFromExport"),
    state("customFields"),
    state("demographics.gender"),
    state("demographics.email"),
    state("id"),
    state("enrolled"),
    malformed("demographics.city", one_of(["Rome"])),
    malformed("demographics.email", TEN_DIGITS),
    malformed("participantIdentifier"),
]


def converts_of(project: Project) -> dict[Path, Convert]:
    """The conversions of cells in tables of a project's participants."""
    by_type: dict[str, Convert] = {"Integer": integer, "Decimal": decimal}
    converts: dict[Path, Convert] = {("excludeFromExport",): flag}
    for each in project.custom_fields or ():
        converts["customFields", each.name] = by_type.get(each.type, str)
    return converts


def slots_of(project: Project, policy: Policy = POLICY, *more: Read) -> Slots:
    """All that the rules of a bulk request read, and more."""
    reads = plan_of(project, policy, Operation.BULK, BULK, warnings=True).slots.reads
    return Slots.of(schema_of(project, policy), [*reads, *more])


OF_RULES: Final = [(each, slots_of(each, policy)) for each in PROJECTS for policy in POLICIES]
OF_MORE: Final = [(each, slots_of(each, POLICY, *MORE)) for each in PROJECTS]


@given(st.sampled_from([*OF_RULES, *OF_MORE]), tables(OF_PROJECT), st.booleans())
def test_rows_of_a_project(planned: tuple[Project, Slots], table: Table, keeps: bool) -> None:
    """Whatever the rules of a project read, and whatever a caller's rules may read beside."""
    project, slots = planned
    event(f"sure: {compare(slots, table, converts_of(project), keeps=keeps):.0%}")


# ---- an entity with a member of every kind


class Choices:
    """Members of an open object: one of some texts, any text, or none that is declared."""

    unique: Mapping[str, Form] = {"Key": key_form(lambda text: text.lower() if text != "-" else None)}

    def respell(self, name: str) -> None:
        """No name is repaired."""

    def names(self) -> None:
        """Any name may stand."""

    def fold(self, name: str) -> str:
        """Names compare without regard to case."""
        return name.lower()

    def form(self, name: str) -> Form | None:
        """The form of a member."""
        return {"v1": one_of(["1", "2"]), "v2": ANY_TEXT, "v3": LONG, "key": ANY_TEXT}.get(name.lower())

    def fault(self, name: str, value: Any) -> str | None:
        """The fault of a member."""
        form = self.form(name)
        if form is None:
            return "undeclared" if value != "any" else "undeclared, and any"
        return None if value is None or form.accepts(value) else "wrong"

    required: ClassVar[frozenset[str]] = frozenset()

    def absent(self, name: str) -> Hashable:
        """No name is required."""
        raise LookupError(name)


LONG: Final = text_form(lambda text: len(text) > 2)
SHOUTED: Final = key_form(str.upper, "[A-Z]+", admits=lambda key: key != "NO")


@frozen(weakref_slot=False)
class Inner(Entity):
    """A part's part."""

    text: str | None | Unset = member(form=LONG)
    flag: bool | Unset = member()


@frozen(weakref_slot=False)
class Element(Entity):
    """An element of a list."""

    name: str | None | Unset = member()
    seeding: Mapping[str, str | None] | None | Unset = member(members=lambda _: Choices())
    note: str | None | Unset = member(trim=True)
    state: str | None | Unset = member(read_only=True)
    extras: Mapping[str, Any] = extras()


@frozen(weakref_slot=False)
class Part(Entity):
    """A part of a thing."""

    login: str | None | Unset = member(form=SHOUTED, unique=True)
    inner: Inner | None | Unset = member()
    elements: tuple[Element | Unset, ...] | None | Unset = member()
    lone: str | None | Unset = member()
    extras: Mapping[str, Any] = extras()


@frozen(weakref_slot=False)
class Thing(Entity):
    """A member of every kind."""

    part: Part | None | Unset = member()
    other: Inner | Unset = member()
    flag: bool | Unset = member()
    perhaps: bool | None | Unset = member()
    seeding: Mapping[str, str | None] | None | Unset = member(members=lambda _: Choices())
    fields: Mapping[str, Any] | None | Unset = member()
    shown: str | None | Unset = member(read_only=True)
    extras: Mapping[str, Any] = extras()


THING: Final = Slots.of(
    Schema(Thing),
    [
        IGNORED,
        UNDECLARED,
        value("flag"),
        state("flag"),
        value("perhaps"),
        state("perhaps"),
        state("part"),
        state("other"),
        state("seeding"),
        faults("seeding"),
        state("shown"),
        state("part.inner"),
        state("part.login"),
        malformed("part.login"),
        value("part.login"),
        value("part.inner.flag"),
        state("part.inner.text"),
        malformed("part.inner.text"),
        value("part.inner.text"),
        value("part.lone"),
        value("part.elements[].name"),
        value("part.elements[].note"),
        faults("part.elements[].seeding"),
        malformed("part.elements[].name", LONG),
    ],
)
OF_THING: Final[Mapping[Path, Cells]] = {
    ("flag",): sampled("true", "false", "False "),
    ("perhaps",): sampled("true", "false"),
    ("shown",): sampled("x"),
    ("strange",): sampled("x"),
    ("part", "login"): sampled("A", "b", "no", "NO "),
    ("part", "lone"): sampled("x"),
    ("part", "strange"): sampled("x"),
    ("part", "inner", "text"): sampled("long", "s", " s "),
    ("part", "inner", "flag"): sampled("true", "false"),
    ("part", "inner", "strange"): sampled("x"),
    ("part", "elements", 0, "name"): sampled("Ann", "B"),
    ("part", "elements", 0, "note"): sampled(" n "),
    ("part", "elements", 0, "state"): sampled("x"),
    ("part", "elements", 0, "strange"): sampled("x"),
    ("part", "elements", 0, "seeding", "V1"): sampled("1", "3", " 1"),
    ("part", "elements", 0, "seeding", "v2"): sampled("any"),
    ("part", "elements", 0, "seeding", "v9"): sampled("any", "x"),
    ("other", "text"): sampled("long"),
    ("other", "flag"): sampled("true"),
    ("seeding", "v1"): sampled("1", "3"),
    ("seeding", "v3"): sampled("long", "s"),
    ("seeding", "v9"): sampled("any"),
    ("seeding", "Key"): sampled("a", "A", "-"),
    ("fields", "x"): sampled("5"),
}
FLAGS: Final[Mapping[Path, Convert]] = {path: flag for path in OF_THING if path[-1] in {"flag", "perhaps"}}


@given(tables(OF_THING, most=12), st.booleans())
@example((((0, ("seeding", "v1"), False),), [[""], ["1"]]), True)
@example((((0, ("part", "inner", "flag"), False), (1, ("shown",), False)), [["", "x"], ["true", "x"]]), False)
@example((((0, ("part", "elements", 0, "name"), False),), [[" a "], ["a"], [" "]]), False)
def test_rows_of_every_kind_of_member(table: Table, keeps: bool) -> None:
    """Objects in objects, a list of one object, flags, members with names of a definition."""
    event(f"sure: {compare(THING, table, FLAGS, keeps=keeps):.0%}")


OF_WHOLE: Final[Mapping[Path, Cells]] = {
    ("flag",): sampled("true"),
    ("part", "inner"): sampled("", "", "{}"),
    ("part", "elements"): sampled("", "", "[]"),
    ("part", "lone"): sampled("x"),
    ("other",): sampled(""),
    ("seeding",): sampled("", '{"v1": "1"}'),
    ("fields",): sampled("", "{}"),
}
WHOLE: Final = Slots.of(
    THING.schema, [each for each in [*THING.reads, value("seeding"), value("fields")] if each.path != "shown"]
)


@given(tables(OF_WHOLE), st.booleans())
@example((((0, ("fields",), True),), [[""], ["{}"]]), False)
@example((((0, ("part", "elements"), True),), [[""], ["[]"]]), False)
def test_rows_with_objects_in_one_cell(table: Table, keeps: bool) -> None:
    """An object that is written in one cell is unsure, unless the cell is blank."""
    event(f"sure: {compare(WHOLE, table, FLAGS, keeps=keeps):.0%}")


# ---- which rows and tables

NAMES: Final[tuple[Path, ...]] = (
    ("participantIdentifier",),
    ("demographics", "email"),
    ("demographics", "mobilePhone"),
    ("demographics", "gender"),
    ("excludeFromExport",),
    ("customFields", "I"),
)
COLUMNS: Final[tuple[TableColumn, ...]] = tuple((place, path, False) for place, path in enumerate(NAMES))
DECLARED: Final = slots_of(PROJECTS[2])


def test_right_and_common_faulty_rows_are_decided() -> None:
    """A file of right rows has no unsure one; malformed addresses, numbers and choices are decided too."""
    read = columns_reader(DECLARED, COLUMNS, len(COLUMNS))
    assert read is not None
    right = ["A ", "A@example.com", "2125550100", "M", "false", "17"]
    malformed_ = ["A", "a@", "1", "m", "", ""]
    nobody = ["", "", " ", "", "", ""]
    rows = read([right, malformed_, nobody, right[:-1], [*right, "more"], [*right[:-1], "x"]])
    assert rows.places == [0, 1, 2]
    without_alias = (DECLARED.odd[state("secondaryIdentifier")], State.ABSENT)
    slots = [
        DECLARED.odd[malformed(f"demographics.{name}", form)]
        for name, form in [
            ("email", None),
            ("mobilePhone", None),
            ("mobilePhone", TEN_DIGITS),
            ("gender", None),
        ]
    ]
    texts = ()
    assert rows[0] == ((UNSET, "A", "a@example.com", "+12125550100", UNSET), (without_alias,), texts)
    keys, odd, shown = rows[1]
    assert (keys, shown) == ((UNSET, "A", State.MALFORMED, State.MALFORMED, UNSET), texts)
    assert dict(odd) == dict([without_alias, *[(slot, True) for slot in slots]])
    lacking = (DECLARED.odd[state("demographics")], State.ABSENT)
    assert rows[2] == ((UNSET,) * 5, (without_alias, lacking), texts)


def test_required_custom_fields() -> None:
    """A table with a column of theirs has its payloads made and read."""
    project = Project(custom_fields=(CustomField("T", "Text", required=True),))
    columns = ((0, ("id",), False), (1, ("customFields", "T"), False))
    assert compare(slots_of(project, POLICY), (columns, [["a", "some"], ["b", " "]])) == 0


def test_keys_that_are_not_admitted() -> None:
    """A number that is possible and in no assigned range has a key and is malformed; a blank one is not."""
    slots = slots_of(PROJECTS[0], POLICIES[1])
    table = (
        ((0, ("demographics", "mobilePhone"), False), (1, ("id",), False)),
        [["+15555555555", "a"], ["", "b"]],
    )
    assert compare(slots, table) == 1
    read = columns_reader(slots, table[0], 2)
    assert read is not None
    is_malformed = slots.odd[malformed("demographics.mobilePhone")], True
    assert [is_malformed in odd for odd in read([*table[1], ["+16502530000", "c"]]).odd] == [
        True,
        False,
        False,
    ]


def test_what_many_rows_lack_is_put_in_between() -> None:
    """A key stands in its own row, whether few or many rows lack one."""
    read = columns_reader(DECLARED, COLUMNS[:2], 2)
    assert read is not None
    for step in (1, 2, 40):
        names = ["" if number % step else f"N{number}" for number in range(200)]
        rows = read([[name, f"{name.lower()}@example.com" if name else ""] for name in names])
        keys = [(name or UNSET, f"{name.lower()}@example.com" if name else UNSET) for name in names]
        assert [rows.keys_of(index)[1:3] for index in range(200)] == keys


def test_wide_tables() -> None:
    """Of a table with many columns only the needed ones are taken out."""
    wide = tuple((place, ("customFields", f"f{place}"), False) for place in range(3, 98))
    slots = slots_of(PROJECTS[0])
    row = ["a", "b@example.com", "c", *["x"] * 95]
    table = ((0, ("id",), False), (1, ("demographics", "email"), True), (2, ("odd",), False), *wide), [row]
    assert compare(slots, table) == 1


def test_no_rows() -> None:
    """A table may have no rows."""
    read = columns_reader(DECLARED, COLUMNS, len(COLUMNS))
    assert read is not None
    assert len(read([])) == 0


def test_an_object_in_one_cell_is_unsure() -> None:
    """Custom fields written as JSON take their payload; a blank cell clears them, or leaves them out."""
    for clears, blank in ((False, UNSET), (True, None)):
        columns = ((0, ("id",), False), (1, ("customFields",), clears))
        read = columns_reader(
            slots_of(PROJECTS[0], POLICY, state("customFields"), value("customFields")), columns, 2
        )
        assert read is not None
        rows = read([["a", " "], ["a", '{"b": 1}']])
        assert rows.places == [0]
        assert rows[0][2][0] is blank
        assert {State.ABSENT, State.NULL} & {held for _, held in rows[0][1][1:]}


@pytest.mark.parametrize(
    "paths",
    [
        [()],
        [("demographics",), ("demographics", "email")],
        [("id",), ("id",)],
        [("id", "x")],
        [("address", "city")],
        [("enrolled", "x")],
        [("demographics", 0)],
        [("customFields", "a", "b")],
    ],
    ids=str,
)
def test_tables_of_another_kind_are_not_read(paths: list[Path]) -> None:
    """A column that is no single member of a documented object makes its table unknown."""
    columns = [(place, path, False) for place, path in enumerate(paths)]
    assert columns_reader(DECLARED, columns, len(columns)) is None


@pytest.mark.parametrize(
    "paths",
    [
        [("seeding", "v1"), ("seeding", "V1")],
        [("part", "elements", 1, "name")],
        [("part", "elements", "name")],
        [("part", "elements", 0)],
        [("part", "elements[]", "name")],
        [("seeding", "Key", "x")],
    ],
    ids=str,
)
def test_columns_that_clash_are_not_read(paths: list[Path]) -> None:
    """Nor do elements of lists but the first, and two spellings of a name."""
    columns = [(place, path, False) for place, path in enumerate(paths)]
    assert columns_reader(THING, columns, len(columns)) is None


def test_readers_are_remembered() -> None:
    """The chunks of a table have one reader."""
    read = columns_reader(DECLARED, COLUMNS, 6)
    assert read is columns_reader(DECLARED, list(COLUMNS), 6)
    assert read is not columns_reader(DECLARED, COLUMNS, 7)
    assert read is not columns_reader(DECLARED, COLUMNS, 6, keeps=True)
    assert read is not columns_reader(slots_of(PROJECTS[2]), COLUMNS, 6)
