"""What the systems' outputs cost, where the items file says how many tokens they took."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from agreement.paper.document import Block, Cell, Table, Text
from agreement.paper.whole import FEWEST, Whole
from agreement.systems import paper_cost

TOKENS = ("prompt_tokens", "output_tokens", "max_output_tokens")
PRICES = ("input_price", "output_price")
NOTE = (
    "Upper bound: MedHELM's formula, prompt tokens at the input price and outputs times the most tokens "
    "allowed at the output price. Used: the tokens that were really written. Sums over outputs, not "
    "estimates: they have no range. Prices are those of the items file, a million tokens."
)


def cost(whole: Whole, systems: Mapping[str, int]) -> list[Block]:
    """Return the cost of each system's outputs, or the sentence that says what is missing."""
    there = set(whole.facts) if whole.facts is not None else set()
    missing = [name for name in (*TOKENS, *PRICES) if name not in there]
    if missing:
        return [Text(f"Cost against win rate is not shown: the items file has no {_and(missing)}.", "note")]
    assert whole.facts is not None
    facts = whole.facts[whole.facts["system"].isin(list(systems))]
    numbers = facts[[*TOKENS, *PRICES]].apply(pd.to_numeric, errors="coerce")
    rows = tuple(_row(name, numbers[facts["system"] == name]) for name in systems)
    columns = ("system", "outputs", "without counts", "upper bound", "used")
    return [Table("systems_cost", "What the outputs cost", columns, rows, NOTE)]


def _row(name: str, rows: pd.DataFrame) -> tuple[Cell, ...]:
    known = rows.dropna()
    lost = len(rows) - len(known)
    if not len(known) or len(rows) < FEWEST:
        return (name, len(rows) if len(rows) >= FEWEST else f"fewer than {FEWEST}", lost, None, None)
    bound = sum(
        paper_cost(p, 1, int(most), input_price=price_in / 1e6, output_price=price_out / 1e6)
        for p, most, price_in, price_out in known[["prompt_tokens", "max_output_tokens", *PRICES]].itertuples(
            index=False
        )
    )
    used = known["prompt_tokens"] * known["input_price"] + known["output_tokens"] * known["output_price"]
    return (name, len(known), lost, float(bound), float(np.sum(used) / 1e6))


def _and(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
