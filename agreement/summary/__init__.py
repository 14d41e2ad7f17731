"""How a protocol's questions are summed up: every way by its name, on the long frame."""

from agreement.summary.answers import Asked, Summary
from agreement.summary.dispatch import WAYS, summarise

__all__ = ["WAYS", "Asked", "Summary", "summarise"]
