"""What holds for every metric, and what each one's own oracle says."""

import random

import pytest
from sacrebleu import sentence_bleu, sentence_chrf

from annotate.fault import Fault
from annotate.metrics.meteor import words
from annotate.metrics.metric import Pair
from annotate.metrics.registry import METRICS, PRESETS, metrics

LIGHT = [name for name in METRICS if name != "bertscore"]
RNG = random.Random(3)
VOCABULARY = "no chest pain pains he denies fever today the of naïve 120/80 . , walking walked".split()  # noqa: SIM905


def some_text(most=30):
    return " ".join(RNG.choices(VOCABULARY, k=RNG.randint(0, most)))


PAIRS = [Pair(some_text(), (some_text() + " x", "no pain"), some_text() + " y") for _ in range(60)]


@pytest.mark.parametrize("name", LIGHT)
def test_a_score_depends_on_its_own_pair_only(name):
    (metric,) = metrics([name])
    together = metric.score(PAIRS)
    assert together == [metric.score([pair])[0] for pair in PAIRS]
    assert all(len(score.values) == len(metric.measures) for score in together)


@pytest.mark.parametrize("name", LIGHT)
def test_empty_unicode_and_long_outputs_have_finite_scores(name):
    (metric,) = metrics([name])
    pairs = [
        Pair(text, ("ré\u0301férence",), "source 😀") for text in ("", " ", "日本語", "a" * 3000, "\n\n")
    ]
    for score in metric.score(pairs):
        assert all(abs(value) < 1e6 for value in score.values)


@pytest.mark.parametrize("name", [n for n in LIGHT if n not in ("length", "bleu")])
def test_a_text_against_itself_is_the_best_there_is(name):
    (metric,) = metrics([name])
    text = "no chest pain at rest"
    other = "he walks well"
    same, different = metric.score([Pair(text, (text,), text), Pair(other, (text,), text)])
    assert same.values[0] > different.values[0]


@pytest.mark.parametrize("name", [n for n in LIGHT if n not in ("length", "bleu", "source-overlap")])
def test_the_best_of_several_references_counts(name):
    (metric,) = metrics([name])
    for pair in PAIRS:
        each = [metric.score([Pair(pair.output, (reference,))])[0] for reference in pair.references]
        assert metric.score([pair])[0] in each


def test_chrf_and_bleu_are_sacrebleus():
    chrf, plus, bleu = metrics(["chrf", "chrf:words=2", "bleu"])
    for pair in PAIRS:
        references = list(pair.references)
        assert chrf.score([pair])[0].values == (sentence_chrf(pair.output, references).score,)
        assert plus.score([pair])[0].values == (sentence_chrf(pair.output, references, word_order=2).score,)
        assert bleu.score([pair])[0].values == (
            sentence_bleu(pair.output, references, use_effective_order=True).score,
        )


def test_meteor_is_nltks_without_synonyms():
    nltk_meteor = pytest.importorskip("nltk.translate.meteor_score").meteor_score

    class NoSynonyms:
        def synsets(self, word):
            return []

    (metric,) = metrics(["meteor"])
    for pair in PAIRS:
        wanted = nltk_meteor(
            [words(reference) for reference in pair.references], words(pair.output), wordnet=NoSynonyms()
        )
        assert metric.score([pair])[0].values[0] == pytest.approx(wanted, abs=1e-12)


def test_levenshtein_by_hand():
    characters, in_words = metrics(["levenshtein", "levenshtein:unit=words"])
    pair = Pair("no chest pain", ("chest pain",))  # 3 characters of 13 go, 1 word of 3
    assert characters.score([pair])[0].values[0] == pytest.approx(1 - 3 / 13)
    assert in_words.score([pair])[0].values[0] == pytest.approx(1 - 1 / 3)


def test_identity_changes_with_every_setting_and_with_nothing_else():
    stemmed, plain, again = (metrics([spec])[0] for spec in ("rouge-l", "rouge-l:stem=no", "rouge-l"))
    assert stemmed.raters == again.raters
    assert set(stemmed.raters).isdisjoint(plain.raters)
    assert len({rater for name in LIGHT for rater in metrics([name])[0].raters}) == sum(
        len(metrics([name])[0].measures) for name in LIGHT
    )


def test_presets_name_metrics():
    for specs in PRESETS.values():
        assert all(spec.partition(":")[0] in METRICS for spec in specs)


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("rogue", "'rogue' is not a metric"),
        ("rouge-l:stem", "is not a setting; write NAME:key=value"),
        ("rouge-l:stem=yes", "stem='yes' is not a setting of 'rouge-l' (porter-nltk, no)"),
        ("rouge-l:window=3", "'rouge-l' has no setting 'window' (it has stem)"),
        ("gone.py:score", "There is no file gone.py"),
    ],
)
def test_what_cannot_be_used_is_said(spec, sentence):
    with pytest.raises(Fault) as fault:
        metrics([spec])
    assert sentence in str(fault.value)
