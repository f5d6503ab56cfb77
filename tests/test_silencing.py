"""Rules that silence others, and gates."""

from collections.abc import Iterator

from participant_rules.rules import At, Rule, at, rule
from participant_rules.silencing import Silencing
from participant_rules.violations import Violation


def law(code: str, *unless: str, gate: bool = False) -> Rule:
    """A rule that some names silence."""

    def check(_case: object) -> Iterator[At]:
        yield at()

    check.__name__ = code
    return rule(f"{code}.", unless=unless, gate=gate)(check)


def test_a_code_silences_wherever_it_fired() -> None:
    """A rule without `unless` is never silenced; of several names the first one by the alphabet is said."""
    silencing = Silencing()
    assert silencing.silencer(law("b", "a")) == ""
    for code in ("c", "a"):
        silencing.note(law(code), [Violation(code, "It is broken.", pointer="/x")])
    assert [silencing.silencer(each) for each in (law("b", "c", "a"), law("b", "d"), law("b"))] == [
        "a",
        "",
        "",
    ]


def test_a_code_at_a_pointer_silences_there() -> None:
    """The pointer is that within the record, whatever its place in a batch."""
    silencing = Silencing("/participants/3")
    silencing.note(law("a"), [Violation("a", "It is broken.", pointer="/participants/3/x")])
    assert silencing.silencer(law("b", "a at /x")) == "a at /x"
    assert silencing.silencer(law("b", "a at /y")) == ""


def test_a_gate_ends_the_judging() -> None:
    """Other rules do not."""
    silencing = Silencing()
    silencing.note(law("a"), [])
    assert silencing.gate == ""
    silencing.note(law("b", gate=True), [])
    assert silencing.gate == "b"
