"""The report as text for a terminal: a table a question, the notes below it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from agreement.estimate import bound
from agreement.report.figure import Figure
from agreement.report.strata import MOST
from agreement.report.tables import Asked, Report, Spoke

SPECIAL = (
    "alpha (sets, MASI)",
    "overlap (Jaccard)",
    "alpha (unitizing)",
    "overlap (Dice)",
    "ranking agreement (tau-b)",
    "mean Kendall's W",
    "same output first",
    "preference agreement",
    "preference agreement (without ties)",
)
"""Of sets, marks, rankings and preferences, whoever is compared."""
NOMINAL = ("alpha (nominal)", "Cohen's kappa", "Fleiss' kappa", "AC1")
"""Among clinicians these are main figures of words and of yes or no; points in an order have better ones."""
MAIN = {
    "clinician–clinician": (
        "ICC(1,1)",
        "ICC(A,1)",
        "ICC(A,k)",
        "alpha (ordinal)",
        "alpha (nominal)",
        "Cohen's kappa",
        "Fleiss' kappa",
        "AC1",
        "exact agreement",
        "agreement within ±1",
        "MedHELM ICC(3,k)",
    ),
    "jury–clinician": (
        "ICC(A,1)",
        "r",
        "Spearman's rho",
        "CCC",
        "bias",
        "MedHELM ICC(3,k)",
        "Cohen's kappa",
        "exact agreement",
        "agreement within ±1",
        "difference in ICC(A,1), it less a clinician",
        "difference in kappa, it less a clinician",
        "difference in r, it less a clinician",
        "difference in r, jury less metric",
    ),
    "juror–clinician": (
        "ICC(A,1)",
        "r",
        "bias",
        "Cohen's kappa",
        "exact agreement",
        "MedHELM ICC(3,k)",
        "difference in ICC(A,1), it less a clinician",
        "difference in kappa, it less a clinician",
    ),
    "metric–clinician": (
        "r",
        "Spearman's rho",
        "AUROC",
        "MedHELM ICC(3,k)",
        "mean absolute error after a map",
    ),
    "juror–juror": ("ICC(A,1)", "alpha (ordinal)", "alpha (nominal)", "exact agreement"),
    "clinician–self": ("own ICC(A,1)",),
    "juror–self": ("own ICC(1,1)",),
}
HEADS = {
    "clinician–clinician": "clinicians with one another",
    "jury–clinician": "the jury with the clinicians",
    "juror–clinician": "{rater} (juror) with the clinicians",
    "metric–clinician": "{rater} (metric) with the clinicians",
    "juror–juror": "jurors with one another",
    "clinician–self": "clinicians asked again",
    "juror–self": "jurors asked again",
}


def in_words(report: Report, *, every: bool = False) -> str:
    """Return the report as text; with `every`, all figures and not the main ones only."""
    parts = ["\n".join(report.said)] if report.said else []
    for asked in report.questions:
        figures = [f for f in report.figures if f.question == asked.question]
        many = () if every else _many_systems(figures)
        shown = [f for f in figures if every or (_main(f) and f.stratum not in many)]
        spoke = [s for s in report.raters if s.question == asked.question]
        lines = (
            _head(asked),
            _tables(shown, report.level),
            _raters(spoke),
            _notes(shown, asked),
            _unsaid(many),
        )
        parts.append("\n".join(line for part in lines for line in part))
    if report.opinions:
        parts.append("\n".join(["Second opinions", *(f"  {q}: {one}" for q, one in report.opinions)]))
    how = f"{report.replicates} replicates from seed {report.seed}"
    parts.append(f"Intervals hold {report.level * 100:g} %; bootstraps: {how}.")
    return "\n\n".join(parts)


def _many_systems(figures: Sequence[Figure]) -> set[str]:
    """Return the strata of single systems where they are more than a terminal's reader wants one by one."""
    systems = {f.stratum for f in figures if f.stratum.startswith("system = ")}
    return systems if len(systems) > MOST else set()


def _unsaid(many: Collection[str]) -> Iterator[str]:
    if many:
        yield f"  · Each of the {len(many)} systems by itself is in --json, in --out, and printed with --all."


def _main(figure: Figure) -> bool:
    listed = figure.coefficient in (*MAIN[figure.between], *SPECIAL)
    listed |= figure.coefficient.startswith("log-strength")
    if figure.coefficient in NOMINAL and figure.between in ("clinician–clinician", "juror–juror"):
        listed &= figure.form.endswith("words") or figure.form == "2 points"
    return listed and (
        figure.defined or "raw scores" not in figure.form or figure.between != "metric–clinician"
    )


def _head(asked: Asked) -> Iterator[str]:
    who = [_count(asked.items, "output"), _count(asked.clinicians, "clinician")]
    if asked.items:
        each = f"{asked.ratings_per_item:.3g}"
        spread = "" if asked.least == asked.most else f", {asked.least} to {asked.most}"
        who[1] += f" ({each} an output{spread})"
    who += [_count(n, what) for n, what in ((asked.jurors, "juror"), (asked.metrics, "metric")) if n]
    if asked.labels:
        who.append(f"answers: {', '.join(asked.labels)}")
    elif asked.points:
        who.append(f"points {asked.points[0]:g} to {asked.points[-1]:g}")
    if not math.isnan(asked.ceiling):
        who.append(f"{asked.ceiling:.0%} of clinicians' ratings at the top")
    title = f"{asked.question}: {'; '.join(who)}"
    yield title
    yield "=" * min(len(title), 110)


def _tables(figures: Sequence[Figure], level: float) -> Iterator[str]:
    order = list(HEADS)
    ranked = sorted(figures, key=lambda f: (f.stratum != "all", f.stratum, order.index(f.between), _block(f)))
    yield f"{'':<50}{'value':>7}  {f'{level * 100:g} % interval':<18}{'outputs':>7}{'raters':>8}"
    for (stratum, between), group in groupby(ranked, key=lambda f: (f.stratum, f.between)):
        where = "" if stratum == "all" else f", {stratum}"
        for rater, lines in groupby(group, key=_block):
            yield f"  {HEADS[between].format(rater=rater)}{where}"
            yield from _lines(list(lines))


def _lines(figures: Sequence[Figure]) -> Iterator[str]:
    """A line a figure; one for all of them where none is defined, since the notes say why."""
    if len(figures) > 2 and not any(figure.defined for figure in figures):
        yield f"    undefined: {', '.join(dict.fromkeys(figure.coefficient for figure in figures))}"
        return
    yield from map(_line, figures)


def _block(figure: Figure) -> str:
    """Jurors and metrics have a block each; other raters are named in the line."""
    return figure.rater if figure.between in ("juror–clinician", "metric–clinician") else ""


def _line(figure: Figure) -> str:
    own = bool(figure.rater) and not _block(figure)
    name = figure.coefficient + (f" {figure.rater}" if own else "")
    if figure.form.endswith(("scaled", "z-scored")) and "MedHELM" not in name:
        name += f" ({figure.form.rpartition(', each ')[2]})"
    if not figure.defined:
        return f"    {name:<46}{'–':>7}  {'undefined':<18}{figure.n_items:>7}{figure.n_raters:>8}"
    bounds = "none" if math.isnan(figure.low) else f"{bound(figure.low)} to {bound(figure.high)}"
    return f"    {name:<46} {_number(figure.value):>6}  {bounds:<18}{figure.n_items:>7}{figure.n_raters:>8}"


def _raters(spoke: Sequence[Spoke]) -> Iterator[str]:
    if not spoke:
        return
    width = min(max(len("rater"), *(len(s.rater) for s in spoke)), 40)
    heads = "answers without   mean    SD   top  bottom"
    yield f"  {'rater':<{width}}  {'kind':<10} {heads}"
    for s in spoke:
        numbers = f" {_number(s.mean):>6} {_number(s.sd):>5}{_share(s.ceiling):>6}{_share(s.floor):>8}"
        why = f"  {s.reasons}" if s.reasons else ""
        yield f"  {s.rater[:width]:<{width}}  {s.kind:<10}{s.answered:>8}{s.unanswered:>8}{numbers}{why}"


def _notes(figures: Sequence[Figure], asked: Asked) -> Iterator[str]:
    for sentence in asked.said:
        yield f"  · {sentence}"
    found: dict[str, list[str]] = {}
    for figure in figures:
        for note in figure.notes:
            whose = found.setdefault(note, [])
            if figure.coefficient not in whose:
                whose.append(figure.coefficient)
    for note, whose in found.items():
        few = whose if len(whose) <= 3 else [*whose[:2], f"{len(whose) - 2} more"]
        yield f"  · {', '.join(few)}: {note}"


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:z.2f}"


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.0%}"
