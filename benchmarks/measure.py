"""One peer in a process of its own: its times and its verdicts, as JSON on standard output."""

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
from typing import Any

from records import lines
from verdicts import Many

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


def rate(judge: Many, payloads: Sequence[bytes], prepare: Callable[[], object]) -> tuple[float, list[Any]]:
    """Microseconds of the processor for each record, at best, and the verdicts."""
    taken, verdicts = [], list[Any]()
    for _ in range(REPEATS):
        prepare()
        gc.collect()
        started = time.process_time()
        verdicts = judge(payloads)
        taken.append((time.process_time() - started) / len(payloads) * 1e6)
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


def measure(family: str, peer: str, count: int) -> dict[str, Any]:
    """Everything that is measured of a peer."""
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
        measured |= {"right": rate(judge, right, prepare)[0], "wrong": rate(judge, wrong, prepare)[0]}
        foreign = [payload for payload in right if is_foreign(json.loads(payload))]
        measured["right, address not ASCII"] = rate(judge, foreign, prepare)[0]
    measured |= {name: one(judge, payload, prepare) for name, payload in single(records).items()}
    if family == "project":
        measured["1,000 rows"] = rate(judge, payloads[:1_000], prepare)[0]
        measured["10,000 rows"] = rate(judge, payloads[:10_000], prepare)[0]
    return measured


def is_foreign(record: dict[str, Any]) -> bool:
    """Whether the address of a record is not all ASCII."""
    section = record.get("demographics") or record.get("invitationSection") or {}
    return not str(section.get("email") or section.get("emailAddress") or "").isascii()


def single(records: Any) -> dict[str, bytes]:
    """The payloads that are measured alone."""
    return {name: lines(iter([make()]))[0] for name, make in records.SINGLE.items()}


def machine() -> dict[str, Any]:
    """What it is measured on."""
    cpu = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in cpu.read_text().splitlines() if "model name" in line]
    return {
        "python": platform.python_version(),
        "processor": names[0] if names else platform.processor(),
        "cores": len(names),
        "packages": {name: version(name) for name in PACKAGES},
    }


if __name__ == "__main__":
    family, peer, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    print(json.dumps(measure(family, peer, count)))
