"""Bad input, said to a person: what, where, which value, what to do."""

from __future__ import annotations


class Fault(ValueError):
    """One or more sentences about input that cannot be used. Nothing was changed.

    Examples
    --------
    >>> raise Fault("ratings.csv has no column 'item'; name the column that identifies what was rated.")
    Traceback (most recent call last):
        ...
    annotate.fault.Fault: ratings.csv has no column 'item'; name the column that identifies what was rated.
    """

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences
