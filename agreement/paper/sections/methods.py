"""Methods: a paragraph for a paper, reporting checklists with their gaps, and second opinions."""

from __future__ import annotations

from agreement.decision.lay import COMPOSITE
from agreement.opinion import opinions
from agreement.panel import on_panel
from agreement.paper.document import Block, Cell, Section, Table, Text
from agreement.paper.whole import Whole

GAP = "to be stated by the authors"


def methods(whole: Whole, provenance: tuple[tuple[str, str], ...]) -> Section:
    """Return what a reader needs to judge or to repeat the analysis."""
    blocks: list[Block] = [
        Text(_paragraph(whole, provenance)),
        _grras(whole),
        _tripod(whole),
        *_opinions(whole),
    ]
    return Section("methods", "10 Methods", tuple(blocks))


def _paragraph(whole: Whole, provenance: tuple[tuple[str, str], ...]) -> str:
    people = {name for one in whole.answers for name in one.names["clinician"]}
    jurors = {name for one in whole.answers for name in one.names["juror"] if on_panel(name)}
    outputs = {key for one in whole.answers for key in one.rows}
    software = dict(provenance).get("software", "Consilium")
    plan, settings = whole.plan, whole.settings
    return (
        f"{len(people)} clinicians and {len(jurors)} language-model jurors rated {len(outputs)} outputs on "
        f"{len(whole.questions)} questions ({', '.join(whole.questions)}). Agreement is given as intraclass "
        "correlation (ICC; complete ratings by analysis of variance with F intervals, incomplete "
        "ones by crossed "
        "random effects fitted by restricted maximum likelihood), Krippendorff's alpha, kappa and "
        "Gwet's AC with the "
        "declared points. Each judge was compared with a clinician in that clinician's own place: "
        "both with the mean "
        "of the other clinicians, on the same outputs, averaged over the clinicians left out in "
        "turn; intervals are "
        f"{plan.level:.0%} percentile intervals of a bootstrap of whole cases ({plan.replicates} "
        "draws for decisions, "
        f"{settings.replicates} for coefficients, seed {settings.seed}). A judge was accepted when it "
        "was not worse "
        f"than a clinician by {plan.margin:g} or more, by the rules of the plan (hash "
        f"{plan.hash[:12]}). Calibration "
        "is isotonic, cross-fitted by case. Undefined figures are reported as undefined, negative "
        "ones as they are; no "
        f"missing rating was filled in. Computed with {software}."
    )


def _grras(whole: Whole) -> Table:
    people = len({name for one in whole.answers for name in one.names["clinician"]})
    outputs = len({key for one in whole.answers for key in one.rows})
    questions = ", ".join(whole.questions)
    rows = (
        (1, "Title says that agreement was studied", GAP),
        (2, "The measure", questions),
        (3, "The subjects", f"{outputs} outputs; how they were chosen is {GAP}"),
        (4, "The raters", f"{people} clinicians; specialties and training are {GAP}"),
        (5, "What was known and why the study", GAP),
        (
            6,
            "How the sample size was chosen",
            f"the plan asks for {whole.plan.items} outputs; the reason is {GAP}",
        ),
        (7, "How subjects and raters were sampled", GAP),
        (8, "How rating was done: blinding, time, setting", GAP),
        (9, "Were ratings independent", GAP),
        (10, "Statistics", "section 10, this report"),
        (11, "How many were actually rated", "section 2, this report"),
        (12, "Who raters and subjects were", f"section 2; characteristics of people are {GAP}"),
        (13, "Estimates with intervals", "sections 1, 3 and 4, this report"),
        (14, "What the results mean in practice", "the decision, section 1; further discussion is " + GAP),
        (15, "Detailed results", "tables and CSV files of this report"),
    )
    title = "Guidelines for Reporting Reliability and Agreement Studies (GRRAS)"
    return Table("grras", title, ("item", "what is asked", "where or what"), rows, "Kottner et al. 2011.")


def _tripod(whole: Whole) -> Table:
    models = (
        ", ".join(name for name, kind in whole.kinds.items() if kind == "juror" and on_panel(name)) or "none"
    )
    rows = (
        ("Model and version", models + "; snapshot, access date and parameters are " + GAP),
        ("Prompt", GAP),
        ("Reference standard", "clinicians' ratings, section 2"),
        ("Human raters: number, expertise, instructions", f"number in section 2; the rest is {GAP}"),
        ("Agreement of human raters", "section 3"),
        ("Performance with uncertainty", "section 4"),
        ("Subgroups and fairness", "section 4, by system and other subgroups"),
        ("Calibration", "section 6"),
        ("Data and code availability", GAP),
    )
    title = "Reporting a study of language models (after TRIPOD-LLM)"
    return Table(
        "tripod_llm",
        title,
        ("what is asked", "where or what"),
        rows,
        "Gallifant et al. 2025, items that apply.",
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
