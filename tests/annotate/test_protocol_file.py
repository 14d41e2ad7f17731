"""A protocol file is read with its lines, written canonically, and compared in sentences."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotate.fault import Fault
from annotate.protocol import Blinding, Design, Protocol, Training
from annotate.protocol_file import differences, parse, version, write
from annotate.question import QUESTION_KINDS, Question
from annotate.scale import Point, Scale, likert

HEAD = "protocol: p\ntitle: T\nunit: output\n"
QUESTIONS = """questions:
  - key: harm
    kind: choice
    text: Is it harmful?
    points: {none: no harm, mild: some, severe: much}
  - key: why
    kind: text
    text: Why?
    shown_if: {harm: [severe]}
"""


def sentences(text: str) -> list[str]:
    with pytest.raises(Fault) as caught:
        parse(text, "p.yaml")
    return list(caught.value.sentences)


def test_words_that_yaml_takes_for_something_else_stay_words():
    points = parse(HEAD + "questions: [{key: q, kind: choice, text: Q, points: [yes, no, 010, 1.0, off]}]")
    assert [p.value for p in points.questions[0].scale.points] == ["yes", "no", "010", "1.0", "off"]


def test_a_number_is_the_points_own_value_and_else_its_place():
    q = "questions: [{key: q, text: Q, points: %s}]"
    assert [
        p.number for p in parse(HEAD + q % "{-2: worse, 0: same, 2: better}").questions[0].scale.points
    ] == [
        -2,
        0,
        2,
    ]
    ordinal = parse(HEAD + q % "[none, mild, severe]").questions[0].scale
    assert ordinal.level == "ordinal"
    assert [p.number for p in ordinal.points] == [0, 1, 2]


def test_everything_wrong_is_said_at_once_with_its_line_and_remedy():
    text = (
        HEAD.replace("output", "outpt") + QUESTIONS.replace("kind: choice", "knd: choice") + "title: again\n"
    )
    text += "design: {per_item: 0, repeats: lots, crossing: ful}\ncomposite: [harm, other]\n"
    found = sentences(text)
    assert [sentence.split(":")[0] for sentence in found] == [
        "p.yaml line 3",
        "p.yaml line 6",
        "p.yaml line 13",
        "p.yaml line 14",
        "p.yaml line 14",
        "p.yaml line 14",
    ]
    assert "did you mean 'output'?" in found[0]
    assert "'knd' is not a key of question 1; did you mean 'kind'?" in found[1]
    assert "already in line 2" in found[2]
    assert "'lots'" in "".join(found[3:])
    assert "a whole number from 1 to 1000" in "".join(found[3:])


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (
            ("{harm: [severe]}", "{harm: [fatal]}"),
            12,
            "'fatal' is not an answer to 'harm' (none, mild, severe)",
        ),
        (("{harm: [severe]}", "{hram: [severe]}"), 12, "'hram', which is not a question before it"),
        (("key: why", "key: harm"), 9, "called 'harm' too"),
        (("    points: {none: no harm, mild: some, severe: much}\n", ""), 5, "needs 2 or more points"),
        (("mild: some", "none: some"), 8, "'none' of 'points' of question 1 is already in line 8"),
        (("kind: text", "kind: ranking"), 10, "a ranking needs several outputs"),
        (("kind: text", "kind: placement"), 10, "needs a taxonomy"),
        (("kind: choice", "kind: choice\n    compares: true"), 7, "about a pair"),
        (("kind: choice", "kind: choice\n    per_output: true"), 7, "has one output"),
        (("kind: choice", "kind: choice\n    steps: [after]"), 7, "'after' is not a step"),
        (("kind: choice", "kind: choice\n    severities: [minor]"), 7, "for spans and sentences"),
        (("kind: choice", "kind: choice\n    comment: extremes"), 7, "for scale questions"),
        (("key: harm", "key: harm@A"), 5, "letters, digits"),
        (("kind: choice", "kind: number"), 8, "'low' and 'high', not points"),
    ],
)
def test_each_rule_between_the_parts_names_its_line(change, line, words):
    assert change[0] in QUESTIONS
    found = sentences(HEAD + QUESTIONS.replace(*change))
    assert any(said.startswith(f"p.yaml line {line}:") and words in said for said in found), found


@pytest.mark.parametrize(
    ("tail", "words"),
    [
        ("composite: [harm]", "only scale and number questions have a mean"),
        ("summary: {harm: mode}", "'mode' is not a way of summing up"),
        ("summary: {hram: mean}", "which is not a question (harm, why)"),
        ("summary: {harm: top x}", "needs a whole number"),
        ("summary: {harm: share at least x}", "needs a number"),
        ("items: subcategories", "add `taxonomy: medhelm`"),
        ("design: {crossing: overlap}", "needs `overlap: `"),
        ("design: {overlap: 3}", "'overlap' is for crossing 'overlap'"),
        ("design: {per_item: 3, groups: {nurses: 1, physicians: 1}}", "add up to 2"),
        ("design: {arms: [help]}", "two or more different names"),
        ("training: {pass_mark: 80}", "a number from 0 to 1"),
        ("blinding: {sistem: true}", "did you mean 'system'"),
        ("questions: []", "already in line 4"),
    ],
)
def test_each_rule_of_the_whole_is_said(tail, words):
    assert any(words in said for said in sentences(HEAD + QUESTIONS + tail)), sentences(
        HEAD + QUESTIONS + tail
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file is empty"),
        ("- a\n- b", "must be `key: value` lines"),
        ("title: a: b", "line 1: not valid YAML"),
        ("a: &x [1]\nb: *x", "line 2: '*x' refers elsewhere"),
        ("a: " + "[" * 50 + "]" * 50, "nested more than"),
        ("x" * 1_000_001, "at most 1,000,000"),
        ("a: \x00", "not valid YAML"),
        ('title: x\nb: "half \\ud83d"', "line 2: a text holds a character that no database keeps"),
        ('title: x\nb: "zero \\0"', "line 2: a text holds a character that no database keeps"),
        (
            "a: b\n\tc: d",
            "line 2: not valid YAML (found character '\\t' that cannot start any token); indent with",
        ),
        (
            'title: x\nb: "open\nc: d\n',
            "line 2: not valid YAML (found unexpected end of stream); close the quot",
        ),
        ("a:\n  - {b: [1, 2}", "close the bracket that opens in line 2"),
        ("a: b\n---\nc: d", "line 2: not valid YAML (but found another document); remove the line '---'"),
        ("? [a]\n: b", "must be a word"),
        (HEAD + "questions: []", "must be a list of questions"),
        (HEAD + "questions: [{key: a}]", "question 1 has no 'text'"),
        (HEAD + "questions: [a]", "question 1 must be `key: value` lines"),
        (HEAD + "questions: [{key: a, text: A, points: 3}]", "must be `value: label` lines"),
        (HEAD + "questions: [{key: a, text: A, points: [{label: x}]}]", "point 1 has no 'value'"),
        (HEAD + "questions: [{key: a, text: A, points: [3, 1, 2]}]", "must rise or fall"),
        (HEAD + "questions: [{key: a, text: A, points: [1, 1.0]}]", "comes twice"),
        (HEAD + "questions: [{key: a, text: A, points: {1: one, 2: two, or so}}]", "'or so' has no label"),
        (HEAD + "questions: [{key: a, text: A, kind: number, low: 3, high: 1}]", "must be below"),
        (HEAD + "questions: [{key: a, text: A, kind: spans, points: [x]}]\n" * 2, "already in line"),
        (HEAD + "questions:\ndesign:", "the protocol has no 'questions'"),
    ],
)
def test_hostile_and_broken_files_are_refused_in_a_sentence(text, words):
    assert words in "\n".join(sentences(text))


def test_groups_say_how_many_raters_an_item_gets():
    found = parse(HEAD + QUESTIONS + "design: {groups: {nurses: 1, physicians: 2}}").design
    assert found == Design(groups=(("nurses", 1), ("physicians", 2)), per_item=3)


word = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff"), max_size=30
).map(str.strip)
lines = st.lists(word.filter(bool), max_size=3).map("\n".join)
name = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,9}", fullmatch=True).filter(lambda x: x != "composite")
labels = st.lists(name, min_size=2, max_size=5, unique_by=lambda x: _worth(x))


def _worth(value):
    try:
        return float(value)
    except ValueError:
        return value


@st.composite
def scales(draw, level):
    values = draw(labels)
    numbers = sorted(
        draw(st.lists(st.integers(-9, 9), min_size=len(values), max_size=len(values), unique=True))
    )
    texts = [draw(word.filter(bool)) for _ in values]
    return Scale(level, tuple(Point(v, t, float(n)) for v, t, n in zip(values, texts, numbers, strict=True)))


@st.composite
def protocols(draw):
    keys = draw(st.lists(name, min_size=1, max_size=4, unique=True))
    questions = []
    for key in keys:
        kind = draw(st.sampled_from(QUESTION_KINDS))
        level = draw(st.sampled_from(["nominal", "ordinal", "interval"]))
        scale = draw(scales(level)) if kind in {"scale", "choice", "multi", "spans", "sentences"} else None
        scale = Scale("interval", (), 0.5, None) if kind == "number" else scale
        questions.append(
            Question(
                key,
                draw(word.filter(bool)),
                kind,
                scale,
                hint=draw(lines),
                per_output=kind in {"spans", "sentences"},
                required=draw(st.booleans()),
                unable=tuple(draw(st.lists(word.filter(bool), max_size=2))),
                comment=draw(st.sampled_from(["none", "optional", "required"])),
                severities=likert("minor", "major") if kind == "spans" else None,
                entries=draw(st.integers(0, 9)) if kind == "text" else 0,
                ties=kind == "ranking",
                asked_of=draw(st.none() | st.tuples(word.filter(bool), st.just(("a", "null", "yes")))),
            )
        )
    severities = replace(likert("minor", "major"), level="ordinal")
    questions = [replace(q, severities=severities) if q.severities else q for q in questions]
    return Protocol(
        draw(name),
        draw(word.filter(bool)),
        "set",
        tuple(questions),
        design=Design(repeats=draw(st.floats(0, 1)), arms=("a", "b"), match=draw(word)),
        blinding=Blinding(order=draw(st.booleans())),
        training=draw(st.none() | st.just(Training(("one", "no"), 0.5))),
        instructions=draw(lines),
        taxonomy="medhelm",
        summary=((keys[0], "mean"), (keys[0], "share by language")),
    )


@settings(max_examples=60, deadline=None)
@given(protocols())
def test_what_is_written_is_read_back_and_written_the_same(protocol):
    assert parse(write(protocol)) == protocol
    assert write(parse(write(protocol))) == write(protocol)
    assert differences(protocol, parse(write(protocol))) == ()


def test_the_version_is_of_the_meaning_not_of_the_layout():
    one = parse(HEAD + QUESTIONS)
    other = parse("# a comment\nunit: 'output'\n" + HEAD.replace("unit: output\n", "") + QUESTIONS)
    assert version(one) == version(other)
    assert version(one) != version(replace(one, title="Other"))


def test_differences_are_sentences_about_questions_points_and_design():
    old = parse(HEAD + QUESTIONS)
    new = parse(
        HEAD
        + QUESTIONS.replace("mild: some", "mild: a little").replace("key: why", "key: reason")
        + "design: {per_item: 4}"
    )
    assert differences(old, new) == (
        "design: (per_item: 4) was added.",
        "question 'why' was removed.",
        "question 'reason' was added: 'Why?'.",
        "question 'harm', points, mild: 'some' became 'a little'.",
    )
    swapped = replace(old, questions=old.questions[::-1])
    assert differences(old, swapped) == ("the questions come in another order: why, harm.",)
    turned = parse(HEAD + QUESTIONS.replace("none: no harm, mild: some", "mild: some, none: no harm"))
    assert "points: the order became mild, none, severe." in differences(old, turned)[0]


def test_a_new_file_names_a_taxonomy_that_is_there():
    text = HEAD + "taxonomy: medhlm\n" + QUESTIONS
    line = text[: text.index("taxonomy:")].count("\n") + 1
    with pytest.raises(Fault) as found:
        parse(text, "x.yaml", taxonomies=("medhelm",))
    assert found.value.sentences == (
        f"x.yaml line {line}: no taxonomy called 'medhlm' is shipped; did you mean 'medhelm'?",
    )
    assert parse(text).taxonomy == "medhlm"  # as it stands in a study that knew it
