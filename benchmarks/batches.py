"""Measure whole files: `python benchmarks/batches.py [--records N] [--million] [--beside CHECKOUT]`.

JSON lines against CSV, one process against two, the cost of a record in a file ten times as long, and what
memory a file takes. Every figure is a ratio of runs of one call, each in a fresh process. With `--beside` all
of it is measured against another version of the library instead. Needs the extra `test`.
"""

import argparse
import csv
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from beside import print_beside
from processes import CHECKOUT, assert_checkout, measured
from project_records import DEFINITION, project_records
from records import Record, lines


def judge(file: str, definition: str, jobs: int) -> dict[str, float]:
    """The cost of judging a file in this process: seconds, and the megabytes that memory grew by."""
    from participant_rules import batch, project
    from participant_rules.batch.files import open_source
    from participant_rules.batch.files.project import ProjectLayout
    from participant_rules.memory import MemoryProjects

    data = json.loads(Path(definition).read_bytes())
    known = project.Project.from_json(data)
    task = batch.ProjectTask(known, MemoryProjects.from_json([data]), allow_update=True)
    before = peak()
    started = time.perf_counter()
    source = open_source(file, ProjectLayout(known))
    records = sum(1 for _ in batch.check_sources([source], task, warnings=False, jobs=jobs))
    seconds = time.perf_counter() - started
    return {"records": records, "seconds": seconds, "grown": (peak() - before) / 1024}


def peak() -> int:
    """The most memory that this process had, in kilobytes, as Linux counts it."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def run(file: Path, definition: Path, jobs: int = 1, checkout: Path = CHECKOUT) -> dict[str, float]:
    """The same in a fresh process."""
    found: dict[str, float] = measured("batches.py", "--judge", file, definition, jobs, checkout=checkout)
    return found


def rate(found: dict[str, float]) -> float:
    """Microseconds a record."""
    return found["seconds"] / found["records"] * 1e6


COLUMNS = ("participantIdentifier", "invitationStatus", "excludeFromExport", "institutionCode")


def cells(record: Record, people: list[str], fields: list[str]) -> Iterator[Any]:
    """The cells of a record."""
    for name in COLUMNS:
        value = record.get(name)
        yield json.dumps(value) if isinstance(value, bool) else value
    yield from (record["demographics"].get(name) for name in people)
    yield from (record["customFields"].get(name) for name in fields)


def write(folder: Path, records: list[Record], name: str) -> tuple[Path, Path]:
    """The records as JSON lines and as CSV."""
    json_lines, table = folder / f"{name}.jsonl", folder / f"{name}.csv"
    json_lines.write_bytes(b"\n".join(lines(iter(records))))
    people, fields = list(records[0]["demographics"]), ["Medication1", "Smoker"]
    with table.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*COLUMNS, *people, *fields])
        writer.writerows(list(cells(each, people, fields)) for each in records)
    return json_lines, table


def longer(records: list[Record], times: int) -> Iterator[Record]:
    """So many times as many records, of other people each time."""
    for turn in range(times):
        for number, each in enumerate(records):
            person = dict(each["demographics"])
            email, phone = person["email"], f"+1{2_012_000_000 + turn * len(records) + number}"
            person.update(email=f"t{turn}.{email}", mobilePhone=phone)
            identifier = f"{each['participantIdentifier']}-{turn}"
            yield each | {"participantIdentifier": identifier, "demographics": person}


def files(folder: Path, count: int) -> tuple[Path, Path, Path]:
    """A project with its participants, and records as JSON lines and as CSV."""
    stored, records = project_records(count)
    definition = folder / "project.json"
    definition.write_text(json.dumps(DEFINITION | {"participants": stored}))
    return definition, *write(folder, records, "records")


def million_files(folder: Path) -> tuple[Path, Path, Path]:
    """A project without participants, and 100,000 and 1,000,000 records."""
    _, records = project_records(100_000)
    definition = folder / "empty.json"
    definition.write_text(json.dumps(DEFINITION))
    short, long = folder / "short.jsonl", folder / "long.jsonl"
    short.write_bytes(b"\n".join(lines(longer(records, 1))))
    with long.open("wb") as out:
        for each in longer(records, 10):
            out.write(lines(iter([each]))[0] + b"\n")
    return definition, short, long


def compare(folder: Path, count: int) -> None:
    """JSON lines, CSV and two processes."""
    definition, json_lines, table = files(folder, count)
    rounds = [
        (run(json_lines, definition), run(table, definition), run(json_lines, definition, 2))
        for _ in range(3)
    ]
    by_line = median(rate(one) for one, _, _ in rounds)
    of_csv = median(rate(one) / rate(other) for one, other, _ in rounds)
    of_two = median(rate(one) / rate(two) for one, _, two in rounds)
    print(f"{count:,} records as JSON lines: {by_line:.1f} µs a record")
    print(f"CSV: {of_csv:.2f} of the rate of JSON lines")
    print(f"two processes: {of_two:.2f} times one")


def million(folder: Path) -> None:
    """A file ten times as long."""
    definition, short, long = million_files(folder)
    one, ten = run(short, definition), run(long, definition)
    print(f"{ten['records']:,} records: {rate(ten) / rate(one):.2f} times the cost of {one['records']:,}")
    print(f"memory grows by {ten['grown']:.0f} MB ({one['grown']:.0f} MB)")


def beside(folder: Path, count: int, other: Path, rounds: int, *, with_million: bool) -> None:
    """All of it against another version."""
    definition, json_lines, table = files(folder, count)
    empty, _, long = million_files(folder) if with_million else (definition, json_lines, json_lines)

    def lines_of(checkout: Path) -> dict[str, float]:
        return {"JSON lines": rate(run(json_lines, definition, checkout=checkout))}

    def cells_of(checkout: Path) -> dict[str, float]:
        return {"CSV": rate(run(table, definition, checkout=checkout))}

    def two(checkout: Path) -> dict[str, float]:
        return {"JSON lines, two processes": rate(run(json_lines, definition, 2, checkout))}

    def ten(checkout: Path) -> dict[str, float]:
        found = run(long, empty, checkout=checkout)
        return {"1,000,000 records": rate(found), "memory of 1,000,000 records": found["grown"]}

    print_beside([lines_of, cells_of, two, *([ten] if with_million else [])], other, rounds)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT", help="another version, as a ratio to it")
    parser.add_argument("--rounds", type=int, default=5, help="with --beside")
    parser.add_argument("--judge", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.judge:
        assert_checkout()
        print(json.dumps(judge(asked.judge[0], asked.judge[1], int(asked.judge[2]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        if asked.beside:
            beside(Path(folder), asked.records, asked.beside, asked.rounds, with_million=asked.million)
            return
        compare(Path(folder), asked.records)
        if asked.million:
            million(Path(folder))


if __name__ == "__main__":
    main()
