"""A plan asks rules once for each kind of record, and refuses a rule that reads an undeclared member."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from participant_rules import Rule, RuleError, RuleSet, at, project, rule
from participant_rules.engine import plan as plans
from participant_rules.engine.kind import RecordVerdict
from participant_rules.engine.plan import Plan
from participant_rules.engine.recent import Recent
from participant_rules.engine.sealed import Undeclared
from participant_rules.project.keys import schema_of
from participant_rules.project.plan import facts_of, plan_of
from participant_rules.rules import At
from participant_rules.schema.reads import UNDECLARED, Read, faults, key, malformed, state
from participant_rules.schema.tree import Schema
from participant_rules.unknown import Unknown
from participant_rules.unset import UNSET

POLICY = project.Policy()
ID = "3a713a06-295d-4803-9602-776f09a1483b"
NAME, EMAIL = "demographics.firstName", "demographics.email"
Check = Callable[[project.Case], Any]


class Asked:
    """Rules made of functions, and how often each was asked."""

    def __init__(self) -> None:
        self.times: dict[str, int] = {}

    def rule(self, code: str, check: Check, reads: Any = None, **declared: Any) -> Rule:
        """A rule that fires where the function is true."""
        self.times[code] = 0

        def asked(case: project.Case) -> Iterator[At]:
            """It is asked."""
            self.times[code] += 1
            if check(case):
                yield at()

        asked.__name__ = code.replace("-", "_")
        return rule(f"{code}.", reads=reads, **declared)(asked)


def plan(*rules: Rule, definition: project.Project | None = None) -> Plan[project.Case]:
    """The plan of these rules."""
    one = definition or project.Project(id="P")
    return plan_of(one, POLICY, project.Operation.PUT, RuleSet(rules), warnings=True)


def judged(
    of: Plan[project.Case], body: dict[str, Any], *stored: dict[str, Any], asked: bool = True
) -> RecordVerdict:
    """The verdict of a plan on a body."""
    definition = of.family.given["known"].project
    change = project.wire.change_of(body, project.Operation.PUT, "P")
    known = tuple(project.Stored(project.wire.read_stored(each, definition), 1) for each in stored)
    case = project.Case.of(change, project.Known(definition, known if asked else UNSET), POLICY)
    return of.verdict_of(body, facts_of(case), lambda: case)


def codes(found: RecordVerdict) -> list[str]:
    """The codes of a verdict."""
    return [each.code for each in (*found.violations, *found.warnings)]


def person(name: str = "A", **contact: Any) -> dict[str, Any]:
    """A body."""
    return {"participantIdentifier": name, "demographics": contact}


# ---- what a rule declares


UNDECLARED_READS: list[tuple[list[Any], Check, str]] = [
    ([], lambda case: case.demographics, "demographics"),
    ([], lambda case: case.asked.institution_code, "institution_code"),
    ([NAME], lambda case: case.demographics.last_name, "last_name"),
    ([malformed(EMAIL)], lambda case: case.demographics.email, "email"),
    ([state(EMAIL)], lambda case: case.malformed(EMAIL), "malformed('demographics.email')"),
    ([malformed(EMAIL)], lambda case: case.state(EMAIL), "state('demographics.email')"),
    ([key(EMAIL)], lambda case: case.malformed(EMAIL), "malformed('demographics.email')"),
    ([NAME], lambda case: case.undeclared, "undeclared('')"),
    ([UNDECLARED], lambda case: case.asked.extras, "extras"),
    ([faults("customFields")], lambda case: case.custom_fields, "custom_fields"),
    ([state("customFields")], lambda case: case.faults("customFields"), "faults('customFields')"),
]


@pytest.mark.parametrize(
    ("reads", "check", "member"), UNDECLARED_READS, ids=map(str, range(len(UNDECLARED_READS)))
)
def test_a_rule_that_reads_an_undeclared_member_raises(reads: list[Any], check: Check, member: str) -> None:
    """By the names of the rule and of the member, at the first record, without personal data."""
    with pytest.raises(Undeclared) as shown:
        judged(
            plan(Asked().rule("too-curious", check, reads)), person(firstName="Robin", email="r@example.com")
        )
    if reads == []:
        assert str(shown.value).startswith("the rule too-curious reads ")
    else:
        assert str(shown.value) == f"the rule too-curious reads {member}, which it does not declare"
    assert "Robin" not in str(shown.value)


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("demographics.emial", "demographics.email"),
        ("demographics.firstname", "demographics.firstName"),
        ("customField", "customFields"),
    ],
)
def test_a_path_that_does_not_exist(path: str, nearest: str) -> None:
    """It is an error when the plan is made, with the nearest existing path."""
    with pytest.raises(
        ValueError, match=f"^mistaken: no documented member is at '{path}'; '{nearest}' is the nearest"
    ):
        plan(Asked().rule("mistaken", lambda _: False, [path]))


def test_a_path_like_no_other() -> None:
    """Nothing is near it."""
    with pytest.raises(ValueError, match=r"^mistaken: no documented member is at 'zzz'$"):
        plan(Asked().rule("mistaken", lambda _: False, ["zzz"]))


def test_a_rule_s_own_error_names_it() -> None:
    """It is the rule's."""
    broken = Asked().rule("broken", lambda _: int("x") == 0, [EMAIL])
    with pytest.raises(RuleError, match=r"^the rule broken raised ValueError$"):
        judged(plan(broken), person(email="kim@example.com"))


# ---- how often rules are asked


def test_rules_are_asked_once_for_a_kind() -> None:
    """However many records are of it."""
    asked = Asked()
    one = plan(
        asked.rule("email", lambda case: case.malformed(EMAIL), [malformed(EMAIL)]),
        asked.rule("nothing", lambda _: False, []),
    )
    for number in range(100):
        assert codes(judged(one, person(f"A{number}", email=f"a{number}@example.com"))) == []
        assert codes(judged(one, person(f"A{number}", email=f"a{number} at example.com"))) == ["email"]
    assert asked.times == {"email": 2, "nothing": 1}


def test_rules_about_a_text_are_asked_once_for_each() -> None:
    """Once without it, which shows that they want it."""
    asked = Asked()
    one = plan(asked.rule("kim", lambda case: case.demographics.first_name == "Kim", [NAME]))
    for _ in range(20):
        assert codes(judged(one, person(firstName="Kim"))) == ["kim"]
        assert codes(judged(one, person(firstName="Lee"))) == []
        assert codes(judged(one, person())) == []
    assert asked.times == {"kim": 1 + 3}


def test_rules_about_the_participant_are_asked_once_for_each_fact() -> None:
    """Once without it."""
    asked = Asked()
    one = plan(asked.rule("enrolled", lambda case: case.enrolled, []))
    for _ in range(20):
        assert codes(
            judged(one, person("A"), {"id": ID, "participantIdentifier": "A", "enrolled": True})
        ) == ["enrolled"]
        assert codes(judged(one, person("B"), {"id": ID, "participantIdentifier": "B"})) == []
    assert asked.times == {"enrolled": 1 + 2}


def test_rules_about_what_is_stored_are_asked_each_time() -> None:
    """Where somebody is; of an added participant nothing is stored."""
    asked = Asked()
    one = plan(
        asked.rule(
            "other-name",
            lambda case: case.standing is not None and case.stored_demographics.first_name == "Kim",
            [],
        )
    )
    stored = {"id": ID, "participantIdentifier": "A", "demographics": {"firstName": "Kim"}}
    for _ in range(20):
        assert codes(judged(one, person("A"), stored)) == ["other-name"]
        assert codes(judged(one, person("A"), stored | {"demographics": {}})) == []
    times = asked.times["other-name"]
    for number in range(20):
        assert codes(judged(one, person(f"N{number}"))) == []
    assert asked.times["other-name"] - times == 1


def test_a_rule_without_reads_is_asked_each_time() -> None:
    """It sees the whole record."""
    asked = Asked()
    one = plan(asked.rule("everything", lambda case: case.asked.extras))
    for _ in range(5):
        assert codes(judged(one, person() | {"x": 1})) == ["everything"]
        assert codes(judged(one, person())) == []
    assert asked.times == {"everything": 10}


# ---- what is remembered is bounded


def test_kinds_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many kinds of faults there are: forgotten kinds are judged anew."""
    one = plan(project.PUT["unknown-field"])
    monkeypatch.setattr(one.kinds, "_most", 10)
    monkeypatch.setattr(one.verdicts, "_most", 10)
    for number in range(200):
        (warning,) = judged(one, person() | {f"x{number}": 1}).warnings
        assert warning.pointer == f"/x{number}"
        assert len(one.kinds) <= 10
        assert len(one.kinds._older) <= 10
        assert len(one.verdicts) <= 10
    monkeypatch.undo()
    assert one.kinds._most == 4096


def test_a_record_with_very_many_odd_members_is_not_remembered() -> None:
    """It is not met again."""
    one = plan(project.PUT["unknown-field"])
    found = judged(one, person() | {f"x{number}": 1 for number in range(100)})
    assert [each.pointer for each in found.warnings] == [f"/x{number}" for number in range(100)]
    assert len(one.kinds) == 0


def test_texts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts that differ in every record give way."""
    made: list[Any] = []

    class Small(Recent[Any, Any]):
        """It keeps a few."""

        def __init__(self, make: Callable[[Any], Any], most: int = 0, **options: Any) -> None:
            super().__init__(make, 5, **options)
            made.append(self)

    monkeypatch.setattr(plans, "Recent", Small)
    one = plan(Asked().rule("kim", lambda case: case.demographics.first_name == "Kim", [NAME]))
    for number in range(100):
        assert codes(judged(one, person(firstName=f"N{number}"))) == []
        assert codes(judged(one, person(firstName="Kim"))) == ["kim"]
    assert made
    assert max(len(each) + len(each._older) for each in made) <= 10


# ---- order


def test_order_gates_and_silence() -> None:
    """As of rules asked one by one: shape first, precedence, a gate ends, a code silences; warnings apart."""
    asked = Asked()
    always: Check = lambda _: True  # noqa: E731
    one = plan(
        asked.rule("first", lambda case: case.malformed(EMAIL), [malformed(EMAIL)]),
        asked.rule("silenced", always, [], unless=["first"]),
        asked.rule("odd", always, [], severity="warning"),
        asked.rule("of-text", lambda case: case.demographics.first_name == "Kim", [NAME]),
        asked.rule("gate", always, [NAME], gate=True),
        asked.rule("behind", always, []),
    )
    assert codes(judged(one, person(email="x", firstName="Kim"))) == ["first", "of-text", "gate", "odd"]
    assert codes(judged(one, person(email="kim@example.com"))) == ["silenced", "gate", "odd"]
    faulty = person(email="x") | {"institutionCode": 5}
    assert codes(judged(one, faulty)) == ["wrong-type", "first", "gate", "odd"]


def test_silence_at_one_pointer() -> None:
    """A rule that fired elsewhere silences nothing."""

    @rule("First.", reads=[NAME])
    def first(case: project.Case) -> Iterator[At]:
        """Somewhere."""
        yield at(case.demographics.first_name or "")

    one = plan(first, Asked().rule("quiet", lambda _: True, [], unless=["first at /here"]))
    assert codes(judged(one, person(firstName="here"))) == ["first"]
    assert codes(judged(one, person(firstName="there"))) == ["first", "quiet"]


def test_what_a_rule_found_before_an_unknown_fact_stands() -> None:
    """And silences others."""

    @rule("Half is broken.", reads=[EMAIL, "institutionCode"])
    def half(case: project.Case) -> Iterator[At]:
        """Half of it is known."""
        if case.demographics.email:
            yield at("x")
        if case.asked.institution_code:
            raise Unknown("the other half")
        yield at("y")

    one = plan(half, Asked().rule("quiet", lambda _: True, [], unless=["half"]))
    assert [
        each.pointer for each in judged(one, person(email="x") | {"institutionCode": "z"}).violations
    ] == ["/x"]
    assert [each.pointer for each in judged(one, person(email="x")).violations] == ["/x", "/y"]
    assert codes(judged(one, person() | {"institutionCode": "z"})) == ["quiet"]


def test_a_plan_without_warnings() -> None:
    """They are neither asked nor read."""
    definition = project.Project(id="P")
    with_warnings, without = (
        plan_of(definition, POLICY, project.Operation.PUT, project.PUT, warnings=each)
        for each in (True, False)
    )
    assert Read("", UNDECLARED.mode) in with_warnings.slots.odd
    assert Read("", UNDECLARED.mode) not in without.slots.odd
    assert codes(judged(without, person() | {"x": 1})) == []
    assert plan_of(definition, POLICY, project.Operation.PUT, project.PUT, warnings=True) is with_warnings


def test_a_schema_knows_the_unique_members_of_a_definition() -> None:
    """Custom fields among them."""
    fields = (project.CustomField("Badge", "Text", unique=True), project.CustomField("Note", "Text"))
    schema: Schema = schema_of(project.Project(id="P", custom_fields=fields), POLICY)
    assert [node.path for node in schema.unique] == [
        "id",
        "participantIdentifier",
        "demographics.email",
        "demographics.mobilePhone",
        "customFields.Badge",
    ]
