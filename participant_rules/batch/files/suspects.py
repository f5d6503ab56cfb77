"""The contents that some cell of a text may have, by the whole text: sound cells are not looked at."""

import re
from typing import Final

from participant_rules.batch.files.invisible import has_invisible
from participant_rules.batch.files.sheets import Suspects
from participant_rules.formats.email_repairs import has_mistyped

__all__ = ["is_error", "is_exponent", "is_formula", "is_total", "may_have_totals", "suspects_of"]

_DIGITS: Final = bytes.maketrans(b"123456789E", b"000000000e")

_formula: Final = re.compile(
    r"""
        ".*"                                     # ="00123"
      | [-+@]*[A-Za-z_.][\w.]*\(.*             # =SUM(A1:A3)
      | [-+]?\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?:[^@\w][^@]*)?   # =A1&B1, and no address as =a1@example.com
      | [^@!]+![^@]*                            # =Sheet2!A1
      | [-+]?[0-9.][-+*/^&0-9.\ ()]*            # =1+2
      | \{.*
    """,
    re.VERBOSE | re.DOTALL,
).fullmatch


def is_formula(text: str) -> bool:
    """Whether a cell has a formula written as text, as in `="00123"`."""
    bare = text.strip()
    return bare[:1] == "=" and _formula(bare[1:].lstrip()) is not None


is_exponent: Final = re.compile(
    r"\s*[+-]?(?:[0-9]+(?:[.,][0-9]+)?[eE][+-][0-9]{1,3}|[1-9](?:[.,][0-9]+)?[eE][0-9]{1,3})\s*"
).fullmatch
"""Whether a cell has a number in scientific notation, as in `1E+05`."""


is_error: Final = re.compile(
    r"""\s*\#(?:
        N/A | N/D | NV | N/B | I/T | [^\W\d]/Д | SAKNAS! | GETTING_DATA
      | [¡¿]?(?:REF|VALUE|DIV/0|NAME|NULL|NUM|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN|ERROR)[!?]
      | [¡¿]?(?:BEZUG|WERT|ZAHL|ÜBERLAUF|VALEUR|NOM|NUL|NOMBRE|VALOR|NULO|NÚM|NOME|RIF|VALORE|NULLO)[!?]
      | (?:VERW|WAARDE|NAAM|GETAL|LEEG|DEEL/0|ADR|ARG|NAZWA|LICZBA|ZERO|DZIEL/0)[!?]  # Dutch, Polish
      | (?:VÄRDEFEL|NAMN|REFERENS|OGILTIGT|DIVISION/0|VÆRDI|VERDI|NAVN|REFERENCE)[!?]  # Swedish, Danish
      | (?:ЗНАЧ|ИМЯ|ССЫЛКА|ЧИСЛО|ПУСТО|ДЕЛ/0)[!?]
      | \#{2,}  # that is, three or more
    )\s* | \s*Err:5[0-9]{2}\s*  # LibreOffice's""",
    re.VERBOSE,
).fullmatch
"""Whether a cell has the sign of a spreadsheet for an error, as `#N/A`, or for a lack of room, as `####`."""

_error_like: Final = re.compile(r"#(?:N/|NV|I/T|./Д|GETTING|##|[¡¿]?[^\W_a-z/]+(?:/0)?[!?])").search
"""Finds a part of a text that such a sign may be; an apartment's number is none."""
_ERROR_BY_NUMBER: Final = "Err:5"

_total: Final = re.compile(
    r"\s*(?:(?:grand|sub)[\s-]*)?(?:totals?|summe|zwischensumme|gesamt(?:summe|zahl)?|somme)"
    r"(?:\s+[^\W\d]+){0,3}\s*[:=(]?[\s\d.,]*\)?\s*",
    re.IGNORECASE,
).fullmatch
_TOTALS: Final = ("otal", "OTAL", "umme", "UMME", "esamt", "ESAMT", "omme", "OMME")


def may_have_totals(text: str) -> bool:
    """Whether a cell of a text, or of a column whose cells are joined, may be like a total; false is sure."""
    return any(each in text for each in _TOTALS)


def is_total(text: str) -> bool:
    """Whether a cell begins like a total, as in `Total participants: 12`."""
    return len(text) <= _LONG and _total(text) is not None


_LONG: Final = 60


def suspects_of(data: bytes, text: str, *, undecoded: bool) -> Suspects:
    """The contents that cells of a text may have; `data` are its bytes."""
    return Suspects(
        formulas="=" in text,
        errors=_error_like(text) is not None or _ERROR_BY_NUMBER in text,
        exponents=b"0e0" in data.translate(_DIGITS, b"+-"),
        invisible=has_invisible(text),
        undecoded=undecoded,
        mistyped=has_mistyped(text),
        totals=may_have_totals(text),
    )
