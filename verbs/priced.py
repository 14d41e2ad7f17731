"""Prices of systems, from a public list where the items file gives none."""

from __future__ import annotations

import pandas as pd

from annotate.jury.price import listed_price

PRICES = ("input_price", "output_price")


def priced(facts: pd.DataFrame | None) -> tuple[pd.DataFrame | None, str]:
    """Return the facts with the price of each system's tokens, a million, and a sentence about the list.

    Only where tokens were counted, and never over a price that the file gives.

    Examples
    --------
    >>> facts = pd.DataFrame({"system": ["openai/gpt-4o-2024-05-13", "mine"], "prompt_tokens": "900"})
    >>> made, said = priced(facts)
    >>> made["output_price"].tolist(), said.split(",")[0]
    (['15', ''], 'genai-prices: openai/gpt-4o-2024-05-13')
    """
    if facts is None or not {"system", "prompt_tokens"} <= set(facts):
        return facts, ""
    given = [name for name in PRICES if name in facts]
    bare = (
        (facts[given].fillna("").astype(str) == "").all(axis=1)
        if given
        else pd.Series(True, index=facts.index)
    )
    listed = {name: listed_price(str(name)) for name in sorted(set(facts.loc[bare, "system"].astype(str)))}
    known = {name: price for name, price in listed.items() if price is not None}
    if not known:
        return facts, ""
    made = facts.copy()
    for at, column in enumerate(PRICES):
        before = made[column].fillna("").astype(str) if column in made else ""
        found = made["system"].astype(str).map({name: f"{price[at]:g}" for name, price in known.items()})
        made[column] = found.where(bare & found.notna(), before)
    source = next(iter(known.values()))[2]
    return made, f"{source.split()[0]}: {', '.join(known)}, version {source.split()[-1]}"
