"""What in a text may identify a person: HIPAA Safe Harbor's kinds, where a pattern can see them."""

from data.identifiers.find import KINDS, Finding, find, redact
from data.identifiers.places import Redacted
from data.identifiers.texts import Flagged, check, counted, redacted

__all__ = ["KINDS", "Finding", "Flagged", "Redacted", "check", "counted", "find", "redact", "redacted"]
