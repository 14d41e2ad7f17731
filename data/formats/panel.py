"""Panel files: TOML or YAML, the lead's own or shipped, with their prompt frames."""

from __future__ import annotations

import os
import tomllib
from importlib.resources import files
from pathlib import Path

import yaml

from annotate.fault import Fault
from annotate.jury.panel import Panel, panel_of
from annotate.yaml_nodes import compose


def panel_names() -> tuple[str, ...]:
    """Return the names of the shipped panels.

    Examples
    --------
    >>> panel_names()
    ('cheap', 'medhelm', 'open')
    """
    return tuple(
        sorted(entry.name.removesuffix(".toml") for entry in files("data").joinpath("panels").iterdir())
    )


def panel_text(name: str) -> str:
    """Return the text of a shipped panel."""
    return files("data").joinpath("panels", f"{name}.toml").read_text(encoding="utf-8")


def read_panel(place: str, *, samples: int | None = None) -> Panel:
    """Return the panel of a file, or a shipped one by its name.

    Examples
    --------
    >>> [juror.name for juror in read_panel("cheap").jurors]
    ['haiku', 'luna', 'llama-8b']
    """
    if place in panel_names():
        return parse_panel(panel_text(place), f"{place}.toml", samples=samples)
    path = Path(place)
    if not path.is_file():
        raise Fault(
            f"There is no panel file {place!r}, nor a shipped panel of that name "
            f"({', '.join(panel_names())})."
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise Fault(f"{place} cannot be read ({fault}).") from None
    return parse_panel(text, path.name, samples=samples, folder=path.parent)


def parse_panel(text: str, name: str, *, samples: int | None = None, folder: Path | None = None) -> Panel:
    """Return the panel in a file's text; the name's ending says which language it is.

    Without a `folder` only shipped prompt frames can be named: text that came by a page opens no file here.
    """
    if not name.endswith(".toml"):
        compose(text, name)  # it refuses what would grow without end
    try:
        raw = tomllib.loads(text) if name.endswith(".toml") else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError, RecursionError) as fault:  # a date may be none, a number too long
        raise Fault(f"{name} cannot be read: {' '.join(str(fault).split())}.") from None
    return panel_of(
        raw,
        name=Path(name).stem,
        template=lambda frame: _frame(frame, folder),
        samples=samples,
        keys=open_keys(),
    )


def open_endpoints() -> set[str]:
    """Return the endpoints that a panel from the browser may ask: `CONSILIUM_JURY_ENDPOINTS`.

    Examples
    --------
    >>> sorted(open_endpoints())[:2] if "CONSILIUM_JURY_ENDPOINTS" not in os.environ else None
    ['127.0.0.1:11434', '127.0.0.1:8000']
    """
    said = os.environ.get("CONSILIUM_JURY_ENDPOINTS")
    if said is not None:
        return set(said.replace(",", " ").lower().split())
    return {juror.endpoint for name in panel_names() for juror in read_panel(name).jurors}


def open_keys() -> set[str] | None:
    """Return the variables that panels may name as keys: `CONSILIUM_JUROR_KEYS`; None where it is not set."""
    said = os.environ.get("CONSILIUM_JUROR_KEYS")
    return None if said is None else set(said.replace(",", " ").split())


def _frame(name: str, folder: Path | None) -> str:
    """Return a prompt frame: shipped, by name; or a file beside the panel file."""
    shipped = files("data").joinpath("prompts", f"{name}.txt")
    if "/" not in name and "\\" not in name and shipped.is_file():
        return shipped.read_text(encoding="utf-8")
    if folder is not None and (folder / name).is_file():
        return (folder / name).read_text(encoding="utf-8-sig")
    raise Fault(
        f"There is no prompt frame {name!r}; name a shipped one (medhelm) or a text file beside the panel."
    )
