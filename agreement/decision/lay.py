"""From the long frame of ratings to one sheet a question: the clinicians' ratings beside one judge's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from agreement.array import Array
from agreement.decision.coding import LABELS, coded, on_scale, scale_of
from agreement.decision.facts import Key, with_facts
from agreement.decision.plan import Plan
from agreement.decision.sheet import Sheet
from agreement.matrix import Matrix, matrix
from agreement.measure import measured
from agreement.refusal import Refusal
from agreement.turned import Turned, check_known, no_height

COMPOSITE = "composite"
"""The mean of all questions that share one scale; it decides only where the plan names it."""


def lay(frame: pd.DataFrame, judge: str, plan: Plan, facts: pd.DataFrame | None = None) -> list[Sheet]:
    """Return the sheets of one judge, one a question that clinicians answered, and their composite.

    Parameters
    ----------
    frame : DataFrame
        The long ratings frame: item, rater, kind, question, value, number, and if there are any part,
        occasion and status.
    judge : str
        A rater of the file that is no clinician.
    facts : DataFrame, optional
        One row an output: item, part, and any of case, length (words), split, and strata. Where `split`
        says ``test``, only those items decide; where nothing says so,
        those that it does not call ``development``.

    Raises
    ------
    Refusal
        Where the judge is unknown or a clinician, or no clinician rated anything.
    """
    sheets = laid(frame, judge, plan, facts)
    if not sheets:
        raise Refusal(_nothing(frame, judge, plan))
    return sheets


def _nothing(frame: pd.DataFrame, judge: str, plan: Plan) -> str:
    kind, asked = judge_kind(frame, judge), _questions(frame, plan)
    apart = _undecided(frame)
    rated = [q for q in asked if len(_own(frame, judge, kind, q)) and q not in apart]
    if rated:
        return (
            f"{', '.join(map(repr, rated))} holds free text (more than {LABELS} different answers in words): "
            "there is nothing to decide on; name a question with points or labels. Rankings, sets and marks "
            "are compared by 'consilium agree'."
        )
    return (
        f"{judge!r} rated none of the questions that clinicians answered on a scale or with labels "
        f"({', '.join(asked)}); name the same question in both. Rankings, sets and "
        "marks are compared by 'consilium agree'; no rule decides on them."
    )


def _undecided(frame: pd.DataFrame) -> set[str]:
    """Return the questions whose answers are sets, marks or rankings, written as words.

    Two raters seldom give the very same marks, so an agreement of whole answers says next to nothing.
    """
    return {question for question, kind in measured(frame).items() if kind in ("sets", "spans", "ranking")}


def laid(frame: pd.DataFrame, judge: str, plan: Plan, facts: pd.DataFrame | None = None) -> list[Sheet]:
    """Return the sheets of `lay`, and none where the judge answered no question that a rule decides on."""
    kind = judge_kind(frame, judge)
    asked = _questions(frame, plan)
    check_known(plan.high_is_bad, asked)
    rated = [q for q in asked if len(_own(frame, judge, kind, q)) or q in plan.questions]
    apart, every = _undecided(frame), (_sheet(frame, judge, kind, question, facts) for question in rated)
    decided = [one for one in every if one is not None and not (one.labels and one.question in apart)]
    sheets = [_right_way_up(frame, sheet, kind, plan) for sheet in decided]
    if not sheets:
        return []
    left = [question for question in asked if question not in rated]
    if left:
        sentence = f"{judge!r} was never asked {', '.join(map(repr, left))}; that is not decided."
        sheets[0] = replace(sheets[0], said=(*sheets[0].said, sentence))
    joined = composite(sheets)
    return [sheet for sheet in sheets if _wanted(sheet.question, plan)] + ([joined] if joined else [])


def judge_kind(frame: pd.DataFrame, judge: str) -> str:
    """Return the judge's kind; a sentence that names the raters one could have meant, where it is none."""
    kinds = kinds_of(frame)
    machines = [rater for rater, kind in sorted(kinds.items()) if kind != "clinician"]
    known = f"the file's jurors and metrics are {', '.join(machines)}"
    if not machines:
        known = f"the file has no jurors and no metrics, only clinicians ({', '.join(sorted(kinds))})"
    if judge not in kinds:
        raise Refusal(f"{judge!r} is no rater of this file; {known}.")
    if kinds[judge] == "clinician":
        raise Refusal(f"{judge!r} is a clinician in this file, and a judge is a juror or a metric; {known}.")
    if "clinician" not in kinds.values():
        raise Refusal("The file has no clinician's ratings, so there is nobody to stand in for.")
    return kinds[judge]


def kinds_of(frame: pd.DataFrame) -> dict[str, str]:
    """Return each rater's kind, in the order of the ratings; the last one where there are several."""
    pairs = frame[["rater", "kind"]].drop_duplicates()
    return dict(zip(pairs["rater"].astype(str).tolist(), pairs["kind"].astype(str).tolist(), strict=True))


def composite(sheets: Sequence[Sheet]) -> Sheet | None:
    """Return the sheet of the mean over questions, where two or more share one scale and the same rows."""
    first = sheets[0]
    alike = [
        s
        for s in sheets
        if not s.labels
        and (s.low, s.high, s.items, s.raters) == (first.low, first.high, first.items, first.raters)
    ]
    if len(alike) < 2:
        return None
    twice = [sheet.again for sheet in alike if sheet.again is not None]
    return replace(
        first,
        question=COMPOSITE,
        clinicians=np.mean([sheet.clinicians for sheet in alike], axis=0),
        verdicts=np.mean([sheet.verdicts for sheet in alike], axis=0),
        asked=np.any([sheet.asked for sheet in alike], axis=0),
        again=np.mean(twice, axis=0) if len(twice) == len(alike) else None,
        turned=None,
        on_scale=all(sheet.on_scale for sheet in alike),
        said=(f"The composite is the mean of {', '.join(sheet.question for sheet in alike)}.",),
    )


def _questions(frame: pd.DataFrame, plan: Plan) -> list[str]:
    asked = frame.loc[frame["kind"] == "clinician", "question"].astype(str).unique().tolist()
    known = [*asked, COMPOSITE]
    for question in plan.questions:
        if question not in known:
            raise Refusal(f"Clinicians answered no question {question!r} (they answered {', '.join(asked)}).")
    return asked


def _wanted(question: str, plan: Plan) -> bool:
    return not plan.questions or question in plan.questions


def _sheet(
    frame: pd.DataFrame, judge: str, kind: str, question: str, facts: pd.DataFrame | None
) -> Sheet | None:
    rows = frame[frame["question"].astype(str) == question]
    own = _own(frame, judge, kind, question)
    both = pd.concat([rows[rows["kind"] == "clinician"], own], ignore_index=True)
    both, labels = coded(both)
    if "code" not in both:
        return None
    clinicians = matrix(both, question=question, kinds=["clinician"], value="code")
    said = matrix(both, question=question, kinds=[kind], value="code")
    keys = sorted(set(row_keys(clinicians)) | set(row_keys(said)))
    theirs, verdicts = onto_rows(keys, clinicians), onto_rows(keys, said)[:, 0]
    place = {key: at for at, key in enumerate(row_keys(said))}
    sheet = Sheet(
        question,
        judge,
        theirs,
        verdicts,
        np.array([key in place for key in keys], dtype=bool),
        *((0.0, float(max(len(labels) - 1, 1))) if labels else scale_of(theirs)),
        labels=labels,
        on_scale=bool(labels) or on_scale(verdicts, theirs, kind),
        again=_again(both, question, kind, keys),
        items=tuple(keys),
        raters=clinicians.raters,
    )
    return with_facts(replace(sheet, said=_off(sheet)), facts)


def _right_way_up(frame: pd.DataFrame, sheet: Sheet, kind: str, plan: Plan) -> Sheet:
    """Turn a sheet round where a high value is bad; a metric only if it speaks of this very question."""
    if sheet.question not in plan.high_is_bad:
        return sheet
    if sheet.labels:
        raise no_height(sheet.question)
    turned = Turned(sheet.low, sheet.high)
    own = frame[
        (frame["rater"].astype(str) == sheet.judge) & (frame["question"].astype(str) == sheet.question)
    ]
    alike = kind != "metric" or len(own) > 0
    return replace(
        sheet,
        clinicians=turned.all(sheet.clinicians),
        verdicts=turned.all(sheet.verdicts) if alike else sheet.verdicts,
        again=turned.all(sheet.again) if alike and sheet.again is not None else sheet.again,
        turned=turned,
        said=(*sheet.said, f"{sheet.question}: {turned.sentence}"),
    )


def _off(sheet: Sheet) -> tuple[str, ...]:
    """Say which of a judge's scores no clinician could have given: a slip of the pen moves every figure."""
    given = sheet.verdicts[sheet.judged]
    off = given[(given < sheet.low) | (given > sheet.high)]
    if sheet.labels or not sheet.on_scale or not len(off):
        return ()
    answers = "answer" if len(off) == 1 else "answers"
    return (
        f"{sheet.judge} gave {len(off)} {answers} to {sheet.question!r} outside the {sheet.low:g} to "
        f"{sheet.high:g} of the clinicians, such as {off[0]:g}: look whether that is a slip.",
    )


def _own(frame: pd.DataFrame, judge: str, kind: str, question: str) -> pd.DataFrame:
    """The judge's rows for a question; a metric has one score an output, whatever it calls its question."""
    rows = frame[frame["rater"].astype(str) == judge]
    named = rows[rows["question"].astype(str) == question]
    if len(named) or kind != "metric" or rows["question"].nunique() != 1:
        return named
    return rows.assign(question=question)


def row_keys(m: Matrix) -> list[Key]:
    """Return (item, part) of each row of a matrix."""
    return list(zip(m.items, m.parts or ("",) * len(m.items), strict=True))


def onto_rows(keys: list[Key], m: Matrix) -> Array:
    """Return a matrix's values on these rows, NaN where it has none."""
    out = np.full((len(keys), max(len(m.raters), 1)), np.nan)
    place = {key: at for at, key in enumerate(keys)}
    out[[place[key] for key in row_keys(m)], : len(m.raters)] = m.values
    return out


def _again(rows: pd.DataFrame, question: str, kind: str, keys: list[Key]) -> Array | None:
    """What the judge said on the next occasion that each item has, whatever its number."""
    if "occasion" not in rows:
        return None
    later = rows[rows["occasion"].gt(1) & rows["kind"].eq(kind)]
    occasions = sorted(later["occasion"].unique(), reverse=True)
    said = np.full(len(keys), np.nan)
    for occasion in occasions:  # the earliest comes last, and stays
        m = matrix(later, question=question, kinds=[kind], occasion=int(occasion), value="code")
        given = onto_rows(keys, m)[:, 0]
        said = np.where(np.isnan(given), said, given)
    return said if occasions else None
