"""What is told from the cells of a row is what the screen says of its payload, whatever stands there."""

from random import Random
from typing import Any, Final

import pytest

from participant_rules import project
from participant_rules.batch.files.columns import arrange
from participant_rules.batch.files.plan import Plan
from participant_rules.batch.files.project import ProjectLayout
from participant_rules.batch.files.sheets import Header
from participant_rules.batch.records import Tabular
from participant_rules.project.cells import Skim, skims_of
from participant_rules.project.policy import POLICY
from participant_rules.project.screen import screen_of
from tests.batch.files.drawn import header, rows
from tests.batch.samples import DECLARED as OF_ALL_TYPES

DECLARED: Final = tuple([each for each in OF_ALL_TYPES if each.name != "SecondaryIdentifier"])
ALIAS: Final = project.CustomField("SecondaryIdentifier", "Text")
PROJECTS: Final = [
    project.Project(id="P"),
    project.Project(id="P", custom_fields=DECLARED),
    project.Project(id="P", custom_fields=()),
    project.Project(id="P", custom_fields=OF_ALL_TYPES, default_region="GB"),
    project.Project(id="P", custom_fields=(*DECLARED, ALIAS)),
]
POLICIES: Final = [project.Policy(), project.Policy(valid_phones=True)]


def planned(definition: project.Project, names: tuple[str, ...], *, clears: bool) -> Plan:
    """The plan for tables with that header."""
    layout = ProjectLayout(definition)
    columns = arrange("people.csv", Header(1, names, 2), layout, {}).columns
    return layout.plan(columns, names, clears=clears)


def skim_of(definition: project.Project, policy: project.Policy, plan: Plan) -> Skim | None:
    """What skims the rows of tables with that plan."""
    table = plan.records([], sound=True)
    assert isinstance(table, Tabular)
    return skims_of(definition, policy)(table.columns, table.width)


def examined(definition: project.Project, policy: project.Policy, seed: int, count: int) -> tuple[int, int]:
    """Compare claims with the screen's in a table; how many rows were told, and how many could have been."""
    random = Random(seed)
    plan = planned(definition, header(random), clears=seed % 2 == 0)
    names = random.choices([""], k=plan.width)
    skim, screen = skim_of(definition, policy, plan), screen_of(definition, policy)
    for column in plan.columns:
        names[column.place] = column.name
    cells = list(rows(random, names, count))
    claims, unsure = skim(cells) if skim else ([], set(range(count)))
    could = 0
    for place, payload in enumerate(plan.payloads(cells)):
        expected = screen(payload)
        could += expected is not None
        if place not in unsure:
            assert expected is not None, (plan, cells[place])
            assert claims[place] == expected._replace(colons=0), (plan, cells[place])
    return count - len(unsure), could


@pytest.mark.parametrize("policy", POLICIES, ids=["possible", "valid"])
@pytest.mark.parametrize("definition", PROJECTS, ids=range(len(PROJECTS)))
def test_cells_are_told_as_the_screen_tells_payloads(
    definition: project.Project, policy: project.Policy
) -> None:
    """120,000 rows of 600 tables in all; a good deal is told, and all that is told is right."""
    counts = [examined(definition, policy, seed, count=200) for seed in range(60)]
    told, could = (sum(each) for each in zip(*counts, strict=True))
    assert told > could / 4


# ---- which rows and tables


def claims_of(definition: project.Project, names: tuple[str, ...], *cells: list[str]) -> tuple[Any, set[int]]:
    """What is told of rows."""
    skim = skim_of(definition, POLICY, planned(definition, names, clears=False))
    assert skim is not None
    return skim(cells)


def test_right_and_common_faulty_rows_are_told() -> None:
    """A file of right rows has none that is unsure, and malformed addresses and numbers are told too."""
    names = (
        "participantIdentifier",
        "email",
        "mobilePhone",
        "gender",
        "dateOfBirth",
        "excludeFromExport",
        "I",
    )
    right = ["A", "a@example.com", "2125550100", "M", "2000-01-01", "false", "17"]
    malformed = ["A", "a@", "1", "", "", "", ""]
    nobody = ["", "", "", "", "", "", ""]
    claims, unsure = claims_of(PROJECTS[1], names, right, malformed, nobody, right[:-1], [*right, "more"])
    assert unsure == {3, 4}
    assert [each.faults for each in claims[:3]] == [(), ("email", "mobilePhone"), ("",)]
    assert claims[0][1:5] == (None, "A", "a@example.com", "+12125550100")


def test_ambiguous_tables_are_not_told() -> None:
    """Where the value of `secondaryIdentifier` matters, rows have their payloads read."""
    alone, both = (
        ("email", "secondaryIdentifier"),
        ("secondaryIdentifier", "customFields.SecondaryIdentifier"),
    )
    typed = PROJECTS[3]
    assert skim_of(typed, POLICY, planned(typed, alone, clears=False)) is None
    assert skim_of(PROJECTS[0], POLICY, planned(PROJECTS[0], both, clears=False)) is None
    assert skim_of(PROJECTS[0], POLICY, planned(PROJECTS[0], alone, clears=False)) is not None


@pytest.mark.parametrize(
    "path", [("demographics",), ("demographics", "height"), ("address", "city"), ("a", "b", "c"), ()]
)
def test_tables_of_another_kind_are_not_told(path: tuple[str, ...]) -> None:
    """A member that no table of a project has makes its table unknown."""
    columns = ((0, ("id",), False), (1, path, False))
    assert skims_of(PROJECTS[0], POLICY)(columns, 2) is None


def test_skims_are_remembered() -> None:
    """A project has one skim for all chunks of a table."""
    definition = project.Project(id="P")
    columns = ((0, ("id",), False),)
    assert skims_of(definition, POLICY) is skims_of(definition, POLICY)
    assert skims_of(definition, POLICY)(columns, 1) is skims_of(definition, POLICY)(columns, 1)


def test_cleared_fields_that_nobody_declared() -> None:
    """A blank cell clears such a field, which is a fault of every row."""
    plan = planned(PROJECTS[1], ("email", "customFields.Other"), clears=True)
    skim = skim_of(PROJECTS[1], POLICY, plan)
    assert skim is not None
    assert skim([["a@example.com", ""]])[1] == {0}
