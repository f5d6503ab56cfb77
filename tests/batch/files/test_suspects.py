"""The contents that cells of a text may have."""

import pytest

from participant_rules.batch.files.sheets import NO_SUSPECTS
from participant_rules.batch.files.suspects import is_error, is_total, may_have_totals, suspects_of

ERRORS = [
    "#N/A",
    "#N/D",
    "#NV",
    "#REF!",
    "#DIV/0!",
    "#NAME?",
    "#¿NOMBRE?",
    "#¡VALOR!",
    "#WERT!",
    "#GETTING_DATA",
    "#ERROR!",
    "#ÜBERLAUF!",
    "#NÚM!",
    "#N/B",
    "#DEEL/0!",
    "#VÆRDI!",
    "#SAKNAS!",
    "#I/T",
    "#Н/Д",
    "#ЗНАЧ!",
    "Err:502",
    "###",
    "#####",
]


@pytest.mark.parametrize("sign", ERRORS)
def test_a_sign_of_an_error(sign: str) -> None:
    """Whatever is such a sign is suspected in the text as a whole."""
    text = f"N1,{sign}\n"
    assert is_error(sign)
    assert suspects_of(text.encode(), text, undecoded=False).errors


def test_a_plain_text_is_not_suspected() -> None:
    """The number of an apartment is no sign of an error: such tables are read at full pace."""
    text = "N1,kim@example.com,Apartment #1,#4 and # 5,Err: 502\n"
    assert suspects_of(text.encode(), text, undecoded=False) == NO_SUSPECTS


@pytest.mark.parametrize("cell", ["Total", "SUBTOTAL 3", "Summe: 12", "GESAMT", "Somme"])
def test_a_total(cell: str) -> None:
    """Whatever is one is suspected among the cells of its column."""
    assert is_total(cell)
    assert may_have_totals(f"N1\n{cell}\nN2")
    assert not may_have_totals("N1\nkim@example.com")
