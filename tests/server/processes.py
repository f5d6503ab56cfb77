"""Servers in processes of their own, on any free port of this machine, and stopped again."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from attrs import frozen

__all__ = ["ROOT", "Running", "free_port", "listening", "running", "sandbox", "until"]

ROOT = Path(__file__).parents[2]
PATIENCE = 30  # seconds

T = TypeVar("T")


def until(look: Callable[[], T], is_there: Callable[[T], bool]) -> T:
    """The observed value, once it is as awaited."""
    deadline = time.monotonic() + PATIENCE
    while not is_there(found := look()):
        assert time.monotonic() < deadline, found
        time.sleep(0.01)
    return found


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def listening(port: int) -> None:
    """Wait until somebody listens at a port."""

    def is_taken() -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", port)) == 0

    until(is_taken, bool)


@frozen
class Running:
    """A process that serves, and the address that it printed."""

    process: "subprocess.Popen[str]"
    address: str
    log: Path

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it, and its exit status."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@contextmanager
def running(folder: Path, *command: str, cwd: Path | None = None) -> Iterator[Running]:
    """A process that prints its address in one line once it is ready."""
    log = folder / "log.txt"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment, cwd=cwd or folder
        ) as process,
    ):
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), log.read_text()
            yield Running(process, address, log)
        finally:
            if process.poll() is None:
                process.kill()


@contextmanager
def sandbox(folder: Path, *options: str) -> Iterator[Running]:
    """`participant-rules serve`."""
    command = (sys.executable, "-m", "participant_rules", "serve", "--port", "0", *options)
    with running(folder, *command) as started:
        yield started
