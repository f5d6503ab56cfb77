"""What holds for all tests: where they run, and that the examples of the pages are among them.

Every ```python block of the README and the docs is a test, but for one below `<!--- skip: next -->`.
"""

import os
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

# Processes that tests start share compiled modules: compiling takes a third of a start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "docs/*.md", "docs/*/*.md"],
    setup=lambda namespace: namespace.update(__name__="__main__"),  # as of a script; frameworks look it up
).pytest()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """All tests run on all cores (`-n auto`), those of named files in this process."""
    return None if config.args_source is pytest.Config.ArgsSource.TESTPATHS else 0


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Modules of heavy tests alone, which take long to collect, are left out of the quick run."""
    is_quick = "not heavy" in config.option.markexpr
    return True if is_quick and collection_path.name.startswith("test_heavy_") else None
