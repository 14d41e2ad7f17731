"""The filter over a report: what is chosen is shown, nothing else, and no choice leads nowhere."""

import pytest

from agreement.report import Figure, Report
from agreement.report.picked import ALL, CLINICIANS, EACH, JURY, WITHIN, Picked, choices, picked


def figure(question, coefficient, between, rater="", stratum="all"):
    return Figure(question, coefficient, between, rater, stratum, 0.5, 0.4, 0.6, 60, 3, "", "", 0.95, ())


FIGURES = (
    figure("accuracy", "alpha (ordinal)", "clinician–clinician"),
    figure("accuracy", "ICC(A,1)", "clinician–clinician"),
    figure("accuracy", "severity", "clinician–clinician", "C01"),
    figure("accuracy", "own ICC(A,1)", "clinician–self", "C01"),
    figure("accuracy", "ICC(A,1)", "jury–clinician"),
    figure("accuracy", "ICC(A,1)", "juror–clinician", "gpt"),
    figure("accuracy", "ICC(A,1)", "juror–clinician", "gpt", "system = a"),
    figure("accuracy", "ICC(A,1)", "juror–clinician", "gpt", "system = b = c"),
    figure("accuracy", "ICC(A,1)", "juror–clinician", "gpt", "within system"),
    figure("clarity", "ICC(A,1)", "juror–clinician", "gpt"),
    figure("clarity", "r", "metric–clinician", "rouge-l"),
)
REPORT = Report(FIGURES, (), (), (), 0, 2000, 0.95)


def test_there_is_one_choice_for_each_sort_of_comparison():
    found = choices(REPORT)
    assert found.questions == ("accuracy", "clarity")
    assert found.who == (CLINICIANS, EACH, JURY, "gpt", "rouge-l")
    assert found.splits == (ALL, "system", WITHIN)
    assert found.coefficient == "ICC(A,1)"


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        (Picked(coefficient="ICC(A,1)"), {1, 4, 5, 9}),
        (Picked(("clarity",), coefficient="ICC(A,1)"), {9}),
        (Picked(who=(CLINICIANS, JURY), coefficient="ICC(A,1)"), {1, 4}),
        (Picked(who=("gpt",), split="system", coefficient="ICC(A,1)"), {6, 7}),
        (Picked(split=WITHIN, coefficient="ICC(A,1)"), {8}),
        (Picked(who=(EACH,), coefficient="severity"), {2}),
        (Picked(("accuracy",), ("rouge-l",), coefficient="r"), set()),
    ],
)
def test_exactly_what_was_chosen_is_shown(wanted, places):
    assert set(picked(REPORT, wanted)) == {FIGURES[at] for at in places}


def test_the_coefficients_on_offer_are_those_that_the_other_choices_leave():
    assert choices(REPORT, Picked(who=("rouge-l",))).coefficients == ("r",)
    assert choices(REPORT, Picked(("clarity",), (CLINICIANS,))).coefficients == ()
    for split in choices(REPORT).splits:
        for name in choices(REPORT, Picked(split=split)).coefficients:
            assert picked(REPORT, Picked(split=split, coefficient=name))
