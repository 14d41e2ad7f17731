"""May this judge stand in for a clinician? A plan made beforehand, the figures, and one of four answers."""

from agreement.decision.answer import Decision, decide, overall
from agreement.decision.check import Answer, Check
from agreement.decision.plan import Plan
from agreement.decision.sheet import Sheet

__all__ = ["Answer", "Check", "Decision", "Plan", "Sheet", "decide", "overall"]
