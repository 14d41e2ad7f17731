"""A taxonomy as items: one for each subcategory, and one for the taxonomy as a whole."""

from __future__ import annotations

from annotate.item import Item
from annotate.taxonomy import Taxonomy

WHOLE = "the taxonomy as a whole"


def survey_items(taxonomy: Taxonomy) -> tuple[Item, ...]:
    """Return what a taxonomy survey asks about; `part` tells the subcategories from the whole.

    Examples
    --------
    >>> from data.shipped import taxonomy
    >>> items = survey_items(taxonomy())
    >>> len(items), items[0].key, items[0].category, items[-1].strata
    (23, 'Supporting Diagnostic Decisions', 'Clinical Decision Support', {'part': 'whole'})
    """
    each = tuple(
        Item(
            below.name,
            prompt=below.name,
            source=below.definition,
            category=category.name,
            subcategory=below.name,
            strata={"part": "subcategory"},
        )
        for category, below in taxonomy.subcategories()
    )
    return (*each, Item(WHOLE, prompt=taxonomy.title, source=_listed(taxonomy), strata={"part": "whole"}))


def _listed(taxonomy: Taxonomy) -> str:
    lines = []
    for category in taxonomy.categories:
        lines.append(f"## {category.name}\n")
        for below in category.subcategories:
            definition = f": {below.definition}" if below.definition else ""
            lines.append(f"- {below.name}{definition}")
        lines.append("")
    return "\n".join(lines).strip()
