"""What ships reads, is in its place, and keeps to the published facts."""

import pytest

from annotate.fault import Fault
from annotate.protocol_file import parse, write
from data.shipped import benchmarks, protocol, protocol_names, protocol_text, taxonomy


@pytest.mark.parametrize("name", protocol_names())
def test_every_shipped_protocol_reads_is_named_as_its_file_and_says_where_it_comes_from(name):
    found = protocol(name)
    assert found.name == name
    assert found.citation
    assert found.summary
    assert parse(write(found)) == found


def test_the_medhelm_form_asks_three_questions_from_very_poor_to_excellent():
    found = protocol("medhelm")
    assert found.composite == ("accuracy", "completeness", "clarity")
    for question in found.questions:
        assert [point.number for point in question.scale.points] == [1, 2, 3, 4, 5]
        assert question.scale.points[0].label.startswith("very poor")
        assert question.scale.points[-1].label.startswith("excellent")
        assert question.scale.level == "interval"


def test_the_taxonomy_has_five_categories_and_22_subcategories():
    # Bedi et al. 2025: 5 categories with 4, 4, 5, 5 and 4 subcategories.
    assert [len(category.subcategories) for category in taxonomy().categories] == [4, 4, 5, 5, 4]
    assert len(taxonomy().names("task")) == 2


@pytest.mark.parametrize(
    ("level", "said", "meant"),
    [
        ("category", "Patient Communication & Education", "Patient Communication and Education"),
        ("category", "Patient Communication", "Patient Communication and Education"),
        ("category", "Administration & Workflow", "Administration and Workflow"),
        ("category", "Medical Research", "Medical Research Assistance"),
        ("subcategory", "Providing Clinical Knowledge and Support", "Providing Clinical Knowledge Support"),
        ("subcategory", "Documenting Diagnositc Reports", "Documenting Diagnostic Reports"),
        ("subcategory", "Patient Provider Messaging", "Patient-Provider Messaging"),
        ("subcategory", "Billing", None),
    ],
)
def test_spellings_met_in_real_files_are_understood(level, said, meant):
    assert taxonomy().place(level, said) == meant


def test_every_benchmark_is_in_its_place_and_the_suite_covers_every_subcategory():
    above = {subcategory.name: category.name for category, subcategory in taxonomy().subcategories()}
    for benchmark in benchmarks():
        assert above[benchmark.subcategory] == benchmark.category
        assert benchmark.jury_scored == benchmark.open_ended == bool(benchmark.criteria)
    paper = [benchmark for benchmark in benchmarks() if benchmark.in_paper]
    assert {benchmark.subcategory for benchmark in paper} == set(taxonomy().names("subcategory"))
    assert sum(benchmark.jury_scored for benchmark in paper) == 13


def test_the_survey_offers_the_categories_of_the_taxonomy():
    points = protocol("taxonomy-survey").question("category").scale.points
    assert tuple(point.value for point in points) == taxonomy().names("category")


def test_an_unknown_name_is_refused_with_those_that_there_are():
    with pytest.raises(Fault, match="medhelm"):
        protocol_text("medhlm")
