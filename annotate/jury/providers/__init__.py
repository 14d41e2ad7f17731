"""The protocols that jurors' servers speak, through the providers' own SDKs."""

from __future__ import annotations

from types import ModuleType

from annotate.jury.juror import Flavour
from annotate.jury.providers import anthropic, openai
from annotate.jury.providers.sdk import Provider

__all__ = ["PROTOCOLS", "Provider"]

PROTOCOLS: dict[Flavour, ModuleType] = {"anthropic": anthropic, "openai": openai}
