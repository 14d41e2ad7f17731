"""The file of a plan: what a judge must reach, stated before anyone looked."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from agreement.decision import Plan
from annotate.fault import Fault


def read_plan(
    path: Path | None,
    margin: float | None = None,
    questions: Sequence[str] = (),
    high_is_bad: Sequence[str] = (),
) -> Plan:
    """Return the plan that a file states, with what the command line says instead."""
    plan = Plan.of(_stated(path)) if path else Plan()
    changes: dict[str, Any] = {"margin": margin} if margin is not None else {}
    if questions:
        changes["questions"] = tuple(questions)
    if high_is_bad:
        changes["high_is_bad"] = tuple(dict.fromkeys((*plan.high_is_bad, *high_is_bad)))
    return replace(plan, **changes)


def _stated(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix.lower() == ".toml":
            stated = tomllib.loads(text)
        else:  # JSON is YAML
            stated = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"{path.name} cannot be read: {error}; name the file of the plan.") from None
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        raise Fault(f"{path.name} is not a plan: {error}") from None
    if not isinstance(stated, dict):
        raise Fault(f"{path.name} is not a plan: write one 'name: value' a line, such as 'margin: 0.1'.")
    return stated
