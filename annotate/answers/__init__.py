"""What arrives from a rating page, checked as if from an enemy, and turned into ratings.

The page sends one JSON object, the form. Its keys are question keys, or ``"question@A"`` for a question
that is asked of each output, where A, B, … are the outputs **in the order shown** (the browser never
learns an output's own key). Each value is ``{"value": …}`` or ``{"unable": reason}``, with ``"comment"``
and ``"confidence"`` (low, medium, high) beside it where wanted. By kind, ``value`` is:

========== ===========================================================================================
scale      the value of a point: ``"4"`` (or the number 4)
choice     the value of a point: ``"agree"``
multi      a list of values, none twice; ``[]`` says that none applies
number     a number, or its text with point or comma: ``"2,5"``
ranking    letters, best first, a list for those that share a place: ``["B", ["A", "C"]]``
spans      marks ``{"start": 3, "end": 9, "quote": "aspirin", "label": "wrong", "severity": "major"}``
           with offsets in code points of the output, and omissions ``{"missing": "…", "label": …}``;
           ``[]`` says that there is nothing to mark
sentences  one ``{"value": point, "severity": …}`` (or null) for each sentence of `annotate.sentences`
checklist  ``{criterion key: "met" | "not met"}``
placement  ``{"verdict": "confirm"}``, ``{"verdict": "move", "place": P}``, ``{"verdict": "ambiguous",
           "between": [P, P]}`` or ``{"verdict": "none", "name": "what one would call it"}``; a place P is a
           path of `Taxonomy.places` or a name
text       the text, or a list of lines where the question has entries
========== ===========================================================================================

An unfinished answer (half a ranking) is a valid draft: `check` keeps it and says in `gaps` what is
missing; `complete` lists the gaps of a whole form, and only a form without gaps gives `rows`.
"""

from annotate.answers.answer import Answer
from annotate.answers.check import check
from annotate.answers.form import Gap, Slot, check_form, complete, form_slots
from annotate.answers.rows import rows

__all__ = ["Answer", "Gap", "Slot", "check", "check_form", "complete", "form_slots", "rows"]
