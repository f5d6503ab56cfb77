"""What many rows claim, told by columns: nearly all is done in C."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import partial
from itertools import compress, repeat
from typing import Any, NamedTuple

from attrs import frozen

from participant_rules.project.claim import (
    MALFORMED_EMAIL,
    MALFORMED_PHONE,
    NOBODY,
    NONE,
    Claim,
    Key,
    Signs,
    claim_of,
)
from participant_rules.project.policy import Policy
from participant_rules.unset import UNSET

__all__ = ["Claimed", "Claiming", "sign"]


class Claimed(NamedTuple):
    """What some rows claim, in columns: their places, and the members of their claims; see `Claim`."""

    places: Sequence[int]
    ids: Sequence[str | None]
    identifiers: Sequence[str | None]
    emails: Sequence[Key]
    phones: Sequence[Key]
    faults: Sequence[Signs]
    odd: Sequence[Signs]

    @classmethod
    def of(cls, claims: Mapping[int, Claim]) -> "Claimed":
        """The columns of claims by their places."""
        if not claims:
            return cls((), (), (), (), (), (), ())
        _, *columns = zip(*claims.values(), strict=True)
        return cls(tuple(claims), *columns)

    def only(self, places: Container[int]) -> "Claimed":
        """Those of the rows at some places."""
        ours = [place in places for place in self.places]
        if all(ours):
            return self
        columns: list[Any] = [tuple(compress(column, ours)) for column in self]
        return Claimed(*columns)


Texts = Sequence[str]
"""The trimmed texts of a member, one of each row: empty where a row has none."""


@frozen
class Claiming:
    """What rows claim by: the policy, and what they say who have no address and no number."""

    policy: Policy
    region: str
    no_email: Key = UNSET
    no_phone: Key = UNSET

    def claims(
        self,
        ids: Texts,
        identifiers: Sequence[str | None],
        emails: Texts,
        phones: Texts,
        *,
        faults: list[Signs],
        odd: list[Signs],
    ) -> list[Claim]:
        """The claims of rows, without their colons; `faults` get what is wrong with whom they name."""
        email_keys = _keys(emails, self.policy.email_keys(emails), self.no_email)
        phone_keys = _keys(phones, self.policy.phone_keys(phones, self.region), self.no_phone)
        sign(faults, _wrong(emails, email_keys), MALFORMED_EMAIL)
        sign(faults, _wrong(phones, phone_keys, self._admits), MALFORMED_PHONE)
        if not all(identifiers):
            named = zip(identifiers, ids, emails, strict=True)
            sign(faults, [place for place, names in enumerate(named) if not any(names)], NOBODY)
            identifiers = [identifier or None for identifier in identifiers]
        names = [name.lower() or None for name in ids] if any(ids) else repeat(None)
        said = zip(repeat(0), names, identifiers, email_keys, phone_keys, faults, odd, strict=False)
        return list(map(claim_of, said))

    def claim(self, name: str, identifier: str, email: str, phone: str, odd: Signs) -> Claim:
        """The claim of one row without other faults: the same at a lower price than a column of one."""
        email_key: Key = self.policy.email_key(email) if email else self.no_email
        phone_key: Key = self.policy.phone_key(phone, self.region) if phone else self.no_phone
        faults = MALFORMED_EMAIL if email and email_key is None else NONE
        if phone and (not phone_key or not self.policy.admits(phone_key, self.region)):
            faults += MALFORMED_PHONE
        if not (identifier or name or email):
            faults += NOBODY
        return claim_of((0, name.lower() or None, identifier or None, email_key, phone_key, faults, odd))

    @property
    def _admits(self) -> Callable[[str], bool] | None:
        policy = self.policy
        return partial(policy.admits, region=self.region) if policy.valid_phones else None


def _keys(texts: Texts, keys: Sequence[str | None], nothing: Key) -> Sequence[Key]:
    """The keys of texts, and what those say who have none."""
    if nothing is None or all(texts):
        return keys
    return [key if text else nothing for text, key in zip(texts, keys, strict=True)]


def _wrong(texts: Texts, keys: Sequence[Any], admits: Callable[[str], bool] | None = None) -> Iterable[int]:
    """The places of texts that have no key, or one that is not admitted."""
    if admits is None and None not in keys:
        return ()
    return [
        place
        for place, (text, key) in enumerate(zip(texts, keys, strict=True))
        if text and (key is None or (admits is not None and not admits(key)))
    ]


def sign(signs_of: list[Signs], places: Iterable[int], signs: Signs) -> None:
    """Add signs to those of some rows."""
    for place in places:
        signs_of[place] += signs
