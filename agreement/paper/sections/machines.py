"""Machines against clinicians: each judge by the same figures, baselines beside it, and where it fails."""

from __future__ import annotations

from agreement.decision import Decision
from agreement.decision.answer import alternative_sentence
from agreement.decision.conduct import finds_bad
from agreement.decision.evidence import bias
from agreement.decision.lay import COMPOSITE
from agreement.estimate import Estimate, undefined
from agreement.paper.document import Block, Cell, Chart, Section, Table, Text
from agreement.paper.draw import intervals
from agreement.paper.sections.glance import estimate
from agreement.paper.sections.level import confusion, level
from agreement.paper.sections.subpanels import panel_tables
from agreement.paper.sections.yesno import f1_tables
from agreement.paper.whole import Whole, suppressed

AGREEMENT = (
    ("in order: {}", "order_judge"),
    ("less a clinician's {}", "order_difference"),
    ("with level: {}", "level_judge"),
    ("less a clinician's {}", "level_difference"),
)
LABELS = (("beyond chance: {}", "order_judge"), ("less a clinician's {}", "order_difference"))
"""Words have no order and no level: one comparison, by kappa."""
CONDUCT = (
    ("points above clinicians", "bias"),
    ("finds bad outputs", "sensitivity"),
    ("answered", "coverage"),
    ("with itself, asked again", "repeatability"),
)
LEVEL = (
    "Points above clinicians: 0 is as strict as they are. Bad outputs are those that clinicians put in the "
    "lowest quarter of the scale (in the highest of a question on which a high value is bad, see Methods); "
    "the share that the judge puts there, too. Points above are then turned round: above 0 is kinder. "
)
ANSWERED = "Answered: the share of the outputs put to the judge on which it gave an answer."
WORDING = (
    "A text metric compares wording. No overlap metric follows hallucination (|r| < .1 on published note "
    "summaries): a high score says that words recur, not that they are true. Read recall beside F."
)
BASELINES = {"constant": "always the same point", "random": "random points", "length": "longer is better"}


def machines(whole: Whole) -> Section:
    """Return every judge beside the clinicians."""
    blocks: list[Block] = []
    for question in [*whole.questions, COMPOSITE]:
        found = {j: d for j, ds in whole.verdicts.items() for d in ds if d.question == question}
        if found:
            blocks += [_table(question, found), *_chart(question, found), _conduct(whole, question, found)]
    blocks += [
        *panel_tables(whole),
        _rules(whole),
        *_alternative(whole),
        *level(whole),
        *f1_tables(whole),
        *confusion(whole),
        *_strata(whole),
    ]
    if "metric" in whole.kinds.values():
        blocks.insert(0, Text(WORDING, "note"))
    if not whole.verdicts:
        none = "There is no judge beside clinicians in these ratings."
        blocks = [
            Text("Section 3 has what can be compared of these answers." if whole.kinds else none, "note")
        ]
    return Section("machines", "4 Machines against clinicians", tuple(blocks))


def _table(question: str, found: dict[str, Decision]) -> Table:
    order, level = _coefficient(found, "order_judge"), _coefficient(found, "level_judge")
    shown = LABELS if order == "kappa" else AGREEMENT
    rows: list[tuple[Cell, ...]] = [
        (judge, str(decision), *(_figure(decision, key) for _, key in shown))
        for judge, decision in found.items()
    ]
    first = next((d for d in found.values() if "order_clinician" in d.figures), None)
    if first is not None:
        figures = first.figures
        clinician = (figures.get("order_clinician"), None, figures.get("level_clinician"), None)
        rows.append(("a clinician in the same place", "", *clinician[: len(shown)]))
        for name, words in BASELINES.items():
            if f"{name}_baseline" in figures:
                by = figures[f"{name}_baseline_in_order"], None, figures[f"{name}_baseline"], None
                rows.append((f"baseline: {words}", "", *by[: len(shown)]))
    others = "what the other clinicians said" if shown is LABELS else "the mean of the other clinicians"
    note = (
        f"Agreement with {others}. Baselines know nothing of the output; a "
        "judge that is not "
        "clearly above them shows nothing. The clinician's row and the baselines are on the outputs "
        "of the first "
        "judge that has figures."
    )
    named = [name.format(order if key.startswith("order") else level) for name, key in shown]
    columns = ("judge", "answer", *named)
    return Table(f"machines_{question}", f"Judges beside clinicians, {question}", columns, tuple(rows), note)


def _coefficient(found: dict[str, Decision], key: str) -> str:
    """The coefficient that a column's figures are of."""
    said = [decision.figures[key].coefficient for decision in found.values() if key in decision.figures]
    return said[0] if said else {"order_judge": "r", "level_judge": "ICC(A,1)"}[key]


def _conduct(whole: Whole, question: str, found: dict[str, Decision]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for judge, decision in found.items():
        figures = _of_one_thing(whole, judge, question) | dict(decision.figures)
        rows.append((judge, *(figures.get(key) for _, key in CONDUCT)))
    columns = ("judge", *(name for name, _ in CONDUCT))
    words = not any("bias" in decision.figures for decision in found.values())
    title = f"Gaps, {question}" if words else f"Level, bad outputs, gaps, {question}"
    return Table(f"conduct_{question}", title, columns, tuple(rows), ANSWERED if words else LEVEL + ANSWERED)


def _of_one_thing(whole: Whole, judge: str, question: str) -> dict[str, Estimate]:
    """Level and bad outputs of a judge that the rules look no further at: it says one thing to everything."""
    sheet = next(sheet for sheet in whole.sheets[judge] if sheet.question == question)
    if sheet.labels or not sheet.on_scale or not sheet.judged.any():
        return {}
    bad = finds_bad(sheet, whole.plan)
    return {"bias": bias(sheet, whole.plan, sheet.judged)} | (dict(bad.figures) if bad else {})


def _figure(decision: Decision, key: str) -> Estimate | None:
    found = decision.figures.get(key)
    if found is None and decision.rule == "tells items apart":
        return undefined(key, "Says one thing to everything.", n_items=_n(decision))
    return found


def _n(decision: Decision) -> int:
    return decision.figures["commonest_answer"].n_items if "commonest_answer" in decision.figures else 0


def _chart(question: str, found: dict[str, Decision]) -> list[Block]:
    rows = [(judge, d.figures["order_judge"]) for judge, d in found.items() if "order_judge" in d.figures]
    if not rows:
        return []
    first = next(d for d in found.values() if "order_clinician" in d.figures)
    rows.append(("a clinician", first.figures["order_clinician"]))
    hues = [0] * (len(rows) - 1) + [1]
    label = f"{rows[0][1].coefficient} with the other clinicians"
    title = f"Agreement with the other clinicians, {question}"
    return [
        Chart(f"machines_{question}_chart", title, intervals(rows, label, hues=hues), f"machines_{question}")
    ]


def _rules(whole: Whole) -> Block:
    rows = tuple(
        (judge, decision.question, check.rule, check.state, check.sentence)
        for judge, decisions in whole.verdicts.items()
        for decision in decisions
        for check in decision.checks
        if check.state in ("not met", "unclear")
    )
    plan = whole.plan
    kept = (
        f"The plan (hash {plan.hash[:12]}): margin {plan.margin:g} in {plan.coefficient} (for words, in "
        f"kappa), level within "
        f"{plan.bias:.1%} of the scale's range, coverage {plan.coverage:.0%}, sensitivity "
        f"{plan.sensitivity:.0%}, "
        f"repeatability {plan.repeatability:g}, no subgroup clearly below {plan.subgroup:g}, "
        f"{plan.items} outputs."
    )
    if not rows:
        return Text(f"No rule is broken or open: each is met or was not measured. {kept}", "note")
    note = (
        "Unclear: these ratings cannot settle it. All other rules are met or were not measured; the "
        f"passports hold each with its figures. {kept}"
    )
    return Table(
        "rules",
        "Rules that are not met or open",
        ("judge", "question", "rule", "state", "what was found"),
        rows,
        note,
    )


def _alternative(whole: Whole) -> list[Block]:
    ran = [
        (judge, d)
        for judge, decisions in whole.verdicts.items()
        for d in decisions
        if d.alternative and d.alternative["judge"].places
    ]
    rows = tuple((judge, d.question, alternative_sentence(d)) for judge, d in ran)
    if not rows:
        sentence = (
            "The alternative-annotator test (Calderon, Reichart and Dror 2025) cannot be run on "
            "these ratings: it "
            "needs clinicians with 30 outputs that two other clinicians rated, too."
        )
        return [Text(sentence, "note")]
    note = (
        "Calderon, Reichart and Dror 2025: may the judge take the place of at least half of the "
        "clinicians? It "
        "wins where it predicts the others at least as well, with epsilon 0.2 in favour of the "
        "cheaper machine."
    )
    columns = ("judge", "question", "outcome")
    return [Table("alternative_annotator", "The alternative-annotator test", columns, rows, note)]


def _strata(whole: Whole) -> list[Block]:
    found: dict[tuple[str, str, str], dict[str, Estimate]] = {}
    for figure in whole.report.figures:
        alone = figure.between == "jury–clinician" and len(whole.panel) == 1  # its only juror has these rows
        if figure.stratum != "all" and figure.coefficient in ("r", "ICC(A,1)") and not alone:
            name = figure.rater or ("the jury" if figure.between == "jury–clinician" else "clinicians")
            cell = found.setdefault((figure.stratum, figure.question, name), {})
            cell[figure.coefficient] = suppressed(estimate(figure))
    if not found:
        return []
    rows = tuple((*key, found[key].get("r"), found[key].get("ICC(A,1)")) for key in sorted(found))
    note = (
        "Within systems: the mean of each system's own figure, weighted by outputs. Differences "
        "between systems "
        "make raters agree, so a pooled figure is higher than what holds within one system."
    )
    columns = ("subgroup", "question", "rater", "r with clinicians", "ICC(A,1) with clinicians")
    return [Table("subgroups", "By system and other subgroups", columns, rows, note)]
