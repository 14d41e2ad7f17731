"""What the docs tell to type can be typed: commands with their options, targets of make, names of files."""

import argparse
import re
import shlex
from pathlib import Path

import pytest

import cli

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {page.name: page.read_text(encoding="utf-8") for page in PAGES}
OPEN = re.compile(r"[\[|…]| \.\.\.")  # a line that says what may stand there, not what to type


def commands(text):
    """Lines of code that begin with the command, without the words beside them or where their output goes."""
    lines = re.findall(r"^(?:    )?(consilium [a-z].*)$", text, flags=re.MULTILINE)
    inline = re.findall(r"`(consilium [a-z]+ [^`]+)`", text)
    return [re.split(r"\s{3,}| > ", line)[0] for line in [*lines, *inline]]


SAID = [(name, said) for name, text in TEXTS.items() for said in commands(text)]


def options(parser):
    """Every option of a verb, those of its own verbs among them."""
    for action in parser._actions:
        yield from action.option_strings
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                yield from options(sub)


def parser_of(verb):
    (verbs,) = (a for a in cli._parser([verb])._actions if isinstance(a, argparse._SubParsersAction))
    return verbs.choices[verb]


def test_there_are_commands():
    assert ("README.md", "consilium assign ward --raters C01 C02 C03 --per-item 2") in SAID
    assert len({name for name, _ in SAID}) > 8


@pytest.mark.parametrize(("page", "said"), SAID)
def test_the_terminal_takes_it(page, said):
    verb = said.split()[1]
    assert set(re.findall(r"--[a-z-]+", said)) <= set(options(parser_of(verb)))
    if not OPEN.search(said) and "--help" not in said:
        cli._parser([verb]).parse_args(shlex.split(said)[1:])


@pytest.mark.parametrize("page", TEXTS)
def test_make_knows_its_targets(page):
    known = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    said = re.findall(r"(?:^    |`)make ([a-z]+(?: [a-z]+)*)(?=`|$|\s{2,})", TEXTS[page], flags=re.MULTILINE)
    assert {target for each in said for target in each.split()} <= set(known)


@pytest.mark.parametrize("page", TEXTS)
def test_files_of_ours_are_where_it_says(page):
    tops = "annotate|agreement|data|verbs|pages|tests|benchmarks|docs"
    for name in re.findall(rf"(?<![\w/])((?:{tops})/[\w./-]*)", TEXTS[page]):
        path = name.rstrip(".")
        assert (ROOT / path).exists() or "NAME" in path, f"{page} names {path}"
