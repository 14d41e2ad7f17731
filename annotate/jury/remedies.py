"""What a server's refusal asks of the lead: credit, a key, another setting; each said with what to do."""

from __future__ import annotations

import re

from annotate.jury.juror import Juror

_CONCERNS_ALL = {
    401: "the key is not accepted. Check {key} and run again; nothing that was answered is asked again.",
    403: "the key may not do this. Check what {key} may use and run again.",
    404: "there is no such model or address. Check model {model!r} and {url} in the panel file.",
    405: "nobody takes questions at this address. Check {url} in the panel file: some end in /v1.",
    407: "the proxy on the way wants a password. Write it into HTTPS_PROXY, or name the host in NO_PROXY.",
}


def remedy(status: int, juror: Juror) -> str:
    """Return what to do about a status that concerns every call; empty for any other.

    Examples
    --------
    >>> remedy(404, Juror("a", "openai", "m", "", base_url="http://127.0.0.1/v1"))
    "there is no such model or address. Check model 'm' and http://127.0.0.1/v1 in the panel file."
    >>> remedy(500, Juror("a", "openai", "m", ""))
    ''
    """
    key = juror.key_variable or "its key"
    return _CONCERNS_ALL.get(status, "").format(key=key, model=juror.model, url=juror.url)


_SPENT = (
    "insufficient_quota",
    "exceeded your current quota",
    "credit balance",
    "credit limit exceeded",
    "billing_hard_limit",
    "billing_error",
    "billing_not_active",
    "spend limit",
    "specified api usage limits",
    "call volume quota",
    "key limit exceeded",
    "budget_exceeded",
    "exceeded its monthly budget",
    "exceeded their budget",
    "out of credits",
    "insufficient credits",
    "insufficient funds",
    "insufficient balance",
    "payment required",
)


def quota(body: str) -> bool:
    """Return whether an error is about money and not about pace.

    Examples
    --------
    >>> quota('{"code": "insufficient_quota"}'), quota('{"code": "rate_limit_exceeded"}')
    (True, False)
    """
    lowered = body[:10_000].lower()
    return any(sign in lowered for sign in _SPENT)


_TOO_LARGE = ("request too large", "reduce the length", "tokens must be reduced")


def too_large(words: str) -> bool:
    """Return whether a call is refused for its size, whatever the pace: waiting does not make it smaller.

    Examples
    --------
    >>> too_large("Request too large for m on tokens per min: Limit 30000, Requested 40000.")
    True
    """
    return any(sign in words.lower() for sign in _TOO_LARGE)


_NOT_TAKEN = re.compile(
    r"unsupported|not support|not permitted|not allowed|deprecated|unrecogni[sz]ed|unknown|unexpected", re.I
)


def not_taken(words: str, juror: Juror) -> str:
    """Return what to change where a server does not take something that every call of a juror carries.

    Examples
    --------
    >>> juror = Juror("a", "openai", "m", "", parameters={"temperature": 0})
    >>> not_taken("Unsupported value: 'temperature' does not support 0 with this model", juror)
    "take 'temperature' out of its parameters in the panel file (it is another rater then), and run again."
    >>> not_taken("max_tokens is too large: 5000", juror)
    ''
    """
    if not _NOT_TAKEN.search(words):
        return ""
    named = {field: found.start() for field in _sent(juror) if (found := re.search(rf"\b{field}\b", words))}
    if not named:
        return ""
    change = _sent(juror)[min(named, key=named.__getitem__)]
    return f"{change} in the panel file (it is another rater then), and run again."


def _sent(juror: Juror) -> dict[str, str]:
    """Return what to do about each field of a request that its juror can do without, or call otherwise."""
    looser = {"schema": 'structure = "json" or "prompt"', "json": 'structure = "prompt"'}
    fields = {re.escape(name): f"take {name!r} out of its parameters" for name in juror.parameters}
    if juror.structure in looser:
        names = ("response_format", "json_schema", "output_config", "output_format", "structured")
        fields |= {name: f"write {looser[juror.structure]} for it" for name in names if name not in fields}
    if juror.provider == "openai":
        other = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
        fields[juror.limit_field] = f'write limit = "{other[juror.limit_field]}" for it'
    return fields
