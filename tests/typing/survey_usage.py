"""The types of the survey family's public names; mypy reads this, nobody runs it."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, assert_type

from participant_rules import (
    UNSET,
    At,
    Refused,
    Rule,
    Rulebook,
    RuleSet,
    Severity,
    Violation,
    at,
    project,
    rule,
    survey,
)
from participant_rules.http import Request, Response
from participant_rules.memory import AsyncLoopback, MemorySurveys
from participant_rules.ruleset import Verdict
from participant_rules.unset import Unset

# ---- reading and checking

participant = survey.read(b"{}")
assert_type(participant, survey.Participant)
assert_type(participant.enabled, bool | Unset)
assert_type(participant.login_section, survey.LoginSection | None | Unset)
assert_type(survey.write(participant), dict[str, Any])

definition = survey.Survey.from_json({})
assert_type(definition, survey.Survey)
assert_type(definition.group, bool)
assert_type(definition.to_json(), dict[str, Any])

found = survey.check({"any": "JSON"}, definition, operation="update", uid="kim")
assert_type(found, tuple[Violation, ...])
assert_type(found[0].code, str)
assert_type(found[0].pointer, str | None)
assert_type(found[0].words, Mapping[str, str])
assert_type(found[0].severity, Severity)
assert_type(found[0].as_dict(), dict[str, Any])

survey.check("{}", definition, uid=UNSET, known=survey.Known(definition, {}), caller=survey.Caller())
survey.check("{}", definition, operation="delete")  # type: ignore[arg-type]  # only bodies are checked
survey.check("{}")  # type: ignore[call-arg]  # a survey is needed
survey.check("{}", definition, "add")  # type: ignore[call-arg]  # by name only

try:
    survey.read("")
except Refused as refused:
    assert_type(refused.violations, tuple[Violation, ...])

if isinstance(participant.login_section, survey.LoginSection):
    assert_type(participant.login_section.subjects, tuple[survey.Subject | Unset, ...] | None | Unset)
participant.enabled = True  # type: ignore[misc]  # entities are frozen

# ---- serving

store = MemorySurveys.from_json([])
api = survey.Api(store, caller=survey.Caller(manages_interviewers=True))
request = Request("PUT", "/surveys/S1/participants/kim", body=b"{}")
assert_type(api.handle(request), Response)
assert_type(api.check(request), tuple[Violation, ...])
assert_type(api.handle(request).headers, Mapping[str, str])
register: survey.Register = store
roster: survey.Roster = register
survey.Api(object())  # type: ignore[arg-type]  # a register has methods
survey.Api(store, survey.Caller())  # type: ignore[call-arg]  # by name only


async def serve() -> None:
    """The async twins."""
    assert_type(await api.ahandle(request), Response)
    assert_type(await api.acheck(request), tuple[Violation, ...])
    change = survey.Change(survey.Operation.DELETE, "S1", "kim")
    assert_type(await survey.Registrar(store).asubmit(change), survey.Decision)
    client = survey.AsyncClient(AsyncLoopback({"": api}))
    assert_type(await client.get("S1", "kim"), survey.Participant)
    assert_type(await client.page("S1", limit=10), survey.Page)
    assert_type(await client.delete_subject("S1", "kim", None), None)
    await client.get("S1", 1)  # type: ignore[arg-type]  # ids are texts
    await client.page("S1", most=10)  # type: ignore[call-arg]  # no such parameter


# ---- deciding

decision = survey.Registrar(store).update("S1", "kim", participant)
assert_type(decision, survey.Decision)
assert_type(bool(decision), bool)
assert_type(decision.action, Literal["add", "update", "delete", "none"])
assert_type(decision.result, survey.Participant | None)
assert_type(decision.violations, tuple[Violation, ...])
assert_type(decision.warnings, tuple[Violation, ...])
assert_type(decision.explain(), tuple[Verdict, ...])

changes = [survey.Change(survey.Operation.ADD, "S1", asked=participant)]
assert_type(survey.keys(changes), survey.Keys)
known = store.find(survey.keys(changes))
assert_type(known, survey.Known)
assert_type(known.find("kim"), survey.Stored | None | Unset)
assert_type(survey.decide_all(changes, known), list[survey.Decision])
assert_type(survey.decide(survey.Case.of(changes[0], known, survey.Caller())), survey.Decision)

# ---- laws


@rule("Staff register with their work address.", severity="warning")
def staff_address(case: survey.Case) -> Iterator[At]:
    """The address of staff is that of their work."""
    assert_type(case.email_address, str | None)
    yield at("invitationSection", "emailAddress", code="1")


assert_type(staff_address, Rule)
assert_type(survey.UPDATE + staff_address, RuleSet)
assert_type(survey.UPDATE + [staff_address], RuleSet)
assert_type(survey.UPDATE.without("email-taken"), RuleSet)
assert_type(survey.UPDATE.recognise("Participant not found."), Violation | None)
assert_type(survey.UPDATE["email-taken"], Rule)
assert_type(survey.UPDATE.codes, tuple[str, ...])

rules = survey.RULES.adding(staff_address, to=survey.Operation.UPDATE)
assert_type(rules, Rulebook[survey.Operation])
assert_type(survey.RULES.adding(staff_address, to=[survey.Operation.ADD]), Rulebook[survey.Operation])
assert_type(rules.replacing(staff_address), Rulebook[survey.Operation])
assert_type(rules.removing("staff-address"), Rulebook[survey.Operation])
assert_type(survey.RULES | {survey.Operation.ADD: survey.ADD + staff_address}, Rulebook[survey.Operation])
assert_type(rules[survey.Operation.ADD], RuleSet)
survey.check("{}", definition, rules=rules)
survey.check("{}", definition, rules={survey.Operation.UPDATE: survey.UPDATE + staff_address})
survey.check("{}", definition, rules=survey.UPDATE)  # type: ignore[arg-type]  # a mapping is due
survey.RULES.adding(staff_address)  # type: ignore[call-arg]  # to a call
survey.RULES.adding(staff_address, to=project.Operation.PUT)  # type: ignore[arg-type]  # of this family
survey.UPDATE + "email-taken"  # type: ignore[operator]
at("a", code=1)  # type: ignore[arg-type]  # words are text
rule("A sentence.", severity="fatal")  # type: ignore[arg-type]  # an error or a warning
