"""Every ```python block of the README and the docs is a test, but for one below `<!--- skip: next -->`."""

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "docs/*.md", "docs/*/*.md"],
    setup=lambda namespace: namespace.update(__name__="__main__"),  # as of a script; frameworks look it up
).pytest()
