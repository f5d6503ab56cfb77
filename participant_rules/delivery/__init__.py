"""Sends records to a server, each once, with a journal that makes it resumable.

    rows ──journal: about to──▶ call ──answer──▶ journal: what became of it
                                  └──no answer──▶ asked for (GET, query), and sent again where it is not there

A journal says which rows were sent; whoever is killed between its two lines about a call does not know
whether the call arrived, and asks. Transports come from outside: there is no network code here.
"""

from participant_rules.delivery.fetching import with_project_roster, with_survey_roster
from participant_rules.delivery.job import DELIVERY, Job
from participant_rules.delivery.journal import Journal
from participant_rules.delivery.marks import Marks
from participant_rules.delivery.posting import Posting
from participant_rules.delivery.projects import ProjectPost
from participant_rules.delivery.rows import Arrival, Post, Row, State
from participant_rules.delivery.surveys import SurveyPost
from participant_rules.delivery.waiting import Patience, Stopped

__all__ = [
    "DELIVERY",
    "Arrival",
    "Job",
    "Journal",
    "Marks",
    "Patience",
    "Post",
    "Posting",
    "ProjectPost",
    "Row",
    "State",
    "Stopped",
    "SurveyPost",
    "with_project_roster",
    "with_survey_roster",
]
