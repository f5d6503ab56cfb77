"""Ordered sets of rules."""

import time
from collections.abc import Callable, Iterator

import pytest
from attrs import evolve

from participant_rules import Rule, RuleError, RuleSet, Violation, at, rule, survey
from participant_rules.rules import At
from participant_rules.ruleset import Verdict
from participant_rules.unknown import Unknown
from tests.laws import Case, law

ONE, TWO, THREE = law("one"), law("two"), law("three")
ALL = RuleSet((ONE, TWO, THREE))
EVERYTHING = {"one": "ab", "two": "c", "three": "d"}


def _codes(violations: tuple[Violation, ...]) -> list[str]:
    return [each.code for each in violations]


# ---- judging


def test_all_violations_come_in_the_order_of_the_rules() -> None:
    """Precedence is the order of the tuple; within a rule it is the order in which it yields."""
    found = ALL.violations(EVERYTHING, "/base")
    assert [(each.code, each.pointer) for each in found] == [
        ("one", "/base/a"),
        ("one", "/base/b"),
        ("two", "/base/c"),
        ("three", "/base/d"),
    ]
    assert _codes(RuleSet((THREE, ONE)).violations(EVERYTHING)) == ["three", "one", "one"]


def test_the_first_violation() -> None:
    """The first violation is a server's answer; later rules are not asked."""

    @rule("Never asked.")
    def explosive(case: Case) -> Iterator[At]:
        """This is not asked."""
        yield from case["never"]

    assert ALL.first({"two": "c"}) == Violation("two", "two is broken.", pointer="/c")
    assert (ALL + explosive).first({"two": "c"}, "/base") == Violation(
        "two", "two is broken.", pointer="/base/c"
    )
    assert ALL.first({}) is None


def test_nothing_is_wrong() -> None:
    """A case that breaks no law has no violations and no warnings."""
    assert (ALL.violations({}), ALL.warnings({})) == ((), ())


def test_warnings_are_kept_apart() -> None:
    """A warning is no violation, and refuses nothing."""
    laws = ALL + law("odd", severity="warning")
    case = {"odd": "x", "two": "y"}
    assert (_codes(laws.violations(case)), _codes(laws.warnings(case))) == (["two"], ["odd"])
    assert laws.first({"odd": "x"}) is None


def test_ranks_are_the_order_of_violations() -> None:
    """Errors in their order, then warnings, wherever these stand in a set."""
    laws = RuleSet((law("odd", severity="warning"), ONE, law("two")))
    assert laws.ranks == {ONE.code: 0, "two": 1, "odd": 2}


def test_a_gate_that_fires_ends_the_judging() -> None:
    """Rules after a gate are not judged, all findings of the gate are there."""
    laws = RuleSet((ONE, law("gate", gate=True), TWO))
    assert _codes(laws.violations({"one": "a", "gate": "bc", "two": "d"})) == ["one", "gate", "gate"]
    assert _codes(laws.violations({"one": "a", "two": "d"})) == ["one", "two"]


def test_a_code_that_fired_silences_its_dependants() -> None:
    """`unless` is about fired codes, and no others."""
    quiet = law("quiet", unless=["one", "three"])
    case = {"one": "a", "quiet": "b", "three": "c"}
    assert _codes(RuleSet((ONE, quiet, THREE)).violations(case)) == ["one", "three"]
    assert _codes(RuleSet((quiet, ONE, THREE)).violations(case)) == ["quiet", "one", "three"]
    assert _codes(RuleSet((ONE, quiet, THREE)).violations({"quiet": "b", "three": "c"})) == ["quiet", "three"]


def test_a_code_silences_at_one_pointer() -> None:
    """`code at pointer` is about a rule that fired just there, whatever the pointers start with."""
    laws = RuleSet((ONE, law("quiet", unless=["one at /a"])))
    assert _codes(laws.violations({"one": "ba", "quiet": "c"}, "/base")) == ["one", "one"]
    assert _codes(laws.violations({"one": "b", "quiet": "c"}, "/base")) == ["one", "quiet"]
    assert laws.explain({"one": "a"})[1].why == "silenced by one at /a"


def test_a_silenced_rule_silences_nothing() -> None:
    """A rule that was silenced has not fired."""
    laws = RuleSet((ONE, law("two", unless=["one"]), law("three", unless=["two"])))
    assert _codes(laws.violations({"one": "a", "two": "b", "three": "c"})) == ["one", "three"]


def test_a_rule_that_lacks_a_fact_does_not_run() -> None:
    """Unknown ends a rule; its earlier findings stand, and silence."""

    @rule("Half is broken.")
    def half(case: Case) -> Iterator[At]:
        """Half of it is known."""
        yield from (at(place) for place in case.get("half", ()))
        raise Unknown("the other half")

    laws = RuleSet((half, law("two", unless=["half"])))
    assert _codes(laws.violations({"two": "x"})) == ["two"]
    assert _codes(laws.violations({"half": "ab", "two": "x"})) == ["half", "half"]
    assert [each.outcome for each in laws.explain({"half": "a"})] == ["fired", "skipped"]
    assert laws.explain({})[0] == Verdict(half, "skipped", (), "the other half")


def test_a_rule_that_fails_is_not_hidden() -> None:
    """An error in a caller's rule names it."""

    @rule("Oops.")
    def broken(case: Case) -> Iterator[At]:
        """It fails."""
        yield at(case["nothing"])

    with pytest.raises(RuleError, match=r"^the rule broken raised KeyError$"):
        RuleSet((broken,)).violations({})


# ---- an account of all rules


def test_explain() -> None:
    """Every rule held, fired, or was skipped for a reason, in order."""
    quiet, gate = law("quiet", unless=["one"]), law("gate", gate=True)
    odd = law("odd", severity="warning")
    laws = RuleSet((ONE, TWO, quiet, odd, gate, THREE))
    broken = Violation("one", "one is broken.", pointer="/base/a")
    ended = Violation("gate", "gate is broken.", pointer="/base/b")
    assert laws.explain({"one": "a", "gate": "b", "three": "c"}, "/base") == (
        Verdict(ONE, "fired", (broken,)),
        Verdict(TWO, "held"),
        Verdict(quiet, "skipped", (), "silenced by one"),
        Verdict(odd, "held"),
        Verdict(gate, "fired", (ended,)),
        Verdict(THREE, "skipped", (), "the judging ended at gate"),
    )


# ---- sets


def test_a_set_is_a_sequence_of_laws() -> None:
    """Rules are found by their codes, and walked in their order."""
    assert (ALL.codes, len(ALL), list(ALL)) == (("one", "two", "three"), 3, [ONE, TWO, THREE])
    assert (ALL["two"], "two" in ALL, "four" in ALL, None in ALL) == (TWO, True, False, False)
    with pytest.raises(KeyError, match="four"):
        ALL["four"]


def test_sets_compare_as_values() -> None:
    """Equal rules in equal order make equal sets; a set can be a key."""
    same = RuleSet([ONE, TWO, THREE])
    assert (same == ALL, hash(same) == hash(ALL)) == (True, True)
    assert RuleSet((TWO, ONE, THREE)) != ALL
    assert RuleSet() == RuleSet(())


def test_without() -> None:
    """A set with fewer laws is another set; an unknown code is a mistake."""
    assert ALL.without("two") == RuleSet((ONE, THREE))
    assert ALL.without("one", "three") == RuleSet((TWO,))
    assert ALL.without() == ALL
    assert len(ALL) == 3
    with pytest.raises(KeyError, match="four"):
        ALL.without("one", "four")


def test_only() -> None:
    """A set of chosen laws keeps their order here; an unknown code is a mistake."""
    assert ALL.only("three", "one") == RuleSet((ONE, THREE))
    assert ALL.only() == RuleSet()
    with pytest.raises(KeyError, match="four"):
        ALL.only("four")


def test_more_laws_rank_last() -> None:
    """A rule, rules or another set can be added."""
    four = law("four")
    assert ALL + four == RuleSet((ONE, TWO, THREE, four))
    assert RuleSet((ONE,)) + [TWO, THREE] == ALL
    assert RuleSet((ONE,)) + RuleSet((TWO, THREE)) == ALL
    assert RuleSet() + ONE == RuleSet((ONE,))


def test_a_law_that_is_added_again_takes_the_old_ones_place() -> None:
    """Codes are unique: the later rule of a code replaces the earlier where it stands."""
    stricter = law("two", status=404)
    assert (ALL + stricter).rules == (ONE, stricter, THREE)
    assert (RuleSet() + [TWO, stricter]).rules == (stricter,)


def test_a_set_with_a_law_twice() -> None:
    """Nobody says which of the two is meant."""
    with pytest.raises(ValueError, match=r"^two: two rules have this code$"):
        RuleSet((ONE, TWO, law("two", status=404)))


def test_a_code_that_no_law_has() -> None:
    """It is named with the nearest one."""
    uses: list[Callable[[], object]] = [
        lambda: ALL["tow"],
        lambda: ALL.without("tow"),
        lambda: ALL.only("one", "tow"),
    ]
    for use in uses:
        with pytest.raises(KeyError, match="no rule has the code 'tow'; the nearest one is 'two'"):
            use()


# ---- recognising


def test_recognise_a_sentence_verbatim_and_tidied() -> None:
    """A server's sentence is known with its leading space and its stray brace, trimmed, and repaired."""
    expected = Violation(
        "questionnaire-seeding-unknown",
        " Participant questionnaire seeding does not have a 'v 1}' seeding property.",
        "Participant questionnaire seeding does not have a 'v 1' seeding property.",
        None,
        {"item": "v 1"},
        source=survey.SENTENCES["questionnaire-seeding-unknown"].source,
    )
    for message in (
        " Participant questionnaire seeding does not have a 'v 1}' seeding property.",
        "Participant questionnaire seeding does not have a 'v 1}' seeding property.",
        "Participant questionnaire seeding does not have a 'v 1' seeding property.",
    ):
        assert survey.SENTENCES.recognise(message) == expected


def test_recognise_a_sentence_with_its_pointer() -> None:
    """A sentence that is about one member says which."""
    found = survey.UPDATE.recognise("Participants require a login section.")
    assert found == Violation(
        "login-section-required",
        "Participants require a login section.",
        pointer="/loginSection",
        source=survey.UPDATE["login-section-required"].source,
    )


def test_recognise_a_sentence_about_one_of_two_members() -> None:
    """Where a sentence is about one member or another, the pointer is not known."""
    found = survey.UPDATE.recognise(
        "The unique participant id provided in the URL must be the same as in the request body."
    )
    assert found is not None
    assert (found.code, found.pointer) == ("identity-mismatch", None)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Participants",
        "participants require a login section.",
        "Participants require a login section. ",
        "x" * 999,
    ],
)
def test_a_strangers_sentence_is_not_recognised(message: str) -> None:
    """A sentence that is not one of the set's is nobody's."""
    assert survey.SENTENCES.recognise(message) is None


@pytest.mark.parametrize("each", [pytest.param(each, id=each.code) for each in survey.SENTENCES])
def test_recognise_every_sentence(each: Rule) -> None:
    """Every law's own sentence is recognised, with its words."""
    words = {"item": "v{4}'6\n", "code": "';\\E", "hint": "; ž"}
    named = {name: word for name, word in words.items() if "{" + name in each.message}
    violation = each.violation(at("x", pointer="", **named))
    for message in (violation.message, violation.message.strip(), violation.text):
        found = survey.SENTENCES.recognise(message)
        assert found is not None
        assert (found.code, found.message, found.words) == (each.code, violation.message, named)


def test_the_first_of_laws_with_one_sentence_is_recognised() -> None:
    """Where laws share a sentence, precedence decides."""
    laws = RuleSet((ONE, evolve(TWO, message="one is broken.")))
    found = laws.recognise("one is broken.")
    assert found is not None
    assert found.code == "one"


@pytest.mark.parametrize(
    "message",
    [
        " Survey variable '" + "' does not contain code value '" * 10_000,
        " Survey variable '" + "'" * 1_000_000 + "'.",
        " Survey does not have a '" + "' variable" * 100_000,
        "x" * 1_000_000,
    ],
    ids=["two words", "quotes", "one word", "stranger"],
)
@pytest.mark.usefixtures("uncollected")
def test_recognising_takes_linear_time(message: str) -> None:
    """Much text of a hostile server's sentence is answered at once."""
    started = time.process_time()
    assert survey.SENTENCES.recognise(message) is None
    assert time.process_time() - started < 1


def test_a_word_that_stands_twice_is_the_same_twice() -> None:
    """A sentence that names one thing in two places is recognised where both say the same."""
    laws = RuleSet([evolve(ONE, message="{item} is no {item}.")])
    found = laws.recognise("a is no a.")
    assert found is not None
    assert dict(found.words) == {"item": "a"}
    assert laws.recognise("a is no b.") is None
