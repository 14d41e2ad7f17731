"""JSON from a server that may write anything: read as the standard has it, or refused with why."""

from __future__ import annotations

import json
import math


class Unreadable(ValueError):
    """Why a reply is not the form, filled."""


def strict_json(text: str | bytes) -> object:
    """Return what a JSON text says; `Unreadable` for doubled keys, NaN, infinity and what is not JSON."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_never, parse_float=_finite)
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable("The reply is nested too deeply.") from None
    except ValueError:
        start = (text if isinstance(text, str) else text.decode("utf-8", "replace")).strip()[:60]
        raise Unreadable(f"The reply is not JSON: it begins {start!r}.") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise Unreadable("The reply says one field twice.")
    return table


def _never(word: str) -> object:
    raise Unreadable(f"The reply holds {word}, which is not JSON.")


def _finite(number: str) -> float:
    value = float(number)
    if math.isinf(value):
        raise Unreadable(f"The reply holds {number[:20]}, which is no number.")
    return value
