"""Running vectors: each step is checked, answered, and compared with its expectation.

Beside what a step expects, the dry run and the answer must agree: a request with violations is refused and
changes nothing, one without succeeds, and the dry run itself changes nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen

from participant_rules.conformance.compare import compare_response, compare_violations, compare_warnings
from participant_rules.conformance.server import Server
from participant_rules.conformance.vectors import Step, Vector, VectorFile
from participant_rules.http import NoResponse, Response
from participant_rules.violations import Severity, Violation
from participant_rules.wire import Malformed

__all__ = ["Outcome", "run", "run_files"]


@frozen
class Outcome:
    """The outcome of one case; `why` has the expected and the actual, and is empty when it passed."""

    name: str
    file: str
    why: str

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.why

    def as_dict(self) -> dict[str, Any]:
        """The outcome as JSON values."""
        return {"name": self.name, "file": self.file, "passed": self.passed, "why": self.why}


def run_files(files: Iterable[VectorFile], server: Server) -> Iterator[Outcome]:
    """The outcome of every case of the files."""
    for file in files:
        for vector in file.cases:
            yield run(vector, server)


def run(vector: Vector, server: Server) -> Outcome:
    """Run one case; it ends at the first step that fails."""
    try:
        server.begin(vector.given)
    except NoResponse:
        raise  # no case can be run
    except (Malformed, ValueError, ConnectionError) as failure:
        return Outcome(vector.name, vector.file, f"given: {failure}")
    for position, step in enumerate(vector.steps):
        caller = step.caller if step.caller is not None else vector.given.get("caller", {})
        differences = list(_run_step(step, server, caller))
        if differences:
            return Outcome(vector.name, vector.file, f"step {position}: " + "; ".join(differences))
    return Outcome(vector.name, vector.file, "")


def _run_step(step: Step, server: Server, caller: Any) -> Iterator[str]:
    before = server.contents()
    found = server.dry_run(step.request, caller)
    if server.contents() != before:
        yield "the dry run changed something"
    response = server.send(step.request, caller)
    if found is not None:
        if step.violations is not None:
            yield from compare_violations(step.violations, found)
        yield from compare_warnings(step.warnings, found)
        yield from _agreement(found, response, changed=server.contents() != before)
    if step.response is not None:
        yield from compare_response(step.response, response)


def _agreement(found: Iterable[Violation], response: Response, *, changed: bool) -> Iterator[str]:
    """Whether the dry run and the answer agree."""
    errors = [each.code for each in found if each.severity is Severity.ERROR]
    succeeded = 200 <= response.status < 300  # noqa: PLR2004  the class of HTTP's successes
    if errors and succeeded:
        yield f"the dry run found {errors}, yet the answer is {response.status}"
    if not errors and not succeeded:
        yield f"the dry run found nothing, yet the answer is {response.status}"
    if errors and changed:
        yield "a refused request changed something"
