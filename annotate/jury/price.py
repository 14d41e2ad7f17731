"""What a reply costs: the panel file's own price, else a public price list, with source and date."""

from __future__ import annotations

from datetime import UTC, datetime

from annotate.jury.juror import HOMES, Juror, at_home
from annotate.jury.ledger import Cost
from annotate.jury.reply import Usage

BATCHED = 0.5
"""Both providers bill a batch at half the price."""


def cost(juror: Juror, usage: Usage | None, *, model: str = "", batch: bool = False) -> Cost | None:
    """Return what a reply cost; None where nobody knows.

    Examples
    --------
    >>> from annotate.jury.juror import Price
    >>> juror = Juror("a", "openai", "m", "", price=Price(2.0, 10.0))
    >>> cost(juror, Usage(input=1_000_000, output=100_000)).dollars
    3.0
    """
    if usage is None:
        return None
    today = datetime.now(UTC).date().isoformat()
    if juror.price is not None:
        cached = juror.price.input if juror.price.cached is None else juror.price.cached
        fresh = usage.input - usage.cache_read
        dollars = (
            fresh * juror.price.input + usage.cache_read * cached + usage.output * juror.price.output
        ) / 1e6
        return Cost(dollars, "panel file", today)
    if at_home(juror):
        return Cost(0.0, "own server", today)
    listed = _listed(juror, usage, model or juror.model) or _listed(juror, usage, juror.model)
    if listed is None:
        return None
    return Cost(listed[0] * (BATCHED if batch else 1.0), listed[1], today)


def worst(juror: Juror, input_tokens: int, *, batch: bool = False) -> Cost | None:
    """Return what a call can cost at most: all its input fresh, all its output used."""
    return cost(juror, Usage(input_tokens, juror.max_tokens), batch=batch)


def listed_price(system: str) -> tuple[float, float, str] | None:
    """Return a public list's input and output price a million tokens, and the list; None where it has none.

    Examples
    --------
    >>> listed_price("openai/gpt-4o-2024-05-13")[:2], listed_price("our own model")
    ((5.0, 15.0), None)
    """
    import genai_prices

    provider, _, model = system.partition("/")
    if not model:
        return None
    found = []
    for usage in (genai_prices.Usage(input_tokens=1000), genai_prices.Usage(output_tokens=1000)):
        try:
            price = genai_prices.calc_price(usage, model, provider_id=provider)
        except (LookupError, ValueError):
            return None
        found.append(round(float(price.total_price) * 1000, 9))
    return found[0], found[1], f"genai-prices {genai_prices.__version__}"


def _listed(juror: Juror, usage: Usage, model: str) -> tuple[float, str] | None:
    import genai_prices

    tokens = genai_prices.Usage(
        input_tokens=usage.input,
        output_tokens=usage.output,
        cache_read_tokens=usage.cache_read,
        cache_write_tokens=usage.cache_write,
    )
    at = datetime.now(UTC)
    try:
        if juror.url == HOMES[juror.provider]:
            price = genai_prices.calc_price(
                tokens, model, provider_id=juror.provider, genai_request_timestamp=at
            )
        else:
            price = genai_prices.calc_price(
                tokens, model, provider_api_url=juror.url, genai_request_timestamp=at
            )
    except (LookupError, ValueError):
        return None
    return float(price.total_price), f"genai-prices {genai_prices.__version__}"
