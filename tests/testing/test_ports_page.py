"""The stores of docs/ports.md keep the contract, under the very tests that the page shows."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "ports.md"


def run_blocks(having: Sequence[str]) -> None:
    """Run the blocks of the page that define something, as if it were a module."""
    lines = PAGE.read_text().splitlines()
    fences = [at for at, line in enumerate(lines) if line.startswith("```")]
    for start, end in pairwise(fences):
        source = "\n".join(lines[start + 1 : end])
        if lines[start] == "```python" and any(name in source for name in having):
            padding = "\n" * (start + 1)  # so that line numbers are those of the page
            exec(compile(padding + source, str(PAGE), "exec"), globals())  # noqa: S102


NAMES = ["DictRoster", "DictSurveys", "TestDictSurveys", "OwnProjects", "TestOwnProjects"]
run_blocks([f"class {each}" for each in NAMES])
for each in ("TestDictSurveys", "TestOwnProjects"):
    globals()[each].crash_in = [str(PAGE)]
