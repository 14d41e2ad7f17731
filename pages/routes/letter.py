"""The JSON that a request brings, of bounded size."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.requests import Request


async def json_of(request: Request, longest: int) -> Any:
    """Return a JSON body of at most `longest` bytes; None for anything else, which no route takes."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > longest:
            return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
