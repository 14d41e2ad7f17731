"""Every page, command and kind of question is named in the docs, and every link leads somewhere."""

import doctest
import re
from pathlib import Path

import pytest

from annotate.question import QUESTION_KINDS
from cli import VERBS

ROOT = Path(__file__).parents[1]
DOCS = {
    file: file.read_text(encoding="utf-8") for file in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
}
ALL = "\n".join(DOCS.values())


def screens():
    """Read the list from the source: importing the shell would draw a page."""
    source = (ROOT / "pages" / "shell.py").read_text(encoding="utf-8")
    return re.findall(r'\("[a-z]+/[a-z_]+\.py", "([^"]+)"', source)


def test_there_are_screens():
    assert {"Rate", "Studies", "Agreement"} <= set(screens())


@pytest.mark.parametrize("title", screens())
def test_every_page_is_named(title):
    assert f"**{title}**" in ALL


@pytest.mark.parametrize("verb", VERBS)
def test_every_command_is_named(verb):
    assert f"consilium {verb}" in ALL


@pytest.mark.parametrize("kind", QUESTION_KINDS)
def test_every_kind_of_question_is_named(kind):
    assert re.search(rf"`{kind}`", ALL)


@pytest.mark.parametrize("file", DOCS, ids=lambda file: file.name)
def test_links_lead_somewhere(file):
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", DOCS[file]):
        if not target.startswith(("http:", "https:")):
            assert (file.parent / target).exists(), f"{file.name} links to {target}"


@pytest.mark.parametrize("file", [file for file in DOCS if ">>> " in DOCS[file]], ids=lambda file: file.name)
def test_examples_run(file):
    tried = doctest.testfile(str(file), module_relative=False)
    assert tried.attempted
    assert not tried.failed


def test_the_readme_stays_short():
    assert len(DOCS[ROOT / "README.md"].splitlines()) <= 120
