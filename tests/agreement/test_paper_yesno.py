"""Questions of yes or no in the report: F1 pair by pair, and rates put right."""

import pandas as pd
import pytest

from agreement.decision import Plan
from agreement.paper.compose import compose
from agreement.paper.whole import whole
from agreement.report.settings import Settings


def study(yes, no):
    """Two clinicians agree on 40 outputs; the judge errs on 5 of each 20, and says yes to 20 more."""
    rows = []
    for n in range(60):
        truth = n < 20
        if n < 40:
            rows += [(f"i{n:02}", name, "clinician", yes if truth else no) for name in ("C1", "C2")]
        said = n < 15 or 20 <= n < 25 or n >= 40
        rows.append((f"i{n:02}", "judge", "juror", yes if said else no))
    frame = pd.DataFrame(rows, columns=["item", "rater", "kind", "value"])
    number = pd.to_numeric(frame["value"], errors="coerce")
    return frame.assign(question="met", number=number, status="answered", part="", occasion=1)


@pytest.mark.parametrize(("yes", "no", "word"), [("1", "0", "1"), ("met", "not met", "'met'")])
def test_f1_and_the_corrected_rate_are_what_the_counts_say(yes, no, word):
    found = whole(study(yes, no), plan=Plan(replicates=60), settings=Settings(replicates=100))
    tables = {table.key: table for table in compose(found, title="T", provenance={}).tables()}
    judge, *clinicians = tables["f1_met"].rows
    # pairs: 30 both yes, 10 judge alone, 10 clinicians alone, 30 both no
    assert judge[0] == "judge"
    assert judge[1].value == pytest.approx(0.75)
    assert judge[2:] == pytest.approx((0.75, 0.75, 0.75, 0.75))
    assert [(row[0], row[1].value) for row in clinicians] == [("C1", 1.0), ("C2", 1.0)]
    assert f"{word} counted as yes" in tables["f1_met"].note
    _, _, human, own, corrected = tables["rates_met"].rows[0]
    assert (human.value, human.n_items) == (0.5, 40)
    assert own.value == pytest.approx(40 / 60)
    # sensitivity and specificity are 15 of 20: (2/3 + 3/4 - 1) / (3/4 + 3/4 - 1)
    assert corrected.value == pytest.approx((2 / 3 - 1 / 4) / (1 / 2))
    assert corrected.low < corrected.value < corrected.high


def test_graded_questions_have_neither():
    frame = study("5", "1")
    found = whole(frame, plan=Plan(replicates=60), settings=Settings(replicates=100))
    keys = [table.key for table in compose(found, title="T", provenance={}).tables()]
    assert not [key for key in keys if key.startswith(("f1_", "rates_"))]
