"""At a glance: the answers, the four figures of MedHELM's table, and the fair comparison beside them."""

from __future__ import annotations

from collections.abc import Iterable

from agreement.decision import Decision, overall
from agreement.decision.character import character
from agreement.decision.check import listed
from agreement.decision.lay import COMPOSITE
from agreement.decision.passport import VOID, deciding
from agreement.decision.several import BEST_OF
from agreement.estimate import Estimate
from agreement.medhelm import LEVELS
from agreement.paper.document import Block, Chart, Section, Table, Text, Tone
from agreement.paper.draw import intervals
from agreement.paper.whole import Whole
from agreement.report.figure import Figure

TONES: dict[str, Tone] = {
    "use": "good",
    "use calibrated and with review": "fair",
    "cannot tell yet": "open",
    "do not use": "poor",
}
WHAT = (
    "Agreement runs from 0 (no more than chance) to 1 (always the same); below 0 it is less than chance "
    "would give. The range in brackets is the {level:.0%} confidence interval, and n counts the outputs "
    "behind it."
)
NUMBERS = (
    " r, the correlation, compares how outputs stand to one another, whatever the level. ICC(A,1), the "
    "intraclass correlation of single ratings for absolute agreement, also counts differences in level, so a "
    "lenient rater loses by it."
)
WORDS = " Kappa is the agreement on words that goes beyond what chance alone would give."


def glance(whole: Whole) -> Section:
    """Return the section that a hurried reader reads."""
    blocks: list[Block] = [Text(_what(whole))]
    if not whole.verdicts:
        blocks.append(Text(_undecided(whole), "note"))
    for judge, decisions in whole.verdicts.items():
        if whole.kinds[judge] != "metric":
            blocks.append(_answer(judge, deciding(decisions, whole.plan)))
    blocks += [Text(said, "note") for said in (_several(whole), VOID) if said and whole.verdicts]
    blocks += [*_fair(whole), *_medhelm(whole)]
    return Section("glance", "1 At a glance", tuple(blocks))


def _what(whole: Whole) -> str:
    """How to read the figures of these ratings."""
    labels = {bool(one.labels) for one in whole.answers}
    said = (NUMBERS if False in labels else "", WORDS if True in labels else "")
    return WHAT.format(level=whole.settings.level) + "".join(said)


def _undecided(whole: Whole) -> str:
    """Why there is no decision: nobody to decide about, or answers that no rule decides on."""
    if not whole.kinds:
        return "There is no jury and no metric beside clinicians here, so nothing is decided."
    return (
        "Nothing is decided here: the rules need answers on a scale or with labels that clinicians and a "
        "judge both gave. How far they agree on other answers stands in section 3."
    )


def _answer(judge: str, decisions: list[Decision]) -> Text:
    """The answer on a judge in a box: over all, then question by question with the rule that fired."""
    answer = overall(decisions)
    first = f"May {judge} stand in for a clinician? {answer.capitalize()}."
    lines = [f"{d.question}: {d}. {d.main}" for d in decisions]
    return Text("\n".join([" ".join(filter(None, (first, character(decisions)))), *lines]), TONES[answer])


def _several(whole: Whole) -> str:
    """What it means that several judges were looked at: the best of them looks better than it is."""
    usable = [d for ds in whole.verdicts.values() for d in deciding(ds, whole.plan) if d.several and d.usable]
    if not usable:
        return ""
    lost = [f"{d.judge} on {d.question}" for d in usable if not d.confirmed]
    margin = f"worse than a clinician by {whole.plan.margin:g} or more"
    return f"{BEST_OF.format(usable[0].judges)} With all of them counted (Bonferroni), {margin} " + (
        f"is no longer ruled out for {listed(lost)}." if lost else "stays ruled out wherever it was."
    )


def _fair(whole: Whole) -> list[Block]:
    """Judge beside a clinician in the same place, for the question that stands for all."""
    rows: list[tuple[str, str, Estimate, Estimate, Estimate]] = []
    for judge, decisions in whole.verdicts.items():
        for decision in decisions:
            figures = decision.figures
            if "order_difference" in figures:
                rows.append((
                    judge, decision.question, figures["order_judge"],
                    figures["order_clinician"], figures["order_difference"],
                ))  # fmt: skip
    if not rows:
        return []
    headline = COMPOSITE if any(row[1] == COMPOSITE for row in rows) else rows[0][1]
    picked = [(row[0], row[4]) for row in rows if row[1] == headline]
    word = "kappa" if rows[0][2].coefficient == "kappa" else "r"
    return [
        Table(
            "glance_fair",
            "The fair comparison: beside the same other clinicians, on the same outputs",
            (
                "judge",
                "question",
                f"judge ({word})",
                f"a clinician in that place ({word})",
                "judge less clinician",
            ),
            tuple(rows),
            "Each clinician is left out in turn; the judge and she are compared with the mean of the "
            "others, or with what the others said where answers are words. "
            "A range of the last column that lies above 0 means better than a clinician; one that "
            "holds 0 means "
            "that no difference is shown.",
        ),
        Chart(
            "glance_fair_chart",
            f"Judge less clinician, {headline}",
            intervals(
                picked,
                f"difference in {word}; right of 0: closer to the other clinicians than a clinician is",
            ),
            "glance_fair",
        ),
    ]


def _medhelm(whole: Whole) -> list[Block]:
    """The four figures of MedHELM's table, for the question that stands for all."""
    found = [f for f in whole.report.figures if f.coefficient == "MedHELM ICC(3,k)" and f.stratum == "all"]
    asked = list(dict.fromkeys(f.question for f in found))
    headline = COMPOSITE if COMPOSITE in asked else (asked or [""])[0]
    picked = [f for f in found if f.question == headline and f.between in _ORDER and not _part_of_f(f.rater)]
    picked.sort(key=lambda f: _ORDER.index(f.between))
    if not picked:
        return []
    rows = tuple((_named(f, whole), estimate(f)) for f in picked)
    note = (
        "By MedHELM's recipe, to be set beside published figures: scores are z-scored, so a lenient "
        "and a strict "
        "judge look the same, and the jury is compared with a mean of clinicians while clinicians "
        "are compared "
        "one with another, which flatters the jury. The fair comparison above puts that right; decide by it."
    )
    note += _of_pairs(picked)
    missing = _missing(f.rater for f in picked)
    note += f" MedHELM's table also has {missing}: the page Metrics adds it." if missing else ""
    title = f"The figures of MedHELM's table, {headline}"
    return [Table("glance_medhelm", title, ("between", "ICC(3,k) of z-scores"), rows, note)]


def _of_pairs(picked: list[Figure]) -> str:
    """What the range of the clinicians' own figure does not know: it draws pairs, of which there are few."""
    among = [f for f in picked if f.between == "clinician–clinician" and f.defined]
    if not among:
        return ""
    told = " ".join(note for note in among[0].notes if note != LEVELS)
    drawn = " As the paper did, its range draws pairs and not outputs: with few pairs it is too narrow."
    return f" One clinician and another: {told}" + (drawn if among[0].low == among[0].low else "")


_ORDER = ("jury–clinician", "clinician–clinician", "metric–clinician")


def _part_of_f(rater: str) -> bool:
    """Whether a metric is a precision or a recall: the published table has their harmonic mean."""
    return rater.partition("@")[0].endswith(("-precision", "-recall"))


def _missing(raters: Iterable[str]) -> str:
    """Which metrics of MedHELM's table nobody computed here."""
    there = "".join("".join(filter(str.isalpha, name.casefold())) for name in raters)
    named = {"rougel": "ROUGE-L", "bertscore": "BERTScore"}
    return " and ".join(name for key, name in named.items() if key not in there)


def _named(figure: Figure, whole: Whole) -> str:
    if figure.between == "clinician–clinician":
        return "one clinician and another"
    jury = f"the jury, which is {whole.panel[0]} alone," if len(whole.panel) == 1 else "the jury"
    return f"{figure.rater or jury} and the clinicians"


def estimate(figure: Figure) -> Estimate:
    """Return a line of the report as an estimate again."""
    return Estimate(
        figure.coefficient, figure.value, figure.low, figure.high, figure.n_items, figure.n_raters,
        f"{figure.form}; {figure.method}", figure.level, figure.notes,
    )  # fmt: skip
