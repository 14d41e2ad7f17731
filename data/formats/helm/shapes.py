"""JSON of unknown shape, asked for one thing at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.storable import storable


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a JSON object, an empty one where there is none.

    Examples
    --------
    >>> mapping(None), mapping({"a": 1})
    ({}, {'a': 1})
    """
    return value if isinstance(value, Mapping) else {}


def sequence(value: Any) -> Sequence[Any]:
    """Return a JSON list, an empty one where there is none."""
    return value if isinstance(value, list) else ()


def text(value: Any) -> str:
    """Return a string as every database takes it, and an empty one for null or anything else.

    Examples
    --------
    >>> text("a"), text(None), text({"a": 1}), text("half \\ud83d")
    ('a', '', '', 'half ?')
    """
    return storable(value) if isinstance(value, str) else ""


def spoken(value: Any) -> str:
    """Return an input or a prompt: text, or the turns of a chat.

    Examples
    --------
    >>> spoken({"messages": [{"role": "user", "content": "It hurts."}]})
    'user: It hurts.'
    """
    if isinstance(value, str):
        return text(value)
    held = mapping(value)
    turns = sequence(held.get("messages"))
    media = sequence(mapping(held.get("multimedia_content")).get("media_objects"))
    if media and not held.get("text"):
        return _content([{"type": mapping(one).get("content_type"), **mapping(one)} for one in media])
    if held.get("text") or not turns:
        return text(held.get("text"))
    return "\n\n".join(
        f"{text(mapping(t).get('role'))}: {_content(mapping(t).get('content'))}" for t in turns
    )


def _content(value: Any) -> str:
    """A turn's text; a list of parts is joined, and a part that is not text is named."""
    parts = (
        text(mapping(part).get("text")) or f"[{mapping(part).get('type', 'part')}]"
        for part in sequence(value)
    )
    return text(value) or "\n".join(parts)
