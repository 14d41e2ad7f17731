"""Sentences to look at first: a model's order, always beside plain overlap, and how both were checked."""

from __future__ import annotations

import numpy as np

from agreement.paper.document import Block, Cell, Section, Table, Text
from agreement.paper.whole import Whole
from agreement.statements import Suggested, Suggestion

KEY = "statements"
TITLE = "11 Sentences to look at first"
MOST_OUTPUTS, MOST_SENTENCES = 20, 5
CHECKED = (
    "AUROC: how often a flagged sentence comes before one that stood, within outputs that clinicians called "
    "bad; 0.5 is a coin. Every sentence was placed by a model that saw no flag of its case; n counts "
    "sentences. rho is the share of fine sentences in bad outputs, as flagged; it is moved to see what hangs "
    "on it. The last column: bad outputs in which the first sentence stays the same."
)
ORDERS = (
    "Suggested by a mixture model (arXiv 2406.08322: tf-idf, overlap with the source, length and place; "
    "logistic regression), place 1 first; overlap puts the sentence with the fewest words of the source "
    "first. A suggestion is a place to look, not a finding. Sentences are counted from the output's start."
)


def statements(whole: Whole) -> Section | None:
    """Return the suggestions; None where clinicians judged no sentences."""
    blocks = [block for one in whole.statements for block in _blocks(one)]
    return Section(KEY, TITLE, tuple(blocks)) if blocks else None


def _blocks(one: Suggested) -> list[Block]:
    named = f"{one.question}: " if one.question else ""
    if one.refused:
        return [Text(f"{named}No sentences are suggested. {one.refused}", "note")]
    blocks: list[Block] = [Text(verdict(one)), checked(one), _orders(one)]
    if one.strays:
        said = (
            f"{named}the model takes it that an output without the fault has no faulty sentence; "
            f"{one.strays} flagged sentences stand in such outputs."
        )
        blocks.append(Text(said, "note"))
    return blocks


def verdict(one: Suggested) -> str:
    """Return in words which of the two orders finds flagged sentences."""
    gap = one.difference
    if gap.low > 0:
        answer = "The suggested order finds flagged sentences better than plain overlap with the source does."
    elif gap.high < 0:
        answer = "Plain overlap with the source finds flagged sentences better: look in its order."
    else:
        answer = "No difference from plain overlap with the source is shown: either order will do."
    return (
        f"{one.question}: clinicians said yes of {one.bad} of {one.bags} outputs and judged sentences under "
        f"{one.flagged}. {answer}"
    )


def checked(one: Suggested) -> Table:
    """Return the AUROC of both orders, with the other values of rho."""
    rows: list[tuple[Cell, ...]] = [("plain overlap with the source", None, one.overlap, None)]
    for rho, area, same in one.by_rho:
        name = "suggested" if rho == one.rho else "suggested, rho moved"
        rows.append((name, f"{rho:.2f}", area, f"{same:.0%}"))
    rows.append(("suggested less overlap", f"{one.rho:.2f}", one.difference, None))
    columns = ("order", "rho", "AUROC", "same first sentence")
    title = f"Do the orders find flagged sentences? {one.question}"
    return Table(f"statements_checked_{one.question}", title, columns, tuple(rows), CHECKED)


def _orders(one: Suggested) -> Table:
    of: dict[tuple[str, str], list[Suggestion]] = {}
    for each in one.suggestions:
        of.setdefault(each.key, []).append(each)
    shown = [each for key in list(of)[:MOST_OUTPUTS] for each in of[key][:MOST_SENTENCES]]
    rows = tuple(
        (each.key[0], each.key[1], each.number, each.place, each.overlap_place, each.chance, each.overlap,
         flag_of(each.flag), each.text)
        for each in shown
    )  # fmt: skip
    columns = (
        "output", "part", "sentence", "place suggested", "place by overlap", "chance", "overlap",
        "clinicians", "text",
    )  # fmt: skip
    note = ORDERS
    if len(of) > MOST_OUTPUTS or len(shown) < len(one.suggestions):
        outputs = f"{min(len(of), MOST_OUTPUTS)} of {len(of)} outputs"
        note += f" Shown: the first {MOST_SENTENCES} sentences of {outputs}."
    if not any(each.text for each in shown):
        note += " The texts stay in the house."
    title = f"Suggested sentences, {one.question}"
    return Table(f"statements_{one.question}", title, columns, rows, note)


def flag_of(flag: float) -> str:
    """Return what most clinicians said of a sentence."""
    return "not judged" if np.isnan(flag) else "flagged" if flag else "let stand"
