"""Who and what: outputs, raters, what they answered and what they did not, as tables and pictures."""

from __future__ import annotations

import numpy as np

from agreement.decision.lay import COMPOSITE
from agreement.paper.document import Block, Cell, Chart, Section, Table, Text
from agreement.paper.draw import shares
from agreement.paper.heat import grid
from agreement.paper.sections.taking_part import taking_part
from agreement.paper.whole import FEWEST, Whole
from agreement.report.answers import Answers

MOST_ROWS = 400


def people(whole: Whole) -> Section:
    """Return who rated what."""
    blocks: list[Block] = [
        _questions(whole),
        *_said(whole),
        *_systems(whole),
        _raters(whole),
        *taking_part(whole),
    ]
    for one in whole.answers:
        if one.points and one.question != COMPOSITE:
            blocks.append(_distribution(one))
    picture = _matrix(whole)
    if picture:
        blocks.append(picture)
    blocks += [Text(sentence, "note") for sentence in whole.report.said]
    return Section("people", "2 Who rated what", tuple(blocks))


def _questions(whole: Whole) -> Table:
    rows: list[tuple[Cell, ...]] = []
    plain = {one.question for one in whole.answers}
    for asked in whole.report.questions:
        scale = ", ".join(asked.labels) if asked.labels else _ends(asked.points)
        if asked.question not in plain:
            scale = "–"  # sets, marks, rankings, preferences: the note says which
        rows.append((
            asked.question, scale, asked.items, asked.clinicians, asked.jurors, asked.metrics,
            asked.ratings_per_item, f"{asked.least} to {asked.most}", _percent(asked.ceiling),
        ))  # fmt: skip
    columns = (
        "question", "points", "outputs", "clinicians", "jurors", "metrics",
        "clinicians an output", "from", "at the highest point",
    )  # fmt: skip
    return Table("questions", "Questions", columns, tuple(rows))


def _said(whole: Whole) -> list[Block]:
    """What is to be known of the questions, each sentence once, before it the questions that it is about."""
    about: dict[str, list[str]] = {}
    for asked in whole.report.questions:
        for sentence in asked.said:
            about.setdefault(sentence, []).append(asked.question)
    every = len(whole.report.questions)
    lines = [
        sentence if len(names) == every else f"{', '.join(names)}: {sentence}"
        for sentence, names in sorted(about.items(), key=lambda pair: -len(pair[1]))
    ]
    return [Text("\n".join(["What to know of these", *lines]), "note")] if lines else []


def _raters(whole: Whole) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (
            spoke.rater, spoke.kind, spoke.question, spoke.answered, spoke.unanswered,
            spoke.mean, spoke.sd, _percent(spoke.ceiling), spoke.reasons,
        )
        for spoke in whole.report.raters
        if spoke.answered or spoke.unanswered
    ]  # fmt: skip
    columns = (
        "rater",
        "kind",
        "question",
        "answered",
        "unanswered",
        "mean",
        "SD",
        "at the highest point",
        "why not",
    )
    note = "SD is the standard deviation: a rater whose SD is near 0 says the same to everything."
    return Table("raters", "Raters: what each one answered", columns, tuple(rows), note)


def _systems(whole: Whole) -> list[Block]:
    if whole.facts is None or "system" not in whole.facts:
        return []
    counts = whole.facts.loc[whole.facts["system"] != "", "system"].value_counts().sort_index()
    if len(counts) < 2:
        return []
    rows = tuple((str(name), int(n) if n >= FEWEST else f"fewer than {FEWEST}") for name, n in counts.items())
    return [Table("outputs_by_system", "Outputs by system", ("system", "outputs"), rows)]


def _distribution(one: Answers) -> Chart:
    one = one.as_given
    names = one.labels or tuple(f"{p:g}" for p in one.points)
    rows, counts = [], []
    for kind, values in (("clinician", one.clinicians), ("juror", one.jurors)):
        for name, column in zip(one.names[kind], values.T, strict=True):
            given = column[~np.isnan(column)]
            if np.isin(given, one.points).any():  # a juror on another scale used none of these
                rows.append((name, [float((given == p).mean()) for p in one.points]))
                counts.append(len(given))
    return Chart(
        f"distribution_{one.question}",
        f"How each rater used the points of {one.question}",
        shares(rows, names, counts),
        "raters",
    )


def _matrix(whole: Whole) -> Chart | None:
    """The picture of who rated what: the composite where there is one, else the first question."""
    numeric = [one for one in whole.answers if not one.labels]
    if not numeric:
        return None
    one = numeric[-1]
    kept = [at for at, name in enumerate(one.names["juror"]) if name not in one.astray]
    values = np.column_stack([one.clinicians, one.jurors[:, kept]])
    values = values[np.argsort(-np.nan_to_num(one.human, nan=-9), kind="stable")][:MOST_ROWS]
    given = values[~np.isnan(values)]
    if not len(given):
        return None
    names = [*one.names["clinician"], *(one.names["juror"][at] for at in kept)]
    picture = grid(values, [""] * len(values), names, float(given.min()), float(given.max()))
    note = "One row an output, the best by the clinicians' mean at the top; darker is a better score, empty was not rated."  # noqa: E501
    return Chart("matrix", f"Who rated what, {one.question}", picture, "raters", note)


def _ends(points: tuple[float, ...]) -> str:
    return f"{points[0]:g} to {points[-1]:g}" if points else "continuous"


def _percent(share: float) -> str:
    return "" if np.isnan(share) else f"{share:.0%}"
