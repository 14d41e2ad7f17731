"""What comes back from a server: a raw reply, and what its envelope says around the answer."""

from __future__ import annotations

import email.utils
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from annotate.jury.reading import Outcome
from annotate.storable import storable


@dataclass(frozen=True, slots=True)
class Raw:
    """A reply as it arrived, or why none did.

    Attributes
    ----------
    status : int
        HTTP status; 0 where there was none.
    body : bytes
        As received, but for the key, should a server have echoed it.
    lost : str
        Why no whole reply arrived; empty where one did.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    lost: str = ""

    def __post_init__(self) -> None:
        # It may quote the server, and goes into the ledger and into ratings.
        object.__setattr__(self, "lost", storable(self.lost))

    @property
    def request_id(self) -> str:
        """Return the provider's own number for the request, as it can be kept."""
        return storable((self.headers.get("request-id") or self.headers.get("x-request-id") or "")[:200])


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as billed: `input` counts cached ones too, whichever way the provider counts."""

    input: int
    output: int
    cache_read: int = 0
    cache_write: int = 0


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a provider says around the answer. `outcome` is "usable" where `text` may be read."""

    outcome: Outcome
    text: str = ""
    why: str = ""
    model: str = ""
    usage: Usage | None = None


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds that a server asks to wait, however it says so; None where it does not.

    Examples
    --------
    >>> retry_after({"retry-after": "2.5"})
    2.5
    >>> retry_after({"retry-after": "soon"}) is None
    True
    """
    milliseconds = _seconds(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return milliseconds / 1000
    said = headers.get("retry-after", "")
    seconds = _seconds(said)
    if seconds is not None or not said:
        return seconds
    try:
        until = email.utils.parsedate_to_datetime(said)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - (now or datetime.now(UTC))).total_seconds())


def _seconds(said: str) -> float | None:
    try:
        number = float(said)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def count(value: object) -> int | None:
    """Return a number of tokens, or None for what cannot be one.

    Examples
    --------
    >>> count(12), count("12"), count(-1), count(True)
    (12, None, None, None)
    """
    return value if type(value) is int and 0 <= value < 10**9 else None
