"""The same in other words: who keeps to the reference's wording, or not, is neither better nor worse.

So a text metric, which compares wording, agrees with clinicians only in part, as published ones do.
"""

from __future__ import annotations

import re

import numpy as np

_RULES = tuple(
    (re.compile(pattern), other)
    for pattern, other in (
        (r"Blood pressure was (\S+) mmHg\.", r"BP today: \1."),
        (r"(\w+) (\d+) mg once daily was continued\.", r"Stays on \1, one tablet of \2 mg each morning."),
        (r"(\w+) (\d+) mg twice daily was started\.", r"New is \1, two tablets of \2 mg over the day."),
        (r"Return to clinic in (\w+) weeks\.", r"The next appointment is due after \1 weeks."),
        (r"Known allergy to ([\w ]+)\.", r"\1 must be avoided because of hives."),
        (r"Symptoms began (\d+) days ago\.", r"Complaints have lasted for \1 days."),
        (r"Temperature was (\S+) °C\.", r"\1 °C was measured."),
        (r"The patient stopped smoking (\d+) years ago\.", r"No cigarettes for \1 years."),
        (r"The patient smokes one pack a day\.", r"Twenty cigarettes daily."),
        (r"Fine crackles were heard at the (\w+) lung base\.", r"Auscultation: basal rales, \1 side."),
        (r"Creatinine was (\S+) mg/dL\.", r"Kidney function: serum value of \1 mg/dL."),
        (r"Chest radiograph showed no consolidation\.", r"Thoracic X-ray without infiltrates."),
        (
            r"Chest radiograph showed a lobar consolidation\.",
            r"Thoracic X-ray with an infiltrate of one lobe.",
        ),
        (r"Weight has fallen by (\d+) kg since the last visit\.", r"A loss of \1 kg was noted."),
        (r"Weight has risen by (\d+) kg since the last visit\.", r"A gain of \1 kg was noted."),
        (r"Come back at once for (.+)\.", r"Should \1 occur, seek help immediately."),
        (r"There is no need to come back for (.+)\.", r"Should \1 occur, waiting is fine."),
    )
)


def reworded(sentence: str) -> str:
    """Return a note's sentence in other words, its facts untouched; as it is where no other words are known.

    Examples
    --------
    >>> reworded("Return to clinic in six weeks.")
    'The next appointment is due after six weeks.'
    """
    for pattern, other in _RULES:
        if pattern.fullmatch(sentence):
            made = pattern.sub(other, sentence)
            return made[:1].upper() + made[1:]
    return sentence


def in_own_words(sentences: list[str], rng: np.random.Generator) -> list[str]:
    """Return the sentences of one text, as many of them in other words as its writer likes to change."""
    share = rng.beta(0.6, 0.6)
    return [reworded(one) if rng.random() < share else one for one in sentences]
