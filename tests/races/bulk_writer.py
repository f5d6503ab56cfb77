"""Commits batches until it is killed: adds participants, renames them, deletes them.

Run with the URL of a database; says a number before and after each commit.
"""

import sys

from attrs import evolve

from participant_rules import project
from participant_rules.adapters.sqlalchemy import SqlProjects, open_engine

ROWS = 60


def main(url: str, start: int) -> None:
    """Add, rename, delete, for ever."""
    store = SqlProjects(open_engine(url))
    for number in range(start, sys.maxsize):
        say(number)
        names = [f"{number}-{row}" for row in range(ROWS)]
        store.commit([project.Write("P", None, person(name)) for name in names])
        found = store.find(project.Keys("P", {"id": frozenset(names)})).participants
        assert isinstance(found, tuple)
        say(number)
        renamed = [
            evolve(each.participant, participant_identifier=f"renamed {each.participant.id}")
            for each in found
        ]
        store.commit([project.Write("P", each, after) for each, after in zip(found, renamed, strict=True)])
        found = store.find(project.Keys("P", {"id": frozenset(names)})).participants
        assert isinstance(found, tuple)
        if number % 2:
            store.commit([project.Write("P", each) for each in found])


def person(name: str) -> project.Participant:
    """A participant with an address."""
    contact = project.Demographics(email=f"{name}@example.com")
    return project.Participant(id=name, participant_identifier=name, demographics=contact)


def say(number: int) -> None:
    """Send a line to the parent."""
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
