"""Rows that speak of somebody who is stored, and mostly say what is stored in one spelling or another."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, Final

from participant_rules import project
from participant_rules.project.claim import Claim
from participant_rules.project.decision import Rows
from participant_rules.project.ledger import Entry
from participant_rules.project.screen import screen_of
from participant_rules.project.wire import read_stored, read_value
from tests.batch.samples import DECLARED, EMAILS, PHONES, people, row

POLICY: Final = project.Policy()
PROJECTS: Final = [
    project.Project(id="P"),
    project.Project(id="P", custom_fields=DECLARED),
    project.Project(id="P", custom_fields=DECLARED[:5]),
    project.Project(id="P", custom_fields=(project.CustomField("SecondaryIdentifier", "Text"),)),
]
ANOTHER: Final[dict[str, list[str | None]]] = {
    "email": [*EMAILS, "new@example.com", None],
    "mobilePhone": [*PHONES, "2125550199", ""],
}


class Pair:
    """A row and the stored participant whom it names."""

    def __init__(
        self,
        body: Any,
        stored: list[dict[str, Any]],
        definition: project.Project,
        before: Sequence[Any] = (),
    ) -> None:
        known = tuple([project.Stored(read_stored(each, definition), 1) for each in stored])
        self.body, self.project = body, definition
        self.claim = screen_of(definition, POLICY)(body)
        self.rows = Rows(project.Known(definition, known), allow_update=True, policy=POLICY)
        for number, each in enumerate(before):
            self.rows.stand(self.rows.decide(change_of(each)), number)
        self.ledger = self.rows.ledger
        named = self.claim.identifier if self.claim is not None else None
        self.entry = self.ledger.identifiers.first.get(named or "")

    @property
    def named(self) -> tuple[Claim, Entry] | None:
        """The claim and the entry, where a screen tells that the row speaks of somebody."""
        return None if self.claim is None or self.entry is None else (self.claim, self.entry)

    @property
    def told(self) -> tuple[Claim, Entry] | None:
        """The same, where the row has no id and no fault: it would update that one."""
        if self.claim is None or self.claim.id is not None or self.claim.faults:
            return None
        return self.named

    def decided(self) -> project.Decision:
        """What the rules say."""
        return self.rows.decide(change_of(self.body))


def change_of(body: Any) -> project.Change:
    """A row as a change."""
    asked, faults = read_value(body)
    return project.Change(project.Operation.BULK, "P", asked=asked, faults=faults)


def pairs(seed: int, count: int, how_odd: float = 0.02) -> Iterator[Pair]:
    """Rows, half of them after others that were made to stand."""
    random = Random(seed)
    for number in range(count):
        stored = people(random)
        if len(stored) > 1 and random.random() < 0.1:  # twins of a legacy store
            stored[1]["demographics"] = dict(stored[0]["demographics"])
        before = [row(random, 0.02) for _ in range(random.choice((0, 0, 1, 3)))]
        definition = PROJECTS[number % len(PROJECTS)]
        yield Pair(respelt(random, row(random, how_odd), stored), stored, definition, before)


def respelt(random: Random, body: Any, stored: list[dict[str, Any]]) -> Any:
    """A row that sends back some of what is stored, spelt in another way."""
    if not stored or not isinstance(body, dict):
        return body
    person = random.choice(stored)
    contact, fields = person.get("demographics") or {}, person.get("customFields") or {}
    sent = {name: spelling(random, value) for name, value in contact.items() if random.random() < 0.7}
    if random.random() < 0.3:
        sent |= {name: random.choice(usual) for name, usual in ANOTHER.items() if random.random() < 0.5}
    kept = {name: fields[name] for name in fields if random.random() < 0.7}
    again = {"participantIdentifier": person.get("participantIdentifier", "A"), "demographics": sent}
    again |= {
        "customFields": kept | ({"T": random.choice([None, "", "1", 1])} if random.random() < 0.2 else {})
    }
    for name in ("invitationStatus", "institutionCode"):
        if random.random() < 0.3:
            again[name] = spelling(random, person.get(name))
    if random.random() < 0.4:
        again["excludeFromExport"] = random.choice([None, True, False])
    if random.random() < 0.3:
        again["secondaryIdentifier"] = random.choice(["7", " 7 ", "x", "8", "", "  ", None])
        if random.random() < 0.9:
            kept.pop("SecondaryIdentifier", None)
            again["customFields"] = kept
    return again if random.random() < 0.8 else body | again


def spelling(random: Random, value: Any) -> Any:
    """A text in another spelling, which says the same or something else."""
    if not value:
        return random.choice([None, "", "  ", value])
    digits = "".join(filter(str.isdigit, value))
    ways = [
        value,
        f" {value} ",
        value.upper(),
        value.strip(),
        digits[-10:] or value,
        f"+1 {digits[-10:]}",
        None,
        "K\u00edm",
    ]
    return random.choice([value, *ways])
