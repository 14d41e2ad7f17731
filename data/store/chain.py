"""The chain of hashes over a study's ratings: each row's hash covers the row and the hash before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

FIELDS = (
    "item",
    "part",
    "rater",
    "question",
    "occasion",
    "round",
    "step",
    "status",
    "value",
    "number",
    "reason",
    "comment",
    "confidence",
    "submitted_at",
)
"""What a hash covers, under the names of the long ratings file."""

_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode  # made once: a file has 100,000


def link(previous: str, row: Mapping[str, Any]) -> str:
    """Return the hash of `row` after the row whose hash is `previous` (empty for the first).

    It is the SHA-256 of canonical JSON text, so that anyone can compute it from an export.

    Examples
    --------
    >>> row = dict.fromkeys(FIELDS, "x")
    >>> link("", row) == link("", dict(row))
    True
    >>> link("", row) == link("", {**row, "value": "y"})
    False
    """
    content = {name: row[name] for name in FIELDS}
    content["previous"], content["submitted_at"] = previous, _plain(content["submitted_at"])
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def broken_at(rows: Iterable[Mapping[str, Any]]) -> int | None:
    """Return the position of the first row whose hash does not follow; None where all do."""
    previous = ""
    for position, row in enumerate(rows):
        if row["hash"] != link(previous, row):
            return position
        previous = row["hash"]
    return None


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value
