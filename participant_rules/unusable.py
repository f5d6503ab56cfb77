"""A file that cannot be used: an error at the edge, in one line."""

__all__ = ["Unusable"]


class Unusable(Exception):
    """A file that cannot be used.

    The message is one line for the person who named it, without a value of it.
    """
