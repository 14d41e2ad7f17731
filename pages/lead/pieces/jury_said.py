"""A jury in words and rows: what it will cost, how far it is, what the panel scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from annotate.jury.forecast import Forecast
from annotate.jury.juror import at_home
from annotate.jury.progress import Progress
from annotate.jury.verdicts import PanelScore

Row = dict[str, object]
SAW_INSTEAD = {
    "padded": "A check: words that add nothing were appended to what stands here.",
    "canary": "A check: an instruction to the juror was planted after what stands here.",
    "mismatched": "A check: the juror saw another item's output in place of what stands here.",
    "reversed": "A check: the questions came in reverse order.",
    "swapped": "A check: the juror saw the outputs in the other order. Answers below are turned back; "
    "its own words are not, so A in them is the last output here.",
    "no-reference": "A check: the reference answer was not shown.",
}
"""What a juror saw that differs from the item, by the check that changed it."""


def estimate_row(one: Forecast) -> Row:
    """Return a juror's share of a run as a row."""
    return {
        "juror": one.juror.name,
        "model": one.juror.model,
        "where": _where(one),
        "key from": one.juror.key_variable,
        "calls": one.to_ask,
        "known already": one.known,
        "expected": "price unknown" if one.dollars is None else f"${one.dollars:.2f}",
        "at most": "" if one.worst is None else f"${one.worst:.2f}",
        "price from": one.price.removeprefix("prices: "),
    }


def question_of(estimates: Sequence[Forecast], budget: str) -> str:
    """Return what a lead confirms before anything is sent.

    Examples
    --------
    >>> from annotate.jury.juror import Juror
    >>> juror = Juror("a", "openai", "m", "", base_url="http://127.0.0.1:8000/v1")
    >>> print(question_of([Forecast(juror, 9, 2, 0, 0, 0.5, 2.0, "", "")], "1.00"))
    7 calls go to this machine. Expected cost: $0.50, at most $2.00. It stops before it exceeds 1.00.
    """
    ask = sum(one.to_ask for one in estimates)
    places = ", ".join(dict.fromkeys(_where(one) for one in estimates if one.to_ask))
    if any(one.dollars is None or one.worst is None for one in estimates):
        money = "What it costs is not known: a price is missing."
    else:
        most = sum(one.worst or 0 for one in estimates)
        money = f"Expected cost: ${sum(one.dollars or 0 for one in estimates):.2f}, at most ${most:.2f}."
    stop = f"It stops before it exceeds {budget}." if budget.strip() else "No limit is set."
    return f"{ask:,} {'call goes' if ask == 1 else 'calls go'} to {places}. {money} {stop}"


def progress_words(now: Progress) -> str:
    """Return how far a run is."""
    said = f"{now.known + now.done:,} of {now.total:,} verdicts"
    failed = sum(n for outcome, n in now.outcomes.items() if outcome != "usable")
    parts = [f"{failed:,} without an answer"] if failed else []
    if now.waiting:
        parts += [str(now.waiting)]
    elif now.left:
        parts += [f"{now.in_flight:,} in flight", f"{now.rate:.1f} a second"]
    parts += [f"${now.dollars:.2f} spent"]
    parts += [f"${now.to_come:.2f} to come"] if now.to_come else []
    return ", ".join([said, *parts])


def score_row(score: PanelScore) -> Row:
    """Return a panel's score as a row: it says what it stands on."""
    return {
        "item": score.item,
        **({"part": score.part} if score.part else {}),
        "question": score.question,
        "score": "" if score.value is None else f"{score.value:.2f}",
        "jurors": f"{score.behind} of {score.of}",
        "without": ", ".join(name.partition("@")[0] for name in score.missing),
    }


def attempt_facts(attempt: Mapping[str, Any]) -> str:
    """Return what is known of one reply: status, model, tokens, cost, request."""
    parts = [f"status {attempt['status']}" if attempt["status"] else "no whole reply"]
    parts += [f"model {attempt['model']}"] if attempt["model"] else []
    if attempt["input_tokens"] is not None:
        parts.append(f"{attempt['input_tokens']:,} tokens in, {attempt['output_tokens']:,} out")
    if attempt["dollars"] is not None:
        parts.append(f"${attempt['dollars']:.4f} by {attempt['price_source']}, {attempt['price_date']}")
    parts += [f"request {attempt['request_id']}"] if attempt["request_id"] else []
    parts += ["in a batch"] if attempt["batch"] else []
    return ", ".join(parts)


def verdict_name(row: Mapping[str, object]) -> str:
    """Return how a verdict is listed."""
    why = "" if row["outcome"] == "usable" else f": {row['outcome']}, {row['why']}"
    again = f", time {row['sample']}" if row["sample"] != 1 else ""
    return f"{row['rater']}, item {row['item']}{again}{why}"


def _where(one: Forecast) -> str:
    return "this machine" if at_home(one.juror) else one.juror.endpoint
