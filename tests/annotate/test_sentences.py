"""Sentences end where a reader of clinical text says so, and every letter is in exactly one or in none."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotate.sentences import sentences


def split(text):
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["He is well.", "She is not."],
        ["Dr. A. Roe saw Mr. Poe.", "They talked."],
        ["Temp. was 38.5 C vs. 37.1 before.", "It fell."],
        ["Give 0.5 mg p.o. daily.", "Stop if dizzy!", "Why?"],
        ["It hurts (e.g. at night).", "See Fig. 2.", "No. 5 was worst."],
        ["She said “Stop.”", "He did."],
        ["Dose: 5 mg b.i.d.", "The rest is unchanged."],
        ["今日は元気です。", "薬を飲みます。"],
        ["Well… perhaps not.", "We wait."],
        ["No fever.", "5 mg were given."],
    ],
)
def test_running_text(expected):
    joiner = "" if expected[0][0] == "今" else " "
    assert split(joiner.join(expected)) == expected


def test_lists_headings_and_blank_lines_end_a_sentence():
    text = "## Plan\n\nAssessment:\n- Stop aspirin\n- Start 5 mg. Review.\n1. First\n2) Second\n\n---\n\nEnd"
    assert split(text) == [
        "## Plan",
        "Assessment:",
        "- Stop aspirin",
        "- Start 5 mg.",
        "Review.",
        "1. First",
        "2) Second",
        "End",
    ]


def test_a_wrapped_line_goes_on():
    text = (
        "The patient was admitted with pain in the chest and was\ntreated. "
        "The cardiologist on duty that evening, called by\nDr. Roe, agreed."
    )
    assert len(split(text)) == 2


def test_a_very_long_text_is_split_while_one_waits():
    text = "The dose was halved and then doubled. " * 20_000 + "No end " * 20_000 + "\nand on" * 20_000
    assert len(sentences(text)) == 20_001


def test_nothing_has_no_sentence():
    assert split("") == split(" \n\t ") == split("***\n") == []


@given(st.text(alphabet="aB.!? \n-1。”)", max_size=80))
def test_sentences_are_in_order_apart_and_lose_no_word(text):
    found = sentences(text)
    assert all(start < end for start, end in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    kept = "".join(text[start:end] for start, end in found)
    words = [letter for letter in text if letter.isalpha()]
    assert [letter for letter in kept if letter.isalpha()] == words
    assert all(text[start:end].strip() == text[start:end] for start, end in found)
