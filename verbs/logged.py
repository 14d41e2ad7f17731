"""The log as people read it: who did what, when, and what changed, in words and not in code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from data.tables import AuditEvent

_HASH = re.compile(r"[0-9a-f]{32,}")


def rows(events: Iterable[AuditEvent]) -> list[dict[str, str]]:
    """Return the log for a page, the newest event first."""
    return [
        {
            "When (UTC)": event.at.strftime("%Y-%m-%d %H:%M:%S"),
            "Who": event.who,
            "What": event.action,
            "Subject": said(event.subject),
            "Before": said(event.before),
            "After": said(event.after),
            "Why": event.reason,
        }
        for event in reversed(list(events))
    ]


def said(value: object) -> str:
    """Return what an event holds in words: hashes short, nothing for what is not there.

    Examples
    --------
    >>> said({"assignments": 360}), said({"per_item": 2, "cap": None}), said(["a", "b"]), said(None)
    ('assignments: 360', 'per item: 2', 'a, b', '')
    >>> said("0123456789abcdef" * 4)
    '0123456789ab…'
    """
    if isinstance(value, Mapping):
        known = {str(key).replace("_", " "): said(part) for key, part in value.items()}
        return "; ".join(f"{key}: {words}" for key, words in known.items() if words)
    if isinstance(value, list | tuple):
        return ", ".join(map(said, value))
    if value is None:
        return ""
    return _HASH.sub(lambda found: f"{found[0][:12]}…", str(value))
