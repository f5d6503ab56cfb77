"""Plans of sending files: of every record the action, the changes of an update, and the invitations.

sources ──judge──▶ outcomes ──decide again, in order──▶ planned records ──▶ totals, report
"""

from participant_rules.planning.records import PlannedRecord, Totals, TotalsCounter
from participant_rules.planning.run import plan, plan_sources

__all__ = ["PlannedRecord", "Totals", "TotalsCounter", "plan", "plan_sources"]
