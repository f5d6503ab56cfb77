"""Test vectors: language-neutral cases for any implementation of the documented endpoints."""

from participant_rules.conformance.runner import Outcome, run, run_files
from participant_rules.conformance.server import Local, Remote, Server
from participant_rules.conformance.vectors import NotVectors, Vector, VectorFile, load

__all__ = [
    "Local",
    "NotVectors",
    "Outcome",
    "Remote",
    "Server",
    "Vector",
    "VectorFile",
    "load",
    "run",
    "run_files",
]
