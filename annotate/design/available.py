"""A rater as a design sees one: a key, a group, specialties, and how much may be asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Available:
    """One rater who can be given items.

    Attributes
    ----------
    rater : str
        Key within the study.
    group : str
        Profession or another group that the protocol counts; empty where it counts none.
    specialties : tuple of str
        What an item's column named by `Design.match` may ask for.
    cap : int or None
        At most so many forms, hidden repeats included; None leaves it to the protocol.
    """

    rater: str
    group: str = ""
    specialties: tuple[str, ...] = ()
    cap: int | None = None
