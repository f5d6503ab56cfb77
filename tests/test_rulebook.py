"""The rules of all calls of a family."""

import pickle
import re
from collections.abc import Iterator
from typing import Any

import pytest
from attrs import evolve

from participant_rules import Rule, RuleSet, at, batch, project, rule, survey
from participant_rules.memory import Loopback, MemoryProjects, MemorySurveys
from participant_rules.rulebook import Rulebook
from participant_rules.rules import At

RULES = survey.RULES
ADD, UPDATE = survey.Operation.ADD, survey.Operation.UPDATE
NAME: Any = "add"  # types want the call itself
WRONG: Any = "ad"
OTHERS: Any = project.Operation.BULK


@rule("A login name has no spaces.", reads=["loginSection.login"])
def login_with_space(case: survey.Case) -> Iterator[At]:
    """Login names are typed on phones."""
    if " " in (case.login or ""):
        yield at()


@rule("Kim is on leave.", reads=["loginSection.login"])
def kim_on_leave(case: survey.Case) -> Iterator[At]:
    """Kim takes no part."""
    if case.login == "kim":
        yield at()


def test_adding() -> None:
    """Further rules rank after the present ones; no other call changes, and nothing in place."""
    before = dict(RULES)
    more = RULES.adding(login_with_space, kim_on_leave, to=[ADD, UPDATE])
    assert more[ADD].codes == (*RULES[ADD].codes, "login-with-space", "kim-on-leave")
    assert more[UPDATE].codes == (*RULES[UPDATE].codes, "login-with-space", "kim-on-leave")
    assert list(more) == list(RULES)
    assert {call: more[call] for call in more if call not in (ADD, UPDATE)} == {
        call: RULES[call] for call in RULES if call not in (ADD, UPDATE)
    }
    assert dict(RULES) == before
    assert RULES.adding(login_with_space, to=NAME) == RULES.adding(login_with_space, to=ADD)


def test_replacing() -> None:
    """A rule takes the place of the one with its code, in every call that has it."""
    other = evolve(RULES[ADD]["login-name-required"], text="Give a login name.")
    more = RULES.replacing(other)
    assert [call for call in RULES if more[call] != RULES[call]] == [ADD, UPDATE]
    for call in (ADD, UPDATE):
        assert more[call].codes == RULES[call].codes
        assert more[call]["login-name-required"] is other


def test_removing() -> None:
    """Rules go from every call; others may still name their codes."""
    less = RULES.removing("login-name-required", "unknown-field")
    assert less[ADD].codes == tuple(
        code for code in RULES[ADD].codes if code not in ("login-name-required", "unknown-field")
    )
    assert less[survey.Operation.READ] == RULES[survey.Operation.READ]
    silenced = evolve(login_with_space, unless=frozenset({"login-name-required"}))
    assert less.adding(silenced, to=ADD)[ADD].codes[-1] == "login-with-space"


def test_a_code_of_another_call_may_silence() -> None:
    """A rule may be added to several calls, of which one has the code."""
    taken = evolve(login_with_space, unless=frozenset({"login-name-taken"}))  # only by adding
    assert "login-with-space" in RULES.adding(taken, to=[ADD, UPDATE])[UPDATE]
    assert "login-with-space" in RULES.adding(login_with_space, to=UPDATE).replacing(taken)[UPDATE]
    other = evolve(kim_on_leave, unless=frozenset({"login-with-space"}))
    assert RULES.adding(other, login_with_space, to=ADD)[ADD].codes[-2:] == (
        "kim-on-leave",
        "login-with-space",
    )


STRANGE = [
    (
        lambda: RULES.adding(login_with_space, to=WRONG),
        "'ad' is no call; the nearest one is 'add'",
    ),
    (
        lambda: RULES.adding(login_with_space, to=[OTHERS]),
        "<Operation.BULK: 'bulk'> is no call",
    ),
    (
        lambda: RULES.adding(RULES[ADD]["email-taken"], to=ADD),
        "email-taken: add has a rule with this code; see replacing",
    ),
    (
        lambda: RULES.adding(evolve(kim_on_leave, unless=frozenset({"email-takn"})), to=ADD),
        "kim-on-leave: unless names 'email-takn', which no rule has; the nearest one is 'email-taken'",
    ),
    (lambda: RULES.replacing(login_with_space), "no rule has the code 'login-with-space'"),
    (
        lambda: RULES.replacing(evolve(RULES[ADD]["email-taken"], unless=frozenset({"x"}))),
        "email-taken: unless names 'x', which no rule has",
    ),
    (lambda: RULES.adding(login_with_space, to=[]), "rules are added to one call at least"),
    (
        lambda: RULES.removing("email-takn"),
        "no rule has the code 'email-takn'; the nearest one is 'email-taken'",
    ),
]


@pytest.mark.parametrize(("use", "why"), STRANGE, ids=range(len(STRANGE)))
def test_what_is_not_there_is_named(use: Any, why: str) -> None:
    """With the nearest name."""
    with pytest.raises(ValueError, match="^" + re.escape(why)):
        use()


def test_a_rulebook_is_an_immutable_mapping() -> None:
    """It is equal to a dictionary with the same, travels, and `|` keeps its type."""
    more = RULES | {ADD: RULES[ADD] + login_with_space}
    assert isinstance(more, Rulebook)
    assert more == RULES.adding(login_with_space, to=ADD)
    assert hash(more) == hash(RULES.adding(login_with_space, to=ADD))
    assert (more != RULES, dict(RULES) == RULES, RULES == 1, len(RULES)) == (True, True, False, 10)
    assert pickle.loads(pickle.dumps(RULES)) == RULES
    given = {ADD: RULES[ADD]}
    kept = Rulebook(given)
    given.clear()
    assert repr(kept) == f"<add: <{len(RULES[ADD])} rules>>"


def test_rules_of_one_s_own_decide() -> None:
    """Wherever rules are handed in."""
    definition = survey.Survey(id="S1", invited=False, logged_on=True, group=False)
    rules = RULES.adding(login_with_space, to=ADD).replacing(
        evolve(RULES[ADD]["subject-required"], message="One subject is due.", text="One subject is due.")
    )
    payload = {"loginSection": {"login": "kim lee"}}
    found = survey.check(payload, definition, operation="add", rules=rules)
    assert [each.text for each in found] == ["One subject is due.", "A login name has no spaces."]
    (outcome,) = batch.check([payload], batch.SurveyTask(definition, operation="add", rules=rules))
    assert [each.violation for each in outcome.findings] == list(found)


# ---- what is no mapping

SET = survey.ADD + login_with_space
PROJECTS, SURVEYS = MemoryProjects.from_json([]), MemorySurveys.from_json([])
DEFINITION = survey.Survey(id="S1", invited=False, logged_on=True, group=False)
WHERE: dict[str, Any] = {
    "survey.check": lambda rules: survey.check({}, DEFINITION, rules=rules),
    "project.check": lambda rules: project.check({}, rules=rules),
    "a bulk": lambda rules: project.check({"participants": []}, operation="bulk", rules=rules),
    "survey.decide": lambda rules: survey.decide(
        survey.Case.of(survey.Change("read", "S1", "kim"), survey.Known(DEFINITION), survey.Caller()), rules
    ),
    "survey.Registrar": lambda rules: survey.Registrar(SURVEYS, rules=rules),
    "survey.Api": lambda rules: survey.Api(SURVEYS, rules=rules),
    "survey.Client": lambda rules: survey.Client(Loopback({}), rules=rules),
    "project.Registrar": lambda rules: project.Registrar(PROJECTS, rules=rules),
    "project.Api": lambda rules: project.Api(PROJECTS, rules=rules),
    "project.Client": lambda rules: project.Client(Loopback({}), rules=rules),
    "SurveyTask": lambda rules: batch.SurveyTask(DEFINITION, rules=rules),
    "ProjectTask": lambda rules: batch.ProjectTask(project.Project(id="P1"), rules=rules),
}


@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("rules", [SET, [login_with_space], None], ids=["set", "list", "none"])
def test_a_mapping_is_due(where: str, rules: object) -> None:
    """One rule set is no mapping of calls to rule sets; the error has the right type, where it is passed."""
    with pytest.raises(TypeError) as error:
        WHERE[where](rules)
    assert str(error.value) == (
        "rules are a mapping of calls to rule sets, for instance RULES.adding(rule, to=Operation.ADD)"
    )


def test_a_mapping_of_rules_is_none_of_rule_sets() -> None:
    """Each value is a set."""
    one: Any = {ADD: login_with_space}
    with pytest.raises(TypeError, match=r"^rules are a mapping"):
        survey.Api(SURVEYS, rules=one)
    with pytest.raises(TypeError, match=r"^rules are a mapping"):
        survey.check({}, DEFINITION, operation="add", rules=one)


def test_a_mapping_may_lack_a_call() -> None:
    """The missing call is named, when it is needed."""
    with pytest.raises(ValueError, match=r"^the rules lack those of the call 'add': RULES \| \{…\} has all$"):
        survey.check({}, DEFINITION, operation="add", rules={UPDATE: RuleSet()})


def test_types_of_rules_are_kept() -> None:
    """A rule stays the very object that was declared."""
    more: Rulebook[survey.Operation] = RULES.adding(login_with_space, to=ADD)
    found: Rule = more[ADD]["login-with-space"]
    assert found is login_with_space


def test_what_is_removed_is_named_by_its_code() -> None:
    """A rule, or a list, is no code."""
    others: list[Any] = [RULES[ADD]["email-taken"], ["email-taken"]]
    for other in others:
        with pytest.raises(TypeError, match=r"^the code of a rule is due, not a value of the type"):
            RULES.removing(other)


def test_what_is_added_is_a_rule() -> None:
    """To a mapping, or to a set."""
    why = r"^a rule, as @rule\(…\) declares one, is due, not a value of the type "
    odd: Any = "login-odd"
    for add in (
        lambda: survey.RULES.adding(odd, to=survey.Operation.ADD),
        lambda: survey.RULES.replacing(odd),
        lambda: survey.ADD + odd,
        lambda: survey.ADD + [odd],
        lambda: RuleSet([odd]),
    ):
        with pytest.raises(TypeError, match=why + "str$"):
            add()
    not_even: Any = len
    with pytest.raises(TypeError, match=why + "builtin_function_or_method$"):
        survey.ADD + not_even


def test_sets_are_put_in_under_calls_that_there_are() -> None:
    """A misspelt one would never be asked, and a rule is no set."""
    odd: Any = {"ad": survey.ADD}
    with pytest.raises(ValueError, match=r"^'ad' is no call; the nearest one is 'add'$"):
        survey.RULES | odd
    odd = {survey.Operation.ADD: survey.ADD["subject-required"]}
    with pytest.raises(TypeError, match=r"^rules are a mapping of calls to rule sets"):
        survey.RULES | odd
