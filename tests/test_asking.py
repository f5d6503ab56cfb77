"""Rules that are broken themselves: the error names them, and no value."""

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from participant_rules import Rule, RuleError, RuleSet, at, batch, project, rule
from participant_rules.asking import ask
from participant_rules.rules import At
from participant_rules.unknown import Unknown

SECRET = "kim@example.com"
BODY = {"participantIdentifier": SECRET, "demographics": {"email": SECRET}}
DEFINITION = project.Project(id="P1")


def declared(check: Any, **how: Any) -> Rule:
    """A rule of this check."""
    check.__name__ = "staff_address"
    return rule("Staff register with their work address.", **how)(check)


def returns_nothing(case: Any) -> Any:
    """A check that says nothing at all."""


def returns_a_place(case: Any) -> Any:
    """A check that returns a place."""
    return at()


def returns_after_yielding(case: Any) -> Any:
    """A check that returns a place where others are yielded."""
    if not case:
        yield at()
    return at()


def returns_a_list(case: Any) -> Any:
    """A check that returns places."""
    return [at()]


def yields_a_text(case: Any) -> Any:
    """A check that yields a pointer."""
    yield "/demographics/email"


def raises(case: Any) -> Any:
    """A check that fails, with a value in its error."""
    yield at()
    raise ValueError(SECRET)


def lacks_a_placeholder(case: Any) -> Any:
    """A check that cannot be called."""
    yield at(case.demographics["email"])


BROKEN = {
    returns_nothing: "the rule staff-address returns None instead of yielding at(…)",
    returns_a_place: "the rule staff-address returns a value of the type At instead of yielding at(…)",
    returns_after_yielding: "the rule staff-address returns a value of the type At instead of yielding at(…)",
    returns_a_list: "the rule staff-address returns a value of the type list instead of yielding at(…)",
    yields_a_text: "the rule staff-address yields a value of the type str instead of at(…)",
    raises: "the rule staff-address raised ValueError",
    lacks_a_placeholder: "the rule staff-address raised TypeError",
}


@pytest.mark.parametrize("check", BROKEN, ids=lambda check: check.__name__)
@pytest.mark.parametrize("reads", [None, ["demographics.email"]], ids=["all", "declared"])
def test_a_broken_rule_is_named_on_every_road(check: Any, reads: Any) -> None:
    """In a check, a registrar's decision, a batch, and by a rule set alone; with the code, and no value."""
    rules = project.RULES.adding(declared(check, reads=reads), to=[*project.Operation])
    change = project.read(BODY)
    known = project.Known(DEFINITION, ())
    shown: list[Callable[[], object]] = [
        lambda: project.check(BODY, DEFINITION, rules=rules),
        lambda: project.decide(project.Case.of(change, known), rules),
        lambda: project.decide_all([change], known, rules=rules),
        lambda: list(batch.check([BODY], batch.ProjectTask(DEFINITION, rules=rules))),
        lambda: rules[project.Operation.PUT].violations(project.Case.of(change, known)),
        lambda: rules[project.Operation.PUT].explain(project.Case.of(change, known)),
    ]
    for use in shown:
        with pytest.raises(RuleError) as error:
            use()
        assert (error.value.code, str(error.value)) == ("staff-address", BROKEN[check])


def test_what_a_rule_raised_is_the_cause() -> None:
    """A developer sees it; the error itself travels between processes without it."""
    with pytest.raises(RuleError) as error:
        ask(declared(raises), None)
    assert isinstance(error.value.__cause__, ValueError)
    assert str(pickle.loads(pickle.dumps(error.value))) == str(error.value)


def test_an_unknown_fact_is_no_failure() -> None:
    """Earlier findings stand."""

    def knows_half(case: Any) -> Iterator[At]:
        yield at("a")
        raise Unknown("the rest is not known")

    found, unknown = ask(declared(knows_half), None, "/base")
    assert ([each.pointer for each in found], str(unknown)) == (["/base/a"], "the rest is not known")
    assert ask(declared(returns_empty), None) == ((), None)


def returns_empty(case: Any) -> Iterator[At]:
    """A check that is no generator function, and returns an iterator."""
    return iter(())


@pytest.mark.parametrize("parameter", ["reads", "unless", "facts"])
def test_one_name_is_no_list(parameter: str) -> None:
    """A text in the place of a list would be read letter by letter."""
    with pytest.raises(TypeError, match=rf"^staff-address: {parameter} takes a list: \['email'\]$"):
        declared(raises, **{parameter: "email"})


@pytest.mark.parametrize("name", ["site capacity", "_site", "1st", ""])
def test_a_fact_has_a_name_of_python_s(name: str) -> None:
    """It is read as an attribute."""
    with pytest.raises(ValueError, match="cannot be read as case"):
        declared(raises, facts=[name])


def test_a_rule_that_nothing_silences() -> None:
    """`unless` names a code of the set, or of the sets that it was chosen from."""
    strange = declared(raises, unless=["email-takn"])
    why = "staff-address: unless names 'email-takn', which no rule has; the nearest one is 'email-taken'"
    with pytest.raises(ValueError, match=f"^{why}$"):
        project.PUT + strange
    with pytest.raises(ValueError, match=f"^{why}$"):
        project.PUT + declared(raises, unless=["email-takn at /demographics/email"])
    known = declared(raises, unless=["update-not-allowed"])  # of bulks
    assert (project.PUT + known).codes[-1] == "staff-address"
    assert (project.PUT.without("email-taken") + declared(raises, unless=["email-taken"])).codes
    other = declared(raises, unless=["alone"])
    with pytest.raises(ValueError, match=r"staff-address: unless names 'alone', which no rule has$"):
        RuleSet() + other


def test_a_placeholder_that_nothing_fills() -> None:
    """The rule is named, and the placeholder."""

    @rule("{what} is odd.")
    def odd(case: project.Case) -> Iterator[At]:
        """It fills none."""
        yield at()

    rules = project.RULES.adding(odd, to=project.Operation.PUT)
    with pytest.raises(RuleError) as error:
        project.check({}, rules=rules)
    assert str(error.value) == "the rule odd yields at(…) without what, a placeholder of its sentence"


def closed(case: project.Case) -> Iterator[At]:
    """Sites are open."""
    if case.facts.site:
        yield at()


def test_a_fact_that_a_rule_does_not_declare() -> None:
    """Misspelt, the rule would never run, also without `reads`."""
    misspelt = rule("Closed.", facts=["sites"])(closed)
    rules = project.RULES.adding(misspelt, to=project.Operation.PUT)
    told: list[dict[str, object]] = [{}, {"sites": ("Ghent",)}]
    for facts in told:
        with pytest.raises(RuleError) as error:
            project.check({}, rules=rules, facts=facts)
        assert str(error.value) == "the rule closed reads facts.site, which it does not declare"


def test_a_check_that_is_a_coroutine() -> None:
    """It is named, and does not linger: Python would warn of it."""

    async def staff_address(case: Any) -> None:
        """Nobody awaits it."""

    check: Any = staff_address
    with pytest.raises(RuleError, match=r"^the rule staff-address returns a value of the type coroutine"):
        ask(declared(check), None)


@pytest.mark.parametrize(
    ("options", "error", "why"),
    [
        (
            {"unless": [project.PUT["email-taken"]]},
            TypeError,
            "closed: a text in unless is due, not a value of the type participant_rules.Rule",
        ),
        ({"reads": [5]}, TypeError, "closed: a text in reads is due, not a value of the type int"),
        ({"facts": [None]}, TypeError, "closed: a text in facts is due, not None"),
        ({"pointer": ["a"]}, TypeError, "closed: a pointer is due, not a value of the type list"),
        ({"severity": "fatal"}, ValueError, "closed: severity is 'error' or 'warning', not 'fatal'"),
        (
            {"severity": "warning", "gate": True},
            ValueError,
            "closed: a warning ends no judging: it is no gate",
        ),
        ({"message": ""}, ValueError, "closed: the sentence is empty"),
        (
            {"message": "{what is odd."},
            ValueError,
            "closed: the sentence is no template: expected '}' before end of string",
        ),
    ],
    ids=range(8),
)
def test_a_declaration_that_cannot_be(options: dict[str, Any], error: type[Exception], why: str) -> None:
    """The rule is named."""
    with pytest.raises(error) as wrong:
        rule(**{"message": "Closed.", **options})(closed)
    assert str(wrong.value) == why


def test_a_function_without_a_name() -> None:
    """A rule has its code from the name."""
    with pytest.raises(ValueError, match="has its code from the name of its function, not from <lambda>"):
        rule("Odd.")(lambda case: iter(()))


def test_a_pointer_begins_with_a_slash() -> None:
    """Or is empty."""
    with pytest.raises(ValueError, match=r"^odd: a pointer begins with a slash, or is empty$"):

        @rule("Odd.", pointer="demographics/email")
        def odd(case: project.Case) -> Iterator[At]:
            """It is about the address."""
            yield at()
