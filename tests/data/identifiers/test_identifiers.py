"""The identifier check: what it finds, what it leaves alone, how often, how fast."""

import itertools
import re
import time
from collections import Counter
from pathlib import Path

import pytest

from data.identifiers import KINDS, find, redact
from data.identifiers.find import _matches, _near
from data.identifiers.patterns import MARKED
from tests.data.identifiers.labelled import HARMLESS, anything, notes

DOCS = Path(__file__).parents[3] / "docs" / "identifiers.md"


def measured(seed=2026, count=1_500):
    """Recall by kind (a label counts when half of it is covered) and precision over all findings."""
    seen, found, right, wrong = Counter(), Counter(), 0, 0
    for text, labels in notes(seed, count):
        findings = find(text)
        for start, end, kind in labels:
            seen[kind] += 1
            covered = sum(max(0, min(end, f.end) - max(start, f.start)) for f in findings)
            found[kind] += covered * 2 >= end - start
        for finding in findings:
            hit = any(finding.start < end and start < finding.end for start, end, _ in labels)
            right, wrong = right + hit, wrong + (not hit)
    recall = {kind: found[kind] / seen[kind] for kind in seen}
    return recall | {"all": sum(found.values()) / sum(seen.values())}, right / (right + wrong)


def test_the_published_figures_are_what_the_labelled_set_gives():
    recall, precision = measured()
    published = dict(re.findall(r"^\| ([a-z ]+?) \| (\d\.\d\d) \|", DOCS.read_text(encoding="utf-8"), re.M))
    assert set(published) == set(recall) | {"precision"}
    for kind, figure in published.items():
        ours = precision if kind == "precision" else recall[kind]
        assert abs(ours - float(figure)) <= 0.005 + 1e-9, f"{kind}: {ours:.3f}, published {figure}"


@pytest.mark.parametrize("text", HARMLESS)
def test_clinical_language_is_left_alone(text):
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("Dr. J. O'Neill-Baker saw him", "name", "O'Neill-Baker"),
        ("name is Zoë Müller", "name", "Zoë Müller"),
        ("hello, maria. sit down", "name", "maria"),
        ("on 3/14 he fell", "date", "3/14"),
        ("born 1931-02-03", "date", "1931-02-03"),
        ("mail a.b+c@x-y.example.co.uk now", "email", "a.b+c@x-y.example.co.uk"),
        ("see https://a.example/p?id=3, then", "url", "https://a.example/p?id=3"),
        ("host 2001:db8::ff00:42 down", "ip", "2001:db8::ff00:42"),
        ("card 4111 1111 1111 1111", "account", "4111 1111 1111 1111"),
        ("a ninety-two-year-old", "age", "ninety-two"),
        ("id 123e4567-e89b-12d3-a456-426614174000", "other id", "123e4567-e89b-12d3-a456-426614174000"),
        ("PO Box 1234", "place", "PO Box 1234"),
        ("near SW1A 1AA", "place", "SW1A 1AA"),
        ("SSN: 123456789", "social security", "123456789"),
    ],
)
def test_a_kind_is_found_in_its_place(text, kind, said):
    hits = [f for f in find(text) if said in f.text]
    assert hits
    assert hits[0].kind == kind
    assert text[hits[0].start : hits[0].end] == hits[0].text


def test_findings_do_not_overlap_and_redaction_leaves_no_trace():
    for text, _ in notes(7, 200):
        findings = find(text)
        assert all(a.end <= b.start for a, b in itertools.pairwise(findings))
        assert {finding.kind for finding in findings} <= set(KINDS)
        redacted = redact(text, findings)
        assert all(f"[{finding.kind}]" in redacted for finding in findings)
        assert len(redacted) == len(text) + sum(len(f.kind) + 2 - len(f.text) for f in findings)


@pytest.mark.parametrize("marked", MARKED[:-1], ids=lambda marked: marked.mark.pattern[:20])
def test_no_match_lacks_its_mark(marked):
    """What a rule finds in a whole text it also finds where its mark sends it."""
    hits = 0
    for text in [*(text for text, _ in notes(11, 60)), *map(anything, range(300))]:
        near = list(_near(marked.mark, text, marked.around))
        for rule in marked.rules:
            whole = list(_matches(rule, text, 0, len(text)))
            assert [hit for start, end in near for hit in _matches(rule, text, start, end)] == whole
            hits += len(whole)
    assert hits


@pytest.mark.parametrize(
    "piece",
    [
        "A", "a", "1", "@", "a@", "a.@", "1-", "1.", "1/", "::", "0:", "Mr ", "Mr. Aa ", "Aa ", "Aa, ", "http://",
        "www.", "MRN: A-", "1 Aa ", "+1 ", "(222) ", "May ", "patient Aa Aa ", "ninety-", "hi , ", "\n",
        " ", "é", "PO Box ", "Mr A", "Dr. Aa Aa Aa Aa ", ", MA", "Aa, MA", "in A", "12 A", "3 may ", "1 1A ",
        "age 9",
    ],
)  # fmt: skip
def test_a_megabyte_of_anything_takes_seconds(piece):
    text = (piece * (1_000_000 // len(piece)))[:1_000_000]
    start = time.process_time()
    find(text)
    assert time.process_time() - start < 12
