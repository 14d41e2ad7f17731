"""A study's own metric: what it may do, and the sentence for each thing that it may not."""

import pytest

from annotate.fault import Fault
from annotate.metrics.metric import Pair
from annotate.metrics.registry import metrics

FORMS = """
import functools, numpy

SECONDS = 0.05

def raises(output): raise RuntimeError("no such drug")
def leaves(output): raise SystemExit(3)
def nan(output): return float("nan")
def text(output): return "0.5"
def two(output): return 0.1, 0.2
def array(output): return numpy.array([0.1, 0.2])
def generator(output): yield 1
def endless(output):
    while True:
        try:
            while True: pass
        except Exception: pass
def scalar(output): return numpy.float32(0.5)
def truth(output): return True
@functools.lru_cache
def cached(output): return 1
def bare(): return 1
def wants(output, dictionary): return 1
async def later(output): return 1
class Thing: pass
"""


@pytest.fixture
def forms(tmp_path):
    file = tmp_path / "forms.py"
    file.write_text(FORMS)
    return file


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("raises", "raises failed: RuntimeError('no such drug')"),
        ("leaves", "leaves failed: SystemExit(3)"),
        ("nan", "nan gives nan"),
        ("text", "text gives '0.5', which is not one number"),
        ("two", "two gives (0.1, 0.2), which is not one number"),
        ("array", "array gives array([0.1, 0.2]), which is not one number"),
        ("endless", "endless took longer than 0.05 seconds"),
    ],
)
def test_an_output_that_it_cannot_do_has_failed_with_the_reason(function, reason, forms):
    (metric,) = metrics([f"{forms}:{function}"])
    first, second = metric.score([Pair("a"), Pair("b")])
    assert (first.values, first.reason) == (second.values, second.reason) == ((), reason)
    assert first.failed


def test_a_generator_is_not_a_number(forms):
    (score,) = metrics([f"{forms}:generator"])[0].score([Pair("a")])
    assert score.reason.startswith("generator gives <generator")


@pytest.mark.parametrize(("function", "value"), [("scalar", 0.5), ("truth", 1.0), ("cached", 1.0)])
def test_any_callable_and_any_number_will_do(function, value, forms):
    assert metrics([f"{forms}:{function}"])[0].score([Pair("a")])[0].values == (value,)


@pytest.mark.parametrize(
    ("function", "sentence"),
    [
        ("bare", "'bare' in forms.py cannot be called"),
        ("wants", "missing a required argument: 'dictionary'"),
        ("later", "is async: write it with `def`"),
        ("Thing", "has no function 'Thing'"),
    ],
)
def test_what_cannot_be_called_is_said_before_anything_is_scored(function, sentence, forms):
    with pytest.raises(Fault) as fault:
        metrics([f"{forms}:{function}"])
    assert sentence in str(fault.value)


def test_a_metric_of_ones_own(tmp_path):
    file = tmp_path / "own.py"
    file.write_text(
        "def kept(output, references, *, share='1'):\n"
        "    return None if not output else float(share) * (output in references)\n"
    )
    (metric,) = metrics([f"{file}:kept:share=0.5"])
    scores = metric.score([Pair("a", ("a", "b")), Pair("c", ("a",)), Pair("", ("a",))])
    assert [score.values for score in scores] == [(0.5,), (0.0,), ()]
    assert scores[2].reason == "kept gives no value"
    (failing,) = metrics([f"{file}:kept:share=much"])
    (broken, fine) = failing.score([Pair("a", ("a",)), Pair("", ("a",))])
    assert broken.reason.startswith("kept failed: ValueError(")
    assert fine.reason == "kept gives no value"
    before = metric.raters
    file.write_text(file.read_text() + "# changed\n")
    assert metrics([f"{file}:kept:share=0.5"])[0].raters != before
    with pytest.raises(Fault, match="has no function 'lost'"):
        metrics([f"{file}:lost"])
    with pytest.raises(Fault, match="takes no argument 'x'"):
        metrics([f"{file}:kept:x=1"])
    file.write_text("oops(")
    with pytest.raises(Fault, match="does not run"):
        metrics([f"{file}:kept"])
