"""Two versions of the library side by side: the costs of this one, as ratios to the other one."""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median

from processes import CHECKOUT

Figures = Mapping[str, float]
Measure = Callable[[Path], Figures]


def print_beside(measures: Iterable[Measure], other: Path, rounds: int) -> None:
    """Take each measure of both in turn and print the ratio of each figure: above 1 this version needs more.

    The first of a pair is now this one, now the other, so that a machine that gets slower favours neither.
    Raises SystemExit where there is no version of the library at `other`.
    """
    if not (other / "participant_rules" / "__init__.py").is_file():
        raise SystemExit(f"{other} is no checkout of the library")
    measures, ratios = list(measures), dict[str, list[float]]()
    for number in range(rounds):
        print(f"round {number + 1}", file=sys.stderr)
        order = (CHECKOUT, other) if number % 2 else (other, CHECKOUT)
        for measure in measures:
            found = {checkout: measure(checkout) for checkout in order}
            here, there = found[CHECKOUT], found[other]
            for name in [each for each in here if each in there]:
                ratios.setdefault(name, []).append(here[name] / there[name])
    print(f"\nCost here, as a ratio to {other}: the median of {rounds} rounds, the least and the greatest.\n")
    print("| | ratio | least | greatest |")
    print("|---|--:|--:|--:|")
    for name, each in ratios.items():
        print(f"| {name} | {median(each):.2f} | {min(each):.2f} | {max(each):.2f} |")
