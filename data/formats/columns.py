"""Column names, rater kinds and statuses as met in the wild, and what they mean here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from data.formats.findings import Findings, listed, shorten

RATING_COLUMNS: dict[str, tuple[str, ...]] = {
    "item": (
        "item", "item_id", "itemid", "item_key", "output_id", "instance_id", "instance", "example_id",
        "sample_id", "document_id", "doc_id", "case_id", "question_id", "unit_id", "unit", "subject_id",
        "subject", "target", "targets", "example", "sample", "document", "case", "text_id", "summary_id",
        "story_id", "dialogue_id", "dialog_id", "response_id", "note_id", "report_id", "record_id",
        "segment_id", "seg_id", "segid", "id",
    ),
    "part": ("part", "part_id", "output_key", "sentence", "sentence_id", "segment_id", "seg_id", "segid"),
    "rater": (
        "rater", "rater_id", "raterid", "rater_key", "annotator", "annotator_id", "reviewer", "reviewer_id",
        "judge", "judge_id", "juror", "juror_id", "grader", "grader_id", "evaluator", "evaluator_id", "coder",
        "coder_id", "assessor", "clinician", "clinician_id", "physician", "physician_id", "expert",
        "expert_id", "participant", "participant_id", "worker", "worker_id", "user_id", "user", "username",
    ),
    "kind": (
        "kind", "rater_kind", "rater_type", "kind_of_rater", "annotator_kind", "annotator_type", "judge_type",
        "rater_role", "rater_group", "role", "type",
    ),
    "question": (
        "question", "question_key", "scale", "criterion", "criteria", "dimension", "attribute", "aspect",
        "axis", "metric", "measure", "category", "variable",
    ),
    "value": (
        "value", "score", "rating", "answer", "grade", "label", "judgement", "judgment", "vote", "response",
    ),
    "number": ("number", "numeric_value"),
    "occasion": ("occasion", "round", "repeat", "replicate", "repetition", "session", "visit", "trial"),
    "step": ("step",),
    "status": ("status", "state"),
    "reason": ("reason", "unable_reason", "unanswered_reason", "why"),
    "comment": (
        "comment", "comments", "explanation", "rationale", "justification", "note", "notes", "remark",
        "remarks", "feedback",
    ),
    "confidence": ("confidence", "certainty"),
    "submitted_at": (
        "submitted_at", "timestamp", "submitted", "rated_at", "created_at", "updated_at", "datetime", "date",
        "time",
    ),
}  # fmt: skip
ITEM_COLUMNS: dict[str, tuple[str, ...]] = {
    "item": (
        "item", "item_id", "itemid", "item_key", "output_id", "instance_id", "example_id", "sample_id",
        "question_id", "unit_id", "id", "key",
    ),
    "part": ("part", "part_id", "output_key", "slot"),
    "system": ("system", "model", "model_name", "model_id", "system_id", "generator", "llm"),
    "benchmark": ("benchmark", "benchmark_name", "dataset", "data_set"),
    "category": ("category",),
    "subcategory": ("subcategory", "sub_category"),
    "task": ("task", "task_name"),
    "case": ("case", "case_id", "patient", "patient_id", "document_id", "doc_id", "encounter_id"),
    "source": ("source", "source_text", "context", "document", "input", "note", "transcript"),
    "prompt": ("prompt", "instruction", "instructions", "question", "query"),
    "output": (
        "output", "output_text", "response", "completion", "generation", "prediction", "model_output",
        "answer", "candidate", "summary",
    ),
    "reference": (
        "reference", "reference_text", "gold", "ground_truth", "target", "gold_answer", "reference_answer",
        "reference_output", "references",
    ),
    "criteria": ("criteria", "checklist", "rubric"),
}  # fmt: skip
KINDS: dict[str, tuple[str, ...]] = {
    "clinician": (
        "clinician", "clinicians", "human", "humans", "person", "people", "physician", "physicians", "doctor",
        "doctors", "expert", "experts", "nurse", "medic", "md", "rn", "specialist", "pharmacist",
        "human_rater", "human_expert", "human_annotator", "annotator", "clinical_expert", "reader",
    ),
    "juror": (
        "juror", "jurors", "jury", "llm", "llms", "judge", "judges", "model", "models", "ai", "machine",
        "llm_judge", "llm_as_a_judge", "llm_as_judge", "ai_judge", "model_judge", "autorater", "auto_rater",
        "language_model", "autograder", "bot",
    ),
    "metric": (
        "metric", "metrics", "auto", "automatic", "automated", "automatic_metric", "auto_metric",
        "automated_metric", "text_metric", "similarity", "reference_based", "computed",
    ),
}  # fmt: skip
STATUSES: dict[str, tuple[str, ...]] = {
    "answered": ("answered", "ok", "complete", "completed", "done", "submitted", "valid", "success", "rated"),
    "unable": (
        "unable", "unable_to_assess", "cannot_judge", "can_t_judge", "cannot_assess", "cannot_rate",
        "abstain", "abstained", "not_applicable", "n_a", "na", "unsure",
    ),
    "refused": ("refused", "refusal", "declined", "decline"),
    "failed": ("failed", "failure", "error", "errored", "invalid", "unparsable", "parse_error", "timeout"),
    "skipped": ("skipped", "skip", "missing", "not_answered", "unanswered", "blank"),
}  # fmt: skip


def plain(name: str) -> str:
    """Return a column name or a word without case, spaces and marks.

    Examples
    --------
    >>> plain(" Rater-ID "), plain("itemId"), plain("LLM as a judge")
    ('rater_id', 'item_id', 'llm_as_a_judge')
    """
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", unicodedata.normalize("NFKC", name).strip())
    return re.sub(r"[\W_]+", "_", text.lower()).strip("_")


def recognise(
    columns: Iterable[str], known: Mapping[str, tuple[str, ...]], found: Findings
) -> dict[str, str]:
    """Return which column of a file plays which part: canonical name -> the file's name.

    A column with the very name wins; else the first name of `known` that only one column bears.

    Examples
    --------
    >>> recognise(["Item ID", "annotator", "score", "scale"], RATING_COLUMNS, Findings("r.csv"))
    {'item': 'Item ID', 'rater': 'annotator', 'question': 'scale', 'value': 'score'}
    """
    spelled: dict[str, list[str]] = {}
    for column in columns:
        spelled.setdefault(plain(column), []).append(column)
    taken: dict[str, str] = {}
    for name, spellings in known.items():
        for spelling in spellings:
            free = [c for c in spelled.get(spelling, []) if c not in taken.values()]
            if len(free) > 1:
                found.about(f"has the columns {listed(free)}, which mean the same; rename or delete one.")
            if free:
                taken[name] = free[0]
                break
    return taken


def rivals(
    taken: Mapping[str, str], columns: Iterable[str], known: Mapping[str, tuple[str, ...]]
) -> list[str]:
    """Return sentences about columns that could have meant the same as one that was taken."""
    left = [column for column in columns if column not in taken.values()]
    said = []
    for name in ("item", "rater", "kind", "question", "value"):
        others = [c for c in left if plain(c) in known.get(name, ())]
        if name in taken and others:
            said.append(f"{taken[name]!r} was read as the {name}; {listed(others)} was not.")
    return said


def meaning(word: str, words: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return what a word in a file stands for, None where nobody knows.

    Examples
    --------
    >>> meaning("LLM-as-a-judge", KINDS), meaning("Physician", KINDS), meaning("x", KINDS)
    ('juror', 'clinician', None)
    """
    key = plain(word)
    for name, spellings in words.items():
        if key in spellings:
            return name
    return None


def given_kinds(kinds: Sequence[str], found: Findings) -> dict[str, str]:
    """``--kind clinician`` and ``--kind gpt-4o=juror`` as rater -> kind; ``""`` stands for everybody else."""
    given: dict[str, str] = {}
    for text in kinds:
        rater, _, word = text.rpartition("=")
        kind = meaning(word, KINDS)
        if kind is None:
            found.about(f"was given --kind {text}, but {shorten(word)} is not clinician, juror or metric.")
        given[rater.strip()] = kind or ""
    return given
