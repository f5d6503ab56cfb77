"""Facts that are not known: what a case raises."""

__all__ = ["Unknown", "Untold", "UntoldFact"]


class Unknown(LookupError):
    """A rule read an unknown fact: the rule does not run.

    A case raises this from the property of a fact that was left out, or of a value that has the wrong type.
    So a rule simply reads what it needs, and what is not known is never guessed.
    """


class Untold(Unknown):
    """A fact that a definition, a store or a caller could give, and did not.

    Its text names the fact. Reports say it of rules that did not run for it.
    """


class UntoldFact(Untold):
    """A fact of the caller's own that nobody told; `name` is its name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the fact {name} is not known")
        self.name = name
