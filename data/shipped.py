"""Files that come with the package, read only: protocols, taxonomies, and MedHELM's benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from annotate.fault import Fault
from annotate.protocol import Protocol
from annotate.protocol_file import parse
from annotate.taxonomy import Taxonomy, parse_taxonomy


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One of MedHELM's benchmarks and its place in the taxonomy.

    Attributes
    ----------
    key, name : str
        As run names have it, and as people read it.
    category, subcategory : str
        Its place.
    open_ended, jury_scored : bool
        Whether the answers are free text, and whether a jury scored them.
    criteria : tuple of str
        What the jury was asked.
    metric, split : str
        The main metric and the split it was computed on.
    low, high : float
        The range of the main metric.
    access : str
        "public", "gated" or "private".
    in_paper : bool
        One of the paper's 35; the other two came with the released leaderboard.
    """

    key: str
    name: str
    category: str
    subcategory: str
    access: str
    open_ended: bool
    jury_scored: bool
    metric: str
    split: str
    low: float
    high: float
    in_paper: bool = True
    criteria: tuple[str, ...] = ()


def protocol_names() -> tuple[str, ...]:
    """Return the names of the shipped protocols.

    Examples
    --------
    >>> "medhelm" in protocol_names()
    True
    """
    return _names("protocols")


def protocol_text(name: str) -> str:
    """Return the text of a shipped protocol; a Fault where there is none of that name."""
    return _text("protocols", name, "protocol")


def protocol(name: str) -> Protocol:
    """Return a shipped protocol.

    Examples
    --------
    >>> [question.key for question in protocol("medhelm").questions]
    ['accuracy', 'completeness', 'clarity']
    """
    return parse(protocol_text(name), f"{name}.yaml")


def taxonomy_names() -> tuple[str, ...]:
    """Return the names of the shipped taxonomies."""
    return tuple(name for name in _names("taxonomies") if name != "benchmarks")


def taxonomy_text(name: str) -> str:
    """Return the text of a shipped taxonomy; a Fault where there is none of that name."""
    return _text("taxonomies", name, "taxonomy")


@cache
def taxonomy(name: str = "medhelm") -> Taxonomy:
    """Return a shipped taxonomy.

    Examples
    --------
    >>> taxonomy().place("category", "Medical Research")
    'Medical Research Assistance'
    """
    return parse_taxonomy(_text("taxonomies", name, "taxonomy"), f"{name}.yaml")


def taxonomy_of(protocol: Protocol) -> Taxonomy | None:
    """Return the taxonomy that a protocol's placements refer to: its own, else the shipped one it names."""
    if protocol.own_taxonomy or not protocol.taxonomy:
        return protocol.own_taxonomy
    return taxonomy(protocol.taxonomy)


@cache
def benchmarks() -> tuple[Benchmark, ...]:
    """Return MedHELM's benchmarks, in the order of the taxonomy.

    Examples
    --------
    >>> len(benchmarks()), sum(benchmark.in_paper for benchmark in benchmarks())
    (37, 35)
    """
    rows = yaml.safe_load(_text("taxonomies", "benchmarks", "table"))["benchmarks"]
    return tuple(Benchmark(**{**row, "criteria": tuple(row.get("criteria", ()))}) for row in rows)


def _names(folder: str) -> tuple[str, ...]:
    found = (entry.name for entry in files("data").joinpath(folder).iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in found if name.endswith(".yaml")))


def _text(folder: str, name: str, what: str) -> str:
    if name not in _names(folder):
        raise Fault(f"No {what} called {name!r} is shipped; use one of: {', '.join(_names(folder))}.")
    return files("data").joinpath(folder, f"{name}.yaml").read_text(encoding="utf-8")
