"""What a teller says of participants, by their signs, is what the rules say."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from random import Random
from typing import Any

import pytest

from participant_rules import UNSET, Rule, RuleSet, rule, survey
from participant_rules.rules import At, at
from participant_rules.survey import guards
from participant_rules.survey.guards import ADDRESS, CALL, IDENTITY, INVITES, SEEDINGS, SUBJECTS, TYPES, walk
from participant_rules.survey.signs import TAKEN, ShownBody, Signs, links_of, parts_of, signs_of
from participant_rules.survey.telling import Said, Teller, teller_of
from participant_rules.survey.wire import read_value
from tests.batch.samples import survey_definition
from tests.survey.bodies import bodies

CALLS = (survey.Operation.ADD, survey.Operation.UPDATE)


class Seen:
    """A survey, and what rules and a teller say of bodies sent to it."""

    def __init__(self, random: Random, laws: Mapping[survey.Operation, RuleSet] = survey.RULES) -> None:
        self.definition, self.caller = survey_definition(random), survey.Caller(random.random() < 0.5)
        self.operation, self.warnings, self.laws = random.choice(CALLS), random.random() < 0.5, laws
        self.teller = Teller(
            self.definition, self.operation, self.caller, laws[self.operation], warnings=self.warnings
        )

    def read(self, body: Any) -> tuple[str | None, Signs | None]:
        """The identity of a body, and its signs."""
        doubts, names, identity = walk(
            body, self.operation, UNSET, survey.Known(self.definition), self.caller
        )
        return identity, signs_of(
            ShownBody(body, self.definition), doubts, self.definition
        ) if names >= 0 else None

    def decided(self, body: Any, taken: str | None = None) -> Said:
        """What the rules say; with the identity that another one has."""
        asked, faults = read_value(survey.Participant, body)
        change = survey.Change(self.operation, self.definition.id, asked=asked, faults=faults)
        known = survey.Known(self.definition)
        if taken is not None:
            key = self.definition.key(taken)
            known = survey.Known(self.definition, {key: survey.Stored(survey.Participant())})
        decision = survey.decide(survey.Case.of(change, known, self.caller), self.laws)
        said = decision.violations + (decision.warnings if self.warnings else ())
        return bool(decision), said


def examined(definitions: int, count: int, seed: int) -> Counter[str]:
    """Compare what is said of so many bodies of so many surveys; counts what was seen."""
    seen: Counter[str] = Counter()
    for number in range(definitions):
        random = Random(seed + number)
        each = Seen(random)
        for body in bodies(random, each.definition, count):
            identity, signs = each.read(body)
            if signs is None:
                continue
            said = each.teller.said(signs, partial(dict, body))
            assert said == each.decided(body), (each.definition.to_json(), body)
            seen.update([violation.code for violation in said[1]] or ["clear"])
            seen["several parts"] += len(parts_of(signs, each.teller._links)) > 1
            if identity is not None and each.operation == "add":
                said = each.teller.said((*signs, TAKEN), partial(dict, body))
                assert said == each.decided(body, identity), (each.definition.to_json(), body)
                seen["taken and more"] += len(said[1]) > 1
    return seen


def test_what_is_said_by_signs_is_what_the_rules_say() -> None:
    """Of a hundred thousand bodies, whose parts were mostly judged with other bodies."""
    seen = examined(100, 1_000, seed=0)
    assert seen["several parts"] > 5_000
    assert seen["clear"] > 10_000
    assert seen["taken and more"] > 4_000
    untold = {"unknown-field", "seeding-repeated", "identity-mismatch", "participants-unsupported"}
    assert set(survey.FORM.codes) - untold - {"invite-seeding-twice"} <= seen.keys()


@pytest.mark.heavy
def test_what_is_said_by_signs_of_many_is_what_the_rules_say() -> None:
    """Of a million bodies."""
    assert examined(100, 10_000, seed=1_000)["several parts"] > 50_000


# ---- parts

BLANK: Signs = ((SUBJECTS, ((True, False, 0),)),)
SEED: Signs = ((SEEDINGS, ((0, "v9", str, None),)),)
MALFORMED: Signs = ((ADDRESS, (None, None, False)),)


@pytest.mark.parametrize("operation", CALLS)
def test_our_laws_link_addresses_and_identities(operation: survey.Operation) -> None:
    """An address that is malformed is not said to be taken; nothing else is silent for another topic."""
    links = links_of(survey.RULES[operation])
    assert {topic: linked for topic, linked in links.items() if topic != linked} == {
        ADDRESS: ADDRESS | IDENTITY,
        IDENTITY: ADDRESS | IDENTITY,
    }


def test_signs_of_topics_that_are_linked_are_one_part() -> None:
    """And those of types are one with all others."""
    links = links_of(survey.ADD)
    assert parts_of((), links) == []
    assert parts_of((*BLANK, *MALFORMED, *SEED, TAKEN), links) == [BLANK, (*MALFORMED, TAKEN), SEED]
    whole = (*BLANK, *SEED, (TYPES, True))
    assert parts_of(whole, links) == [whole]


def nameless(case: survey.Case) -> Iterator[At]:
    """Where a subject has no name."""
    if case.survey.group and "" in case.subject_names:
        yield at()


@rule("No name.", clear=guards.subjects, unless=["variable-unknown"])
def silent(case: survey.Case) -> Iterator[At]:
    """Subjects have names, or an unknown variable."""
    yield from nameless(case)


@rule("No name, no judge.", clear=guards.subjects, gate=True)
def closed(case: survey.Case) -> Iterator[At]:
    """Who has subjects without names is not looked at any further."""
    yield from nameless(case)


def test_laws_of_ones_own_may_link_any_topics() -> None:
    """One that another law silences, and one that ends the judging; the topics of a call are no signs."""
    links = links_of(survey.ADD + silent)
    assert (links[SUBJECTS], links[SEEDINGS], links[INVITES]) == (SUBJECTS | SEEDINGS,) * 2 + (INVITES,)
    everything = set(links_of(survey.ADD + closed).values())
    assert len(everything) == 1
    assert everything.pop() & CALL == 0


@pytest.mark.parametrize("law", [silent, closed], ids=["silent", "closed"])
def test_what_is_said_by_laws_of_ones_own(law: Rule) -> None:
    """It is what these laws say, whatever they link."""
    laws = {call: RuleSet([*survey.RULES[call].only("variable-unknown"), law]) for call in CALLS}
    laws = {call: laws[call] + survey.RULES[call].without("variable-unknown") for call in CALLS}
    fired = 0
    for seed in range(100):
        random = Random(seed)
        each = Seen(random, laws)
        for body in bodies(random, each.definition, 200):
            _, signs = each.read(body)
            if signs is not None:
                said = each.teller.said(signs, partial(dict, body))
                assert said == each.decided(body), body
                fired += len(signs) > 1 and law.code in [violation.code for violation in said[1]]
    assert fired > 5


# ---- what is remembered


def test_a_teller_is_kept_with_the_survey() -> None:
    """One for each call, each kind of caller, and with warnings or without."""
    definition = survey.Survey(invited=False, logged_on=True, group=False)
    asked = (definition, survey.Operation.ADD, survey.Caller())
    assert teller_of(*asked, warnings=True) is teller_of(*asked, warnings=True)
    assert teller_of(*asked, warnings=True) is not teller_of(*asked, warnings=False)
    assert teller_of(*asked, warnings=True) is not teller_of(definition, CALLS[1], asked[2], warnings=True)


def test_parts_are_judged_once() -> None:
    """The body of somebody whose signs were met, whole or in parts, is not looked at."""
    each = Seen(Random(0))
    teller = Teller(each.definition, each.operation, each.caller, survey.ADD, warnings=False)
    read: list[Signs] = []

    def body_of(signs: Signs) -> Any:
        read.append(signs)
        return {}

    for signs in (BLANK, SEED, BLANK, (*BLANK, *SEED), (*BLANK, *SEED), (*MALFORMED, *SEED)):
        teller.said(signs, partial(body_of, signs))
    assert read == [BLANK, SEED, (*MALFORMED, *SEED)]
    assert teller.said((), partial(body_of, ())) == (True, ())
