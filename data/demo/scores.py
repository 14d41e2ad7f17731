"""How the demo's raters judge: a known item effect, known severities, known noise, and a ceiling."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[np.float64]]

QUESTIONS = ("accuracy", "completeness", "clarity")
MEANS = {"accuracy": 3.9, "completeness": 3.6, "clarity": 4.3}
ITEM_SD, QUESTION_SD, NOISE_SD = 0.75, 0.4, 0.6
UNABLE_SHARE = 0.03

SEVERITIES = {"C01": -0.5, "C02": -0.2, "C03": 0.0, "C04": 0.1, "C05": 0.25, "C06": 0.35}
"""What each clinician adds to a score; negative is severe."""

JURORS = {"juror-good": (0.0, 0.35), "juror-lenient": (0.9, 0.6)}
"""What each juror adds, and the SD of its noise. The third juror says 5 whatever it reads."""

CONSTANT = "juror-constant"


def latent(rng: np.random.Generator, items: int) -> Array:
    """Return each item's true quality on each question, (items, questions), on the unbounded scale."""
    means = np.array([MEANS[question] for question in QUESTIONS])
    overall = rng.normal(0, ITEM_SD, size=(items, 1))
    return means + overall + rng.normal(0, QUESTION_SD, size=(items, len(QUESTIONS)))


def judged(rng: np.random.Generator, quality: Array, leniency: float, noise: float = NOISE_SD) -> Array:
    """Return what one rater says of every item: quality, leniency and noise, on the points 1 to 5."""
    said = quality + leniency + rng.normal(0, noise, size=quality.shape)
    return np.clip(np.rint(said), 1, 5)


def everyone(rng: np.random.Generator, quality: Array) -> dict[str, Array]:
    """Return what every rater would say of every item, were everyone to rate everything."""
    said = {rater: judged(rng, quality, leniency) for rater, leniency in SEVERITIES.items()}
    said |= {juror: judged(rng, quality, leniency, noise) for juror, (leniency, noise) in JURORS.items()}
    return said | {CONSTANT: np.full(quality.shape, 5.0)}
