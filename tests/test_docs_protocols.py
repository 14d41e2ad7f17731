"""The reference names everything that a protocol file may say, and its examples are read."""

import re
from pathlib import Path
from typing import get_args

import pytest

from annotate.protocol import Crossing, Unit
from annotate.protocol_file import parse, questions, read
from annotate.question import QUESTION_KINDS
from annotate.scale import Level
from annotate.summing import SUMMARIES
from annotate.taxonomy import TAXONOMY_KEYS, parse_taxonomy
from data.shipped import protocol_names

DOCS = Path(__file__).parents[1] / "docs"
PROTOCOLS = (DOCS / "protocols.md").read_text(encoding="utf-8")
DESIGN = (DOCS / "design.md").read_text(encoding="utf-8")


def words(text):
    return set(re.findall(r"`([^`\n]+)`", text))


@pytest.mark.parametrize(
    "said",
    [
        *sorted(read.protocol_keys(set())),
        *questions.QUESTION_KEYS,
        *read.BLINDING_KEYS,
        *read.TRAINING_KEYS,
        *questions.POINT_KEYS,
        *sorted(TAXONOMY_KEYS.keys() - {"categories"}),
        *QUESTION_KINDS,
        *get_args(Unit),
        *get_args(Level),
        *protocol_names(),
    ],
)
def test_the_protocol_reference_names_it(said):
    assert said in words(PROTOCOLS) or f"\n{said}: " in PROTOCOLS


@pytest.mark.parametrize("said", [*read.DESIGN_KEYS, *get_args(Crossing)])
def test_the_design_reference_names_it(said):
    assert said in words(DESIGN)


@pytest.mark.parametrize("way", SUMMARIES)
def test_every_way_of_summing_up_is_named(way):
    assert any(word == way or word.startswith(way + " ") for word in words(PROTOCOLS))


def test_the_examples_are_read():
    protocol, taxonomy = re.findall(r"```yaml\n(.*?)```", PROTOCOLS, flags=re.DOTALL)
    assert parse(protocol).question("why").shown_if == ("harm", ("mild", "severe"))
    assert parse_taxonomy(taxonomy).place("subcategory", "hands") == "Hand"
