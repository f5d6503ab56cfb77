"""Guesses of an encoding without a mark: Windows' own for Western languages, or a detector's."""

import codecs
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from itertools import pairwise
from typing import Final

from participant_rules.batch.files.content import Content, blocks

__all__ = ["guessed", "reads"]

_SAMPLE: Final = 1 << 16  # bytes of lines that are not ASCII: enough for a detector, and soon looked at


def guessed(content: Content) -> str:
    """The name of an encoding that reads the whole file, as Python spells it.

    It is cp1252 where that makes words of a Western language, then an encoding in which all letters are those
    of one language, then a usual one that makes words; charset-normalizer says in which order they are tried,
    where it is installed. latin-1 reads everything.
    """
    sample = _sample(content)
    is_cp1252 = reads(content, "cp1252")
    if is_cp1252 and _is_western(sample.decode("cp1252", "replace")):
        return "cp1252"
    likely = [each for each in _ALPHABETS if _is_of_one_language(sample, each)]
    for found in dict.fromkeys((*likely, *_detected(sample), *_OTHERS)):
        if _makes_words(sample, found) and reads(content, found):
            return found
    return "cp1252" if is_cp1252 else "latin-1"


def _sample(content: Content) -> bytes:
    """The first lines that are not ASCII."""
    taken, size = [], 0
    with content.open() as file:
        for line in file:
            if not line.isascii():
                taken.append(line)
                size += len(line)
                if size > _SAMPLE:
                    break
    return b"".join(taken)


def reads(content: Content, encoding: str) -> bool:
    """Whether a file is text in an encoding, from end to end."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in blocks(content):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


_LOW: Final = "ßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœšž"
_HIGH: Final = _LOW.upper()
_MARKS: Final = "\u2018’“”„\u201a«»–—…€£§°·¿¡ª º®™\u00b4"
_run_of_others = re.compile("[^\x00-\x7f]+")
_western = re.compile(
    f"(?:(?<![A-Za-z])[{_HIGH}]|(?<=[A-Z])[{_HIGH}]|[{_LOW}]|(?<![A-Za-z])(?![£ª][a-z])[{_MARKS}]"
    "|[’\u00b4–—”»°](?![a-z]{2}))"
    f"[{_LOW}]?"
)


def _is_western(text: str) -> bool:
    """Whether nearly every run of letters beyond ASCII stands as in a word of a Western language.

    A capital stands at the beginning of a word or among capitals, and two such letters side by side are rare.
    """
    runs = list(_run_of_others.finditer(text))
    found = [(_western.match(text, each.start()), each.end()) for each in runs]  # it looks behind the run
    likely = sum(match is not None and match.end() == end for match, end in found)
    return likely * 10 >= len(runs) * 9


_OTHERS: Final = (
    *("cp1250", "cp1251", "mac_roman", "cp850", "cp1253", "cp1254", "iso8859_2", "cp1257"),
    *("koi8_r", "cp1255", "cp1256", "cp866", "cp874", "cp932", "gb18030", "cp949"),
)
_ALPHABETS: Final[Mapping[str, Sequence[str]]] = {
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1254": ("çğıİöşüâîû",),
    "iso8859_2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áéíóöőúüű", "čćđšž"),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"),
    "cp1251": ("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"),
    "cp1253": ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ",),
}
"""The letters beyond ASCII of languages that are written in an encoding."""


def _detected(sample: bytes) -> Iterator[str]:
    """The usual encodings that charset-normalizer finds, the likeliest first; none without it."""
    if find_spec("charset_normalizer") is None:
        return
    from charset_normalizer import from_bytes  # noqa: PLC0415  the extra may be absent

    for match in from_bytes(sample, cp_isolation=[*_OTHERS]):
        yield match.encoding


def _is_of_one_language(sample: bytes, encoding: str) -> bool:
    """Whether all letters beyond ASCII belong to one language."""
    letters = {each for each in sample.decode(encoding, "replace").lower() if not each.isascii()}
    return any(letters <= {*alphabet, *_MARKS} for alphabet in _ALPHABETS[encoding])


_word = re.compile(r"[^\W\d_]+").findall


def _makes_words(sample: bytes, encoding: str) -> bool:
    """Whether letters beyond ASCII stand in words of one script, with capitals where they may be."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    others = "".join(_run_of_others.findall(text))
    if any(not each.isalpha() and each not in _MARKS for each in others):
        return False
    if encoding in _WESTERN and not _is_western(text):
        return False
    words = [each for each in _word(text) if not each.isascii()]
    strange = sum(map(_is_strange, "".join(words)))
    return all(map(_is_word, words)) and strange * 10 <= sum(map(len, words)) * 7


_WESTERN: Final = frozenset(["mac_roman", "cp850"])


def _is_strange(letter: str) -> bool:
    """Whether it is a Latin letter beyond ASCII: no language has words of such letters only."""
    return not letter.isascii() and unicodedata.name(letter, "").startswith("LATIN")


def _is_word(word: str) -> bool:
    scripts = {unicodedata.name(each, "").split()[0] for each in word}
    pairs = [each for each in pairwise(word) if not "".join(each).isascii()]
    mixed = any(one.islower() and other.isupper() for one, other in pairs)
    return not mixed and (len(scripts) == 1 or scripts <= _OF_EAST_ASIA)


_OF_EAST_ASIA: Final = frozenset(["CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL"])
