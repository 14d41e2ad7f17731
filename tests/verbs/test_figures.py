"""What the filter shows: each figure with its interval and n, the same in the table and in the picture."""

from agreement.estimate import NAN
from agreement.paper.marks import Dot, Words
from agreement.report import Figure, Report
from agreement.report.picked import Picked
from pages.plotted import plotted
from verbs.figures import DRAWN, figures


def line(rater, value, stratum="all", notes=()):
    low, high = value - 0.1, value + 0.1
    return Figure("accuracy", "r", "juror–clinician", rater, stratum, value, low, high, 60, 3, "raw scores",
                  "Fisher z", 0.95, notes)  # fmt: skip


def report(*lines):
    return Report(lines, (), (), (), 0, 2000, 0.95)


def test_table_picture_and_hover_say_the_same():
    table, chart = figures(report(line("gpt", 0.5), line("llama", 0.25)), Picked(coefficient="r"))
    assert [(row[1], row[3].value, row[3].low, row[3].n_items) for row in table.rows] == [
        ("gpt", 0.5, 0.4, 60),
        ("llama", 0.25, 0.15, 60),
    ]
    words = [mark.text for mark in chart.drawing.marks if isinstance(mark, Words)]
    assert {"gpt", "llama", "0.50 (0.40 to 0.60); n 60", "0.25 (0.15 to 0.35); n 60"} <= set(words)
    hover = plotted(chart.drawing).data[0].hovertext
    assert list(hover) == ["r: 0.50 (0.40 to 0.60); n 60. raw scores; Fisher z",
                           "r: 0.25 (0.15 to 0.35); n 60. raw scores; Fisher z"]  # fmt: skip


def test_an_undefined_figure_is_in_the_table_with_its_reason_and_not_in_the_picture():
    nothing = line("constant", NAN, notes=("A column does not vary.",))
    table, chart = figures(report(line("gpt", 0.5), nothing), Picked(coefficient="r"))
    assert len(table.rows) == 2
    assert [row[-1] for row in table.rows] == ["", "A column does not vary."]
    assert sum(isinstance(mark, Dot) for mark in chart.drawing.marks) == 1
    assert figures(report(nothing), Picked(coefficient="r"))[1] is None


def test_a_long_list_is_whole_in_the_table_and_its_picture_says_what_it_leaves_out():
    many = report(*(line("gpt", 0.5, f"ward = {n}") for n in range(DRAWN + 3)))
    table, chart = figures(many, Picked(split="ward", coefficient="r"))
    assert len(table.rows) == DRAWN + 3
    assert sum(isinstance(mark, Dot) for mark in chart.drawing.marks) == DRAWN
    assert "3 more are in the table" in chart.note


def test_on_a_dark_page_words_are_light_and_what_stands_on_a_pale_box_stays_dark():
    from agreement.paper.draw import shares

    light, dark = (
        plotted(shares([("gpt", (0.9, 0.1))], ["1", "2"], [60]), dark=dark).layout.annotations
        for dark in (False, True)
    )
    colours = {
        word.text: (word.font.color, other.font.color) for word, other in zip(light, dark, strict=True)
    }
    assert colours["gpt"] == ("#1f2933", "#e7e9eb")
    assert colours["90%"] == ("#1f2933", "#1f2933")
