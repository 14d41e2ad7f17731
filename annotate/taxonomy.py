"""A taxonomy: categories with subcategories, the tasks that a study lists, and other spellings of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from annotate import yaml_nodes as nodes
from annotate.yaml_nodes import Reader, Reading, mapping, text, texts

Level = Literal["category", "subcategory", "task"]
LEVELS: tuple[Level, ...] = ("category", "subcategory", "task")


@dataclass(frozen=True, slots=True)
class Subcategory:
    """A kind of work within a category; `tasks` is what a study (or a publication) lists under it."""

    name: str
    definition: str = ""
    also: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """A broad kind of work, with its subcategories."""

    name: str
    definition: str = ""
    also: tuple[str, ...] = ()
    subcategories: tuple[Subcategory, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One node of the tree; `above` is its way down from the category, itself included."""

    level: Level
    name: str
    above: tuple[str, ...]

    @property
    def path(self) -> str:
        """The way down as one text."""
        return " / ".join(self.above)


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """Where an item may belong. Names are unique at each level, other spellings included."""

    name: str
    title: str
    categories: tuple[Category, ...]
    citation: str = ""
    note: str = ""

    def subcategories(self) -> Iterator[tuple[Category, Subcategory]]:
        """Yield every subcategory with its category, in the order of the file."""
        for category in self.categories:
            yield from ((category, subcategory) for subcategory in category.subcategories)

    def names(self, level: Level) -> tuple[str, ...]:
        """Return the names at one level, in the order of the file."""
        if level == "category":
            return tuple(category.name for category in self.categories)
        below = [subcategory for _, subcategory in self.subcategories()]
        if level == "subcategory":
            return tuple(subcategory.name for subcategory in below)
        return tuple(task for subcategory in below for task in subcategory.tasks)

    def place(self, level: Level, said: str) -> str | None:
        """Return the name that `said` means at this level, or None where it means none.

        Case, spaces, hyphens and `&` for `and` do not matter, and other spellings are understood.

        Examples
        --------
        >>> t = Taxonomy("t", "T", (Category("Administration and Workflow", also=("Admin",)),))
        >>> t.place("category", "administration  & workflow"), t.place("category", "admin")
        ('Administration and Workflow', 'Administration and Workflow')
        >>> t.place("category", "Billing") is None
        True
        """
        wanted = spelling(said)
        return next((name for name, other in self._spellings(level) if spelling(other) == wanted), None)

    def places(self) -> tuple[Place, ...]:
        """Return every place with its path, in the order of the tree."""
        found = []
        for category in self.categories:
            found.append(Place("category", category.name, (category.name,)))
            for below in category.subcategories:
                found.append(Place("subcategory", below.name, (category.name, below.name)))
                found += [Place("task", task, (category.name, below.name, task)) for task in below.tasks]
        return tuple(found)

    def at_level(self, level: Level, said: str) -> str | None:
        """Return the name at `level` of a place that is said by its path or its name, there or deeper.

        Examples
        --------
        >>> t = Taxonomy("t", "T", (Category("Wards", subcategories=(Subcategory("Surgery"),)),))
        >>> t.at_level("category", "Wards / Surgery"), t.at_level("subcategory", "surgery")
        ('Wards', 'Surgery')
        """
        depth = LEVELS.index(level)
        for place in self.places():
            if place.path == said and len(place.above) > depth:
                return place.above[depth]
        return self.place(level, said)

    def _spellings(self, level: Level) -> Iterator[tuple[str, str]]:
        if level == "task":
            yield from ((task, task) for task in self.names("task"))
            return
        below = [subcategory for _, subcategory in self.subcategories()]
        for place in self.categories if level == "category" else below:
            yield from ((place.name, other) for other in (place.name, *place.also))


def spelling(said: str) -> str:
    """Return what is left of a name when case, spaces, hyphens and `&` do not matter.

    Examples
    --------
    >>> spelling("Patient-Provider  Messaging") == spelling("patient provider messaging")
    True
    """
    words = said.casefold().replace("&", " and ")
    return " ".join("".join(letter if letter.isalnum() else " " for letter in words).split())


def parse_taxonomy(source: str, file: str = "") -> Taxonomy:
    """Return the taxonomy that a YAML text describes; a Fault with every line that is wrong.

    Examples
    --------
    >>> parse_taxonomy('''
    ... taxonomy: wards
    ... title: Our wards
    ... categories:
    ...   - name: Surgery
    ...     subcategories: [{name: Hand}, {name: Foot, also: [Feet]}]
    ... ''').place("subcategory", "feet")
    'Foot'
    """
    root = nodes.compose(source, file)
    reading = Reading(file)
    taxonomy = read_taxonomy(reading, root, "the taxonomy")
    reading.stop_if_wrong()
    assert taxonomy is not None
    return taxonomy


def read_taxonomy(reading: Reading, node: yaml.Node, what: str) -> Taxonomy | None:
    """Read a taxonomy from its node; what is wrong is noted, and then there is none."""
    before = len(reading.problems)
    found = mapping(reading, node, TAXONOMY_KEYS, what)
    for key in ("taxonomy", "title", "categories"):
        if not found.get(key):
            reading.wrong(node, f"{what} has no {key!r}; add `{key}: `.")
    if len(reading.problems) > before:
        return None
    taxonomy = Taxonomy(found.pop("taxonomy"), **found)
    for sentence in _doubled(taxonomy):
        reading.wrong(node, sentence)
    return taxonomy


def _doubled(taxonomy: Taxonomy) -> Iterator[str]:
    for level in LEVELS:
        owner: dict[str, str] = {}
        for name, other in taxonomy._spellings(level):
            if owner.setdefault(spelling(other), name) != name:
                yield f"the {level} {other!r} means {owner[spelling(other)]!r} too; keep one of the two."
    for level in LEVELS:
        yield from (
            f"the {level} {name!r} comes twice; remove one." for name in _twice(taxonomy.names(level))
        )


def _twice(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]


def _places(what: str, keys: dict[str, Reader], kind: type[Category] | type[Subcategory]) -> Reader:
    def read(reading: Reading, node: yaml.Node, _: str) -> tuple[Any, ...]:
        if not isinstance(node, yaml.SequenceNode):
            reading.wrong(node, f"{what} must be a list, each beginning with `- name: `.")
            return ()
        found = [(child, mapping(reading, child, keys, f"a {what}")) for child in node.value]
        for child, part in found:
            if not part.get("name"):
                reading.wrong(child, f"a {what} has no 'name'; add `name: `.")
        return tuple(kind(**part) for _, part in found if part.get("name"))

    return read


_PLACE: dict[str, Reader] = {"name": text, "definition": text, "also": texts}
TAXONOMY_KEYS: dict[str, Reader] = {
    "taxonomy": text,
    "title": text,
    "citation": text,
    "note": text,
    "categories": _places(
        "category",
        {**_PLACE, "subcategories": _places("subcategory", {**_PLACE, "tasks": texts}, Subcategory)},
        Category,
    ),
}
