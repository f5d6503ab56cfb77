"""Measure the library against others: `python benchmarks/run.py survey|project [--records N] [--rounds R]`.

Needs the extra `bench`. Every peer runs in a fresh process, one after the other in rounds; a ratio is taken
inside a round, and what is printed is the median of the rounds: so a machine that is busy now and then does
no harm. The verdicts of all peers on all records are compared; when they do not agree, nothing is printed.

With `--beside CHECKOUT` the library is measured against another version of itself instead, such as a
worktree of the commit before.
"""

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from beside import Figures, Measure, print_beside
from measure import FAMILIES, machine
from processes import measured
from verdicts import Verdict, agree

OURS = "participant_rules"
FAST = "participant_rules, fast"
PEERS = (OURS, FAST, "pydantic", "pydantic, our keys", "msgspec", "cattrs", "json.loads")
ROADS = ("Api.handle", "Api.ahandle", "Registrar")
SERVERS = (*ROADS, "pydantic")
SHIPPED = "as shipped"

Round = dict[str, dict[str, Any]]


def judged(family: str, count: int) -> Round:
    """The measures of all peers that judge records; raises SystemExit where they do not agree."""
    found = {peer: measured("measure.py", "judge", family, peer, count) for peer in PEERS}
    for each in found.values():
        each["verdicts"] = [None if results is None else Verdict(*results) for results in each["verdicts"]]
    compare(found)
    return found


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
            results = f"{ours[row]} {theirs['verdicts'][row]}"
            raise SystemExit(f"{len(differ)} verdicts of {peer} differ, the first in row {row}: {results}")


def served(family: str, count: int) -> Round:
    """The measures of all servers; raises SystemExit where they do not accept the same."""
    found = {server: measured("measure.py", "serve", family, server, count) for server in SERVERS}
    accepted = found[SERVERS[0]]["accepted"]
    for server, each in found.items():
        differ = [
            call for call, pair in enumerate(zip(accepted, each["accepted"], strict=True)) if len({*pair}) > 1
        ]
        if differ:
            raise SystemExit(f"{server} accepts other calls, {len(differ)} of them; the first is {differ[0]}")
    return found


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


def print_servers(rounds: list[Round]) -> None:
    """The table of the roads of a server."""
    print("\nOne call of a server: judged, stored, answered in JSON (a Registrar answers nothing):\n")
    print("| | µs a call | × pydantic |")
    print("|---|--:|--:|")
    for server in SERVERS:
        times = ratio(rounds, "call", server, "pydantic")
        print(f"| {server} | {cost(rounds, 'call', server):.1f} | {times:.2f} |")
    later = ratio(rounds, "call", "Api.handle", "Api.ahandle")
    print(f"\nahandle costs {later:.2f} times handle.")


def print_rules(rounds: list[dict[str, float]]) -> None:
    """The table of batches under changed rules."""
    print("\nA batch under changed rules:\n")
    print("| | times the batch as shipped |")
    print("|---|--:|")
    for name in rounds[0]:
        print(f"| {name} | {median(each[name] / each[SHIPPED] for each in rounds):.2f} |")


def print_machine() -> None:
    """Print the machine of the measurement."""
    on = machine()
    packages = ", ".join(f"{name} {version}" for name, version in on["packages"].items())
    print(f"Python {on['python']}, {on['processor']} ({on['cores']} cores); {packages}.")


def ours(family: str, count: int) -> Iterator[Measure]:
    """All that is measured of the library, each in a process of its own: names and microseconds."""

    def judges(peer: str, checkout: Path) -> Figures:
        found = measured("measure.py", "judge", family, peer, count, checkout=checkout)
        return {f"{name} ({peer})": taken for name, taken in found.items() if name != "verdicts"}

    def serves(road: str, checkout: Path) -> Figures:
        return {road: measured("measure.py", "serve", family, road, count, checkout=checkout)["call"]}

    def changes(checkout: Path) -> Figures:
        found = measured("measure.py", "rules", family, OURS, count, checkout=checkout)
        return {f"batch, {name}": taken for name, taken in found.items()}

    yield from (partial(judges, peer) for peer in (OURS, FAST))
    yield from (partial(serves, road) for road in ROADS)
    yield changes


def main() -> None:
    """Measure one family."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("family", choices=FAMILIES)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--beside", type=Path, metavar="CHECKOUT", help="another version, as a ratio to it")
    asked = parser.parse_args()
    family, count = asked.family, asked.records
    if asked.beside:
        print_beside(ours(family, count), asked.beside, asked.rounds)
        return
    judges, servers, rules = list[Round](), list[Round](), list[dict[str, float]]()
    for number in range(asked.rounds):
        print(f"round {number + 1}", file=sys.stderr)
        judges.append(judged(family, count))
        servers.append(served(family, count))
        rules.append(measured("measure.py", "rules", family, OURS, count))
    print_machine()
    print_batch(judges, count)
    print_single(judges)
    print_servers(servers)
    print_rules(rules)


if __name__ == "__main__":
    main()
