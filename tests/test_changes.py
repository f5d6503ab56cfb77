"""Changes of members are values that show no personal data."""

from participant_rules.changes import MemberChange, compared, placed_under


def test_what_becomes_of_a_member() -> None:
    """Set, changed, cleared; null and an empty text are nothing."""
    pairs = [(None, "x"), ("", "x"), ("x", "y"), (False, True), ("x", None), ("x", "")]
    kinds = [MemberChange("/a", stored, new).kind for stored, new in pairs]
    assert kinds == ["set", "set", "changes", "changes", "is cleared", "is cleared"]


def test_values_are_in_no_repr() -> None:
    """They are personal data."""
    assert repr(MemberChange("/a", "kim", "lee")) == "MemberChange(pointer='/a', omitted=False)"


def test_members_are_compared_by_key() -> None:
    """Members of the later state in its order, then the removed ones; each has the pointer of its state."""
    before = {"a": ("/0/a", 1), "b": ("/0/b", 2), "c": ("/0/c", None)}
    after = {"b": ("/1/b", 3), "a": ("/1/a", 1), "d": ("/1/d", 4)}
    found = [(key, each.pointer, each.stored, each.new) for key, each in compared(before, after, _equal)]
    assert found == [("b", "/1/b", 2, 3), ("d", "/1/d", None, 4)]
    gone = [(key, each.pointer, each.stored, each.new) for key, each in compared(before, {}, _equal)]
    assert gone == [("a", "/0/a", 1, None), ("b", "/0/b", 2, None)]


def _equal(one: object, other: object) -> bool:
    return one == other


def test_changes_of_a_row() -> None:
    """Their pointers begin with its place."""
    change = MemberChange("/a", 1, 2)
    assert placed_under("", (change,)) == (change,)
    assert placed_under("/participants/3", (change,)) == (MemberChange("/participants/3/a", 1, 2),)
