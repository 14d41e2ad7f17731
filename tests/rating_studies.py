"""Studies made to be rated in a browser: small ones with every kind of question, and large texts."""

from itertools import count

from annotate.assignment import Assignment
from annotate.item import Criterion, Item, Output
from data.store import Store, access, assignments, items, raters, studies

NUMBER = count(1)
LIKERT = "{1: very poor, 2: poor, 3: fair, 4: good, 5: excellent}"
THREE = f"""
protocol: three
title: Three questions
unit: output
instructions: |-
  Read the **source** first.
questions:
  - {{key: accuracy, kind: scale, text: Accuracy, points: {LIKERT}}}
  - {{key: completeness, kind: scale, text: Completeness, points: {LIKERT}}}
  - {{key: clarity, kind: scale, text: Clarity, points: {LIKERT}}}
"""
SOURCE = """# Visit

Mrs. Roe, 71, has had a cough for *three weeks*.

| Test | Value |
|------|------:|
| CRP  | 48    |

- amoxicillin 500 mg
- paracetamol when needed

She is allergic to penicillin. Blood pressure was 150/90 mmHg. The cough is worse at night.
"""
ANSWER = """**Assessment:** Cough for three weeks, likely bronchitis 🫁 with fever.

Continue amoxicillin 500 mg. She is allergic to penicillin. Blood pressure was 150/90 mmHg.
"""


def make_study(url, protocol=THREE, cases=3, rater="C01", **changes):
    """Make a study that one clinician rates, all its items in order; return (her link's token, her number).

    `cases` is a number of ordinary items, or the items.
    """
    if isinstance(cases, int):
        cases = [case(f"case-{n}", **changes) for n in range(1, cases + 1)]
    store = Store(url)
    with store.writing() as session:
        study = studies.create(
            session, name=f"made-{next(NUMBER)}-{id(cases)}", title="Made", protocol_text=protocol, who="t"
        )
        items.add(session, study_id=study.id, items=cases)
        number = raters.add(session, study_id=study.id, key=rater, kind="clinician").id
        hers = [
            Assignment(one.key, rater, place=place, output_order=tuple(output.key for output in one.outputs))
            for place, one in enumerate(cases, 1)
        ]
        assignments.add(session, study_id=study.id, assignments=hers, who="t")
        studies.set_status(session, study_id=study.id, status="running", who="t")
        token = access.invite(session, role="clinician", name=rater, rater_id=number)
    store.close()
    return token, number


def case(key, *, source=SOURCE, answers=(ANSWER,), prompt="", criteria=(), **more):
    """Return an item about `key`, with a system and a reference that nobody may see."""
    outputs = tuple(
        Output(f"{text}\n\n(about {key})", system=f"system-{n}", key=f"key-of-system-{n}")
        for n, text in enumerate(answers)
    )
    listed = tuple(Criterion(f"c{n}", text) for n, text in enumerate(criteria, 1))
    return Item(
        key, outputs, source=source, prompt=prompt, references=(f"REFERENCE {key}",), criteria=listed, **more
    )


def long_text(words):
    """Return a clinical-looking Markdown note of about so many words."""
    line = "The patient reports *mild* dyspnoea, no chest pain, **blood pressure 128/76** and good sleep. "
    parts, told = [], 0
    while told < words:
        parts.append(f"## Day {len(parts) + 1}\n\n{line * 3}\n\n- aspirin 81 mg\n- lisinopril 20 mg\n")
        told += 3 * 14 + 9
    return "\n".join(parts)
