"""What a batch brought: one reply for each of its calls, whatever a server puts into it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from annotate.jury.reply import Raw

MISSING = "the batch holds no reply to this call"
TWO = "the batch holds two different replies to this call"


def brought(keys: Sequence[str], results: Iterable[tuple[str, Raw]]) -> tuple[dict[str, Raw], str]:
    """Return a reply for every call of a batch, and in words what was wrong with the batch.

    Lines come with the call's key; one that names no call, a broken one for instance, has its reason.
    A call whose reply is not there, or is told in two ways, has none: nobody guesses which.

    Examples
    --------
    >>> found, odd = brought(["a", "b"], [("a", Raw(200, b"{}")), ("c", Raw(200, b"{}"))])
    >>> found["b"].lost, odd
    ('the batch holds no reply to this call', '1 call without a reply, 1 reply to a call that is not in it')
    """
    told: dict[str, list[Raw]] = defaultdict(list)
    broken: list[str] = []
    for key, raw in results:
        if key:
            told[key].append(raw)
        else:
            broken.append(raw.lost)
    why = "; ".join([MISSING, *dict.fromkeys(broken)])[:300]
    found = {key: _one(told[key]) if key in told else Raw(0, lost=why) for key in keys}
    strange = sum(len(rows) for key, rows in told.items() if key not in found)
    counts = {
        ("call without a reply", "calls without a reply"): sum(key not in told for key in keys),
        ("call with two different replies", "calls with two different replies"): sum(
            raw.lost == TWO for raw in found.values()
        ),
        ("reply to a call that is not in it", "replies to calls that are not in it"): strange,
    }
    odd = [f"{n} {one if n == 1 else several}" for (one, several), n in counts.items() if n]
    return found, ", ".join(odd + list(dict.fromkeys(broken)))


def lacking(raw: Raw) -> bool:
    """Return whether a batch that has ended simply lacks the reply: it may have been paid all the same."""
    return raw.lost.startswith(MISSING)


def _one(rows: list[Raw]) -> Raw:
    """Return a call's reply; of several the one that came through, if there is but one such."""
    whole = [raw for raw in rows if raw.status == 200] or rows
    bodies = list(dict.fromkeys((raw.status, raw.body) for raw in whole))
    if len(bodies) == 1:
        return whole[0]
    return Raw(200, b"\n".join(body for _, body in bodies), lost=TWO)
