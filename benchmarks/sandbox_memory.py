"""The memory of a sandbox while it answers many requests.

    python benchmarks/sandbox_memory.py [REQUESTS [within]]

It starts `participant-rules serve` with the examples of the docs; `within` asks the same application in this
process, without sockets, which takes a third of the time. No two rounds of requests are the same:
names, addresses, numbers, members and layouts are new in each, bodies are right and wrong, and whoever is
added is deleted again. What is left in the process is what it remembers of requests.
"""

import itertools
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

EXAMPLES: Final = Path(__file__).parents[1] / "docs" / "examples"
SURVEY: Final = "/surveys/20dbe888-ec99-4895-b094-e34084f9408f/participants"
PROJECT: Final = "/api/v1/administration/projects/8b0b3d7e-52b5-4c43-9c5d-5f3c5e7a1f00/participants"
TOKEN: Final = "/identityserver/connect/token"  # noqa: S105  an address
ROUNDS: Final = 100  # whose requests are sent without waiting for an answer
STEP: Final = 50_000  # requests between two lines

Asked = tuple[str, str, bytes]


def a_round(n: int) -> Iterator[Asked]:
    """The requests of the nth round: method, target and body."""
    yield "POST", SURVEY, saved(a_survey_participant(n))
    yield "PUT", f"{SURVEY}/kim-{n}", saved(turned(a_survey_participant(n) | {"enabled": n % 2 == 0}, n))
    yield "GET", f"{SURVEY}/kim-{n}", b""
    yield "GET", f"{SURVEY}/nobody-{n}", b""
    yield "PUT", f"{SURVEY}/E", saved({f"member{n}": n, "loginSection": {f"other{n}": None}})
    yield "PUT", f"{SURVEY}/E", b'{"loginSection": {"login": ' + str(n).encode() * 9
    yield "DELETE", f"{SURVEY}/kim-{n}", b""
    yield "PUT", PROJECT, saved(a_project_participant(n))
    yield "PUT", PROJECT, saved(turned(a_project_participant(n) | {f"unknown{n}": [n]}, n))
    wanted = {"demographicField.Email": f"kim{n}@host{n}.example.org", "sortBy": f"CustomField.F{n}"}
    yield "GET", f"{PROJECT}?{urlencode(wanted)}", b""
    yield (
        "POST",
        PROJECT,
        saved({"participants": [a_project_participant(n), {"demographics": {"gender": n}}]}),
    )
    yield "DELETE", f"{PROJECT}/K-{n}", b""
    yield "GET", f"/documented/nowhere/{n}", b""
    yield "POST", TOKEN, urlencode({"grant_type": "client_credentials", "client_assertion": n}).encode()


def a_survey_participant(n: int) -> dict[str, Any]:
    """Somebody of the survey."""
    return {
        "enabled": True,
        "invitationSection": {"sendInvitations": True, "emailAddress": f"kim{n}@host{n}.example.org"},
        "loginSection": {
            "login": f"kim-{n}",
            "subjects": [{"subjectName": f"Zoo {n}", "questionnaireSeeding": {"v45": f"seed {n}"}}],
        },
    }


def a_project_participant(n: int) -> dict[str, Any]:
    """Somebody of the project."""
    demographics = {
        "email": f"kim{n}@host{n}.example.org",
        "mobilePhone": f"+1212{2_000_000 + n % 7_000_000}",
        "dateOfBirth": f"{1950 + n % 50}-0{1 + n % 9}-1{n % 10}",
        "firstName": f"Kim {n}",
    }
    fields = {"Smoker": n, "Medication1": f"Drug {n}"}
    return {"participantIdentifier": f"K-{n}", "demographics": demographics, "customFields": fields}


def turned(value: dict[str, Any], n: int) -> dict[str, Any]:
    """The same with its members in another order."""
    names = list(value)
    cut = n % len(names)
    return {name: value[name] for name in names[cut:] + names[:cut]}


def saved(value: dict[str, Any]) -> bytes:
    """A body."""
    return json.dumps(value).encode()


def request(method: str, target: str, body: bytes) -> bytes:
    """A request as it is sent."""
    kind = "application/x-www-form-urlencoded" if target == TOKEN else "application/json"
    head = f"{method} {target} HTTP/1.1\r\nHost: s\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


_HEAD: Final = re.compile(
    rb"HTTP/1\.1 ([0-9]{3}).*?content-length: ([0-9]+).*?\r\n\r\n", re.DOTALL | re.IGNORECASE
)


class Connection:
    """A connection on which several requests are under way."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 80))
        self._read = b""

    def statuses(self, asked: list[Asked]) -> Iterator[int]:
        """The statuses of the answers to these requests."""
        self._socket.sendall(b"".join(request(*each) for each in asked))
        for _ in asked:
            yield self._status()

    def _status(self) -> int:
        while (head := _HEAD.match(self._read)) is None:
            self._receive()
        end = head.end() + int(head[2])
        while len(self._read) < end:
            self._receive()
        self._read = self._read[end:]
        return int(head[1])

    def _receive(self) -> None:
        received = self._socket.recv(1 << 16)
        if not received:
            raise SystemExit("the sandbox hung up")
        self._read += received


def mebibytes(process: int) -> float:
    """The memory of a process that is resident."""
    status = Path(f"/proc/{process}/status").read_text("ascii")
    found = re.search(r"VmRSS:\s+([0-9]+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def ask(address: str, process: int, count: int) -> None:
    """Send so many requests, and print a line now and then."""
    connection, number, statuses, shown = Connection(address), 0, Counter[int](), 0
    size = len(list(a_round(0)))
    begun = time.monotonic()
    print(f"{number:>9,} requests  {mebibytes(process):6.1f} MiB", flush=True)
    while number < count:
        start = number // size
        for n in range(start, start + ROUNDS):
            statuses.update(connection.statuses(list(a_round(n))))
        number += size * ROUNDS
        if number - shown >= STEP:
            shown = number
            rate = number / (time.monotonic() - begun)
            print(f"{number:>9,} requests  {mebibytes(process):6.1f} MiB  {rate:,.0f} a second", flush=True)
    print(dict(sorted(statuses.items())))


def ask_within(count: int) -> None:
    """The same of an application in this process."""
    import asyncio

    from participant_rules.memory import MemoryProjects, MemorySurveys
    from participant_rules.server import MemoryStores, sandbox

    surveys, projects = (
        [json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))] for name in ("survey", "project")
    )
    app = sandbox(MemoryStores(MemorySurveys.from_json(surveys), MemoryProjects.from_json(projects)))
    asyncio.run(all_of(Application(app), count))


class Application:
    """An ASGI application, asked without a server."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def status(self, method: str, target: str, body: bytes) -> int:
        """The status of the answer to a request."""
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(b"host", b"s")],
            "scheme": "http",
            "server": ("s", 80),
        }
        found = 0

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            nonlocal found
            found = message.get("status", found)

        await self._app(scope, receive, send)
        return found


async def all_of(asked: Application, count: int) -> None:
    """Ask so many times, and print a line now and then."""
    statuses, number, shown, begun = Counter[int](), 0, 0, time.monotonic()
    process = os.getpid()
    print(f"{number:>9,} requests  {mebibytes(process):6.1f} MiB", flush=True)
    for n in itertools.count():
        for each in a_round(n):
            statuses[await asked.status(*each)] += 1
            number += 1
        if number - shown >= STEP or number >= count:
            shown, rate = number, number / (time.monotonic() - begun)
            print(f"{number:>9,} requests  {mebibytes(process):6.1f} MiB  {rate:,.0f} a second", flush=True)
        if number >= count:
            break
    print(dict(sorted(statuses.items())))


def main(arguments: list[str]) -> None:
    """Ask a sandbox in a process of its own, or in this one."""
    count = int(arguments[0]) if arguments else 100_000
    if arguments[1:] == ["within"]:
        ask_within(count)
        return
    given = ("--survey", str(EXAMPLES / "survey.json"), "--project", str(EXAMPLES / "project.json"))
    command = (sys.executable, "-m", "participant_rules", "serve", "--port", "0", *given)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as started:
        try:
            address = started.stdout.readline().strip() if started.stdout else ""
            ask(address, started.pid, count)
        finally:
            started.terminate()


if __name__ == "__main__":
    main(sys.argv[1:])
