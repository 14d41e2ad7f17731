"""The form in which a lead states a plan: each number with what it means in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from agreement.decision import Plan
from agreement.decision.stated import COEFFICIENT_WORDS, LABELS, MEANINGS
from pages.said import plain

_STEPS: dict[str, dict[str, Any]] = {
    "margin": {"min_value": 0.0, "max_value": 1.0, "step": 0.01, "format": "%.2f"},
    "items": {"min_value": 3, "max_value": 100_000},
    "bias": {"min_value": 0.0, "max_value": 1.0, "step": 0.0125, "format": "%.4f"},
    "coverage": {"min_value": 0.0, "max_value": 1.0, "step": 0.05, "format": "%.2f"},
    "sensitivity": {"min_value": 0.0, "max_value": 1.0, "step": 0.05, "format": "%.2f"},
    "bad": {"step": 0.5, "format": "%g", "placeholder": "lowest quarter of the scale"},
    "repeatability": {"min_value": -1.0, "max_value": 1.0, "step": 0.05, "format": "%.2f"},
    "subgroup": {"min_value": -1.0, "max_value": 1.0, "step": 0.05, "format": "%.2f"},
}


def plan_form(start: Plan, questions: Sequence[str]) -> Plan | None:
    """Show the form, filled with `start`; return the plan when it is sent."""
    with st.form("plan"):
        left, right = st.columns(2, gap="large")
        known = list(COEFFICIENT_WORDS)
        coefficient = left.selectbox(
            "Agreement is measured by",
            known,
            known.index(start.coefficient),
            format_func=lambda name: COEFFICIENT_WORDS[name],
        )
        asked = right.pills(
            "Questions that decide (all, if none is chosen)",
            questions,
            selection_mode="multi",
            default=[question for question in start.questions if question in questions],
        )
        worse = right.pills(
            LABELS["high_is_bad"],
            questions,
            selection_mode="multi",
            default=[question for question in start.high_is_bad if question in questions],
        )
        right.caption(plain(MEANINGS["high_is_bad"]))
        numbers = {}
        for at, (name, options) in enumerate(_STEPS.items()):
            with (left, right)[at % 2]:
                numbers[name] = st.number_input(LABELS[name], value=getattr(start, name), **options)
                st.caption(plain(MEANINGS[name]))
        st.caption("These are sensible to begin with. Once stated, a plan stands in the log with its time.")
        if not st.form_submit_button("State this plan", type="primary"):
            return None
        return Plan(questions=tuple(asked), coefficient=coefficient, high_is_bad=tuple(worse), **numbers)
