"""Methods: a paragraph for a paper, reporting checklists with their gaps, and second opinions."""

from __future__ import annotations

import hashlib
import math

from agreement.decision.check import counted, listed
from agreement.decision.lay import COMPOSITE
from agreement.opinion import opinions
from agreement.paper.document import Block, Cell, Section, Table, Text
from agreement.paper.whole import Whole

GAP = "to be stated by the authors"
SHORT = 80


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
    people = counted(len(whole.clinicians), "clinician")
    jurors = counted(len(whole.panel), "language-model juror")
    outputs, questions = counted(whole.outputs, "output"), counted(len(whole.asked), "question")
    software = dict(provenance).get("software", "Consilium")
    plan, settings = whole.plan, whole.settings
    return (
        f"{people} and {jurors} rated {outputs} on {questions} ({', '.join(whole.asked)}). "
        "Agreement is given as intraclass correlation (ICC; complete ratings by analysis of variance with F "
        "intervals, incomplete ones by crossed "
        "random effects fitted by restricted maximum likelihood), Krippendorff's alpha, kappa and "
        "Gwet's AC with the "
        "declared points. Each judge was compared with a clinician in that clinician's own place: "
        "both with the mean "
        "of the other clinicians, on the same outputs, averaged over the clinicians left out in "
        "turn; intervals are "
        f"{plan.level:.0%} percentile intervals of a bootstrap of whole cases ({plan.replicates} "
        f"draws from seed {plan.seed} for decisions, {settings.replicates} from seed {settings.seed} for "
        "coefficients). A judge was accepted when it "
        "was not worse "
        f"than a clinician by {plan.margin:g} or more, by the rules of the plan (hash "
        f"{plan.hash[:12]}). Calibration "
        "is isotonic, cross-fitted by case. Undefined figures are reported as undefined, negative "
        "ones as they are; no "
        f"missing rating was filled in. {_turned(whole)}Computed with {software}."
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


def _grras(whole: Whole) -> Table:
    people, outputs = len(whole.clinicians), whole.outputs
    questions, special = ", ".join(whole.asked), _specialties(whole)
    trained = _told(whole, "training", unknown=f"training is {GAP}")
    timed = any(not math.isnan(one.minutes) for one in whole.attendance)
    time = "minutes a form in section 2; " if timed else ""
    rows = (
        (1, "Title says that agreement was studied", GAP),
        (2, "The measure", questions),
        (3, "The subjects", f"{outputs} outputs; how they were chosen is {GAP}"),
        (4, "The raters", f"{people} clinicians; {special}; {trained}"),
        (5, "What was known and why the study", GAP),
        (
            6,
            "How the sample size was chosen",
            f"the plan asks for {whole.plan.items} outputs; the reason is {GAP}",
        ),
        (
            7,
            "How subjects and raters were sampled",
            _told(whole, "sampling", f"{{}}; how outputs and clinicians were found is {GAP}"),
        ),
        (
            8,
            "How rating was done: blinding, time, setting",
            time
            + _told(whole, "blinding", f"{{}}; the setting is {GAP}", f"the rest is {GAP}" if time else GAP),
        ),
        (9, "Were ratings independent", _told(whole, "independence")),
        (10, "Statistics", "section 10, this report"),
        (11, "How many were actually rated", "section 2, this report"),
        (12, "Who raters and subjects were", f"section 2; characteristics of people are {GAP}"),
        (13, "Estimates with intervals", "sections 1, 3 and 4, this report"),
        (14, "What the results mean in practice", "the decision, section 1; further discussion is " + GAP),
        (15, "Detailed results", "tables and CSV files of this report"),
    )
    title = "Guidelines for Reporting Reliability and Agreement Studies (GRRAS)"
    return Table("grras", title, ("item", "what is asked", "where or what"), rows, "Kottner et al. 2011.")


def _told(whole: Whole, asked: str, words: str = "{}", unknown: str = GAP) -> str:
    """Return `words` around what is known of the procedure, else what stands for not knowing it."""
    known = whole.procedure.get(asked)
    return words.format(known) if known else unknown


def _specialties(whole: Whole) -> str:
    known = sorted({one.specialty for one in whole.attendance} - {""})
    return listed(known) if known else f"specialties are {GAP}"


def _tripod(whole: Whole) -> Table:
    facts: set[str] = set() if whole.facts is None else set(map(str, whole.facts))
    grouped = sorted(facts & {"system", "category", "subcategory", "specialty", "language", "benchmark"})
    rows = (
        ("Title and abstract name the task, the model and the design", GAP),
        ("Why a model judges here, and who is meant to use it", GAP),
        ("Model and version", _identity(whole, ("model", "snapshot", "provider"))),
        ("Prompt", _identity(whole, ("prompt", "prompt_sha256", "template"))),
        ("Parameters, as sent", _identity(whole, ("parameters", "temperature", "samples", "max_tokens"))),
        ("Date of the runs, and what the model was trained on until when", GAP),
        ("Data: source, dates, selection, what was removed", f"{whole.outputs} outputs; the rest is {GAP}"),
        ("Items used to tune the prompt kept apart", _split(facts)),
        ("Reference standard", "clinicians' ratings, section 2"),
        (
            "Human raters: number, expertise, instructions",
            f"{len(whole.clinicians)} clinicians; {_specialties(whole)}; "
            f"instructions are {_told(whole, 'instructions')}",
        ),
        ("Agreement of human raters", "section 3"),
        ("Sample size", f"the plan asks for {whole.plan.items} outputs; the reason is {GAP}"),
        ("Missing answers", "section 2, with reasons; none was filled in"),
        ("Performance with uncertainty", "section 4"),
        (
            "Subgroups and fairness",
            f"section 4, by {listed(grouped)}" if grouped else f"the items file names none: {GAP}",
        ),
        ("Robustness and known faults", "section 5, with what was not measured"),
        ("Calibration", "section 6"),
        ("Cost and human effort", "sections 2 and 8, as far as recorded"),
        (
            "Ethics approval, consent, funding, conflicts of interest",
            _told(whole, "consent", f"consent was {{}}; the rest is {GAP}"),
        ),
        ("Protocol and registration", f"the plan, hash {whole.plan.hash[:12]}; the rest is {GAP}"),
        ("Data and code availability", GAP),
        ("Limits and what the model must not be used for", "the decision, section 1; discussion is " + GAP),
    )
    title = "Reporting a study of language models (after TRIPOD-LLM)"
    open_ = sum(GAP in words for _, words in rows)
    note = (
        "Gallifant et al. 2025, items that apply, in short words. Wholly or partly open: "
        f"{open_} of {len(rows)}."
    )
    return Table("tripod_llm", title, ("what is asked", "where or what"), rows, note)


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
