"""The findings as one web page that needs no network, for whoever fixes them."""

from participant_rules.batch.reports.html.report import HtmlReport

__all__ = ["HtmlReport"]
