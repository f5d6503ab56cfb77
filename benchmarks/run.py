"""Measure the library against others: `python benchmarks/run.py survey|project [--records N] [--rounds R]`.

Needs the extra `bench`. Every peer runs in a fresh process, one after the other in rounds; a ratio is taken
inside a round, and what is printed is the median of the rounds: so a machine that is busy now and then does
no harm. The verdicts of all peers on all records are compared; when they do not agree, nothing is printed.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from measure import FAMILIES, machine
from verdicts import Verdict, agree

HERE = Path(__file__).parent
OURS = "participant_rules"
FAST = "participant_rules, fast"
PEERS = (OURS, FAST, "pydantic", "pydantic, our keys", "msgspec", "cattrs", "json.loads")

Round = dict[str, dict[str, Any]]


def run(family: str, peer: str, count: int) -> dict[str, Any]:
    """What a peer measures in a fresh process."""
    command = [sys.executable, str(HERE / "measure.py"), family, peer, str(count)]
    path = {
        **os.environ,
        "PYTHONPATH": str(HERE.parent),
    }  # always the checkout, never an older installed copy
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=path)
    if done.returncode:
        raise SystemExit(f"{peer}: {done.stderr}")
    measured: dict[str, Any] = json.loads(done.stdout)
    verdicts = measured.pop("verdicts")
    measured["verdicts"] = [None if each is None else Verdict(*each) for each in verdicts]
    return measured


def compare(measured: Round) -> None:
    """Raise SystemExit where two peers do not agree."""
    ours = measured[OURS]["verdicts"]
    for peer, theirs in measured.items():
        if peer == "json.loads":
            continue
        differ = [
            row for row, pair in enumerate(zip(ours, theirs["verdicts"], strict=True)) if not agree(*pair)
        ]
        if differ:
            row = differ[0]
            said = f"{ours[row]} {theirs['verdicts'][row]}"
            raise SystemExit(f"{len(differ)} verdicts of {peer} differ, the first in row {row}: {said}")


def ratio(rounds: list[Round], name: str, peer: str, to: str) -> float:
    """How many times faster a peer is, in the median of the rounds."""
    return median(each[to][name] / each[peer][name] for each in rounds)


def cost(rounds: list[Round], name: str, peer: str) -> float:
    """Microseconds, in the median of the rounds."""
    return median(each[peer][name] for each in rounds)


def print_batch(rounds: list[Round], count: int) -> None:
    """The table of the batch."""
    print(f"\n{count:,} records, bytes to violations:\n")
    print("| | µs a record | records a second | × pydantic | × msgspec | of json.loads |")
    print("|---|--:|--:|--:|--:|--:|")
    for peer in PEERS:
        taken = cost(rounds, "batch", peer)
        ratios = " | ".join(f"{ratio(rounds, 'batch', peer, to):.2f}" for to in ("pydantic", "msgspec"))
        of_json = ratio(rounds, "batch", peer, "json.loads")
        print(f"| {peer} | {taken:.1f} | {1e6 / taken:,.0f} | {ratios} | {of_json:.2f} |")


def print_single(rounds: list[Round]) -> None:
    """The table of single payloads, and of right and wrong records."""
    known = ("batch", "verdicts", "1,000 rows", "10,000 rows")
    names = [name for name in rounds[0][OURS] if name not in known]
    peers = [peer for peer in PEERS if peer != "json.loads"]
    print("\nµs for one record:\n")
    print("| | " + " | ".join(peers) + " | × pydantic |")
    print("|---|" + "--:|" * (len(peers) + 1))
    for name in names:
        taken = " | ".join(f"{cost(rounds, name, peer):.1f}" for peer in peers)
        print(f"| {name} | {taken} | {ratio(rounds, name, OURS, 'pydantic'):.2f} |")
    refused = median(each[OURS]["wrong"] / each[OURS]["right"] for each in rounds)
    print(f"\nA refused record costs {refused:.2f} times a right one.")
    foreign = median(each[OURS]["right, address not ASCII"] / each[OURS]["right"] for each in rounds)
    print(f"One whose address is not ASCII costs {foreign:.2f} times a right one.")
    if "1,000 rows" in rounds[0][OURS]:
        linear = median(each[OURS]["10,000 rows"] / each[OURS]["1,000 rows"] for each in rounds)
        print(f"A row of 10,000 costs {linear:.2f} times a row of 1,000.")


def print_machine() -> None:
    """What it was measured on."""
    on = machine()
    packages = ", ".join(f"{name} {version}" for name, version in on["packages"].items())
    print(f"Python {on['python']}, {on['processor']} ({on['cores']} cores); {packages}.")


def main() -> None:
    """Measure one family."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("family", choices=FAMILIES)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    rounds = []
    for number in range(asked.rounds):
        print(f"round {number + 1}", file=sys.stderr)
        measured = {peer: run(asked.family, peer, asked.records) for peer in PEERS}
        compare(measured)
        rounds.append(measured)
    print_machine()
    print_batch(rounds, asked.records)
    print_single(rounds)


if __name__ == "__main__":
    main()
