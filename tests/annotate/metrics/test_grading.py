"""Items become ratings: no reference is no score, a kept score is not made again, and shards add up."""

from collections import Counter

import pytest

from annotate.item import Item, Output
from annotate.metrics.grading import Unkept, content, grade, shard_of
from annotate.metrics.metric import Metric, Score
from annotate.metrics.registry import metrics
from annotate.metrics.workers import workers


class Kept(dict):
    """A cache in memory."""

    def found(self, keys):
        return {key: self[key] for key in keys if key in self}

    keep = dict.update


def item(key, output="no pain", *references, source=""):
    return Item(key, (Output(output),), references=references, source=source)


def counted(batch=2):
    """Return a metric that counts how often it is asked about each output."""
    asked = Counter()

    def score(pairs):
        asked.update(pair.output for pair in pairs)
        return [Score((float(len(pair.output)),)) for pair in pairs]

    return Metric("counted", ("",), {}, score, batch=batch), asked


def test_without_a_reference_the_row_says_so_and_has_no_value():
    there = [item("a"), item("b", "no pain", " \n"), item("c", "", "no pain"), Item("d", references=("x",))]
    rows = list(grade(there, metrics(["rouge-l"]), Unkept()))
    assert len(rows) == 4 * 3
    assert {(r.item, r.status, r.reason, r.value) for r in rows if r.item != "c"} == {
        ("a", "unable", "no reference", None),
        ("b", "unable", "no reference", None),
        ("d", "unable", "no output", None),
    }
    # An empty answer was given and is worth nothing, as in the original.
    assert {r.number for r in rows if r.item == "c"} == {0.0}


def test_a_metric_that_reads_the_source_wants_a_source():
    rows = list(grade([item("a", "x", "y")], metrics(["source-overlap"]), Unkept()))
    assert {(r.status, r.reason) for r in rows} == {("unable", "no source")}


def test_outputs_of_one_item_are_told_apart_and_blank_references_do_not_count():
    two = Item(
        "a", (Output("chest pain", "m1", "A"), Output("fever", "m2", "B")), references=("", "chest pain")
    )
    rows = list(grade([two], metrics(["levenshtein"]), Unkept()))
    assert [(row.part, row.number == 1.0) for row in rows] == [("A", True), ("B", False)]


def test_the_order_is_that_of_the_items_whatever_the_chunk():
    there = [item(str(n), f"output {n % 7}", "output 3") for n in range(50)]
    whole = list(grade(there, metrics(["rouge-1", "length"]), Unkept()))
    assert [row.item for row in whole][::4] == [str(n) for n in range(50)]
    for chunk in (1, 3, 50, 64):
        assert list(grade(there, metrics(["rouge-1", "length"]), Kept(), chunk=chunk)) == whole


def test_equal_texts_are_scored_once_and_never_again():
    metric, asked = counted()
    there = [item(str(n), "abc"[: n % 3 + 1], "r") for n in range(30)]
    cache = Kept()
    first = list(grade(there, [metric], cache))
    assert asked == {"a": 1, "ab": 1, "abc": 1}
    grown = [*there, item("new", "abcd", "r")]
    assert list(grade(grown, [metric], cache))[:30] == first
    assert asked == {"a": 1, "ab": 1, "abc": 1, "abcd": 1}


def test_what_was_scored_before_a_failure_is_kept():
    calls = []

    def score(pairs):
        calls.append(len(pairs))
        if len(calls) == 3:
            raise KeyboardInterrupt
        return [Score((1.0,)) for _ in pairs]

    metric = Metric("stops", ("",), {}, score, batch=4)
    cache = Kept()
    with pytest.raises(KeyboardInterrupt):
        list(grade([item(str(n), str(n), "r") for n in range(40)], [metric], cache))
    assert len(cache) == 8


def test_a_setting_or_another_reference_is_another_score():
    cache = Kept()
    stemmed, plain = metrics(["rouge-1", "rouge-1:stem=no"])
    there = [item("a", "pains", "pain")]
    rows = list(grade(there, [stemmed, plain], cache))
    assert [row.number for row in rows] == [1.0] * 3 + [0.0] * 3
    assert next(grade([item("a", "pains", "pains")], [plain], cache)).number == 1.0
    assert content("ab", "c") != content("a", "bc")


def test_shards_are_a_partition_that_keeps_references_together():
    there = [item(str(n), f"o{n}", f"reference {n % 11}") for n in range(200)]
    whole = {(row.item, row.rater): row.value for row in grade(there, metrics(["chrf"]), Unkept())}
    found = {}
    for shard in range(4):
        mine = [one for one in there if shard_of(one, 4) == shard]
        found |= {(row.item, row.rater): row.value for row in grade(mine, metrics(["chrf"]), Unkept())}
    assert found == whole
    assert len({(one.references, shard_of(one, 4)) for one in there}) == 11
    assert len({shard_of(one, 4) for one in there}) > 1


def test_several_processes_say_the_same():
    there = [item(str(n), f"output {n} of pains", "output of pain") for n in range(300)]
    alone = list(grade(there, metrics(["rouge-l", "length"]), Unkept()))
    with workers(2) as scorer:
        assert list(grade(there, metrics(["rouge-l", "length"]), Unkept(), scorer=scorer)) == alone


def test_progress_counts_outputs():
    told = []
    list(
        grade(
            [item(str(n), "x", "y") for n in range(5)],
            metrics(["length"]),
            Unkept(),
            chunk=2,
            done=told.append,
        )
    )
    assert told == [2, 4, 5]
