"""Facts of a caller's own, on every road; quotas that a batch counts down."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import dask
import pytest

from participant_rules import UNSET, At, Quota, RuleError, at, batch, project, rule, survey
from participant_rules.adapters import dask as cluster
from participant_rules.batch.sources import given
from participant_rules.engine.sealed import Undeclared
from participant_rules.facts import Facts
from participant_rules.http import Request, Response
from participant_rules.memory import MemoryProjects, MemorySurveys
from participant_rules.quotas import Counts, Taking
from participant_rules.unknown import Unknown
from participant_rules.violations import Refused

PUT, BULK = project.Operation.PUT, project.Operation.BULK
DEFINITION = {"id": "P1", "customFields": [{"name": "Site", "type": "Text"}]}
PROJECT = project.Project.from_json(DEFINITION)


# ---- a fact that stays


@rule("Pilot sites only.", pointer="/customFields/Site", reads=["customFields"], facts=["sites"])
def site_not_open(case: project.Case) -> Iterator[At]:
    """A site takes part in the pilot."""
    if case.custom_fields.get("Site") not in case.facts.sites:
        yield at()


@rule("Pilot sites only.", pointer="/customFields/Site", facts=["sites"])
def site_not_listed(case: project.Case) -> Iterator[At]:
    """The same rule, asked for every record."""
    if case.custom_fields.get("Site") not in case.facts.sites:
        yield at()


def at_site(site: str | None, number: int = 1, **contact: str) -> dict[str, Any]:
    """A row."""
    return {
        "participantIdentifier": f"R{number}",
        "customFields": {"Site": site},
        "demographics": {"email": f"r{number}@example.com"} | contact,
    }


class Recording:
    """A transport that keeps its requests."""

    def send(self, request: Request) -> Response:
        """An answer of the server."""
        if request.method == "PUT":
            return Response(200, body=b'{"actionTaken": "add", "result": {}}')
        return Response(200, body=b'{"totalAdded": 0, "totalUpdated": 0, "results": []}')


def codes_sent(use: Any) -> list[str]:
    """The codes with which a client refuses."""
    try:
        use()
    except Refused as refused:
        return [each.code for each in refused.violations]
    return []


def roads(payload: Mapping[str, Any], rules: Any, facts: Any) -> dict[str, list[str]]:
    """The codes of each road's findings on a payload."""
    store = MemoryProjects.from_json([DEFINITION])

    def fresh() -> project.Api:
        return project.Api(MemoryProjects.from_json([DEFINITION]), rules=rules, facts=facts)

    path = "/api/v1/administration/projects/P1/participants"
    body = body_of(payload)
    many = body_of({"participants": [payload]})
    client = project.Client(Recording(), projects=[PROJECT], rules=rules, facts=facts)
    change = project.read(payload, project="P1")
    known = project.Known(PROJECT, ())
    task = batch.ProjectTask(PROJECT, rules=rules, facts=facts)
    (outcome,), (of_text,) = batch.check([dict(payload)], task), batch.check([body], task)
    answers = {
        "put": fresh().handle(Request("PUT", path, body=body)),
        "post": fresh().handle(Request("POST", path, {"allowUpdate": "true"}, body=many)),
    }
    return {
        "check": [each.code for each in project.check(payload, PROJECT, rules=rules, facts=facts)],
        "check of a text": [each.code for each in project.check(body, PROJECT, rules=rules, facts=facts)],
        "check of a bulk": [
            each.code for each in project.check(many, PROJECT, operation="bulk", rules=rules, facts=facts)
        ],
        "dry run": [each.code for each in fresh().check(Request("PUT", path, body=body))],
        "put": [each["code"] for each in answers["put"].json().get("errors", ())],
        "post": [each["code"] for each in answers["post"].json().get("errors", ())],
        "client": codes_sent(lambda: client.put("P1", dict(payload))),
        "client of many": codes_sent(lambda: client.put_many("P1", [dict(payload)])),
        "registrar": [
            each.code for each in project.Registrar(store, rules=rules, facts=facts).put(change).violations
        ],
        "decide": [
            each.code
            for each in project.decide(project.Case.of(change, known, facts=facts), rules).violations
        ],
        "decide all": [
            each.code for each in project.decide_all([change], known, rules=rules, facts=facts).violations
        ],
        "batch": [each.violation.code for each in outcome.findings],
        "batch of texts": [each.violation.code for each in of_text.findings],
    }


def body_of(payload: Mapping[str, Any]) -> bytes:
    """A body."""
    return json.dumps(payload).encode()


@pytest.mark.parametrize("law", [site_not_open, site_not_listed], ids=lambda each: each.code)
@pytest.mark.parametrize("sites", [("Ghent", "Oslo"), ["Ghent", "Oslo"], {"Ghent": 1, "Oslo": 2}], ids=repr)
def test_a_fact_is_read_on_every_road(law: Any, sites: object) -> None:
    """Whether it may change or not, and with or without `reads`."""
    rules = project.RULES.adding(law, to=[PUT, BULK])
    facts = {"sites": sites}
    for site, expected in {"Ghent": [], "Lyon": [law.code], "Oslo": []}.items():
        by_road = roads(at_site(site), rules, facts)
        assert by_road == dict.fromkeys(by_road, expected)


@pytest.mark.parametrize("law", [site_not_open, site_not_listed], ids=lambda each: each.code)
@pytest.mark.parametrize("facts", [{}, {"sites": UNSET}], ids=["nothing", "unset"])
def test_a_fact_that_is_not_given_is_unknown(law: Any, facts: Any) -> None:
    """The rule does not run, and the account says why."""
    rules = project.RULES.adding(law, to=[PUT, BULK])
    by_road = roads(at_site("Lyon"), rules, facts)
    assert set(map(tuple, by_road.values())) == {()}
    case = project.Case.of(project.read(at_site("Lyon")), project.Known(PROJECT, ()), facts=facts)
    verdict = project.decide(case, rules).explain()[-1]
    assert (verdict.rule.code, verdict.outcome, verdict.why) == (
        law.code,
        "skipped",
        "the fact sites is not known",
    )


def test_verdicts_are_not_those_of_other_facts() -> None:
    """Of one project, with one fact after another; values that change meanwhile are read anew."""
    rules = project.RULES.adding(site_not_open, to=[PUT, BULK])
    growing: list[object] = []
    live: dict[str, object] = {}
    store = MemoryProjects.from_json([DEFINITION])
    api = project.Api(store, rules=rules, facts={"sites": growing})
    looking_up = project.Api(store, rules=rules, facts=live)
    request = Request(
        "PUT", "/api/v1/administration/projects/P1/participants", body=body_of(at_site("Ghent"))
    )
    for sites in [("Ghent",), (), ("Lyon", "Ghent"), frozenset({"Lyon"})]:
        expected = [] if "Ghent" in sites else ["site-not-open"]
        found = project.check(at_site("Ghent"), PROJECT, rules=rules, facts={"sites": sites})
        task = batch.ProjectTask(PROJECT, rules=rules, facts={"sites": sites})
        outcomes = list(batch.check([at_site("Ghent", number) for number in range(3)], task))
        growing[:] = sites
        live["sites"] = sites
        assert [each.code for each in found] == expected
        assert [[each.violation.code for each in one.findings] for one in outcomes] == [expected] * 3
        assert [each.code for each in api.check(request)] == expected
        assert [each.code for each in looking_up.check(request)] == expected


def test_a_fact_is_remembered_where_it_cannot_change() -> None:
    """A batch asks the rule once for all rows of a kind; of a list it asks for each."""
    asked: list[object] = []

    @rule("Nobody is born after the study.", reads=["demographics.gender"], facts=["end"])
    def born_after_the_end(case: project.Case) -> Iterator[At]:
        """It is asked."""
        asked.append(case.facts.end)
        if case.demographics.gender == "F":
            yield at()

    rules = project.RULES.adding(born_after_the_end, to=BULK)
    rows = [at_site("Ghent", number, gender="MF"[number % 2]) for number in range(40)]
    texts = list(map(body_of, rows))
    for end, times in [(date(2026, 1, 1), 3), ((1, "a", frozenset({date(2026, 1, 1)})), 3), ([2026], 40)]:
        asked.clear()
        task = batch.ProjectTask(PROJECT, rules=rules, facts={"end": end})
        refused = sum(each.action == "refused" for each in batch.check(texts, task))
        assert (refused, len(asked), {*map(repr, asked)}) == (20, times, {repr(end)})


def test_a_rule_declares_the_facts_that_it_reads() -> None:
    """A rule with `reads` that reads a fact beside them raises, with or without the fact."""

    @rule("Pilot sites only.", reads=["customFields"])
    def site_closed(case: project.Case) -> Iterator[At]:
        """It declares no fact."""
        if case.facts.sites:
            yield at()

    rules = project.RULES.adding(site_closed, site_not_open, to=[PUT, BULK])
    for facts in ({}, {"sites": ("Ghent",)}):
        for use in (
            lambda facts=facts: project.check(at_site("Ghent"), PROJECT, rules=rules, facts=facts),
            lambda facts=facts: list(
                batch.check([at_site("Ghent")], batch.ProjectTask(PROJECT, rules=rules, facts=facts))
            ),
        ):
            with pytest.raises(Undeclared) as error:
                use()
            assert str(error.value) == "the rule site-closed reads facts.sites, which it does not declare"


# ---- what is told


STRANGE = [
    (
        {"site": ("Ghent",)},
        ValueError,
        "no rule reads the fact 'site' (facts=['site'] of @rule); the nearest one is 'sites'",
    ),
    ({"x": 1}, ValueError, "no rule reads the fact 'x' (facts=['x'] of @rule)"),
    (["sites"], TypeError, "facts are a mapping from names to values, not a list"),
    (None, TypeError, "facts are a mapping from names to values, not a NoneType"),
]


@pytest.mark.parametrize(("facts", "error", "why"), STRANGE, ids=[repr(each[0]) for each in STRANGE])
def test_a_fact_that_no_rule_reads_is_refused(facts: Any, error: type[Exception], why: str) -> None:
    """Wherever facts are given: misspelt it would do nothing."""
    rules = project.RULES.adding(site_not_open, to=[PUT, BULK])
    store = MemoryProjects.from_json([DEFINITION])
    uses: Sequence[Any] = (
        lambda: project.check({}, PROJECT, rules=rules, facts=facts),
        lambda: project.decide_all([], project.Known(PROJECT), rules=rules, facts=facts),
        lambda: project.Registrar(store, rules=rules, facts=facts),
        lambda: project.Api(store, rules=rules, facts=facts),
        lambda: project.Client(Recording(), rules=rules, facts=facts),
        lambda: batch.ProjectTask(PROJECT, rules=rules, facts=facts),
    )
    for use in uses:
        with pytest.raises(error) as found:
            use()
        assert str(found.value) == why


def test_facts_are_not_shown() -> None:
    """They may be about people."""
    rules = project.RULES.adding(site_not_open, to=[PUT, BULK])
    task = batch.ProjectTask(PROJECT, rules=rules, facts={"sites": ("kim@example.com",)})
    case = project.Case.of(project.read({}), project.Known(PROJECT), facts={"sites": "kim@example.com"})
    assert "kim" not in f"{task!r} {case!r} {case.facts!r}"


# ---- quotas


@rule("The site is full.", pointer="/customFields/Site", facts=["site_capacity"])
def site_full(case: project.Case) -> Iterator[At]:
    """A site takes no more participants than it has room for."""
    if case.adds and not case.facts.site_capacity.take(case.custom_fields.get("Site")):
        yield at()


@rule("The study is full.", reads=["customFields"], facts=["places"])
def study_full(case: project.Case) -> Iterator[At]:
    """A study takes no more participants than it has room for."""
    if case.adds and not case.facts.places.take():
        yield at()


FULL = project.RULES.adding(site_full, study_full, to=[PUT, BULK])
WRONG = {"gender": "x"}  # refused by another rule


def codes(outcomes: Any) -> list[str]:
    """The codes of each row."""
    return [" ".join(each.violation.code for each in one.findings) or one.action for one in outcomes]


def many(rows: Sequence[Any], facts: Any, how: str) -> list[str]:
    """The same of rows that are judged in one way or another, as values and as texts."""
    found = judged(rows, facts, how)
    assert judged([body_of(row) for row in rows], facts, how) == found
    return found


def judged(rows: Sequence[Any], facts: Any, how: str) -> list[str]:
    """The same of rows as they are given."""
    task = batch.ProjectTask(PROJECT, rules=FULL, facts=facts)
    if how == "dask":
        partitions = [dask.delayed(list)(rows[:2]), dask.delayed(list)(rows[2:])]  # type: ignore[attr-defined]
        with dask.config.set(scheduler="synchronous"):
            return codes(cluster.check(partitions, task))
    if how == "decide_all":
        changes = [project.read(each, project="P1") for each in rows]
        decided = project.decide_all(changes, project.Known(PROJECT), rules=FULL, facts=facts)
        return [" ".join(each.code for each in one.violations) or one.action for one in decided]
    if how == "chunks":
        merged = batch.check_chunk(rows[2:], task, first=2).merge(batch.check_chunk(rows[:2], task))
        done = batch.resolve(merged, lambda number: rows[number], task)
        return [" ".join(each.code for each in violations) or action for _, action, violations in done]
    return codes(batch.check(rows, task, jobs=int(how)))


WAYS = ["1", "2", "dask", "decide_all", "chunks"]


@pytest.mark.parametrize("how", WAYS)
def test_a_quota_is_counted_down(how: str) -> None:
    """Capacity 1, two rows: the second is refused; sites are counted apart, and unknown ones not at all."""
    rows = [at_site(site, number) for number, site in enumerate(["A", "B", "A", "B", "C", "B", None])]
    facts = {"site_capacity": Quota({"A": 1, "B": 2})}
    assert many(rows, facts, how) == ["add", "add", "site-full", "add", "add", "site-full", "add"]
    assert many(rows[:2], {"places": Quota(1)}, how) == ["add", "study-full"]
    assert many(rows[:2], {"places": Quota(0)}, how) == ["study-full", "study-full"]


@pytest.mark.parametrize("how", WAYS)
def test_what_a_refused_row_took_is_given_back(how: str) -> None:
    """Whether another rule refuses it, another quota, or that it has a value of an earlier row."""
    rows = [
        at_site("A", 0, **WRONG),
        at_site("B", 1),
        at_site("A", 2, email="r1@example.com"),
        at_site("A", 3),
        at_site("A", 4),
        at_site("B", 5),
    ]
    assert many(rows, {"site_capacity": Quota({"A": 1, "B": 9})}, how) == [
        "gender-unknown",
        "add",
        "email-taken",
        "add",
        "site-full",
        "add",
    ]
    both = {"site_capacity": Quota({"A": 0, "B": 9}), "places": Quota(2)}
    assert many(rows[3:] + rows[1:2], both, how) == ["site-full", "site-full", "add", "add"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_quota_over_many_chunks(jobs: int) -> None:
    """As if rows were done one by one, whoever judges them."""
    refused = [{}, WRONG, {}, {}, {}]
    rows = [at_site("ABC"[number % 3], number, **refused[number % 5]) for number in range(240)]
    facts = {"site_capacity": Quota({"A": 20, "B": 60})}
    task = batch.ProjectTask(PROJECT, rules=FULL, facts=facts)
    done = codes(batch.check_sources([given(rows)], task, jobs=jobs, records=40))
    assert done == many(rows, facts, "decide_all")
    assert Counter(done) == {
        "add": 144,
        "site-full": 48,
        "gender-unknown": 36,
        "gender-unknown site-full": 12,
    }


def test_a_bulk_counts() -> None:
    """All rows or, where that is asked, the good ones."""
    facts = {"places": Quota(1)}
    api = project.Api(MemoryProjects.from_json([DEFINITION]), rules=FULL, facts=facts)
    body = body_of({"participants": [at_site("A", 1), at_site("A", 2)]})
    answer = api.handle(Request("POST", "/api/v1/administration/projects/P1/participants", body=body))
    assert [each["code"] for each in answer.json()["errors"]] == ["study-full"]
    registrar = project.Registrar(MemoryProjects.from_json([DEFINITION]), rules=FULL, facts=facts)
    changes = [project.read(at_site("A", number), project="P1") for number in (1, 2)]
    bulk = registrar.put_many(changes, accept="good")
    assert [each.action for each in bulk] == ["add", "none"]


def test_an_account_does_not_take_again() -> None:
    """A later request for warnings or an account gets the first decision."""
    changes = [project.read(at_site("A", number), project="P1") for number in (1, 2)]
    bulk = project.decide_all(changes, project.Known(PROJECT), rules=FULL, facts={"places": Quota(1)})
    for _ in range(2):
        assert [[each.outcome for each in one.explain()][-1] for one in bulk] == ["held", "fired"]


def test_updates_of_a_survey_count_once() -> None:
    """Whoever comes twice takes twice, and no more."""

    @rule("Enough changes.", facts=["changes"])
    def enough_changes(case: survey.Case) -> Iterator[At]:
        """A survey takes so many changes."""
        if not case.facts.changes.take():
            yield at()

    definition = survey.Survey(id="S1", invited=False, logged_on=True, group=False)
    rules = survey.RULES.adding(enough_changes, to=survey.Operation.UPDATE)
    rows = [{"loginSection": {"login": each, "subjects": [{"subjectName": ""}]}} for each in "ababc"]
    task = batch.SurveyTask(definition, rules=rules, facts={"changes": Quota(4)})
    for records in (rows, [body_of(each) for each in rows]):
        outcomes = batch.check(records, task, warnings=False)
        assert codes(outcomes) == ["update", "update", "update", "update", "enough-changes"]


def test_surveys_count_too() -> None:
    """In a batch, and one change after another."""

    @rule("The survey is full.", facts=["places"])
    def survey_full(case: survey.Case) -> Iterator[At]:
        """A survey has so many places."""
        if not case.facts.places.take():
            yield at()

    definition = survey.Survey(id="S1", invited=False, logged_on=True, group=False)
    rules = survey.RULES.adding(survey_full, to=survey.Operation.ADD)
    facts = {"places": Quota(2)}
    payloads = [
        {"loginSection": {"login": login, "subjects": [{"subjectName": ""}]}}
        for login in ("kim", "", "kim", "lee", "ada")
    ]
    expected = ["add", "login-name-required", "login-name-taken", "add", "survey-full"]
    task = batch.SurveyTask(definition, operation="add", rules=rules, facts=facts)
    assert codes(batch.check(payloads, task, warnings=False)) == expected
    changes = [survey.Change(survey.Operation.ADD, "S1", asked=survey.read(each)) for each in payloads]
    decided = survey.decide_all(changes, survey.Known(definition, {}), rules=rules, facts=facts)
    assert [" ".join(each.code for each in one.violations) or one.action for one in decided] == expected
    none_left = {"places": Quota(0)}
    api = survey.Api(MemorySurveys([definition]), rules=rules, facts=none_left)
    request = Request("POST", "/surveys/S1/participants", body=body_of(payloads[0]))
    assert api.handle(request).json() == {"message": "The survey is full."}
    assert [each.code for each in api.check(request)] == ["survey-full"]
    registrar = survey.Registrar(MemorySurveys([definition]), rules=rules, facts=none_left)
    assert [each.code for each in registrar.submit(changes[0]).violations] == ["survey-full"]
    found = survey.check(payloads[0], definition, operation="add", rules=rules, facts=none_left)
    assert [each.code for each in found] == ["survey-full"]
    client = survey.Client(Recording(), surveys=[definition], rules=rules, facts=none_left)
    assert codes_sent(lambda: client.add("S1", payloads[0])) == ["survey-full"]
    with pytest.raises(ValueError, match="no rule reads the fact 'place'"):
        survey.decide_all([], survey.Known(definition), rules=rules, facts={"place": 1})


ODD = [
    (lambda: Quota(-1), ValueError, "a quota is 0 or more"),
    (lambda: Quota({"A": -1}), ValueError, "a quota is 0 or more"),
    (lambda: Quota(True), TypeError, "a quota is a whole number, or numbers by name; not a bool"),
    (lambda: Quota({"A": "1"}), TypeError, "a quota is a whole number, or numbers by name; not a str"),  # type: ignore[dict-item]  # what is tested
    (lambda: Quota(1.0), TypeError, "a quota is a whole number, or numbers by name; not a float"),  # type: ignore[arg-type]  # as above
    (lambda: Quota({1: 1}), TypeError, "the names of a quota are texts; not a int"),  # type: ignore[dict-item]  # as above
    (lambda: Quota("A"), TypeError, "a quota is a whole number, or numbers by name; not a str"),  # type: ignore[arg-type]  # as above
]


@pytest.mark.parametrize(("make", "error", "why"), ODD, ids=range(len(ODD)))
def test_a_quota_is_a_number(make: Any, error: type[Exception], why: str) -> None:
    """From 0."""
    with pytest.raises(error) as found:
        make()
    assert str(found.value) == why


def test_one_quota_has_one_name() -> None:
    """Under two, one change could take the last one twice."""
    quota = Quota(1)
    with pytest.raises(ValueError, match=r"^one quota is told twice, as 'places' and as 'site_capacity'$"):
        project.check({}, PROJECT, rules=FULL, facts={"places": quota, "site_capacity": quota})


def test_a_quota_keeps_what_it_was_given() -> None:
    """Whatever becomes of that."""
    given = {"A": 1}
    quota = Quota(given)
    given["A"] = 2
    assert (quota.remaining, repr(quota)) == ({"A": 1}, "Quota({'A': 1})")


def test_a_warning_takes_nothing() -> None:
    """It is asked when somebody looks at it, or never."""

    @rule("The study is nearly full.", severity="warning", facts=["places"])
    def nearly_full(case: project.Case) -> Iterator[At]:
        """It takes."""
        if not case.facts.places.take():
            yield at()

    rules = project.RULES.adding(nearly_full, to=PUT)
    why = "^nearly-full is a warning, which takes nothing of the quota places$"
    with pytest.raises(ValueError, match=why):
        project.check({}, PROJECT, rules=rules, facts={"places": Quota(1)})


def test_taking() -> None:
    """Of one number without a name, of numbers by name; more than one; the same is taken once."""
    counts = Counts()
    taking = Taking(counts)
    facts = Facts({"some": Quota(3), "named": Quota({"A": 1})}, taking)
    assert [facts.some.take(count=2), facts.some.take(count=2)] == [True, True]
    assert [facts.named.take("A"), facts.named.take("A")] == [True, True]
    assert (counts, sorted(taking.held)) == ({}, [("facts.named", "A"), ("facts.some", "")])
    taking.accept()
    later = Facts({"some": Quota(3), "named": Quota({"A": 1})}, Taking(counts))
    assert (later.some.take(count=2), later.some.take(), later.named.take("A")) == (False, True, False)
    before = dict(counts)
    short = Taking(counts)
    assert not Facts({"some": Quota(2)}, short).some.take()
    short.accept()
    assert counts == before
    for key in ("B", None, 3):
        with pytest.raises(Unknown, match="the fact named has no such counter"):
            later.named.take(key)
    with pytest.raises(TypeError, match="the fact some is one number, without names"):
        later.some.take("A")
    with pytest.raises(ValueError, match=r"^of the fact some 1 or more are taken$"):
        later.some.take(count=0)
    with pytest.raises(Unknown, match="the fact other is not known"):
        later.other.take()
    with pytest.raises(AttributeError):
        _ = later._odd


def test_a_name_for_one_number_is_the_rule_s_error() -> None:
    """It is named."""

    @rule("The study is full.", facts=["places"])
    def odd(case: project.Case) -> Iterator[At]:
        """It names a counter."""
        if not case.facts.places.take("A"):
            yield at()

    rules = project.RULES.adding(odd, to=PUT)
    with pytest.raises(RuleError, match=r"^the rule odd raised TypeError$"):
        project.check({}, PROJECT, rules=rules, facts={"places": Quota(1)})
