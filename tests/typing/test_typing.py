"""The types of the public names in users' type checkers; `mypy` alone checks these files too."""

from pathlib import Path

import pytest
from mypy import api

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@pytest.mark.heavy
@pytest.mark.parametrize(
    "file", [pytest.param(each, id=each.stem) for each in sorted(HERE.glob("*_usage.py"))]
)
def test_usage_type_checks(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The public names have the types of the file, and refuse the marked uses."""
    monkeypatch.chdir(ROOT)
    found, failures, _ = api.run([str(file), "--config-file", str(ROOT / "pyproject.toml")])
    name = str(file.relative_to(ROOT))
    assert (failures, [line for line in found.splitlines() if line.startswith(name)]) == ("", [])
    assert found
