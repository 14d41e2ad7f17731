"""A question that the data cannot answer as asked: duplicates, two scales, an undeclared point."""

from __future__ import annotations


class Refusal(ValueError):
    """One sentence: what is wrong, with the value, and what to do. Undefined figures are NaN instead."""
