"""ROUGE equals Google's `rouge-score` bit by bit, whatever the texts."""

import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from annotate.metrics.metric import Pair
from annotate.metrics.porter import stem
from annotate.metrics.registry import metrics
from annotate.metrics.rouge import KINDS
from annotate.metrics.union_lcs import union_of_lcs
from annotate.metrics.words import Vocabulary

rouge_scorer = pytest.importorskip("rouge_score.rouge_scorer")
PorterStemmer = pytest.importorskip("nltk.stem.porter").PorterStemmer

THEIRS = {
    "rouge-1": "rouge1",
    "rouge-2": "rouge2",
    "rouge-3": "rouge3",
    "rouge-l": "rougeL",
    "rouge-lsum": "rougeLsum",
}
# Words that stem alike, change length in lower case, are no ASCII, or are no words.
WORDS = [
    "run", "running", "runs", "flies", "fly", "relational", "Happily", "the", "the", "of", "a", "b2b", "12.5",
    "Naïve", "İstanbul", "KELVIN", "straße", "日本", "😀", "\ud800", "\u2028", "\x1c", "\x00", "\n", "\n",
    ".", "-", "yyyyyy", "x" * 40,
]  # fmt: skip
ENDINGS = (
    "ational tional izer bli alli entli eli ization iveness logi icate ical ness ement ion ize ed ing eed ied"
)

texts = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=12).map("".join),
    st.text(max_size=60),
)


@pytest.fixture(scope="module", params=[True, False], ids=["stemmed", "as it stands"])
def both(request):
    return rouge_scorer.RougeScorer(list(THEIRS.values()), use_stemmer=request.param), Vocabulary(
        stemmed=request.param
    )


def equal(reference, output, both):
    theirs, ours = both
    wanted = theirs.score(reference, output)
    for name, rouge in KINDS.items():
        score = wanted[THEIRS[name]]
        assert rouge(reference, output, ours.spell) == (score.fmeasure, score.precision, score.recall), name


@settings(deadline=None, max_examples=400)
@given(reference=texts, output=texts)
def test_any_pair(both, reference, output):
    equal(reference, output, both)


def test_long_and_repeated(both):
    rng = random.Random(7)
    for size in (300, 700):
        reference = " ".join(rng.choices(WORDS, k=size))
        equal(reference, " ".join(rng.choices(WORDS, k=size)), both)
    equal("pain " * 500, "pains " * 200, both)
    equal("no chest pain\nno fever\n" * 30, "no fever today\nchest pain\n\n" * 40, both)
    equal("", "pain", both)
    equal("pain", "", both)
    equal("", "", both)
    equal("日本", "日本", both)


def test_a_text_of_a_hundred_thousand_words_is_no_obstacle(both):
    rouge = KINDS["rouge-l"]("pain " * 100_000, "no pain " * 50_000, both[1].spell)
    assert rouge == (0.5, 0.5, 0.5)


def test_best_over_references_is_theirs(both):
    theirs = rouge_scorer.RougeScorer(["rougeL"], use_stemmer=True)
    references = ("no chest pain", "he denies pain", "he denies chest pain today")
    wanted = theirs.score_multi(references, "denies chest pains")["rougeL"]
    (score,) = metrics(["rouge-l"])[0].score([Pair("denies chest pains", references)])
    assert score.values == (wanted.fmeasure, wanted.precision, wanted.recall)


def test_a_vocabulary_that_starts_afresh_says_the_same(monkeypatch):
    monkeypatch.setattr("annotate.metrics.words.WORDS", 3)
    monkeypatch.setattr("annotate.metrics.words.CHARACTERS", 10)
    (metric,) = metrics(["rouge-1:stem=no"])
    pairs = [Pair(f"w{n} x{n} y{n}", (f"w{n} z{n}",)) for n in range(20)]
    assert {score.values[1] for score in metric.score(pairs)} == {1 / 3}


@settings(deadline=None, max_examples=600)
@given(st.text("abcdefgilmnostuxyz1", max_size=7), st.lists(st.sampled_from(ENDINGS.split()), max_size=3))
def test_stems_are_nltks(start, endings):
    word = start + "".join(endings)
    assert stem(word) == PorterStemmer().stem(word)


@settings(deadline=None, max_examples=150)
@given(reference=texts, output=texts)
def test_lines_too_long_to_hold_their_tables_say_the_same(both, reference, output):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("annotate.metrics.union_lcs.SMALL", 0)
        patch.setattr("annotate.metrics.union_lcs.SHORT", 0)
        equal(reference, output, both)


def test_one_line_of_many_words_takes_little_memory():
    rng = random.Random(2)
    line, other = ([f"w{n}" for n in rng.sample(range(20_000), 20_000)] for _ in range(2))
    spell = Vocabulary(stemmed=False).spell
    spelled = [spell(" ".join(words)) for words in (line, other)]
    tracemalloc.start()
    try:
        (followed,) = union_of_lcs(spelled[:1], spelled[1:])
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(followed) == LCSseq.similarity(*spelled)
    # The whole table would take 20,000 rows of 2.5 kB, 50 MB; one row in 141 and one block of rows is 0.7 MB.
    assert most < 8_000_000
