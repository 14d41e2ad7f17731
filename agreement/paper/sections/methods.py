"""Methods: a paragraph for a paper, the reporting checklists, and second opinions."""

from __future__ import annotations

from agreement.decision.check import counted, listed
from agreement.decision.lay import COMPOSITE
from agreement.opinion import opinions
from agreement.paper.document import Block, Cell, Section, Table, Text
from agreement.paper.sections.checklists import grras, tripod_llm
from agreement.paper.whole import Whole


def methods(whole: Whole, provenance: tuple[tuple[str, str], ...]) -> Section:
    """Return what a reader needs to judge or to repeat the analysis."""
    blocks: list[Block] = [
        Text(_paragraph(whole, provenance)),
        grras(whole),
        tripod_llm(whole),
        *_opinions(whole),
    ]
    return Section("methods", "10 Methods", tuple(blocks))


def _paragraph(whole: Whole, provenance: tuple[tuple[str, str], ...]) -> str:
    people = counted(len(whole.clinicians), "clinician")
    jurors = counted(len(whole.panel), "language-model juror")
    outputs, questions = counted(whole.outputs, "output"), counted(len(whole.asked), "question")
    software = dict(provenance).get("software", "Consilium")
    parts = (
        f"{people} and {jurors} rated {outputs} on {questions} ({', '.join(whole.asked)}).",
        _coefficients(whole),
        _judged(whole) if whole.verdicts else "",
        f"Undefined figures are reported as undefined, negative ones as they are; no missing rating was "
        f"filled in. {_turned(whole)}Computed with {software}.",
    )
    return " ".join(filter(None, parts))


def _coefficients(whole: Whole) -> str:
    """Return by what agreement is given, as far as these answers have it."""
    numeric = any(not one.labels for one in whole.answers)
    icc = (
        "intraclass correlation (ICC; complete ratings by analysis of variance with F intervals, incomplete "
        "ones by crossed random effects fitted by restricted maximum likelihood), "
    )
    settings = whole.settings
    return (
        f"Agreement is given as {icc if numeric else ''}Krippendorff's alpha, kappa and Gwet's AC with the "
        f"declared points; alpha's intervals are a bootstrap of whole cases ({settings.replicates} draws "
        f"from seed {settings.seed}), and each figure's own method stands in the report's JSON file."
    )


def _judged(whole: Whole) -> str:
    """Return how judges were compared and accepted."""
    plan = whole.plan
    kinds = {bool(one.labels) for one in whole.answers}
    others = {False: "the mean of the other clinicians", True: "what the other clinicians said, for words"}
    said = " or ".join(others[labels] for labels in sorted(kinds))
    calibrated = " Calibration is isotonic, cross-fitted by case." if False in kinds else ""
    return (
        f"Each judge was compared with a clinician in that clinician's own place: both with {said}, on the "
        f"same outputs, averaged over the clinicians left out in turn; intervals are {plan.level:.0%} "
        f"percentile intervals of a bootstrap of whole cases ({plan.replicates} draws from seed {plan.seed} "
        "for decisions). A judge was accepted when it was not worse than a clinician by "
        f"{plan.margin:g} or more, by the rules of the plan (hash {plan.hash[:12]}).{calibrated}"
    )


def _turned(whole: Whole) -> str:
    """Return on which questions a high value is bad, and what was done about it."""
    high = [one for one in whole.answers if one.turned is not None]
    if not high:
        return ""
    each = listed(
        [f"{one.question} ({one.turned.low:g} to {one.turned.high:g})" for one in high if one.turned]
    )
    return (
        f"A high value was declared to be bad on {each}: these answers were turned round about the middle of "
        "their scale before any figure was made, so that high is good everywhere, also in composites, beside "
        "text metrics, in win rates and in what counts as bad; tables of points show them as given. "
    )


def _opinions(whole: Whole) -> list[Block]:
    rows: list[tuple[Cell, ...]] = []
    for one in whole.answers:
        if not one.labels and one.question != COMPOSITE and one.clinicians.shape[1] > 1:
            rows += [
                (
                    one.question,
                    o.coefficient,
                    o.ours,
                    o.theirs,
                    f"{o.library} {o.version}",
                    "yes" if o.same else "no",
                )
                for o in opinions(one.clinicians)
            ]
    if not rows:
        return [Text("Second opinions (pingouin, krippendorff) are not installed or do not apply.", "note")]
    columns = ("question", "figure", "ours", "theirs", "by", "same")
    note = "Two independent packages, asked the same; 'same' means to nine decimals."
    return [Table("second_opinions", "Second opinions", columns, tuple(rows), note)]
