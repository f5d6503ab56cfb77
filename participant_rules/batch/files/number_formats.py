"""The text that a spreadsheet shows for a number: padding with zeros, literal text.

"0  Digit placeholder. If the number has fewer digits than there are zeros in the format, displays
insignificant zeros." (ECMA-376 part 1, section 18.8.31)
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

__all__ = ["BUILT_IN", "displayed", "is_plain", "shows_texts", "shows_whole"]

BUILT_IN: Final[Mapping[int, str]] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"$"#,##0',
    6: '"$"#,##0',
    7: '"$"#,##0.00',
    8: '"$"#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    41: "#,##0",
    42: '"$"#,##0',
    43: "#,##0.00",
    44: '"$"#,##0.00',
    48: "##0.0E+0",
}
"""The formats that every workbook has, but those of dates and times."""

_piece = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^]]*)\]'
    r"|(?P<general>(?i:General))|(?P<digit>[0#?])|(?P<other>.)",
    re.DOTALL,
)
_LITERAL: Final = frozenset("-+():!^&'~{}<>= $€£")


def is_plain(code: str) -> bool:
    """Whether everything reads as it is displayed, whatever it is; so do dates, which are no numbers."""
    bare = re.sub(r'"[^"]*"|\\.|\[[^]]*\]', "", code)
    return code in ("", "General", "@") or bool(re.search("[ymdhsYMDHS]", bare))


def shows_whole(code: str) -> bool:
    """Whether whole numbers and texts read as they are displayed, and other numbers do not."""
    return code == "0"


def shows_texts(code: str) -> bool:
    """Whether texts read as they are displayed.

    >>> shows_texts("0.00"), shows_texts('0;0;0;"P-"@'), shows_texts(";;;")
    (True, False, False)
    """
    shown = [_of_text(each) for each in _sections(code)]
    of_texts = [*shown[3:4], _TEXT][0]  # behind those of positive and negative numbers, and of zero
    return next((each for each in shown if _TEXT in each), of_texts) == _TEXT


_TEXT: Final = "\0"


def _of_text(section: str) -> str:
    """The text of a text cell in a part of a format, with a NUL in its place."""
    found = _piece.finditer(section)
    return "".join(
        _TEXT
        if each["other"] == "@" or each["general"]
        else _literal(each) or each["digit"] or each["other"] or ""
        for each in found
    )


def _literal(piece: re.Match[str]) -> str:
    """The literal text of a piece of a format: in quotes, behind a backslash, or a currency's, `[$€-407]`."""
    bracket = piece["bracket"] or ""
    symbol = bracket[1:].partition("-")[0] if bracket.startswith("$") else ""
    return piece["quoted"] or piece["escaped"] or symbol


@lru_cache(maxsize=256)
def _placeholders(code: str) -> tuple[tuple[str, bool], ...] | None:
    """The pieces of a format's part that has nothing but digits and text: each with whether it is a digit.

    None for any other one: fractions, thousands, percent, exponents, conditions.
    """
    pieces: list[tuple[str, bool]] = []
    for found in _piece.finditer(code):
        if found["digit"] or found["general"]:
            pieces.append((found["digit"] or "0", True))
        elif found["other"] is not None:
            if found["other"] not in _LITERAL:
                return None
            pieces.append((found["other"], False))
        elif found["bracket"] and found["bracket"][0] in "<>=":
            return None
        else:
            pieces.append((_literal(found), False))
    return tuple(pieces) if any(is_digit for _, is_digit in pieces) else None


@lru_cache(maxsize=256)
def _sections(code: str) -> tuple[str, ...]:
    """The parts of a format: of positive numbers, negative ones, zero and texts, as far as it has them."""
    found = _section.findall(code + ";")
    return tuple(found)


_section: Final = re.compile(r'((?:"[^"]*"|\\.|\[[^]]*\]|[^;])*);', re.DOTALL)


def displayed(value: float, code: str) -> str | None:
    """The text that a whole number has in a format of digits and text; None where it has no such text.

    >>> displayed(7.0, "0000"), displayed(7.0, '"P-"000'), displayed(123456789.0, "000-00-0000")
    ('0007', 'P-007', '123-45-6789')
    >>> displayed(-7.0, "000"), displayed(-7.0, '000;"M"000')
    ('-007', 'M007')
    """
    if not float(value).is_integer() or abs(value) >= _LONGEST:
        return None
    section, sign = _section_of(value, code)
    pieces = _placeholders(section)
    shown = "" if pieces is None else _filled(pieces, abs(int(value)))
    return sign + shown if shown else None


def _section_of(value: float, code: str) -> tuple[str, str]:
    """The part of a format that a number has, and the sign before it: positive, negative, zero."""
    sections = _sections(code)
    if value < 0:
        return (sections[1], "") if len(sections) > 1 else (sections[0], "-")
    return (sections[2] if value == 0 and len(sections) > 2 else sections[0]), ""  # noqa: PLR2004  the third


def _filled(pieces: Sequence[tuple[str, bool]], number: int) -> str:
    """Digits put in their places from the right; further ones stand in the first."""
    digits = [*str(number)] if number else []
    shown: list[str] = []
    left = sum(is_digit for _, is_digit in pieces)
    for piece, is_digit in reversed(pieces):
        if not is_digit:
            shown.append(piece)
            continue
        left -= 1
        if digits:
            shown.append(digits.pop() if left else "".join(digits))
        elif piece == "0":
            shown.append("0")
        digits = digits if left else []
    return "".join(reversed(shown))


_LONGEST: Final = 1e15  # a spreadsheet keeps fifteen digits
