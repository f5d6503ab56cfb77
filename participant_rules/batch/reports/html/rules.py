"""The rules on the page: a chart of the fired ones, and the outcome of each."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from attrs import field, frozen

from participant_rules.batch.outcomes import About, Frequent, Summary
from participant_rules.batch.reports.html.parts import law_link, row, table, text
from participant_rules.batch.reports.phrases import amount, frequency, provenance, where
from participant_rules.rules import Rule
from participant_rules.violations import Severity

__all__ = ["Rules"]

_HEADS: Final = ("Rule", "Law", "Outcome", "Where the law comes from")


@frozen
class Rules:
    """The rules of a check, and how it ended for each."""

    about: About
    summary: Summary
    severities: Mapping[str, Severity]
    known: Mapping[str, Rule] = field(init=False)

    @known.default
    def _by_code(self) -> Mapping[str, Rule]:
        return {each.code: each for each in (*self.about.rules, *self.about.asked)}

    def chart(self) -> str:
        """A bar a rule: violations and warnings each on a scale of their own, the most frequent first."""
        counts, once = dict(self._counts()), self.summary.frequent
        wrong = {code: count for code, count in counts.items() if self.severities[code] is Severity.ERROR}
        odd = {code: count for code, count in counts.items() if code not in wrong and count}
        parts = [self._bars("Violations", wrong, "error")] if wrong else []
        parts += [_once(once, self.summary.records)] if once else []
        parts += [self._bars("Warnings", odd, "warning")] if odd else []
        return "\n".join(parts)

    def _counts(self) -> Iterator[tuple[str, int]]:
        """The number of findings of each rule that are listed row by row."""
        counts = {code: self.summary.rules.get(code, 0) for code in self.severities}
        for notice in self.summary.notices:
            counts[notice.violation.code] += 1
        for frequent in self.summary.frequent:
            counts[frequent.first.violation.code] -= frequent.findings
        yield from sorted(counts.items(), key=lambda each: -each[1])

    def _bars(self, title: str, counts: Mapping[str, int], severity: str) -> str:
        most = max(counts.values())
        bars = "".join(self._bar(code, count, most) for code, count in counts.items())
        return f'<h3>{title}</h3>\n<ol class="chart {severity}">{bars}</ol>'

    def _bar(self, code: str, count: int, most: int) -> str:
        """A link that filters the table by the rule; without JavaScript it leads to the law."""
        rule, name = self.known.get(code), text(code)
        width = max(100 * count / most, 0.5)
        law = "" if rule is None else f"<p>{text(rule.law)} {law_link(code, 'The law')}</p>"
        return (
            f'<li><a class="bar" data-code="{name}" href="#law-{name}"><code>{name}</code>'
            f'<svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect width="{width:.1f}" height="1"/></svg>'
            f'<span class="count">{count:,}</span></a>{law}</li>'
        )

    def laws(self) -> str:
        """The outcome of every rule, fired ones first."""
        fired, skipped = self._fired(), self.summary.skipped
        asked = [each.code for each in self.about.asked]
        silent = [code for code in asked if code not in fired]
        lacking = [code for code in silent if code in skipped]
        held = [code for code in silent if code not in skipped]
        counts = f"{len(asked) - len(silent)} fired, {len(held)} held, {len(lacking)} could not be judged"
        lead = f'<p class="quiet">Of the rules that every record is asked, {counts}.</p>\n' if asked else ""
        return lead + table("laws", _HEADS, [self._law(code) for code in (*fired, *lacking, *held)])

    def _fired(self) -> list[str]:
        """The rules with findings: errors first, the most frequent first."""
        counts = self.summary.rules
        return sorted(self.severities, key=lambda code: (self.severities[code], -counts.get(code, 0)))

    def _law(self, code: str) -> str:
        rule = self.known.get(code)
        law = "" if rule is None else text(rule.law)
        source = "" if rule is None else text(provenance(rule.source, rule.basis))
        cells = (f"<code>{text(code)}</code>", law, self._outcome(code), source)
        return row(cells, f' id="law-{text(code)}"')

    def _outcome(self, code: str) -> str:
        why = text(self.summary.skipped.get(code, ""))
        if code in self.severities:
            severity = self.severities[code]
            count = self.summary.rules.get(code, 0)
            count += sum(each.violation.code == code for each in self.summary.notices)
            noun = "violation" if severity is Severity.ERROR else "warning"
            fired = f'<a class="{severity.value}" data-code="{text(code)}">{amount(count, noun)}</a>'
            return f"{fired}; some were not judged: {why}" if why else fired
        return f"not judged: {why}" if why else "held"


def _once(frequent: Sequence[Frequent], records: int) -> str:
    """The warnings that most records have."""
    title = "Warnings that more than half of the records have"
    items = "".join(f"<li>{_frequent(each, records)}</li>" for each in frequent)
    return f'<h3>{title}</h3>\n<ul class="once">{items}</ul>'


def _frequent(frequent: Frequent, records: int) -> str:
    violation = frequent.first.violation
    share, link = frequency(frequent, records), law_link(violation.code, violation.code)
    return f"<strong>{share}</strong> {text(where(frequent.first))}: {text(violation.text)} {link}"
