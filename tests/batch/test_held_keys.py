"""HeldKeys: hashes that show equal keys, and no personal data."""

import subprocess
import sys
from array import array

import pytest

from participant_rules.batch.held_keys import Hasher, HeldKeys, keyed, local

KINDS = ["id", "participantIdentifier", "email", "phone", "identity"]
SECRET = b"a secret of 16 bytes"
HASHERS = pytest.mark.parametrize("hasher", [local, keyed(SECRET)], ids=["local", "keyed"])


def held(*made: tuple[int, int]) -> HeldKeys:
    """HeldKeys of hashes and rows."""
    found = HeldKeys()
    found.add([each for each, _ in made], [row for _, row in made])
    return found


@HASHERS
def test_the_same_text_of_a_kind_has_one_hash(hasher: Hasher) -> None:
    """Another text has another one, and so has the text as another kind; all are numbers of 64 bits."""
    texts = ["a@example.com", "b@example.com", "", "\u00fc"]
    hashes = {kind: hasher(kind, texts) for kind in KINDS}
    assert hashes == {kind: hasher(kind, iter(texts)) for kind in KINDS}
    distinct = {each for made in hashes.values() for each in made}
    assert len(distinct) == len(KINDS) * len(texts)
    assert [*array("q", distinct)] == [*distinct]


def test_another_secret_makes_other_hashes() -> None:
    """The same secret makes the same hashes, in any process."""
    script = f"from participant_rules.batch import keyed; print(keyed({SECRET!r})('email', ['a', 'b']))"
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == repr(keyed(SECRET)("email", ["a", "b"]))
    assert keyed(b"another secret of 22 b")("email", ["a", "b"]) != keyed(SECRET)("email", ["a", "b"])


def test_a_hash_of_this_process_is_no_hash_of_another_one() -> None:
    """So keys of a process are of no use elsewhere."""
    script = "from participant_rules.batch.held_keys import local; print(local('email', ['a', 'b']))"
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert made.stdout.strip() != repr(local("email", ["a", "b"]))


@pytest.mark.parametrize(
    ("found", "shared", "rows"),
    [
        (held(), set(), set()),
        (held((1, 0), (2, 1)), set(), set()),
        (held((1, 0), (1, 1), (2, 2)), {1}, {0, 1}),
        (held((1, 0), (1, 0)), set(), set()),
        (held((1, 0), (1, 2), (1, 1), (3, 0), (3, 4), (5, 9)), {1, 3}, {0, 1, 2, 4}),
        (held((1, 2), (1, 0), (1, 2)), {1}, {0, 2}),
    ],
    ids=range(6),
)
def test_what_is_shared(found: HeldKeys, shared: set[int], rows: set[int]) -> None:
    """A hold that two rows make; one that a row makes twice is its own."""
    assert (found.shared(), found.rows_of(found.shared())) == (shared, rows)


def test_both() -> None:
    """The sum has all keys of both, which stay as they are."""
    one, other = held((1, 0)), held((1, 5), (2, 6))
    both = one + other
    assert ([*both.hashes], [*both.rows]) == ([1, 1, 2], [0, 5, 6])
    assert (len(one.hashes), len(other.hashes)) == (1, 2)


def test_keys_are_not_shown() -> None:
    """Not even as hashes."""
    assert repr(held((12345, 678))) == "HeldKeys()"


@pytest.mark.parametrize("size", [0, 15, 65])
def test_a_secret_has_a_size(size: int) -> None:
    """A short one could be guessed, and a long one is none for the hash."""
    with pytest.raises(ValueError, match=f"^a secret of 16 to 64 bytes is due, not of {size}$"):
        keyed(b"x" * size)
