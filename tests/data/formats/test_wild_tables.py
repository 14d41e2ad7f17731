"""Tables as hospitals keep them: merged headers, titles, raters by questions, odd words for nothing."""

import zipfile

import openpyxl
import pandas as pd
import pytest

from annotate.fault import Fault
from annotate.scale import Scale
from data.formats.long import read_ratings
from data.formats.table import read_table
from data.shipped import protocol
from verbs.fitted import scales_of

SCALES = scales_of(protocol("medhelm"))


@pytest.fixture
def read(tmp_path):
    def reading(text, *, name="r.csv", scales=SCALES, encoding="utf-8"):
        (tmp_path / name).write_bytes(text.encode(encoding))
        return read_ratings(tmp_path / name, scales, kinds=("clinician",))

    return reading


def answers(file):
    frame = file.frame[file.frame["status"].eq("answered")]
    return {(r["item"], r["rater"], r["question"]): r["number"] for r in frame.to_dict("records")}


MERGED = "item,Rater 1,,Rater 2,\n,accuracy,clarity,accuracy,clarity\na,1,2,3,4\nb,5,,5,1\n"
EXPECTED = {
    ("a", "Rater 1", "accuracy"): 1,
    ("a", "Rater 1", "clarity"): 2,
    ("a", "Rater 2", "accuracy"): 3,
    ("a", "Rater 2", "clarity"): 4,
    ("b", "Rater 1", "accuracy"): 5,
    ("b", "Rater 2", "accuracy"): 5,
    ("b", "Rater 2", "clarity"): 1,
}


def test_merged_header_cells_are_two_header_lines_read_as_one(read):
    file = read(MERGED)
    assert answers(file) == EXPECTED
    assert "two header lines were read as one" in "\n".join(file.understood)


def test_a_workbook_with_a_title_and_merged_cells_reads_the_same(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Ratings of ward 7, spring 2025"])
    for line in MERGED.splitlines():
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in line.split(",")])
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("B2:C2")
    sheet.merge_cells("D2:E2")
    book.save(tmp_path / "ratings.xlsx")
    file = read_ratings(tmp_path / "ratings.xlsx", SCALES, kinds=("clinician",))
    assert answers(file) == EXPECTED
    assert "stands above the header" in "\n".join(file.understood)


@pytest.mark.parametrize(
    "header",
    [
        "Rater 1_accuracy,Rater 1_clarity,Rater 2_accuracy,Rater 2_clarity",
        "Accuracy (Rater 1),Clarity (Rater 1),Accuracy (Rater 2),Clarity (Rater 2)",
        "Rater 1: accuracy,Rater 1: clarity,Rater 2: accuracy,Rater 2: clarity",
        "accuracy.Rater 1,clarity.Rater 1,accuracy.Rater 2,clarity.Rater 2",
    ],
)
def test_columns_named_after_rater_and_question_are_both(read, header):
    assert answers(read(f"item,{header}\na,1,2,3,4\nb,5,,5,1\n")) == EXPECTED


@pytest.mark.parametrize(
    "title", ["Ratings of ward 7\n", "Ratings of ward 7,,,\n,,,\n", '"Ward 7, 2025"\n\n']
)
def test_a_title_above_the_header_is_left_out_and_said(read, title):
    file = read(f"{title}item,rater,question,value\na,C1,clarity,4\n")
    assert answers(file) == {("a", "C1", "clarity"): 4}
    assert "stands above the header" in file.understood[0]


def test_points_called_by_the_head_of_their_anchor_are_understood(read):
    lines = "".join(
        f"{word},C1,accuracy,{word}\n" for word in ("Good", "very poor", "4 - good", "5 (excellent)")
    )
    assert list(answers(read(f"item,rater,question,value\n{lines}")).values()) == [4, 1, 4, 5]
    with pytest.raises(Fault, match="names one point of 'accuracy' and numbers another"):
        read("item,rater,question,value\na,C1,accuracy,2 - good\n")


def test_every_spelling_of_nothing_is_unanswered_and_codes_are_faults_with_their_line(read):
    nothing = ["NA", "n/a", "n.a.", "#N/A", "-", "–", "?", "missing", "none", "NULL", "nan", ".", " "]
    lines = "".join(f"i{n},C1,accuracy,{word}\n" for n, word in enumerate(nothing))
    file = read(f"item,rater,question,value\n{lines}")
    assert file.frame["status"].tolist() == ["skipped"] * len(nothing)
    with pytest.raises(Fault) as caught:
        read("item,rater,question,value\na,C1,accuracy,999\nb,C1,accuracy,4\nc,C1,accuracy,#REF!\n")
    assert [sentence.partition(":")[0] for sentence in caught.value.sentences] == [
        "r.csv line 2, column 'value'",
        "r.csv line 4, column 'value'",
    ]
    assert all("correct it" in sentence for sentence in caught.value.sentences)


def test_a_wide_file_that_does_not_say_what_was_asked_is_one_sentence(read):
    with pytest.raises(Fault) as caught:
        read("item,Rater1,Rater2\na,1,2\nb,4,5\n")
    (sentence,) = caught.value.sentences
    assert "does not say what was asked" in sentence
    one = {"accuracy": SCALES["accuracy"]}
    assert answers(read("item,Rater1,Rater2\na,1,2\n", scales=one)) == {
        ("a", "Rater1", "accuracy"): 1,
        ("a", "Rater2", "accuracy"): 2,
    }


def test_semicolons_decimal_commas_a_mark_at_the_start_and_windows_letters(read):
    text = "\ufeffItem ID; Rater ;Größe\nä;C1;4,5\nb;C1;3,0\n"
    scales = {"Größe": Scale("interval", low=0, high=10)}
    assert answers(read(text, scales=scales)) == {("ä", "C1", "Größe"): 4.5, ("b", "C1", "Größe"): 3}
    file = read(text[1:], scales=scales, encoding="cp1252")
    assert answers(file) == {("ä", "C1", "Größe"): 4.5, ("b", "C1", "Größe"): 3}
    assert "Windows-1252" in file.understood[0]


def test_three_thousand_raters_side_by_side_come_in(read):
    raters = [f"rater {n}" for n in range(3_000)]
    rows = pd.DataFrame([[1 + (n + k) % 5 for n in range(3_000)] for k in range(4)], columns=raters)
    rows.insert(0, "item", [f"i{k}" for k in range(4)])
    rows["question"] = "accuracy"
    found = answers(read(rows.to_csv(index=False)))
    assert len(found) == 12_000
    assert found["i3", "rater 2999", "accuracy"] == 1 + (2_999 + 3) % 5


def test_blank_rows_and_columns_at_the_end_are_nothing_and_a_line_of_totals_is_a_fault(read):
    assert len(read("item,rater,question,value,,\na,C1,clarity,4,,\n,,,,,\n,,,,,\n\n").frame) == 1
    with pytest.raises(Fault, match=r"line 3, column 'rater': is empty"):
        read("item,rater,question,value\na,C1,clarity,4\nMean,,,4\n")


def sheet(path, *cells):
    """A workbook of one column under the header 'item'; `cells` are XML as programs write it."""
    with zipfile.ZipFile(path, "w") as archive:
        kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        )
        office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        for name, target, kind in (
            ("_rels/.rels", "xl/workbook.xml", "officeDocument"),
            ("xl/_rels/workbook.xml.rels", "worksheets/sheet1.xml", "worksheet"),
        ):
            archive.writestr(
                name,
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f'<Relationship Id="r1" Type="{office}/{kind}" Target="{target}"/></Relationships>',
            )
        main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook {main} xmlns:r="{office}"><sheets>'
            '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        rows = "".join(f'<row r="{at}">{each}</row>' for at, each in enumerate(cells, 2))
        header = '<row r="1"><c r="A1" t="str"><v>item</v></c><c r="B1" t="str"><v>output</v></c></row>'
        archive.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet {main}><sheetData>{header}{rows}</sheetData></worksheet>"
        )
    return path


@pytest.mark.parametrize(
    "said", ["<f>1+1</f><v></v>", "<f>1+1</f><v/>", "<f>1+1</f>", '<f t="shared" si="0"/>']
)
def test_a_formula_without_its_result_is_no_empty_cell(tmp_path, said):
    row = f'<c r="A2" t="str"><v>q1</v></c><c r="B2" s="1">{said}</c>'
    with pytest.raises(Fault, match="cell B2 holds a formula without its result"):
        read_table(sheet(tmp_path / "f.xlsx", row))


def test_the_results_of_formulas_are_read_also_an_empty_text(tmp_path):
    said = ('<c r="B2"><f>1+1</f><v>2</v></c>', '<c r="B3" t="str"><f>IF(1,"","x")</f><v></v></c>')
    rows = (f'<c r="A{at}" t="str"><v>q{at}</v></c>{cell}' for at, cell in enumerate(said, 2))
    assert read_table(sheet(tmp_path / "f.xlsx", *rows)).cells["output"].tolist() == ["2", ""]
