"""The files of Swagger UI, an interactive reference of the description, out of a package; or none of them."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

__all__ = ["FILES", "find"]

FILES: Final = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}
_PACKAGE: Final = "flask_swagger_ui"  # it wraps the files for Flask; only the files are used here


@cache
def find(name: str) -> Path | None:
    """The file with this name; None where the package is not installed."""
    spec = find_spec(_PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    found = (Path(folder) / "dist" / name for folder in folders or ())
    return next((each for each in found if each.is_file()), None)
