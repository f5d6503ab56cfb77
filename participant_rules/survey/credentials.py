"""The credentials of a caller of Snap XMP Online: three headers with every request.

"Each API call needs to be authenticated" (Security); version 2.0 of the API is the one that this package
knows.
"""

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from participant_rules.calling import header_value

__all__ = ["VERSION", "Credentials"]

VERSION: Final = "2.0"


@frozen
class Credentials:
    """The user's e-mail address and API key, never shown; raises ValueError for one that no header holds."""

    username: str = field(repr=False)
    api_key: str = field(repr=False)

    def __attrs_post_init__(self) -> None:
        header_value(self.username, "the user name")
        header_value(self.api_key, "the API key")

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of a request."""
        return {"X-USERNAME": self.username, "X-API-KEY": self.api_key, "X-VERSION": VERSION}
