"""Two versions of the library side by side: what this one costs, as ratios to the other one."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

from processes import CHECKOUT

Figures = Mapping[str, float]


def print_beside(figures: Callable[[Path], Figures], other: Path, rounds: int) -> None:
    """Measure both in turn and print the ratio of each figure: above 1 this version needs more.

    The first of a round is now this one, now the other, so that a machine that gets slower favours neither.
    Raises SystemExit where there is no version of the library at `other`.
    """
    if not (other / "participant_rules" / "__init__.py").is_file():
        raise SystemExit(f"{other} is no checkout of the library")
    pairs: list[tuple[Figures, Figures]] = []
    for number in range(rounds):
        print(f"round {number + 1}", file=sys.stderr)
        order = (CHECKOUT, other) if number % 2 else (other, CHECKOUT)
        found = {checkout: figures(checkout) for checkout in order}
        pairs.append((found[CHECKOUT], found[other]))
    print(f"\nCost here, as a ratio to {other}: the median of {rounds} rounds, the least and the greatest.\n")
    print("| | ratio | least | greatest |")
    print("|---|--:|--:|--:|")
    for name in pairs[0][0]:
        ratios = [here[name] / there[name] for here, there in pairs if name in there]
        if ratios:
            print(f"| {name} | {median(ratios):.2f} | {min(ratios):.2f} | {max(ratios):.2f} |")
