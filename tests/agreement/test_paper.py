"""The report in every format: the same bytes every time, offline, complete, and safe to open."""

import io
import json
import re
import zipfile
from xml.etree import ElementTree

import jsonschema
import numpy as np
import openpyxl
import pandas as pd
import pytest
from PIL import Image

from agreement.decision import Plan
from agreement.estimate import Estimate
from agreement.paper.axes import axis
from agreement.paper.compose import compose, files
from agreement.paper.document import Chart, Document, Section, Table, Text
from agreement.paper.draw import intervals, points, shares
from agreement.paper.files import csvs, xlsx
from agreement.paper.heat import grid
from agreement.paper.html import html
from agreement.paper.latex import latex
from agreement.paper.marks import Words, breadth
from agreement.paper.pdf import pdf
from agreement.paper.svg import svg
from agreement.paper.whole import whole
from agreement.report.settings import Settings


def frame(seed=0, n=40, questions=("accuracy", "clarity")):
    rng = np.random.default_rng(seed)
    rows = []
    for question in questions:
        truth = rng.normal(3, 1, n)
        for i, t in enumerate(truth):
            for c in range(3):
                if (i + c) % 3:
                    rows.append((f"i{i}", f"C{c}", "clinician", question, t + rng.normal(0, 0.6)))
            rows.append((f"i{i}", "good <b>", "juror", question, t + rng.normal(0, 0.4)))
            rows.append((f"i{i}", "five", "juror", question, 9))
    made = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "number"])
    made["number"] = np.clip(made["number"].round(), 1, 5)
    return made.assign(value=made["number"].map("{:g}".format), status="answered", part="", occasion=1)


def facts(n=40):
    return pd.DataFrame(
        {
            "item": [f"i{i}" for i in range(n)],
            "part": "",
            "case": [f"c{i // 2}" for i in range(n)],
            "system": ["alpha", "beta", "gamma", "delta"] * (n // 4),
            "length": np.arange(float(n)),
        }
    )


@pytest.fixture(scope="module")
def made():
    found = whole(frame(), facts(), plan=Plan(replicates=60), settings=Settings(replicates=100))
    document = compose(found, title="A study & its report", provenance={"ratings": "SHA-256 0"})
    return found, document, files(found, document)


def test_all_ten_sections_and_every_format(made):
    _, document, written = made
    assert [section.title.split()[0] for section in document.sections] == [str(n) for n in range(1, 11)]
    endings = {name.rpartition(".")[2] for name in written}
    assert endings == {"html", "pdf", "xlsx", "json", "tex", "csv", "svg", "png"}


def test_the_same_study_gives_the_same_bytes(made):
    _, _, first = made
    again = whole(frame(), facts(), plan=Plan(replicates=60), settings=Settings(replicates=100))
    second = files(again, compose(again, title="A study & its report", provenance={"ratings": "SHA-256 0"}))
    assert {name for name in first if first[name] != second[name]} == set()
    assert first.keys() == second.keys()


def test_the_json_follows_its_published_schema(made):
    _, _, written = made
    content = json.loads(written["report.json"])
    jsonschema.validate(content, json.loads(written["report.schema.json"]))
    assert content["judges"]["five"]["answer"] == "do not use"
    assert {"glance_fair", "machines_accuracy", "grras"} <= content["tables"].keys()


def test_html_opens_offline_and_escapes_names(made):
    _, _, written = made
    page = written["report.html"].decode()
    assert not re.search(r"https?://|<script|<link|url\(", page)
    assert "good &lt;b&gt;" in page
    assert "good <b>" not in page
    assert len(page) < 3_000_000


def test_every_figure_in_the_page_has_its_interval_or_says_why_not_and_n(made):
    _, _, written = made
    cells = re.findall(r'<td class="e"[^>]*>(.*?)</td>', written["report.html"].decode())
    assert len(cells) > 50
    for cell in cells:
        assert re.search(r"; n \d+\)|\(n \d+\)", cell), cell
        assert " to " in cell or "no interval" in cell or "undefined" in cell, cell


def test_figures_carry_words_for_undefined_ones(made):
    found, _, _ = made
    undefined = [e for d in found.verdicts["five"] for e in d.figures.values() if not e.defined]
    assert all(e.notes for e in undefined)


def test_pictures_are_whole(made):
    _, document, written = made
    for chart in document.charts():
        ElementTree.fromstring(svg(chart.drawing, chart.title))
        for mark in chart.drawing.marks:
            if isinstance(mark, Words):
                left = mark.x - {"start": 0, "middle": 0.5, "end": 1}[mark.anchor] * breadth(
                    mark.text, mark.size
                )
                assert left > -2, (chart.key, mark)
                assert left + breadth(mark.text, mark.size) < chart.drawing.width + 4, (chart.key, mark)
                assert 0 < mark.y <= chart.drawing.height, (chart.key, mark)
    pictures = [content for name, content in written.items() if name.endswith(".png")]
    assert pictures
    assert all(Image.open(io.BytesIO(content)).size[0] == 1720 for content in pictures)


def test_no_label_lies_on_another(made):
    _, document, _ = made
    for chart in document.charts():
        boxes = []
        for mark in chart.drawing.marks:
            if isinstance(mark, Words) and mark.text:
                # breadth() errs on the wide side by about a tenth
                wide = 0.88 * breadth(mark.text, mark.size)
                left = mark.x - {"start": 0, "middle": 0.5, "end": 1}[mark.anchor] * wide
                boxes.append((left, left + wide, mark.y - 0.72 * mark.size, mark.y, mark.text))
        for i, a in enumerate(boxes):
            for b in boxes[:i]:
                apart = a[1] <= b[0] or b[1] <= a[0] or a[3] <= b[2] or b[3] <= a[2]
                assert apart, (chart.key, a, b)


def test_workbook_has_a_sheet_a_table_and_no_moment(made):
    _, document, written = made
    book = openpyxl.load_workbook(io.BytesIO(written["report.xlsx"]))
    assert len(book.sheetnames) == 1 + len(list(document.tables()))
    assert all(len(name) <= 31 for name in book.sheetnames)
    dates = {info.date_time for info in zipfile.ZipFile(io.BytesIO(written["report.xlsx"])).infolist()}
    assert dates == {(1980, 1, 1, 0, 0, 0)}


ODD = (("=cmd()", Estimate("r", float("nan"))), ("+1", None), ("\x07病", -0.001))
NASTY = Document(
    "=1+1 & ünïcode 病", "<b>", (("a", "b"),),
    (Section("s", "S", (
        Text("100 % of _x_ & {y}", "note"),
        Table("k" * 40, "T & %", ("=x", "e"), ODD),
        Table("k" * 40 + "2", "T", ("x",), ()),
        Chart("c", "C", intervals([("a very long name " * 9, Estimate("r", float("nan")))], "r")),
    )),),
)  # fmt: skip


def test_names_from_files_do_no_harm():
    assert b"<b>" not in html(NASTY).replace(b'<nav aria-label="Contents"><b>', b"")
    assert pdf(NASTY)[:5] == b"%PDF-"
    rows = csvs(NASTY)["k" * 40 + ".csv"].decode().splitlines()
    assert rows[0].startswith("'=x")
    assert rows[1].startswith("'=cmd()")
    book = openpyxl.load_workbook(io.BytesIO(xlsx(NASTY)))
    assert len(set(book.sheetnames)) == 3
    assert rb"T \& \%" in latex(NASTY)
    assert rb"\_x\_" not in latex(NASTY)  # only tables go to LaTeX
    assert "-0.00" not in html(NASTY).decode()


def test_drawings_of_nothing():
    nothing = np.empty(0)
    for drawing in (
        intervals([], "r"),
        shares([], [], []),
        grid(np.empty((0, 0)), [], [], 0, 1),
        points(nothing, nothing, "x", "y"),
    ):
        ElementTree.fromstring(svg(drawing))


@pytest.mark.parametrize(("low", "high"), [(0, 0), (-1e-9, 1e-9), (-3, 1e6), (0.501, 0.502)])
def test_axes_hold_their_ends(low, high):
    ticks = axis(low, high)
    assert ticks[0] <= low <= high <= ticks[-1]
    assert 2 <= len(ticks) <= 9


def test_a_study_without_jurors_or_without_clinicians_still_reports():
    people = frame()[lambda f: f["kind"] == "clinician"]
    for part in (people, frame()[lambda f: f["kind"] == "juror"]):
        found = whole(part, None, plan=Plan(replicates=60), settings=Settings(replicates=100))
        assert files(found, compose(found, title="T", provenance={}))["report.html"]


def test_words_instead_of_numbers_still_report():
    rng = np.random.default_rng(1)
    words = np.array(["agree", "disagree", "unable"])
    rows = [
        (f"i{i}", rater, kind, "harm", words[rng.integers(0, 3)])
        for i in range(40)
        for rater, kind in (("C1", "clinician"), ("C2", "clinician"), ("C3", "clinician"), ("J", "juror"))
    ]
    made = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "value"])
    made = made.assign(number=np.nan, status="answered", part="", occasion=1)
    found = whole(made, None, plan=Plan(replicates=60), settings=Settings(replicates=100))
    assert b"disagree" in files(found, compose(found, title="T", provenance={}))["report.html"]


def test_small_groups_are_not_shown():
    few = facts()
    few["system"] = ["rare"] * 4 + ["common"] * 36
    found = whole(frame(), few, plan=Plan(replicates=60), settings=Settings(replicates=100))
    table = {t.key: t for t in compose(found, title="T", provenance={}).tables()}["means_accuracy"]
    row = next(row for row in table.rows if row[0] == "rare")
    assert not any(cell.defined for cell in row[1:])


def test_beside_a_text_metric_the_report_says_what_no_such_metric_sees(made):
    def notes(found):
        (section,) = (
            one for one in compose(found, title="t", provenance={}).sections if one.key == "machines"
        )
        return [block.text for block in section.blocks if isinstance(block, Text)]

    assert not any("hallucination" in note for note in notes(made[0]))
    rows = frame(questions=("accuracy",))
    rows.loc[rows["rater"] == "five", ["rater", "kind", "question"]] = ["rouge-l-f@1", "metric", "rouge-l-f"]
    graded = whole(rows, facts(), plan=Plan(replicates=60), settings=Settings(replicates=100))
    assert any("No overlap metric follows hallucination" in note for note in notes(graded))


def test_assignments_that_clinicians_confirm_are_counted():
    rows = [
        (f"i{i}", f"C{c}", "clinician", "place", "Notes" if (i + c) % 4 else "Advice")
        for i in range(20)
        for c in range(3)
    ]
    made = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "value"])
    made = made.assign(number=np.nan, status="answered", part="", occasion=1)
    places = pd.DataFrame(
        {"item": [f"i{i}" for i in range(20)], "part": "", "category": ["Notes", "Advice"] * 10}
    )
    found = whole(made, places, plan=Plan(replicates=60), settings=Settings(replicates=100))
    table = {t.key: t for t in compose(found, title="T", provenance={}).tables()}["taxonomy_place"]
    agreed = sum(value == ("Notes", "Advice")[int(item[1:]) % 2] for item, *_, value in rows)
    assert table.rows[0][1].value == pytest.approx(agreed / 60)


def test_no_name_in_a_study_leads_a_file_out_of_the_reports_folder(made):
    found, _, _ = made
    hostile = "x/../../../../out}\\input{y}"
    table = Table(f"machines_{hostile}", "T", ("a",), (("1",),))
    document = Document("T", "", (), (Section("s", "S", (table,)),))
    named = [name for name in files(found, document) if "out" in name]
    assert named == ["tables/machines_x_.._.._.._.._out__input_y_.csv"]
    assert rb"\input{" not in latex(document)


def labelled():
    rng = np.random.default_rng(5)
    rows = []
    for i in range(60):
        truth = rng.random() < 0.5
        for name, kind in (("A", "clinician"), ("B", "clinician"), ("C", "clinician"), ("j", "juror")):
            rows.append((f"i{i}", name, kind, "met", "yes" if (rng.random() < 0.9) == truth else "no"))
    made = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "value"])
    return made.assign(number=np.nan, status="answered", part="", occasion=1)


def test_words_are_compared_by_kappa_and_called_so():
    found = whole(labelled(), plan=Plan(replicates=60), settings=Settings(replicates=100))
    tables = {table.key: table for table in compose(found, title="t", provenance={}).tables()}
    judged = tables["machines_met"]
    assert judged.columns == ("judge", "answer", "beyond chance: kappa", "less a clinician's kappa")
    baseline = next(row for row in judged.rows if row[0] == "baseline: random points")
    assert baseline[2].coefficient == "kappa"
    first = compose(found, title="t", provenance={}).sections[0].blocks[0]
    assert "Kappa" in first.text
    assert "ICC" not in first.text


def test_a_figure_that_two_sections_show_has_one_interval_and_another_scale_has_no_error_before():
    given = frame(questions=("accuracy",))
    hundred = given[given["rater"] == "good <b>"].assign(rater="hundred")
    hundred = hundred.assign(number=hundred["number"] * 20)
    given = pd.concat([given, hundred.assign(value=hundred["number"].map("{:g}".format))])
    found = whole(given, facts(), plan=Plan(replicates=60), settings=Settings(replicates=100))
    tables = {table.key: table for table in compose(found, title="t", provenance={}).tables()}
    decided = found.verdicts["good <b>"][0].figures["bias"]
    audited = next(row[3] for row in tables["bias"].rows if row[:3] == ("good <b>", "accuracy", "level"))
    mapped = {row[0]: row[2] for row in tables["calibration"].rows}
    for one in (audited, mapped["good <b>"]):
        assert (one.low, one.high) == pytest.approx((decided.low, decided.high))
    assert mapped["hundred"] is None


def test_severity_and_own_reliability_are_what_the_report_says_of_each_clinician():
    """Two sections, or a page and a file, never tell two values of one thing."""
    once = frame()
    hers = once[once["rater"].eq("C1")]
    twice = hers[hers["item"].isin(sorted(set(hers["item"]))[:12])]
    rows = pd.concat([once, twice.assign(occasion=2)], ignore_index=True)
    found = whole(rows, facts(), plan=Plan(replicates=60), settings=Settings(replicates=100))
    tables = {table.key: table for table in compose(found, title="t", provenance={}).tables()}
    severe = found.report.where(question="accuracy", coefficient="severity", stratum="all")
    shown = {str(row[0]): row[1] for row in tables["severity_accuracy"].rows}
    assert {f.rater: (f.value, f.low, f.high, f.n_items) for f in severe} == {
        name: (e.value, e.low, e.high, e.n_items) for name, e in shown.items()
    }
    [own] = [row for row in tables["own_reliability"].rows if row[:2] == ("C1", "accuracy")]
    assert own[2].value == pytest.approx(1.0)
    assert own[2].n_items == 12
