"""A batch equals its rows one by one, and a roster equals a simple model of one."""

import re
from datetime import UTC, datetime
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from participant_rules import project
from participant_rules.project.keys import schema_of
from participant_rules.project.memory import MemoryProjects
from tests.schema.strategies import members_of

IDS = [f"00000000-0000-0000-0000-00000000000{i}" for i in range(4)]
EMAILS = ["a@example.com", "A@EXAMPLE.com", "b@example.com", "c@example.com"]
PHONES = ["2125550100", "(212) 555-0100", "+12125550101", "2125550102"]
NAMES = ["A", "B", "C", "D"]

DECLARED = members_of(schema_of(project.Project(id="P"), project.Policy()), "demographics", wrong=True)
values = st.fixed_dictionaries(
    {},
    optional=DECLARED
    | {
        "city": st.just(1) | DECLARED["city"],
        "email": st.sampled_from([*EMAILS, None, "no address"]),  # few, so that they are another one's too
        "mobilePhone": st.sampled_from([*PHONES, None]),
    },
)
rows = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from([*IDS, IDS[0].upper()]),
        "participantIdentifier": st.sampled_from([*NAMES, " A ", None]),
        "demographics": values | st.none(),
        "customFields": st.dictionaries(
            st.sampled_from("xy"), st.sampled_from([1, True, None, "z"]), max_size=2
        ),
        "excludeFromExport": st.booleans() | st.none(),
    },
)
stored = st.lists(st.tuples(st.booleans(), values), max_size=4)


def store_of(people: list[tuple[bool, dict[str, Any]]]) -> MemoryProjects:
    """A store with these people; values of another one are left out."""
    seen: set[str | None] = set()
    given = []
    for number, (enrolled, contact) in enumerate(people):
        kept = {name: value for name, value in contact.items() if isinstance(value, str)}
        for name in ("email", "mobilePhone"):
            key = _key(name, kept.get(name))
            if key in seen:
                kept.pop(name, None)
            seen.add(key)
        person = {"id": IDS[number], "enrolled": enrolled, "participantIdentifier": NAMES[number]}
        given.append(person | {"demographics": kept})
    numbers = count(1)
    return MemoryProjects.from_json(
        [{"id": "P", "participants": given}],
        now=lambda: datetime(2026, 1, 2, tzinfo=UTC),
        new_id=lambda: f"{next(numbers) + 10:08d}-0000-0000-0000-000000000000",
    )


@given(stored, st.lists(rows, max_size=8), st.booleans())
def test_a_batch_equals_its_rows_one_by_one(
    people: list[tuple[bool, dict[str, Any]]],
    payloads: list[dict[str, Any]],
    allow_update: bool,
) -> None:
    """The same decisions, the same results after each row, and the same final store."""
    together, apart = store_of(people), store_of(people)
    changes = project.read_batch({"participants": payloads}, project="P").changes
    bulk = project.Registrar(together).put_many(changes, allow_update=allow_update, accept="good")
    alone = [
        project.Registrar(apart).put_many([change], allow_update=allow_update, accept="good")[0]
        for change in changes
    ]
    assert _named([*map(_summary, bulk), together.to_json()]) == _named(
        [*map(_summary, alone), apart.to_json()]
    )


def _named(value: object) -> str:
    """The value, its made GUIDs numbered as they appear: they are drawn when they are first read."""
    made: dict[str, str] = {}
    pattern = r"[0-9]{8}(?=-0000-0000-0000-0{12})"
    return re.sub(pattern, lambda found: made.setdefault(found[0], f"#{len(made)}"), repr(value))


def _summary(decision: project.Decision) -> tuple[object, ...]:
    """The common part of a row's outcomes, however it was put."""
    base = len(decision.base)
    answered = project.answer(decision.participant) if decision else {}
    return (
        decision.action,
        [(each.code, (each.pointer or "")[base:]) for each in decision.violations],
        answered,
    )


@given(stored, st.lists(rows, max_size=6))
def test_a_refused_batch_writes_nothing(
    people: list[tuple[bool, dict[str, Any]]], payloads: list[dict[str, Any]]
) -> None:
    """All or nothing: and accepted rows are written."""
    store = store_of(people)
    before = store.to_json()
    changes = project.read_batch({"participants": payloads}, project="P").changes
    bulk = project.Registrar(store).put_many(changes, allow_update=True)
    after = store.to_json()
    assert bool(bulk) is not bool(bulk.violations)
    assert (after != before) is (bool(bulk) and any(each.action != "none" for each in bulk))


class Roster(RuleBasedStateMachine):
    """A project and a model of it: the holders of identifiers, addresses and numbers."""

    @initialize()
    def begin(self) -> None:
        self.store = MemoryProjects.from_json([{"id": "P"}])
        self.registrar = project.Registrar(self.store)
        self.model: dict[str, dict[str, Any]] = {}

    def _holder(self, member: str, value: object) -> str | None:
        return next((name for name, person in self.model.items() if value and person[member] == value), None)

    @rule(
        name=st.sampled_from(NAMES),
        contact=st.fixed_dictionaries(
            {},
            optional={
                "email": st.sampled_from([*EMAILS, None]),
                "mobilePhone": st.sampled_from([*PHONES, None]),
            },
        ),
    )
    def put(self, name: str, contact: dict[str, str | None]) -> None:
        keys = {member: _key(member, value) for member, value in contact.items()}
        decision = self.registrar.put(
            project.read({"participantIdentifier": name, "demographics": contact}, project="P")
        )
        taken = [member for member, key in keys.items() if self._holder(member, key) not in (None, name)]
        codes = {"email": "email-taken", "mobilePhone": "mobile-phone-taken"}
        assert [each.code for each in decision.violations] == [codes[each] for each in sorted(taken)]
        if not taken:
            assert (decision.action == "add") is (name not in self.model)
            self.model.setdefault(name, {"email": None, "mobilePhone": None, "withdrawn": False}).update(keys)

    @rule(name=st.sampled_from(NAMES), new=st.sampled_from(NAMES))
    def rename(self, name: str, new: str) -> None:
        if name not in self.model:
            return
        found = self.store.find(project.Keys("P", {"participantIdentifier": frozenset({name})})).participants
        assert isinstance(found, tuple)
        change = project.read({"id": found[0].participant.id, "participantIdentifier": new}, project="P")
        decision = self.registrar.put(change)
        if new in self.model and new != name:
            assert [each.code for each in decision.violations] == ["participant-identifier-taken"]
        else:
            assert decision.action == ("none" if new == name else "update")
            self.model[new] = self.model.pop(name)

    @rule(name=st.sampled_from(NAMES))
    def withdraw(self, name: str) -> None:
        decision = self.registrar.withdraw("P", name)
        assert bool(decision) is (name in self.model)
        if decision:
            assert decision.action == ("none" if self.model[name]["withdrawn"] else "update")
            self.model[name]["withdrawn"] = True

    @rule(name=st.sampled_from(NAMES))
    def delete(self, name: str) -> None:
        assert bool(self.registrar.delete("P", name)) is (self.model.pop(name, None) is not None)

    @invariant()
    def they_agree(self) -> None:
        if not hasattr(self, "store"):
            return
        people = {}
        for each in self.store.to_json()[0]["participants"]:
            contact = each.get("demographics", {})
            people[each["participantIdentifier"]] = {
                "email": _key("email", contact.get("email")),
                "mobilePhone": _key("mobilePhone", contact.get("mobilePhone")),
                "withdrawn": "withdrawDate" in each,
            }
        assert people == self.model


def _key(member: str, value: str | None) -> str | None:
    """The comparison key of the few addresses and numbers of these tests."""
    if not value:
        return None
    return value.lower() if member == "email" else "".join(filter(str.isdigit, value))[-10:]


TestRoster = Roster.TestCase
TestRoster.settings = settings(stateful_step_count=30)
