"""How far a piece of work is, as a bar that fills while the lead waits."""

from __future__ import annotations

from streamlit.delta_generator import DeltaGenerator

from annotate.progress import Progress
from data.formats.steps import Step
from pages.said import plain


def paint(bar: DeltaGenerator, step: Step | Progress) -> None:
    """Fill a bar as far as the work is, with its words."""
    bar.progress(min(step.share, 1.0), text=plain(str(step)))
