"""Every shipped protocol: a study is made from it, rated through the code of the pages, and summed up.

Each scenario gives items and raters who answer by a rule; the figures follow from the rule by hand.
"""

import json
from collections import Counter

import pandas as pd
import pytest

from agreement.report.answers import answers as answered
from agreement.summary import WAYS
from annotate.answers import complete, rows
from annotate.answers.form import open_slots
from annotate.assignment import slots
from annotate.design import Available, design
from annotate.item import Criterion, Item, Output
from annotate.protocol_file import write
from annotate.rating import Rating, unanswered
from annotate.shown import shown_outputs
from annotate.summing import SUMMARIES
from annotate.survey import survey_items
from data.formats.told import told
from data.shipped import protocol, protocol_names, taxonomy, taxonomy_of
from verbs.statements import harmless_points, statements
from verbs.summary import summaries

SCENARIOS = {}


def scenario(name):
    return lambda function: SCENARIOS.setdefault(name, function)


def people(count, **more):
    return [Available(f"R{n}", **more) for n in range(count)]


def frame_of(rows, kind="clinician", step=""):
    """Return ratings as the long frame, all of one kind of rater and one step."""
    names = ("item", "part", "rater", "question", "occasion", "status", "value", "number", "comment")
    found = pd.DataFrame([[getattr(row, name) for name in names] for row in rows], columns=list(names))
    return found.assign(kind=kind, step=step, number=found["number"].astype(float))


def study(name, items, raters, say, seed=3):
    """Make the study, rate every form as the raters' rule says, and return its protocol and long frame."""
    wanted = protocol(name)
    places = taxonomy_of(wanted)
    forms = design(wanted, items, raters, seed=seed)
    known = {item.key: item for item in items}
    frames = []
    for form in forms:
        item, answers = known[form.item], {}
        outputs = shown_outputs(wanted, item, form)
        letters = {
            output.key: letter for letter, output in zip(slots(form.output_order), outputs, strict=False)
        }
        for _ in wanted.questions:  # answers may call for further questions
            for slot in open_slots(wanted, item, answers, form):
                if slot.key not in answers:
                    answers[slot.key] = say(slot, item, form, outputs, letters)
        assert complete(wanted, item, answers, form, places) == []
        frames.append(frame_of(rows(wanted, item, answers, form, taxonomy=places), step=form.step))
    return wanted, pd.concat(frames, ignore_index=True), forms


def figures(name, items, raters, say, *, more=(), **options):
    """Return every figure of the study's summaries: {(question, how): {label: value}}."""
    wanted, frame, forms = study(name, items, raters, say)
    frame = pd.concat([frame, *more], ignore_index=True)
    groups = {rater.rater: rater.group for rater in raters}
    arms = {(form.item, form.rater): form.arm for form in forms}
    found = summaries(wanted, frame, items, groups=groups, arms=arms)
    options.get("keep", []).extend(found)
    return {
        (one.question, one.how): {label: figure.value for label, figure in one.figures.items()}
        for one in found
    }


def outputs(*systems, text="A text."):
    return tuple(Output(text, system, f"o{n}") for n, system in enumerate(systems))


def cases(count, *systems, **more):
    return [Item(f"i{n:02}", outputs(*(systems or ("m",))), **more) for n in range(count)]


def machine(kind, rater, question, said):
    """Return a machine's rows from (item, part, number)."""
    return frame_of([Rating(i, rater, question, f"{n:g}", float(n), part=p) for i, p, n in said], kind=kind)


def value(said):
    return {"value": said}


@scenario("medhelm")
def medhelm():
    # Raters differ by a constant: item means 2 .. 4 in accuracy, so means are exact and ICC below 1.
    def say(slot, item, form, *_):
        return value(2 + int(item.key[1:]) % 3)

    found = figures("medhelm", cases(12), people(4), say)
    assert found["composite", "mean"] == pytest.approx({"mean": 3.0})
    assert found["accuracy", "icc"] == pytest.approx({"single": 1.0, "average": 1.0}, abs=1e-3)


@scenario("taxonomy-survey")
def taxonomy_survey():
    # R0 puts each of 22 where the authors did; R1 all under Clinical Decision Support, right for 4.
    def say(slot, item, form, *_):
        if slot.question.key == "category":
            return value(item.category if form.rater == "R0" else "Clinical Decision Support")
        return (
            value(4 if form.rater == "R0" else 5)
            if slot.question.key == "comprehensiveness"
            else value("Coding")
        )

    kept = []
    found = figures("taxonomy-survey", list(survey_items(taxonomy())), people(2), say, keep=kept)
    assert found["category", "share matching category"] == pytest.approx({"matching": 26 / 44})
    assert found["comprehensiveness", "mean"] == {"mean": 4.5}
    table = next(one.table for one in kept if one.how == "confusion")
    assert table.loc["Clinical Note Generation", "Clinical Decision Support"] == 4
    assert next(one.texts for one in kept if one.how == "comments") == ("Coding", "Coding")


@scenario("taxonomy-review")
def taxonomy_review():
    # Of 4 items all raters confirm two, move one to Planning Treatments, and find one ambiguous.
    def say(slot, item, form, *_):
        if slot.question.key == "why":
            return value("About treatment.")
        if item.key == "i02":
            return value({"verdict": "move", "place": "Clinical Decision Support / Planning Treatments"})
        if item.key == "i03":
            between = ["Planning Treatments", "Recording Procedures"]
            return value({"verdict": "ambiguous", "between": between})
        return value({"verdict": "confirm"})

    kept = []
    items = cases(4, subcategory="Supporting Diagnostic Decisions", task="Generate differential diagnoses")
    items = [*items[:2], *(Item(i.key, i.outputs, subcategory=i.subcategory) for i in items[2:])]
    found = figures("taxonomy-review", items, people(3), say, keep=kept)
    assert found["subcategory", "share confirmed"] == pytest.approx({"confirmed": 0.5})
    assert found["subcategory", "alpha"] == pytest.approx({"alpha": 1.0})
    assert found["task", "share confirmed"] == {"confirmed": 1.0}  # asked only where a task was assigned
    table = next(one.table for one in kept if one.how == "confusion")
    assert table.loc["Supporting Diagnostic Decisions"].to_dict() == {
        "Planning Treatments": 3,
        "Supporting Diagnostic Decisions": 6,
        "ambiguous": 3,
    }


@scenario("dash-harm")
def dash_harm():
    # Four raters: item 0 all yes, item 1 two against two, items 2 and 3 all no.
    def say(slot, item, form, *_):
        n, rater = int(item.key[1:]), int(form.rater[1:])
        if slot.question.key == "why":
            return value("The dose.")
        if slot.question.key == "concordance":
            return {"unable": "the answer does not say enough"} if n == 3 else value("agree")
        return value("yes" if n == 0 or (n == 1 and rater < 2) else "no")

    found = figures("dash-harm", cases(4, references=("report",)), people(4), say)
    assert found["harmful", "majority"] == {"no": 0.5, "yes": 0.25, "no majority": 0.25}
    assert found["harmful", "share of yes"] == {"yes": pytest.approx(6 / 16)}
    assert found["concordance", "majority"] == {"agree": 1.0, "disagree": 0.0, "no majority": 0.0}


@scenario("polaris-conversation")
def polaris():
    raters = [Available(f"N{n}", "nurses") for n in range(3)] + [
        Available(f"P{n}", "physicians") for n in range(2)
    ]
    found = figures(
        "polaris-conversation",
        cases(6),
        raters,
        lambda slot, item, form, *_: value(4 if form.rater[0] == "N" else 2),
    )
    assert found["bedside", "mean by group"] == {"nurses: mean": 4.0, "physicians: mean": 2.0}


@scenario("bhc-summaries")
def bhc():
    # Everyone ranks by the system's number and rates it 5, 3, 1; the systems stand in a drawn order.
    def say(slot, item, form, shown, letters):
        if slot.output is not None:
            return value(5 - 2 * int(slot.output.system[1]))
        order = sorted(shown, key=lambda output: output.system)
        return value([letters[order[0].key], [letters[one.key] for one in order[1:]]])

    found = figures("bhc-summaries", cases(5, "m2", "m0", "m1"), people(5), say)
    assert found["fluency", "mean by system"] == {"m0: mean": 5.0, "m1: mean": 3.0, "m2: mean": 1.0}
    assert found["preference", "mean rank"] == {"m0": 1.0, "m1": 2.5, "m2": 2.5}


def prefer(good, strong):
    """Answer a pair by the shown place of the better system."""

    def say(slot, item, form, shown, letters):
        if shown[0].system == good:
            return value(strong[0])
        return value(strong[1])

    return say


@scenario("vanveen-pairs")
def vanveen():
    # The better system is the item's first in 6 of 8 items; the shown order is drawn and must not matter.
    items = [Item(f"i{n}", outputs(*(("good", "bad") if n < 6 else ("bad", "good")))) for n in range(8)]
    found = figures("vanveen-pairs", items, people(10), prefer("good", ("-2", "2")))
    assert found["correctness", "mean"] == {"mean": pytest.approx((6 * -2 + 2 * 2) / 8)}
    assert found["correctness", "win rate"] == {"bad": 0.0, "good": 1.0}


@scenario("blind-pairs")
def blind_pairs():
    # Item 0 is a tie; of the other three "good" wins two and "bad" wins one, whatever order is shown.
    def say(slot, item, form, shown, letters):
        if slot.question.key == "why":
            return value(["safety", "style"])
        if item.key == "i0":
            return value("tie")
        better = "bad" if item.key == "i3" else "good"
        return value("A" if shown[0].system == better else "B")

    items = [Item(f"i{n}", outputs("good", "bad") if n % 2 else outputs("bad", "good")) for n in range(4)]
    found = figures("blind-pairs", items, people(3), say)
    assert found["better", "win rate"] == {"bad": pytest.approx(1.5 / 4), "good": pytest.approx(2.5 / 4)}
    # Davidson: the odds of a win over a loss are exp(difference of log-strengths); here 2 to 1.
    strengths = found["better", "bradley-terry"]
    assert strengths["good"] - strengths["bad"] == pytest.approx(0.6931, abs=1e-3)
    assert found["why", "share"]["safety"] == 1.0
    assert found["why", "share"]["clarity"] == 0.0


@scenario("medalign-ranking")
def medalign():
    # Raters rank m0 .. m5; a metric scores them in the same order but swaps the last two: tau = 1 − 2·1/15.
    systems = [f"m{n}" for n in range(6)]

    def say(slot, item, form, shown, letters):
        if slot.output is not None:
            return value("correct" if slot.output.system in ("m0", "m1", "m2") else "incorrect")
        return value([letters[output.key] for output in sorted(shown, key=lambda output: output.system)])

    items = cases(6, *systems, references=("gold",))
    scores = (0.9, 0.8, 0.7, 0.6, 0.1, 0.2)
    metric = machine(
        "metric",
        "rouge-l",
        "rouge-l",
        [(i.key, o.key, score) for i in items for o, score in zip(i.outputs, scores, strict=True)],
    )
    found = figures("medalign-ranking", items, people(3), say, more=[metric])
    assert found["correct", "share of incorrect by system"]["m5: incorrect"] == 1.0
    assert found["rank", "mean rank"] == {f"m{n}": n + 1.0 for n in range(6)}
    assert found["rank", "rank correlation"] == {"rouge-l": pytest.approx(13 / 15)}


@scenario("fuas-plans")
def fuas():
    # Ten plans, four experts; expert R3 gives 3 to the first plan only: 39 of 40 at least 4.
    def say(slot, item, form, *_):
        return value(3 if (item.key, form.rater) == ("i00", "R3") else 4)

    found = figures("fuas-plans", cases(10), people(4), say)
    assert found["compliance", "share at least 4"] == {"at least 4": pytest.approx(39 / 40)}


@scenario("equitymedqa")
def equity():
    # Only health equity experts see bias; pairs and counterfactuals are asked of their own items.
    groups = ("physicians", "health equity experts", "consumers")
    raters = [Available(f"{group[0]}{n}", group) for group in groups for n in range(2)]

    def say(slot, item, form, *_):
        if slot.question.key == "bias":
            return value("severe" if form.rater[0] == "h" else "none")
        if slot.question.key == "dimensions":
            return value(["stereotype"])
        return value({"pair": "same", "counterfactual": "right"}[slot.question.key])

    items = [
        Item("answer", outputs("m"), strata={"form": "answer"}),
        Item("pair", outputs("m", "n"), strata={"form": "pair"}),
        Item("counterfactual", outputs("m", "m"), strata={"form": "counterfactual"}),
    ]
    found = figures("equitymedqa", items, raters, say)
    severe = found["bias", "share of severe by group"]
    assert severe == {
        "consumers: severe": 0.0,
        "health equity experts: severe": 1.0,
        "physicians: severe": 0.0,
    }
    assert found["dimensions", "share by group"]["health equity experts: stereotype"] == 1.0
    assert found["pair", "share by group"]["physicians: same"] == 1.0
    assert found["counterfactual", "share by group"]["consumers: right"] == 1.0


@scenario("healthbench")
def healthbench():
    # 3 of 5 positive weights met, and −2 met as well: (3 − 2) / 5. The judge misses the first criterion.
    criteria = (
        Criterion("asks", "Asks about allergies", 3.0, required=True),
        Criterion("plain", "Is plain", 2.0),
        Criterion("dose", "Names a wrong dose", -2.0),
    )
    met = {"asks": "met", "plain": "not met", "dose": "met"}
    items = cases(4, criteria=criteria)
    judge = machine(
        "juror",
        "judge",
        "criteria",
        [(item.key, key, said == "met" and key != "asks") for item in items for key, said in met.items()],
    )
    found = figures("healthbench", items, people(2), lambda *_: value(met), more=[judge])
    assert found["criteria", "weighted score"] == {"score": pytest.approx(0.2), "required": 1.0}
    # Yes: precision 1, recall 1/2, F1 2/3. No: precision 1/2, recall 1, F1 2/3.
    assert found["criteria", "f1"] == {"judge": pytest.approx(2 / 3)}


@scenario("pdsqi-9")
def pdsqi():
    # Seven attributes at 4 make a total of 28; synthesis is asked of every second item only.
    def say(slot, item, form, *_):
        if slot.question.key == "calls_for_synthesis":
            return value("yes" if int(item.key[1:]) % 2 else "no")
        return value({"synthesized": 2, "stigmatizing": 0}.get(slot.question.key, 4))

    wanted, frame, _ = study("pdsqi-9", cases(6), people(7), say)
    assert (frame["question"] == "synthesized").sum() == 3 * 7
    found = figures("pdsqi-9", cases(6), people(7), say)
    assert found["composite", "total"] == {"total": 28.0}
    assert found["synthesized", "mean"] == {"mean": 2.0}
    assert found["stigmatizing", "share of 1"] == {"1": 0.0}
    assert wanted.question("synthesized").shown_if == ("calls_for_synthesis", ("yes",))


@scenario("creola-sentences")
def creola():
    # Of three sentences everyone flags the second, minor; one omission is missed by every second item.
    def say(slot, item, form, *_):
        if slot.question.key == "support":
            return value(
                [
                    {"value": "supported"},
                    {"value": "unsupported", "severity": "minor"},
                    {"value": "supported"},
                ]
            )
        missing = [{"missing": "Allergy", "label": "omission", "severity": "major"}]
        return value(missing if int(item.key[1:]) % 2 else [])

    items = [Item(f"i{n}", (Output("One. Two. Three.", "m"),), source="…") for n in range(4)]
    found = figures("creola-sentences", items, people(3), say)
    assert found["support", "share of unsupported"] == {"unsupported": pytest.approx(1 / 3)}
    assert found["support", "alpha"] == {"alpha": pytest.approx(1.0)}
    assert found["omissions", "marks"] == {"all": 0.5, "missing, omission, major": 0.5}


@scenario("unsupported-statements")
def unsupported():
    # Every second text has a planted second sentence; half of these texts have their sentences judged.
    fine, planted = "He has pain in the knee.", "He was cured abroad."
    source = "He has pain in the knee. She walks well. He sleeps at night."

    def text(n):
        return " ".join((fine, planted if n % 2 else "She walks well.", "He sleeps at night."))

    def say(slot, item, *_):
        n = int(item.key[1:])
        if slot.question.key == "unsupported":
            return value("yes" if n % 2 else "no")
        flags = ["supported", "unsupported", "supported"]
        return value([{"value": flag} for flag in flags] if n < 24 else None)

    items = [Item(f"i{n:02}", (Output(text(n), "m"),), source=source) for n in range(48)]
    found = figures("unsupported-statements", items, people(2), say)
    assert found["unsupported", "share of yes"] == {"yes": 0.5}
    assert found["support", "share of unsupported"] == {"unsupported": pytest.approx(1 / 3)}
    wanted, frame, _ = study("unsupported-statements", items, people(2), say)
    (suggested,) = statements(
        answered(frame.assign(kind="clinician")), items, harmless=harmless_points(write(wanted))
    )
    first = [one for one in suggested.suggestions if one.place == 1]
    assert len(first) == 24
    assert {(one.number, one.text) for one in first} == {(2, planted)}
    assert sum(one.flag != one.flag for one in first) == 12  # nobody had judged these


@scenario("ddx-lists")
def ddx():
    # Before: the reference is second. After: first in the arm with help, second without.
    def say(slot, item, form, shown, letters):
        if slot.question.key == "helped":
            return value("better" if form.arm == "assistant" else "no")
        helped = form.step == "after" and form.arm == "assistant"
        assert [output.key for output in shown] == (["assistant"] if helped else [])
        return value(["gout", "Sepsis "] if not helped else "SEPSIS\ngout")

    items = [Item(f"i{n}", (Output("Sepsis.", "m", "assistant"),), references=("sepsis",)) for n in range(8)]
    found = figures("ddx-lists", items, people(4), say)
    assert found["diagnoses", "top 1"] == {"top 1, before": 0.0, "top 1, after": 0.5}
    assert found["diagnoses", "top 10"] == {"top 10, before": 1.0, "top 10, after": 1.0}
    assert found["diagnoses", "mcnemar"]["change"] == 0.0  # among all ten entries nothing changed
    assert found["helped", "share by arm"]["assistant: better"] == 1.0
    assert found["helped", "share by arm"]["search: no"] == 1.0


@scenario("languages")
def languages():
    # Right in English, wrong in Urdu; raters get only their own languages.
    items = [
        Item(
            f"{case}-{language}", outputs("m"), case=case, strata={"language": language}, references=("gold",)
        )
        for case in ("a", "b", "c")
        for language in ("en", "ur")
    ]
    raters = [Available("E1", specialties=("en",)), Available("U1", specialties=("ur",))]
    raters += [Available("B1", specialties=("en", "ur")), Available("B2", specialties=("en", "ur"))]

    def say(slot, item, form, *_):
        assert form.rater[0] == "B" or form.rater[0].lower() == item.strata["language"][0]
        if slot.question.key == "language":
            return value("yes")
        return value("wrong" if item.strata["language"] == "ur" else "right")

    found = figures("languages", items, raters, say)
    assert found["correctness", "share of wrong by language"] == {"en: wrong": 0.0, "ur: wrong": 1.0}


@scenario("judge-labels")
def judge_labels():
    # Experts: 6 yes, 4 no. The judge says yes to 5 of the 6 and to 1 of the 4: accuracy 8/10.
    # Kappa: agreement .8, expected .6·.6 + .4·.4 = .52, so .28/.48.
    truth = ["yes"] * 6 + ["no"] * 4
    judged = ["yes"] * 5 + ["no"] + ["yes"] + ["no"] * 3
    items = cases(10, references=("gold",))
    judged_rows = [(item.key, "", said == "yes") for item, said in zip(items, judged, strict=True)]
    judge = machine("juror", "judge", "acceptable", judged_rows)
    found = figures(
        "judge-labels", items, people(4), lambda slot, item, *_: value(truth[int(item.key[1:])]), more=[judge]
    )
    assert found["acceptable", "accuracy"] == {"judge": 0.8}
    assert found["acceptable", "kappa"] == {"judge": pytest.approx(0.28 / 0.48)}
    # F1 of yes 2·5/(6+6) = 5/6, of no 2·3/(4+4) = 3/4; their mean.
    assert found["acceptable", "f1"] == {"judge": pytest.approx((5 / 6 + 3 / 4) / 2)}


@scenario("ehrnoteqa")
def ehrnoteqa():
    # Three systems with mean scores 8, 6 and 4; the metric orders them 1, 3, 2: rho .5, tau 1/3.
    scores, metric_scores = {"a": 8, "b": 6, "c": 4}, {"a": 0.9, "b": 0.2, "c": 0.5}
    items = [Item(f"{system}{n}", (Output("x", system),), case=str(n)) for system in "abc" for n in range(4)]
    scored = [(item.key, "", metric_scores[item.key[0]]) for item in items]
    metric = machine("metric", "bertscore", "bertscore", scored)
    found = figures(
        "ehrnoteqa", items, people(3), lambda s, item, *_: value(scores[item.key[0]]), more=[metric]
    )
    assert found["score", "mean by system"] == {"a: mean": 8.0, "b: mean": 6.0, "c: mean": 4.0}
    assert found["score", "system correlation"] == {
        "bertscore: rho": pytest.approx(0.5),
        "bertscore: tau-b": pytest.approx(1 / 3),
    }


@pytest.mark.parametrize("name", protocol_names())
def test_a_study_of_the_protocol_is_made_rated_and_summed_up(name):
    assert name in SCENARIOS, f"{name} ships without a scenario"
    SCENARIOS[name]()


@pytest.mark.parametrize("name", protocol_names())
@pytest.mark.parametrize("answers", ["none", "all unable", "one each"])
def test_little_or_nothing_said_is_undefined_with_a_reason_and_never_an_exception(name, answers):
    wanted = protocol(name)
    item = Item("1", outputs("m", "n"), references=("r",), criteria=(Criterion("k", "K"),))
    said = {
        "none": [],
        "all unable": [unanswered("1", "A", q.key, status="unable", reason="x") for q in wanted.questions],
    }
    said["one each"] = [
        Rating("1", "A", q.key, q.scale.points[0].value, q.scale.points[0].number)
        for q in wanted.questions
        if q.scale and q.scale.points and q.kind in ("scale", "choice")
    ]
    for found in summaries(wanted, frame_of(said[answers]), [item], groups={"A": "g"}):
        for figure in found.figures.values():
            assert figure.defined or figure.notes


def test_keys_with_slashes_find_their_output_and_their_criterion():
    item = Item(
        "1",
        (Output("x", "gpt", "openai/gpt"), Output("y", "mini", "openai/gpt/mini")),
        criteria=(Criterion("b", "?", -1.0), Criterion("a/b", "?", 2.0)),
    )
    parts = ["openai/gpt/mini/a/b", "openai/gpt/b", "openai/gpt", "a/b"]
    frame = frame_of([Rating("1", "A", "q", "met", 1.0, part=part) for part in parts])
    found = told(frame, [item])
    assert found["system"].tolist() == ["mini", "gpt", "gpt", ""]
    assert found["weight"].tolist()[:2] == [2.0, -1.0]
    assert found["weight"].tolist()[3] == 2.0


def test_every_way_of_summing_up_that_a_protocol_may_name_is_computed():
    assert set(WAYS) == set(SUMMARIES)


def test_every_way_is_named_by_some_shipped_protocol():
    named = Counter(how for name in protocol_names() for _, how in protocol(name).summary)
    for way in SUMMARIES:
        assert any(how.startswith(way) for how in named), way


def test_mcnemar_counts_who_changed_in_which_direction():
    # Six lists gain the reference and none loses it: exact p = 2 · (1/2)^6.
    from agreement.summary import Asked, summarise

    said = {"before": ["gout"], "after": ["gout", "sepsis"]}
    both = [
        frame_of([Rating(f"i{n}", "A", "d", json.dumps(lines)) for n in range(6)], step=step)
        for step, lines in said.items()
    ]
    frame = pd.concat(both, ignore_index=True).assign(references='["Sepsis"]')
    found = summarise(frame, Asked("d"), "mcnemar").figures
    assert found["change"].value == 1.0
    assert found["p"].value == pytest.approx(2 / 64)
