"""Rules: their declaration, their places, the cost of facts."""

from collections.abc import Iterator

import pytest

from participant_rules import RuleSet, Severity, Violation, at, rule
from participant_rules.rules import At, fault
from participant_rules.violations import OURS, Source
from tests.laws import Case, law

PAGE = Source("printed", "A page, its section")

# ---- declaring


def test_a_rule_is_declared_with_its_sentence() -> None:
    """Code, law and texts come from the function; the rest has a default."""

    @rule(" You must. ")
    def login_name_required(case: Case) -> Iterator[At]:
        """A participant
        has a login name. It is never trimmed.
        """  # noqa: D205  a first sentence over two lines
        yield at()

    assert (
        login_name_required.code,
        login_name_required.message,
        login_name_required.text,
        login_name_required.law,
        login_name_required.pointer,
        login_name_required.status,
        login_name_required.source,
        login_name_required.basis,
        login_name_required.severity,
        login_name_required.gate,
        login_name_required.unless,
        login_name_required.reads,
    ) == (
        "login-name-required",
        " You must. ",
        "You must.",
        "A participant has a login name.",
        "",
        400,
        OURS,
        "inferred",
        Severity.ERROR,
        False,
        frozenset(),
        None,
    )


def test_everything_about_a_rule_may_be_declared() -> None:
    """Declared values are kept; a sentence of a page is documented unless the rule has another basis."""
    declared = law(
        "a_b",
        text="People read this.",
        pointer="/a",
        status=404,
        source=PAGE,
        gate=True,
        unless=["x", "y"],
    )
    assert (declared.code, declared.text, declared.pointer, declared.status) == (
        "a-b",
        "People read this.",
        "/a",
        404,
    )
    assert (declared.source, declared.basis, declared.severity) == (PAGE, "documented", Severity.ERROR)
    assert (declared.gate, declared.unless) == (True, frozenset({"x", "y"}))
    assert law("a", source=PAGE, basis="inferred").basis == "inferred"
    assert law("a", severity="warning").severity is Severity.WARNING


def test_a_rule_without_a_docstring_states_its_message() -> None:
    """The law of a rule is never empty."""

    @rule("Staff register with their work address.")
    def staff_address(case: Case) -> Iterator[At]:
        yield at()

    assert staff_address.law == "Staff register with their work address."


def test_a_fault_is_found_by_the_reader() -> None:
    """A fault checks nothing itself; its violation is stamped like any other's."""
    declared = fault("It must be {expected}.", "wrong", "Things are right.", status=404)
    assert RuleSet((declared,)).violations({}) == ()
    assert declared.violation(at("a", pointer="", expected="a list")) == Violation(
        "wrong", "It must be a list.", pointer="/a", words={"expected": "a list"}, status=404
    )
    assert (declared.law, declared.basis, declared.source) == ("Things are right.", "inferred", OURS)


# ---- where


@pytest.mark.parametrize(
    ("place", "pointer"),
    [
        (at(), "/base/own"),
        (at("a", 0, "b/c"), "/base/a/0/b~1c"),
        (at(pointer="/x"), "/base/x"),
        (at(pointer=""), "/base"),
        (at("a", pointer=""), "/base/a"),
    ],
)
def test_a_place_is_the_rules_own_or_the_one_it_yields(place: At, pointer: str) -> None:
    """A pointer starts with the base, and is the declared one where the rule yields none."""
    assert law("a", pointer="/own").violation(place, "/base").pointer == pointer


def test_a_violation_is_stamped() -> None:
    """The engine fills the sentence with the words, and adds status, severity and provenance."""

    @rule(
        " No '{item}}}' of {{x}}.",
        text="No '{item}'.",
        pointer="/a",
        status=404,
        source=PAGE,
        severity="warning",
    )
    def missing(case: Case) -> Iterator[At]:
        """All are there."""
        yield at("b", related="/c", item="{i}")

    assert RuleSet((missing,)).warnings({}) == (
        Violation(
            code="missing",
            message=" No '{i}}' of {x}.",
            text="No '{i}'.",
            pointer="/b",
            words={"item": "{i}"},
            related="/c",
            severity=Severity.WARNING,
            status=404,
            source=PAGE,
        ),
    )


def test_a_violation_without_a_place_is_at_the_rules_own() -> None:
    """A rule can be asked for its violation without a check."""
    assert law("a", pointer="/own").violation() == Violation("a", "a is broken.", pointer="/own")
