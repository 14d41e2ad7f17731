"""Reporting checklists filled from the data, every item by its number, the gaps named."""

from __future__ import annotations

import hashlib
import math

import numpy as np

from agreement.decision.check import counted, listed
from agreement.paper.document import Table
from agreement.paper.whole import Whole

GAP = "to be stated by the authors"
IF_ANY = f"where it applies, {GAP}"
RECORDS = f"where patients' records were used, {GAP}"
SHORT = 80


def grras(whole: Whole) -> Table:
    """Return the 15 items of GRRAS.

    References
    ----------
    Kottner et al. 2011, J Clin Epidemiol 64, 96-106, table 1.
    """
    timed = any(not math.isnan(one.minutes) for one in whole.attendance)
    time = "minutes a form in section 2; " if timed else ""
    blinding = _told(whole, "blinding", f"{{}}; the setting is {GAP}", f"the rest is {GAP}" if time else GAP)
    rows = (
        (1, "Title or abstract says that reliability or agreement was studied", GAP),
        (2, "The measure", f"{', '.join(whole.asked)}; points in section 2"),
        (3, "The subjects", f"{counted(whole.outputs, 'output')}; which they stand for is {GAP}"),
        (4, "The raters", f"{_people(whole)}; {_told(whole, 'training', unknown=f'training is {GAP}')}"),
        (5, "What was known and why the study", GAP),
        (
            6,
            "How the sample size was chosen; how many raters, subjects and repeats were planned",
            f"the plan asks for {whole.plan.items} outputs; the reason, raters and repeats are {GAP}",
        ),
        (
            7,
            "How subjects and raters were sampled",
            _told(whole, "sampling", f"{{}}; how outputs and clinicians were found is {GAP}"),
        ),
        (8, "How rating was done: time between repeats, what raters knew, blinding", time + blinding),
        (9, "Were ratings independent", _told(whole, "independence")),
        (10, "Statistics", "section 10, this report"),
        (11, "How many raters and subjects there were, and repeats", f"{_actual(whole)}; section 2"),
        (12, "Who raters and subjects were", f"section 2; characteristics of people are {GAP}"),
        (13, "Estimates with intervals", "sections 1, 3 and 4, this report"),
        (14, "What the results mean in practice", f"the decision, section 1; further discussion is {GAP}"),
        (15, "Detailed results", "tables and CSV files of this report"),
    )
    title = "Guidelines for Reporting Reliability and Agreement Studies (GRRAS)"
    return Table("grras", title, ("item", "what is asked", "where or what"), rows, "Kottner et al. 2011.")


def tripod_llm(whole: Whole) -> Table:
    """Return every item of TRIPOD-LLM, in short words.

    References
    ----------
    Gallifant et al. 2025, Nature Medicine 31, 60-69, table 2.
    """
    rows = (*_introduction(), *_data(whole), *_model(whole), *_output(whole), *_open(whole), *_results(whole))
    open_ = sum(GAP in words for *_, words in rows)
    note = (
        "Gallifant et al. 2025, every item by its number, in short words; some apply to makers of models or "
        f"to patients' records only. Wholly or partly open: {open_} of {len(rows)}."
    )
    title = "Reporting a study of language models (TRIPOD-LLM)"
    return Table("tripod_llm", title, ("item", "what is asked", "where or what"), rows, note)


Rows = tuple[tuple[str, str, str], ...]


def _introduction() -> Rows:
    return (
        ("1", "Title: that a model is developed, tuned or evaluated; task, population, outcome", GAP),
        ("2", "Abstract, by the list for abstracts", GAP),
        ("3a", "The context of care, and why a model", GAP),
        ("3b", "Whom and what it is for, and today's practice", GAP),
        ("4", "Aims: development, tuning or validation", f"jurors beside clinicians; further aims are {GAP}"),
    )


def _data(whole: Whole) -> Rows:
    tongues = "" if "language" in _facts(whole) else " and languages"
    return (
        (
            "5a",
            "Sources of the data, and why these",
            f"{counted(whole.outputs, 'output')}; sources are {GAP}",
        ),
        ("5b", "What the data hold and how they are spread", f"section 2; origin{tongues}: {GAP}"),
        ("5c", "Dates of the oldest and the newest text", GAP),
        ("5d", "Preparation of the data and checks of quality", GAP),
        ("5e", "Missing and unbalanced data", "section 2, with reasons; none was filled in"),
    )


def _model(whole: Whole) -> Rows:
    prompt = _identity(whole, ("prompt", "prompt_sha256", "template"))
    sent = _identity(whole, ("parameters", "temperature", "samples", "max_tokens"))
    named = _identity(whole, ("model", "snapshot", "provider"))
    return (
        ("6a", "Model, version, last date of training", f"{named}; the date is {GAP}"),
        ("6b", "How the model was made, tuned and aligned", f"by its makers: {GAP}"),
        ("6c", "How text was generated: prompt, parameters as sent", f"prompt: {prompt}. Parameters: {sent}"),
        ("6d", "The model's output before and after processing", "answers on the questions of section 2"),
        (
            "6e",
            "Classes and thresholds",
            f"the plan, hash {whole.plan.hash[:12]}, and its rules in section 4",
        ),
    )


def _output(whole: Whole) -> Rows:
    metrics = "metric" in whole.kinds.values()
    said = _told(whole, "instructions")
    return (
        ("7a", "Quality of what models wrote, beside a standard", "sections 3, 4 and 8"),
        (
            "7b",
            "Whether metrics follow people's judgement",
            "section 4" if metrics else "no text metric here",
        ),
        ("7c", "The outcome, how it was computed, date of inference", f"section 10; dates are {GAP}"),
        (
            "7d",
            "Assessors: qualification, instructions, agreement",
            f"{_people(whole)}; instructions: {said}",
        ),
        ("7e", "Beside other models, people and baselines", "sections 1, 4 and 8"),
        ("8a", "Guidelines of annotation, with examples", said),
        ("8b", "How many annotators, how much by several, their agreement", f"{_several(whole)}; section 3"),
        ("8c", "Background of annotators", f"{_people(whole)}; experience is {GAP}"),
        ("9a", "How prompts were designed and chosen", GAP),
        ("9b", "Data used to develop prompts", _split(_facts(whole))),
        ("10", "Preparation of texts before they were summarised", IF_ANY),
        ("11", "Tuning by instructions: by whom, on what", IF_ANY),
        (
            "12",
            "Computation: time, machines, cost",
            f"money in sections 7 and 8, if recorded; the rest: {GAP}",
        ),
    )


def _open(whole: Whole) -> Rows:
    consent = _told(whole, "consent", f"consent was {{}}; the rest is {GAP}")
    return (
        ("13", "Ethics approval and consent", consent),
        ("14a", "Funding", GAP),
        ("14b", "Conflicts of interest", GAP),
        ("14c", "Protocol", f"the plan, hash {whole.plan.hash[:12]}; the rest is {GAP}"),
        ("14d", "Registration", GAP),
        ("14e", "Availability of data", f"figures are in the files of this report; the rest is {GAP}"),
        ("14f", "Availability of code", f"the software is named in section 10; the rest is {GAP}"),
        ("15", "Involvement of patients and the public", GAP),
    )


def _results(whole: Whole) -> Rows:
    grouped = sorted(
        _facts(whole) & {"system", "category", "subcategory", "specialty", "language", "benchmark"}
    )
    fair = f"section 4, by {listed(grouped)}" if grouped else "the items file names no subgroup"
    return (
        ("16a", "Flow of texts and patients through the study", RECORDS),
        ("16b", "Characteristics, dates and numbers by source", RECORDS),
        ("16c", "Development beside evaluation data", RECORDS),
        ("16d", "Participants and outcomes in each analysis", RECORDS),
        ("17", "Performance by the measures stated before", "section 4, with intervals"),
        ("18", "Updates of the model", IF_ANY),
        ("19a", "What the results mean, fairness", f"the decision, section 1; {fair}; discussion is {GAP}"),
        ("19b", "Limits", f"what was not measured: sections 4 and 5; discussion is {GAP}"),
        ("19c", "Known difficulties with such data", GAP),
        ("19d", "Intended use, and who oversees it", f"the decision, section 1; the rest is {GAP}"),
        ("19e", "Poor or missing input", f"unanswered, by reason: section 2; handling is {GAP}"),
        ("19f", "What users must do and know", GAP),
        ("19g", "Next steps", f"how many more are needed: section 7; discussion is {GAP}"),
    )


def _facts(whole: Whole) -> set[str]:
    return set() if whole.facts is None else set(map(str, whole.facts))


def _people(whole: Whole) -> str:
    known = sorted({one.specialty for one in whole.attendance} - {""})
    special = listed(known) if known else f"specialties are {GAP}"
    return f"{counted(len(whole.clinicians), 'clinician')}; {special}"


def _actual(whole: Whole) -> str:
    later = whole.frame[(whole.frame["kind"].astype(str) == "clinician") & (whole.frame["occasion"] > 1)]
    said = (
        counted(len(whole.clinicians), "clinician"),
        counted(len(whole.panel), "juror"),
        counted(whole.outputs, "output"),
        counted(len(later), "rating") + " by clinicians on later occasions",
    )
    return ", ".join(said)


def _several(whole: Whole) -> str:
    """How many clinicians there were, and how much of what they rated two or more of them did."""
    people = counted(len(whole.clinicians), "clinician")
    there = [(~np.isnan(one.clinicians)).sum(axis=1) for one in whole.answers if one.question in whole.asked]
    rated = sum(int((n > 0).sum()) for n in there)
    if not rated:
        return people
    return f"{people}; {sum(int((n > 1).sum()) for n in there) / rated:.0%} of what was rated by two or more"


def _told(whole: Whole, asked: str, words: str = "{}", unknown: str = GAP) -> str:
    """Return `words` around what is known of the procedure, else what stands for not knowing it."""
    known = whole.procedure.get(asked)
    return words.format(known) if known else unknown


def _identity(whole: Whole, names: tuple[str, ...]) -> str:
    """What the jurors' identities say under some names; the gap where one of them says nothing."""
    jurors = whole.panel
    if not jurors:
        return "no juror"
    said = []
    for juror in jurors:
        known = whole.identities.get(juror, {})
        parts = [f"{name} {_short(known[name])}" for name in names if known.get(name) not in (None, "")]
        said.append(f"{juror}: {', '.join(parts) if parts else GAP}")
    return "; ".join(said)


def _short(value: object) -> str:
    """A fact in a few words; a long text, such as a prompt, by the hash that identifies it."""
    words = str(value)
    if len(words) <= SHORT:
        return words
    return f"of {len(words)} characters, SHA-256 {hashlib.sha256(words.encode()).hexdigest()[:12]}"


def _split(facts: set[str]) -> str:
    told = "by the column 'split' of the items file: only test items decide"
    return told if "split" in facts else f"the items file has no column 'split': {GAP}"
