"""One measurement in a process of its own, as JSON on standard output.

    python measure.py judge|serve|rules FAMILY PEER RECORDS

`judge`: the times of a peer that judges records, and its verdicts. `serve`: the time of a server, and what it
accepted. `rules`: the times of batches under changed rules (the peer is ours).
"""

import gc
import json
import platform
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

from processes import assert_checkout
from records import lines
from verdicts import Many

T = TypeVar("T")

FAMILIES = {"survey": ("survey_peers", "survey_records"), "project": ("project_peers", "project_records")}
PACKAGES = [
    "attrs",
    "cattrs",
    "email-validator",
    "phonenumbers",
    "pydantic",
    "pydantic-extra-types",
    "msgspec",
]


REPEATS = 3


def timed(work: Callable[[Sequence[bytes]], T], payloads: Sequence[bytes]) -> tuple[float, T]:
    """Microseconds of the processor for each record, and the result of the work."""
    gc.collect()
    started = time.process_time()
    given = work(payloads)
    return (time.process_time() - started) / len(payloads) * 1e6, given


def rate(judge: Many, payloads: Sequence[bytes], prepare: Callable[[], object]) -> tuple[float, list[Any]]:
    """Microseconds of the processor for each record, at best, and the verdicts."""
    taken, verdicts = [], list[Any]()
    for _ in range(REPEATS):
        prepare()
        cost, verdicts = timed(judge, payloads)
        taken.append(cost)
    return min(taken), verdicts


def one(judge: Many, payload: bytes, prepare: Callable[[], object], times: int = 400) -> float:
    """The median of microseconds for one payload alone; sent again, it is judged the same."""
    taken = []
    prepare()  # once: to make an index each time would leave nothing else in the processor's cache
    for _ in range(times):
        started = time.perf_counter()
        judge([payload])
        taken.append((time.perf_counter() - started) * 1e6)
    return median(taken)


def judge(family: str, peer: str, count: int) -> dict[str, Any]:
    """Everything that is measured of a peer that judges records."""
    peers, records = (import_module(name) for name in FAMILIES[family])
    prepare = getattr(peers, "prepare", lambda: None)
    judge = peers.PEERS[peer]()
    payloads = lines(records.records(count))
    rate(judge, payloads[:500], prepare)  # what is made on first use is made
    cost, verdicts = rate(judge, payloads, prepare)
    measured = {"batch": cost, "verdicts": verdicts}
    if any(verdicts):
        right = [payload for payload, each in zip(payloads, verdicts, strict=True) if each is None]
        wrong = [payload for payload, each in zip(payloads, verdicts, strict=True) if each is not None]
        as_many = right[: len(wrong)]  # what is made for a new definition costs both the same
        measured |= {"right": rate(judge, as_many, prepare)[0], "wrong": rate(judge, wrong, prepare)[0]}
        foreign = [payload for payload in right if is_foreign(json.loads(payload))]
        measured["right, address not ASCII"] = rate(judge, foreign, prepare)[0]
    measured |= {name: one(judge, payload, prepare) for name, payload in single(records).items()}
    if family == "project":
        measured["1,000 rows"] = rate(judge, payloads[:1_000], prepare)[0]
        measured["10,000 rows"] = rate(judge, payloads[:10_000], prepare)[0]
    return measured


def serve(family: str, road: str, count: int) -> dict[str, Any]:
    """Microseconds a call of a server, at best, and which calls it accepted; each time it starts anew."""
    start = import_module(f"{family}_servers").SERVERS[road]
    bodies = lines(import_module(FAMILIES[family][1]).records(count))
    start()(bodies[:500])  # what is made on first use is made
    runs = [timed(start(), bodies) for _ in range(REPEATS)]
    return {"call": min(cost for cost, _ in runs), "accepted": runs[-1][1]}


def rules(family: str, _ours: str, count: int) -> dict[str, float]:
    """Microseconds a record of batches under each set of rules, in turn, at best; their verdicts agree."""
    from changed_rules import batches

    payloads = lines(import_module(FAMILIES[family][1]).records(count))
    made = batches(family)
    for start in made.values():
        start()(payloads[:500])
    taken: dict[str, list[float]] = {name: [] for name in made}
    expected = None
    for _ in range(REPEATS):
        for name, start in made.items():
            cost, verdicts = timed(start(), payloads)
            expected = expected or verdicts
            if verdicts != expected:
                raise SystemExit(f"{name}: the verdicts differ")
            taken[name].append(cost)
    return {name: min(costs) for name, costs in taken.items()}


def is_foreign(record: dict[str, Any]) -> bool:
    """Whether the address of a record is not all ASCII."""
    section = record.get("demographics") or record.get("invitationSection") or {}
    return not str(section.get("email") or section.get("emailAddress") or "").isascii()


def single(records: Any) -> dict[str, bytes]:
    """The payloads that are measured alone."""
    return {name: lines(iter([make()]))[0] for name, make in records.SINGLE.items()}


def machine() -> dict[str, Any]:
    """The machine of the measurement."""
    cpu = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in cpu.read_text().splitlines() if "model name" in line]
    return {
        "python": platform.python_version(),
        "processor": names[0] if names else platform.processor(),
        "cores": len(names),
        "packages": {name: version(name) for name in PACKAGES},
    }


SECTIONS: dict[str, Callable[[str, str, int], dict[str, Any]]] = {
    "judge": judge,
    "serve": serve,
    "rules": rules,
}

if __name__ == "__main__":
    section, family, peer, count = sys.argv[1:]
    assert_checkout()
    print(json.dumps(SECTIONS[section](family, peer, int(count))))
