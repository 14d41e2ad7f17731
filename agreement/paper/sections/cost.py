"""What the systems' outputs cost and what they win for it, as far as tokens and prices are known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from agreement.decision.check import listed
from agreement.estimate import Estimate
from agreement.paper.document import Block, Cell, Chart, Table, Text
from agreement.paper.draw import points
from agreement.paper.whole import FEWEST, Whole
from agreement.systems import paper_cost

PRICES = ("input_price", "output_price")
WAYS = {
    "upper bound": ("prompt_tokens", "max_output_tokens", *PRICES),
    "used": ("prompt_tokens", "output_tokens", *PRICES),
}
"""What each way of counting needs."""
NOTE = (
    "Upper bound: MedHELM's formula, prompt tokens at the input price and outputs times the most tokens "
    "allowed at the output price. Used: the tokens that were really written. Dollars, sums over the outputs "
    "whose tokens and price are known, counted beside each; not estimates, so they have no range. Prices are "
    "those of the items file, a million tokens, else those of the public list that is named with the data."
)
Won = Mapping[str, Mapping[str, Estimate]]
"""Win rates by source and system."""


def cost(whole: Whole, systems: Mapping[str, int], won: Won) -> list[Block]:
    """Return the cost of each system's outputs beside its win rates, and what is missing for the rest."""
    facts = whole.facts
    there = set(facts) if facts is not None else set()
    lost = {way: [name for name in needs if name not in there] for way, needs in WAYS.items()}
    if facts is None or all(lost.values()):
        missing = dict.fromkeys(name for names in lost.values() for name in names)
        return [
            Text(
                f"Cost against win rate is not shown: the items file has no {listed(list(missing))}.", "note"
            )
        ]
    facts = facts[facts["system"].isin(list(systems))]
    sums = {(way, name): _sum(way, facts[facts["system"] == name]) for way in WAYS for name in systems}
    rows: list[tuple[Cell, ...]] = []
    for name in systems:
        counts = [cell for way in WAYS for cell in sums[way, name]]
        rows.append((name, systems[name] if systems[name] >= FEWEST else f"fewer than {FEWEST}", *counts,
                     *(each.get(name) for each in won.values())))  # fmt: skip
    columns = (
        "system", "outputs", "upper bound", "counted for it", "used", "counted for used",
        *(f"win rate by {source}" for source in won),
    )  # fmt: skip
    table = Table("systems_cost", "What the outputs cost, and what they win", columns, tuple(rows), NOTE)
    charts = [chart for way in WAYS for chart in _chart(way, sums, won)]
    said = [
        Text(f"Cost by {'tokens used' if way == 'used' else 'the upper bound'} is not shown: "
             f"{_why(way, names, facts)}", "note")
        for way, names in lost.items()
        if not any(sums[way, name][1] for name in systems)
    ]  # fmt: skip
    return [*charts, table, *said]


def _sum(way: str, rows: pd.DataFrame) -> tuple[float | None, int | None]:
    """Return dollars, and how many outputs they stand on; nothing where too few are known."""
    if len(rows) < FEWEST or not set(WAYS[way]) <= set(rows):
        return None, None
    known = rows[list(WAYS[way])].apply(pd.to_numeric, errors="coerce").dropna()
    if len(known) < FEWEST:
        return None, None
    prompt, written, price_in, price_out = known.to_numpy(dtype=float).T
    dollars = (
        paper_cost(float(p), 1, int(w), input_price=i / 1e6, output_price=o / 1e6)
        for p, w, i, o in zip(prompt, written, price_in, price_out, strict=True)
    )
    return float(np.sum(list(dollars))), len(known)


def _chart(
    way: str, sums: Mapping[tuple[str, str], tuple[float | None, int | None]], won: Won
) -> list[Chart]:
    """Win rate against dollars an output, a system's name beside its range; by the source that knows most."""
    source = list(won)[-1] if won else ""
    rates = {name: e for name, e in won.get(source, {}).items() if e.defined and not np.isnan(e.low)}
    spots = {
        name: dollars / n
        for (of, name), (dollars, n) in sums.items()
        if of == way and dollars and n and name in rates
    }
    if len(spots) < 2:
        return []
    x, y = np.array(list(spots.values())), np.array([rates[name].value for name in spots])
    lines = [(name, [at, at], [rates[name].low, rates[name].high]) for name, at in spots.items()]
    picture = points(x, y, f"dollars an output, {way}", f"win rate by {source}", lines=lines)
    title = f"Cost against win rate, {way}"
    n = ", ".join(f"{name} {rates[name].n_items}" for name in spots)
    note = f"A circle is a system, its line the range of its win rate; outputs behind it: {n}."
    key = f"systems_cost_{'used' if way == 'used' else 'bound'}"
    return [Chart(key, title, picture, "systems_cost", note)]


def _why(way: str, missing: list[str], facts: pd.DataFrame) -> str:
    """What stands in the way: columns that are not there, or numbers that most outputs lack."""
    if missing:
        return f"the items file has no {listed(missing)}."
    numbers = facts[list(WAYS[way])].apply(pd.to_numeric, errors="coerce").notna().sum()
    least = str(numbers.idxmin())
    return f"{least} is known of {int(numbers.min())} of {len(facts)} outputs."
