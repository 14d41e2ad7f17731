"""The mean within systems: cases that systems share are drawn together, whatever is compared."""

import numpy as np
import pandas as pd
import pytest

from agreement.report import compare
from agreement.report.settings import Settings

QUICK = Settings(replicates=200)
SAME = ("ICC(A,1)", "alpha (ordinal)", "r", "bias", "exact agreement", "agreement within ±1")


def study(copies, shared, *, cases=40, seed=0, noise=0.0):
    """Two clinicians, a juror and a metric on outputs of several systems that say nearly the same."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(3, 1, cases)
    said = {name: truth + rng.normal(0, 0.7, cases) for name in ("C0", "C1", "J")}
    kinds = {"C0": "clinician", "C1": "clinician", "J": "juror"}
    rows, facts = [], []
    for system in copies:
        for case in range(cases):
            item = f"{system}-{case:02}"
            facts.append((item, "", f"case {case}" if shared else f"case {system} {case}", system))
            for name, scores in said.items():
                score = np.clip(np.round(scores[case] + rng.normal(0, noise)), 1, 5)
                rows.append((item, name, kinds[name], "accuracy", score))
            rows.append((item, "M", "metric", "overlap", truth[case] + rng.normal(0, noise)))
    frame = pd.DataFrame(rows, columns=["item", "rater", "kind", "question", "number"])
    frame = frame.assign(value=frame["number"].map("{:g}".format), status="answered", part="", occasion=1)
    return frame, pd.DataFrame(facts, columns=["item", "part", "case", "system"])


def widths(frame, facts, stratum):
    return {
        (f.coefficient, f.between, f.rater): f.high - f.low
        for f in compare(frame, facts, settings=QUICK).figures
        if f.stratum == stratum and f.defined
    }


def test_a_system_that_copies_another_on_the_same_cases_adds_nothing_to_what_is_known():
    frame, facts = study("ab", shared=True)
    own, mean = widths(frame, facts, "system = a"), widths(frame, facts, "within system")
    assert own.keys() == mean.keys()
    assert {name for name, _, _ in mean} >= set(SAME)
    for key, width in own.items():
        assert mean[key] == pytest.approx(width, rel=1e-6), key


def test_systems_on_cases_of_their_own_add_up_as_independent_ones():
    frame, facts = study("abcd", shared=False)
    own, mean = widths(frame, facts, "system = a"), widths(frame, facts, "within system")
    for key, width in own.items():
        assert mean[key] == pytest.approx(width / 2, rel=1e-6), key


def test_systems_that_share_cases_and_little_else_lie_between():
    frame, facts = study("ab", shared=True, noise=0.5, cases=60)
    mean = widths(frame, facts, "within system")
    each = [widths(frame, facts, f"system = {name}") for name in "ab"]
    between = 0
    for key, width in mean.items():
        a, b = (one[key] / 2 for one in each)
        assert (a * a + b * b) ** 0.5 - 1e-9 <= width <= a + b + 1e-9, key
        between += 1.02 * (a * a + b * b) ** 0.5 < width < 0.98 * (a + b)
    assert between > len(mean) / 2
