"""Taking part: accepting the consent text, and leaving the study."""

from __future__ import annotations

from annotate.answers.answer import text
from data.store import Store, raters


def accept(store: Store, *, rater_id: int, shown: str) -> None:
    """Record that a rater agreed to the consent text that she was shown; a newer one asks her again."""
    with store.writing() as session:
        raters.consent(session, rater_id=rater_id, text=shown)


def leave(store: Store, *, rater_id: int, reason: str = "") -> None:
    """Record that a rater left the study. What was submitted stays; nothing more can be."""
    with store.writing() as session:
        if raters.by_id(session, rater_id=rater_id).left_at is None:
            raters.leave(session, rater_id=rater_id, reason=text(reason[:2000], "the reason", 2000))
