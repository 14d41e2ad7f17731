"""A study's report, made in the background and kept for as long as nothing that it is made from is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from data.store import Store
from data.tables import Study
from pages import background
from pages.said import end, plain
from verbs.report import made_from

if TYPE_CHECKING:
    from agreement.paper.document import Document
    from agreement.paper.whole import Whole
    from agreement.statements import Suggested


@dataclass(frozen=True, slots=True)
class Made:
    """What the page shows and what its files hold.

    Texts of the study are in `statements` only, which stay on the page: files may leave the house.
    """

    found: Whole
    document: Document
    statements: Sequence[Suggested]


def report_of(store: Store, study: Study, who: str) -> Made:
    """Return the report; while it is computed, show how far that is, and end the page."""
    source = made_from(store, name=study.name)
    job = background.job("report", study.id)
    if job is None or (job.about != source and not job.runs):
        job = background.start("report", study.id, partial(_make, store, study.name, who), source)
    if job.runs:
        _waiting(job)
        end()
    if job.fault:
        st.info(plain(job.fault))
        end()
    made: Made = job.result
    return made


def _make(store: Store, name: str, who: str, watch: background.Watch) -> Made:
    from agreement.paper.compose import compose  # with what PDF and XLSX need: the page need not wait for it
    from verbs.report import study_report
    from verbs.statements import without_texts
    from verbs.written import software

    found, title, facts = study_report(store, name=name, who=who, progress=watch, texts=True)
    by_number = replace(found, statements=tuple(map(without_texts, found.statements)))
    document = compose(by_number, title=title, provenance=facts | {"software": software()})
    return Made(by_number, document, found.statements)


@st.fragment(run_every=0.5)
def _waiting(job: background.Job) -> None:
    """Say what is being computed; show the page again when it is done."""
    if job.runs:
        st.info(f"Computing: {plain(str(job.progress or 'reading the ratings'))} …")
    else:
        st.rerun()
