"""What a run counted of each output: tokens read and written, and how many it might have written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from annotate.item import Item
from data.formats.helm.shapes import mapping, sequence

COUNTED = ("num_prompt_tokens", "num_output_tokens")
"""HELM's names in per_instance_stats."""

NAMED = ("prompt_tokens", "output_tokens", "max_output_tokens")
"""Ours, among an item's strata."""


def alike(one: Item, other: Item) -> bool:
    """Return whether two items are one output: other releases count other tokens of it.

    Examples
    --------
    >>> one = Item("a", strata={"prompt_tokens": "437"})
    >>> alike(one, Item("a", strata={"prompt_tokens": "82"})), alike(one, Item("a", strata={"ward": "x"}))
    (True, False)
    """
    first, second = (
        replace(item, strata={k: v for k, v in item.strata.items() if k not in NAMED})
        for item in (one, other)
    )
    return first == second


def tokens(
    asked: Mapping[str, Any], number: int, values: Mapping[str, float], adapter: Mapping[str, Any]
) -> dict[str, str]:
    """Return prompt_tokens, output_tokens and max_output_tokens of one completion, as far as they are known.

    HELM writes 0 output tokens where a model's client told it none: that is no count, and is left out.

    Examples
    --------
    >>> asked = {"request": {"max_tokens": 768}, "result": {"completions": [{"text": "Rest.", "tokens": []}]}}
    >>> tokens(asked, 0, {"num_prompt_tokens": 4457.0, "num_output_tokens": 0.0}, {})
    {'prompt_tokens': '4457', 'max_output_tokens': '768'}
    """
    completions = sequence(mapping(asked.get("result")).get("completions"))
    own = len(sequence(mapping(completions[number]).get("tokens"))) if number < len(completions) else 0
    counted = values.get("num_output_tokens", 0.0) if len(completions) == 1 else 0.0
    found = {
        "prompt_tokens": values.get("num_prompt_tokens", 0.0),
        "output_tokens": counted or own,
        "max_output_tokens": mapping(asked.get("request")).get("max_tokens")
        or adapter.get("max_tokens")
        or 0,
    }
    return {name: f"{value:.0f}" for name, value in found.items() if _counts(value)}


def _counts(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e15
