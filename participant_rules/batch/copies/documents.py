"""Copies of a JSON document: a payload, a list of them, or a bulk body with `participants`."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from attrs import field, frozen

from participant_rules.batch.copies.choices import Choice
from participant_rules.batch.copies.original import Original
from participant_rules.batch.copies.splicing import MARK, spliced
from participant_rules.batch.copies.verdicts import NO_RECORD, Verdict, Verdicts
from participant_rules.batch.files.documents import Span, payloads_in
from participant_rules.batch.records import Unusable

__all__ = ["copy", "spans_of"]


def copy(original: Original, verdicts: Verdicts, choice: Choice, out: BinaryIO) -> None:
    """Write the document with the wanted payloads; the text around them stays.

    A document that is one payload becomes an empty list where it is not wanted. Raises Unusable for what is
    no JSON in UTF-8.
    """
    with original.open() as file:
        try:
            document = _Document.of(file.read().decode())
        except (ValueError, RecursionError):
            raise Unusable(f"{original.name}: the file is no JSON") from None
    out.writelines(each.encode() for each in _copied(document, verdicts, choice))


def _copied(document: "_Document", verdicts: Verdicts, choice: Choice) -> Iterator[str]:
    """The pieces of the copy: the wanted payloads, each with the text before it."""
    text, spans = document.text, document.spans
    judged = [verdicts.of(row) for row in range(1, len(spans) + 1)]
    wanted = [place for place, verdict in enumerate(judged) if choice.takes(verdict[0])]
    if not (wanted or document.is_list):
        yield "[]\n"
        return
    yield text[: document.begin]
    for place in wanted:
        if place != wanted[0]:
            yield text[spans[place - 1][1] : spans[place][0]]
        yield _payload(text[slice(*spans[place])], choice, judged[place], place + 1)
    yield text[document.end :]


def _payload(text: str, choice: Choice, verdict: Verdict, row: int) -> str:
    if verdict == NO_RECORD:
        return text
    return spliced(text, dict(zip(choice.columns, choice.texts(verdict, row), strict=True)))


# ---- where the payloads stand


@frozen
class _Document:
    """The text of a document, and where its payloads stand."""

    text: str = field(repr=False)
    spans: Sequence[Span]
    is_list: bool

    @classmethod
    def of(cls, text: str) -> "_Document":
        """Find the payloads; raises ValueError or RecursionError for a text that is no JSON."""
        found = payloads_in(text, 1 if text.startswith(MARK) else 0)
        return cls(text, found.spans, found.are_listed)

    @property
    def begin(self) -> int:
        """Where the first payload begins."""
        return self.spans[0][0] if self.spans else len(self.text)

    @property
    def end(self) -> int:
        """Where the last payload ends."""
        return self.spans[-1][1] if self.spans else len(self.text)


def spans_of(text: str) -> Sequence[Span]:
    """The spans of a document's payloads; raises ValueError or RecursionError for a text that is no JSON."""
    return _Document.of(text).spans
