"""Made-up facts for made-up notes: what is true of a case, and how a careless writer gets it wrong.

Nothing here was taken from a record; numbers and names come from a seeded generator.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a case as a note has it, as its source has it, and as a wrong note has it."""

    note: str
    source: str
    wrong: str


Writer = Callable[[np.random.Generator], Fact]

_DRUGS = ("lisinopril", "metformin", "amlodipine", "sertraline", "omeprazole", "atorvastatin")
_WEEKS = ("two", "three", "four", "six", "eight")
_ALLERGIES = ("penicillin", "latex", "sulfa drugs", "ibuprofen")


def _two(rng: np.random.Generator, options: tuple[str, ...]) -> tuple[str, str]:
    first, second = rng.choice(len(options), size=2, replace=False)
    return options[int(first)], options[int(second)]


def _pressure(rng: np.random.Generator) -> Fact:
    high, low = int(rng.integers(118, 170)), int(rng.integers(68, 98))
    return Fact(
        f"Blood pressure was {high}/{low} mmHg.",
        f"Pressure today is {high} over {low}.",
        f"Blood pressure was {high - 20}/{low - 8} mmHg.",
    )


def _drug(rng: np.random.Generator) -> Fact:
    drug, other = _two(rng, _DRUGS)
    dose = int(rng.choice((5, 10, 20, 40)))
    return Fact(
        f"{drug.capitalize()} {dose} mg once daily was continued.",
        f"Let's stay on the {drug}, {dose} milligrams once a day.",
        f"{other.capitalize()} {dose * 2} mg twice daily was started.",
    )


def _return(rng: np.random.Generator) -> Fact:
    weeks, other = _two(rng, _WEEKS)
    return Fact(
        f"Return to clinic in {weeks} weeks.",
        f"I would like to see you again in {weeks} weeks.",
        f"Return to clinic in {other} weeks.",
    )


def _allergy(rng: np.random.Generator) -> Fact:
    allergy, other = _two(rng, _ALLERGIES)
    return Fact(
        f"Known allergy to {allergy}.",
        f"I am still allergic to {allergy}, I come out in hives.",
        f"Known allergy to {other}.",
    )


def _onset(rng: np.random.Generator) -> Fact:
    days = int(rng.integers(2, 21))
    return Fact(
        f"Symptoms began {days} days ago.",
        f"It started about {days} days back.",
        f"Symptoms began {days * 3} days ago.",
    )


def _fever(rng: np.random.Generator) -> Fact:
    degrees = round(float(rng.uniform(36.4, 39.2)), 1)
    wrong = round(degrees + (1.9 if degrees < 37.8 else -1.9), 1)
    return Fact(
        f"Temperature was {degrees} °C.",
        f"You measured {degrees} this morning.",
        f"Temperature was {wrong} °C.",
    )


def _smoking(rng: np.random.Generator) -> Fact:
    years = int(rng.integers(3, 30))
    return Fact(
        f"The patient stopped smoking {years} years ago.",
        f"I gave up cigarettes {years} years ago.",
        "The patient smokes one pack a day.",
    )


def _lungs(rng: np.random.Generator) -> Fact:
    side, other = _two(rng, ("left", "right"))
    return Fact(
        f"Fine crackles were heard at the {side} lung base.",
        f"I hear a little crackling low down on the {side}.",
        f"Fine crackles were heard at the {other} lung base.",
    )


def _lab(rng: np.random.Generator) -> Fact:
    creatinine = round(float(rng.uniform(0.7, 2.4)), 1)
    return Fact(
        f"Creatinine was {creatinine} mg/dL.",
        f"The kidney value, creatinine, came back at {creatinine}.",
        f"Creatinine was {round(creatinine + 1.3, 1)} mg/dL.",
    )


def _imaging(rng: np.random.Generator) -> Fact:
    return Fact(
        "Chest radiograph showed no consolidation.",
        "The chest picture is clear, no pneumonia on it.",
        "Chest radiograph showed a lobar consolidation.",
    )


def _weight(rng: np.random.Generator) -> Fact:
    kilos = int(rng.integers(1, 9))
    return Fact(
        f"Weight has fallen by {kilos} kg since the last visit.",
        f"You have lost {kilos} kilos since last time.",
        f"Weight has risen by {kilos} kg since the last visit.",
    )


def _warning(rng: np.random.Generator) -> Fact:
    sign, other = _two(rng, ("chest pain", "a fever above 38.5 °C", "trouble breathing", "fainting"))
    return Fact(
        f"Come back at once for {sign}.",
        f"If there is {sign}, come straight in.",
        f"There is no need to come back for {other}.",
    )


FACTS: tuple[Writer, ...] = (
    _pressure,
    _drug,
    _return,
    _allergy,
    _onset,
    _fever,
    _smoking,
    _lungs,
    _lab,
    _imaging,
    _weight,
    _warning,
)
"""Every writer of a fact."""
