"""Everything that is wrong with one file, collected before anything is done with it."""

from __future__ import annotations

from annotate.fault import Fault

SHOWN = 40


class Findings:
    """Sentences about one file; `stop` raises them all at once, or does nothing.

    Examples
    --------
    >>> found = Findings("ratings.csv", "line")
    >>> found.at(7, "score", "'9' is not a point of 'accuracy' (1, 2).")
    >>> found.stop()
    Traceback (most recent call last):
        ...
    annotate.fault.Fault: ratings.csv line 7, column 'score': '9' is not a point of 'accuracy' (1, 2).
    """

    def __init__(self, name: str, place: str = "line") -> None:
        self.name, self.place = name, place
        self._sentences: list[tuple[int, str]] = []
        self._more = 0

    def at(self, row: int, column: str, sentence: str) -> None:
        """Note what is wrong with one cell."""
        if len(self._sentences) < 10 * SHOWN:
            where = f"{self.name} {self.place} {row}, column {column!r}"
            self._sentences.append((int(row), f"{where}: {sentence}"))
        else:
            self._more += 1

    def about(self, sentence: str) -> None:
        """Note what is wrong with the file as a whole."""
        self._sentences.append((0, f"{self.name} {sentence}"))

    @property
    def rows(self) -> frozenset[int] | None:
        """The rows with something wrong in a cell; None where they were too many to note."""
        return None if self._more else frozenset(row for row, _ in self._sentences if row)

    def stop(self) -> None:
        """Raise what was found, in the order of the file; the rest is counted."""
        if not self._sentences:
            return
        ordered = [sentence for _, sentence in sorted(self._sentences, key=lambda pair: pair[0])]
        hidden = len(ordered) - SHOWN + self._more
        tail = (f"{self.name}: {hidden} more like these. Nothing was read.",) if hidden > 0 else ()
        raise Fault(*ordered[:SHOWN], *tail)


def shorten(value: object, limit: int = 60) -> str:
    """Return a value as a sentence quotes it.

    Examples
    --------
    >>> shorten("4 of 5")
    "'4 of 5'"
    """
    text = str(value)
    return repr(text if len(text) <= limit else text[: limit - 1] + "…")


def listed(names: object, limit: int = 12) -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> listed(["a", "b"])
    'a, b'
    """
    names = [str(name) for name in names]  # type: ignore[attr-defined]
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more


def number_of(number: int, noun: str) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> number_of(1, "output"), number_of(2_000, "output")
    ('1 output', '2,000 outputs')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
