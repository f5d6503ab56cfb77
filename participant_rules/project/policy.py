"""Identity and keys: the comparison of e-mail addresses and phone numbers, in one place.

Two participants are in conflict when they have the same key. A caller replaces a key by handing another
`Policy` to `keys`, `Case.of`, `decide_all`, the `Registrar` and the store.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from attrs import field, frozen

from participant_rules import formats
from participant_rules.due import a

__all__ = ["MINT", "POLICY", "Mint", "Policy"]


@frozen(cache_hash=True)  # what is made for a policy is looked up by it
class Policy:
    """The keys of addresses and numbers: equal for equal ones, None where the text is malformed.

    `phone_key` is given the region of the project too. With `valid_phones` a number must be in a range that
    is assigned; otherwise it need only be possible.
    """

    email_key: Callable[[str], str | None] = field(default=formats.email_key, repr=False)
    phone_key: Callable[[str, str], str | None] = field(default=formats.phone_key, repr=False)
    valid_phones: bool = field(default=False, validator=a(bool, "true or false"))


POLICY: Final = Policy()


def _new_id() -> str:
    return str(uuid4())


def _now() -> datetime:
    return datetime.now(UTC)


@frozen
class Mint:
    """The source of GUIDs and of the present time."""

    new_id: Callable[[], str] = _new_id
    now: Callable[[], datetime] = _now

    def date(self) -> str:
        """The present time, in ISO 8601 format."""
        return self.now().isoformat()


MINT: Final = Mint()
