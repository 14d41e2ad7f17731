"""The long frame becomes the matrix that it says, duplicates are named, and nothing vanishes in silence."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.matrix import matrix, occasions
from agreement.refusal import Refusal

NAN = float("nan")


def frame(*rows, **columns):
    """Rows of (item, rater, number), all by clinicians about clarity unless columns say otherwise."""
    items, raters, numbers = zip(*rows, strict=True)
    given = {"item": items, "rater": raters, "number": numbers, "kind": "clinician", "question": "clarity"}
    return pd.DataFrame(given | columns)


def read(rows, **more):
    return matrix(rows, **{"question": "clarity", "kinds": ["clinician"]} | more)


def test_other_questions_kinds_and_occasions_stay_out():
    rows = frame(
        ("a", "C1", 1.0), ("a", "C1", 2.0), ("a", "C1", 3.0), ("a", "J1", 4.0),
        occasion=[1, 2, 1, 1],
        question=["clarity", "clarity", "accuracy", "clarity"],
        kind=["clinician", "clinician", "clinician", "juror"],
    )  # fmt: skip
    assert read(rows).values.tolist() == [[1.0]]
    assert read(rows, occasion=2).values.tolist() == [[2.0]]
    both = read(rows, kinds=["clinician", "juror"])
    assert both.raters == ("C1", "J1")
    assert both.values.tolist() == [[1.0, 4.0]]


def test_kinds_are_required():
    with pytest.raises(TypeError):
        matrix(frame(("a", "C1", 1.0)), question="clarity")
    with pytest.raises(Refusal, match="which kinds"):
        read(frame(("a", "C1", 1.0)), kinds=[])


def test_duplicates_are_named_also_when_they_agree():
    rows = frame(("a", "C1", 4.0), ("a", "C1", 4.0), ("b", "C1", 3.0))
    with pytest.raises(Refusal, match="item 'a' by 'C1', 2 times"):
        read(rows)


def test_an_answer_beside_an_unanswered_row_is_a_duplicate():
    rows = frame(("a", "C1", 4.0), ("a", "C1", NAN), status=["answered", "unable"])
    with pytest.raises(Refusal, match="'a' by 'C1'"):
        read(rows)


def test_many_duplicates_are_counted():
    rows = frame(*[(f"i{n}", "C1", 1.0) for n in range(5)] * 2)
    with pytest.raises(Refusal, match="and 2 more"):
        read(rows)


def test_unanswered_rows_are_nan_and_counted_and_keep_their_item():
    rows = frame(
        ("a", "C1", 4.0), ("b", "C1", 9.0), ("b", "C2", NAN), status=["answered", "refused", "answered"]
    )
    made = read(rows)
    assert made.items == ("a", "b")
    assert np.array_equal(made.values, [[4, NAN], [NAN, NAN]], equal_nan=True)
    assert made.unanswered == 2


def test_parts_are_rows_of_their_own_and_share_their_items_case():
    rows = frame(("a", "C1", 1.0), ("a", "C1", 2.0), ("b", "C1", 3.0), part=["A", "B", None])
    made = read(rows)
    assert list(zip(made.items, made.parts, made.values[:, 0], strict=True)) == [
        ("a", "A", 1.0), ("a", "B", 2.0), ("b", "", 3.0)]  # fmt: skip
    assert made.cases().tolist() == [0, 0, 1]
    assert made.cases({"b": "P7", "a": "P7"}).tolist() == [0, 0, 0]


def test_an_item_is_not_mistaken_for_a_case_of_the_same_name():
    made = read(frame(("a", "C1", 1.0), ("b", "C1", 2.0)))
    assert made.cases({"b": "a"}).tolist() == [0, 1]


def test_a_rater_of_two_kinds_is_refused():
    rows = frame(("a", "X", 1.0), ("b", "X", 2.0), kind=["clinician", "juror"])
    with pytest.raises(Refusal, match="'X' is of two kinds"):
        read(rows, kinds=["clinician", "juror"])


def test_text_among_the_numbers_is_shown():
    with pytest.raises(Refusal, match="'4/5' in column 'number'"):
        read(frame(("a", "C1", "4"), ("b", "C1", "4/5")))


@pytest.mark.parametrize("gone", ["item", "rater", "kind", "question", "number"])
def test_a_missing_column_is_named(gone):
    with pytest.raises(Refusal, match=f"no column '{gone}'"):
        read(frame(("a", "C1", 1.0)).drop(columns=gone))


def test_a_rating_without_an_item_is_refused():
    with pytest.raises(Refusal, match="1 ratings have no item"):
        read(frame(("a", "C1", 1.0), (None, "C1", 2.0)))


def test_nothing_to_read_is_an_empty_matrix():
    made = read(frame(("a", "C1", 1.0)), question="harm")
    assert made.values.shape == (0, 0)


def test_an_unused_category_is_no_rater():
    rows = frame(("a", "C1", 1.0), ("b", "C2", 2.0)).astype({"rater": "category", "item": "category"})
    assert read(rows[rows["rater"] == "C1"]).raters == ("C1",)


def test_numeric_keys_are_text():
    assert read(frame((10, 7, 1.0), (9, 7, 2.0))).items == ("10", "9")


def test_a_missing_rater_is_named():
    with pytest.raises(Refusal, match="'C9'"):
        read(frame(("a", "C1", 1.0))).only(["C9"])


def test_occasions_are_columns():
    rows = frame(("a", "C1", 1.0), ("a", "C1", 2.0), ("a", "C2", 5.0), occasion=[1, 2, 1])
    made = occasions(rows, question="clarity", rater="C1", kinds=["clinician"])
    assert made.values.tolist() == [[1.0, 2.0]]
    with pytest.raises(Refusal, match="occasion"):
        occasions(rows.drop(columns="occasion"), question="clarity", rater="C1", kinds=["clinician"])


@given(st.data())
def test_row_order_and_dtype_change_nothing_and_pivot_agrees(data):
    n, k = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 4))
    cells = [(f"ä{i}", f"C {j}", float(i * k + j)) for i in range(n) for j in range(k)]
    kept = data.draw(st.lists(st.sampled_from(cells), min_size=1, unique=True))
    rows = frame(*kept)
    made = read(rows)
    pivoted = rows.pivot(index="item", columns="rater", values="number")
    assert np.array_equal(made.values, pivoted.to_numpy(), equal_nan=True)
    assert (list(made.items), list(made.raters)) == (list(pivoted.index), list(pivoted.columns))
    order = data.draw(st.permutations(range(len(kept))))
    for other in (
        rows.iloc[order],
        rows.astype({"item": "category", "rater": "category"}),
        rows.astype(object),
    ):
        again = read(other)
        assert np.array_equal(again.values, made.values, equal_nan=True)
        assert again.items == made.items
