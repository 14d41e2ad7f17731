"""A juror is configuration: who is asked, how, and a hash of everything that changes the answers."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Literal
from urllib.parse import urlsplit

from annotate.fault import Fault

Flavour = Literal["anthropic", "openai"]
Structure = Literal["schema", "json", "prompt"]
Limit = Literal["", "max_tokens", "max_completion_tokens"]

HOMES: dict[str, str] = {"anthropic": "https://api.anthropic.com", "openai": "https://api.openai.com/v1"}
KEYS: dict[str, str] = {"anthropic": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY"}


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars a million tokens, as a panel file states them."""

    input: float
    output: float
    cached: float | None = None


@dataclass(frozen=True)
class Juror:
    """One language model, set up in one way.

    Attributes
    ----------
    name : str
        What people call it; files say ``name@hash``.
    provider : "anthropic" or "openai"
        The protocol that its server speaks; "openai" for any compatible server.
    model, base_url : str
        Which model, where. An empty `base_url` is the provider's own.
    parameters : mapping
        Sent as they stand: what is absent stays absent.
    template : str
        The prompt frame with its placeholders (see `annotate.jury.prompt`).
    structure : "schema", "json" or "prompt"
        How strictly the server is told to answer in JSON; the reply is validated as strictly either way.
    limit : "", "max_tokens" or "max_completion_tokens"
        The field in which an OpenAI-compatible server takes `max_tokens`. Empty: the newer one at OpenAI's
        own address, the older one elsewhere; some gateways to its newest models take the newer one alone.
    samples : int
        How often each item is asked; occasions 1 … samples.
    family : str
        Model family, for reports that must not let a juror judge its own.
    validated : str
        The model snapshot that was validated; replies of any other are flagged.
    key_env : str
        The environment variable that holds the key. Empty: the provider's usual one, and none at all
        for a server that is not the provider's own.
    may_abstain : bool
        Whether "unable" is one of the offered answers, where clinicians have it too.
    in_flight, timeout, attempts, backoff, retry_after_cap, patience
        How hard the server is pressed, and how long a stumbling one is borne with (seconds).
    """

    name: str
    provider: Flavour
    model: str
    template: str
    base_url: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    max_tokens: int = 4096
    structure: Structure = "schema"
    limit: Limit = ""
    samples: int = 1
    family: str = ""
    validated: str = ""
    key_env: str = ""
    price: Price | None = None
    may_abstain: bool = False
    cache: bool = False
    in_flight: int = 64
    timeout: float = 180.0
    attempts: int = 5
    backoff: float = 0.5
    retry_after_cap: float = 20.0
    patience: float = 120.0

    @cached_property
    def url(self) -> str:
        """Return where its requests go."""
        return (self.base_url or HOMES[self.provider]).rstrip("/")

    @cached_property
    def endpoint(self) -> str:
        """Return the name by which a lead allows texts to go there: the host, with its port if it has one."""
        parts = urlsplit(self.url)
        return (parts.hostname or "") + (f":{parts.port}" if parts.port else "")

    @property
    def limit_field(self) -> str:
        """Return the field of an OpenAI-compatible request that holds `max_tokens`."""
        return self.limit or ("max_completion_tokens" if self.url == HOMES["openai"] else "max_tokens")

    @property
    def facts(self) -> dict[str, object]:
        """Return all that changes its answers."""
        return {
            "provider": self.provider,
            "url": self.url,
            "model": self.model,
            "parameters": self.parameters,
            "max_tokens": self.max_tokens,
            "template": self.template,
            "structure": self.structure,
            "may_abstain": self.may_abstain,
        } | ({"limit": self.limit} if self.limit else {})

    @cached_property
    def identity(self) -> str:
        """Return a hash of all that changes its answers. Change one and it is another rater."""
        return hashlib.sha256(canonical(self.facts).encode()).hexdigest()

    @cached_property
    def rater(self) -> str:
        """Return its name in a file of ratings."""
        return f"{self.name}@{self.identity[:8]}"

    @property
    def key_variable(self) -> str:
        """Return the environment variable of its key; empty where it has none.

        A provider's own key is never offered to another host.
        """
        return self.key_env or (KEYS[self.provider] if self.url == HOMES[self.provider] else "")


def at_home(juror: Juror) -> bool:
    """Return whether the juror's server is this machine itself. A name that merely resolves here is not.

    Examples
    --------
    >>> at_home(Juror("a", "openai", "m", "", base_url="http://127.0.0.1:8000/v1"))
    True
    >>> at_home(Juror("a", "openai", "m", "", base_url="http://127.0.0.1.example.org/v1"))
    False
    """
    return _loopback(urlsplit(juror.url).hostname or "")


@cache
def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_address(juror: Juror) -> None:
    """Raise a `Fault` for an address that two readers could take for two different hosts."""
    parts = urlsplit(juror.url)
    plain = juror.url.isascii() and not any(sign in juror.url for sign in "\\@?# \t\r\n")
    try:
        _ = parts.port
    except ValueError:
        plain = False
    if not plain or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Fault(
            f"Juror {juror.name!r}: {juror.url!r} is not a plain address; "
            "write http(s)://host[:port]/path without user names, queries or signs."
        )


def check_key(juror: Juror, named: Collection[str] | None = None) -> None:
    """Raise a `Fault` where a panel would send out what is no juror's key, or a provider's key elsewhere.

    Whoever writes a panel need not be whoever set the machine up, whose environment holds other secrets:
    tokens of code hosts, keys of clouds and databases. `named` are the variables that panels may use, as
    whoever set it up has said; where nothing was said, those that are called what jurors' keys are called.
    """
    name = juror.key_env
    fitting = bool(re.fullmatch(r"[A-Z][A-Z0-9_]*_API_KEY", name)) if named is None else name in named
    if name and name not in KEYS.values() and not fitting:
        remedy = "a name that ends in _API_KEY, or one listed" if named is None else "one that is listed"
        raise Fault(
            f"Juror {juror.name!r}: the key of a juror may not be read from {name!r}; "
            f"use {remedy} in the environment variable CONSILIUM_JUROR_KEYS."
        )
    owner = next((provider for provider, key in KEYS.items() if key == name), None)
    if owner is not None and urlsplit(juror.url)[:2] != urlsplit(HOMES[owner])[:2]:
        raise Fault(
            f"Juror {juror.name!r}: {name} is offered to {urlsplit(HOMES[owner]).hostname} only; "
            "give another server a variable of its own."
        )


def canonical(value: object) -> str:
    """Return one JSON text for one value, whatever the order of its keys.

    Examples
    --------
    >>> canonical({"b": 1, "a": [True, None]})
    '{"a":[true,null],"b":1}'
    """
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
