"""The tables for LaTeX: every sign in its place, and, where LaTeX is installed, every table set."""

import re
import shutil
import subprocess

import pytest

from agreement.decision import Plan
from agreement.estimate import Estimate
from agreement.paper.compose import compose
from agreement.paper.document import Document, Section, Table
from agreement.paper.latex import LONG, PREAMBLE, latex
from agreement.paper.whole import whole
from agreement.report.settings import Settings
from tests.agreement.test_paper import facts, frame

SIGNS = "".join(map(chr, [*range(32, 127), *range(0xA0, 0x180)])) + "“”‘’–—…•→←≥≤−×≠≈∞αβκλμρστχ²½病\u202e\n\t"
HOSTILE = (
    "[1] first", "*", r"\input{/etc/hostname}", r"\end{table}", "% gone", "a & b", "}{", "$x^2$", "\\\\[3cm]",
    r"\catcode`\%=12", "病 ünï", "~", "",
)  # fmt: skip
R = Estimate("r", 0.5, 0.4, 0.6, 9)
NASTY = Document(
    "A title\nwith a second line", "", (("study", "a % b\n\\end"),),
    (Section("s", "S", (
        Table("k{}%", "T & % [x]", ("[a]", "b"), tuple((text, R) for text in HOSTILE)),
        Table("signs", SIGNS, ("c",), ((SIGNS,), *((c,) for c in SIGNS)), SIGNS),
        Table("long", "T", ("a", "b"), ((r"\\[3cm] *", "word " * 40),) * (LONG + 1), "100 %"),
        Table("empty", "T", ("a",), ()),
    )),),
)  # fmt: skip


@pytest.fixture(scope="module")
def report():
    found = whole(frame(), facts(), plan=Plan(replicates=60), settings=Settings(replicates=100))
    return compose(found, title="t", provenance={"ratings": "SHA-256 0"})


@pytest.fixture(params=["a report", "names that are commands"])
def document(request, report):
    return report if request.param == "a report" else NASTY


def test_braces_and_environments_close_and_rows_have_all_their_cells(document):
    text = latex(document).decode("utf-8")
    body = "\n".join(line for line in text.splitlines() if not line.startswith("%"))
    assert "%" not in body.replace(r"\%", "")  # nothing is commented out
    bare = re.sub(r"\\[\\{}&%$#_]", "", body)
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    depth = 0
    for sign in re.findall(r"[{}]", bare):
        depth += 1 if sign == "{" else -1
        assert depth >= 0
    open_ = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", body):
        assert kind == "begin" or open_.pop() == name
        open_ += [name] if kind == "begin" else []
    assert not open_
    known = {
        *("begin", "end", "centering", "small", "caption", "label", "hline", "par", "footnotesize"),
        *("endhead", "begingroup", "endgroup", "linewidth", "ldots", "textbackslash", "textasciitilde"),
        *("textasciicircum", "textquotedbl"),
    }
    said = set(re.findall(r"(?<!\\)(?:\\\\)*\\([A-Za-z]+)", re.sub(r"\$\\\w+\$", "", body)))
    assert said <= known
    for table in document.tables():
        for row in table.rows:
            assert len(row) == len(table.columns)
    counts = {len(re.findall(r"(?<!\\)&", line)) for line in body.splitlines() if line.endswith(r"\\")}
    assert counts <= {len(table.columns) - 1 for table in document.tables()} | {0}


@pytest.mark.skipif(
    shutil.which("pdflatex") is None, reason="LaTeX is not installed: the test above reads the file"
)
def test_latex_sets_every_table(document, tmp_path):
    (tmp_path / "tables.tex").write_bytes(latex(document))
    geometry = r"\usepackage[a4paper,landscape,margin=1cm]{geometry}"
    (tmp_path / "doc.tex").write_text(
        rf"\documentclass{{article}}{PREAMBLE}{geometry}\begin{{document}}\input{{tables}}\end{{document}}",
        encoding="utf-8",
    )
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "doc.tex"],
        cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "Float too large" not in done.stdout
    assert (tmp_path / "doc.pdf").stat().st_size > 10_000
