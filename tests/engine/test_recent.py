"""Results are made once while they are used, and bounded."""

import pytest

from participant_rules.engine.recent import Recent


class Maker:
    """Doubles a number, and remembers for which it was asked."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, number: int) -> int:
        self.asked.append(number)
        return 2 * number


def test_a_value_is_made_once() -> None:
    """However often it is looked up."""
    make = Maker()
    recent = Recent(make)
    assert [recent[1], recent[1], recent[2], recent[1]] == [2, 2, 4, 2]
    assert make.asked == [1, 2]


def test_the_latest_values_are_kept() -> None:
    """One that is used again comes out of the older generation, and is not made anew."""
    make = Maker()
    recent = Recent(make, 3)
    for number in (1, 2, 3, 4, 1, 5, 1, 4):
        assert recent[number] == 2 * number
    assert make.asked == [1, 2, 3, 4, 5]


def test_what_is_not_used_again_gives_way() -> None:
    """Never more than two generations are kept; a dropped value is made again."""
    make = Maker()
    recent = Recent(make, 3)
    for number in range(100):
        assert recent[number] == 2 * number
        assert len(recent) <= 3
        assert len(recent._older) <= 3
    assert recent[0] == 0
    assert make.asked == [*range(100), 0]


def test_what_is_not_to_be_kept_is_made_each_time() -> None:
    """And takes nobody's place."""
    make = Maker()
    recent = Recent(make, 2, keeps=lambda number: number < 10)
    assert [recent[1], recent[10], recent[10], recent[1]] == [2, 20, 20, 2]
    assert (make.asked, dict(recent)) == ([1, 10, 10], {1: 2})


def test_a_key_that_cannot_be_looked_up() -> None:
    """Its value is made each time."""
    recent: Recent[object, str] = Recent(repr)
    assert [recent.look_up(("a",)), recent.look_up([1]), recent.look_up({})] == ["('a',)", "[1]", "{}"]
    assert list(recent) == [("a",)]


def test_what_fails_is_not_kept() -> None:
    """An error passes through, and the next look-up makes the value again."""
    recent: Recent[int, float] = Recent(lambda number: 1 / number)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            _ = recent[0]
    assert dict(recent) == {}
