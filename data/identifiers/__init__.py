"""What in a text may identify a person: HIPAA Safe Harbor's kinds, where a pattern can see them."""

from data.identifiers.find import KINDS, Finding, find, redact

__all__ = ["KINDS", "Finding", "find", "redact"]
