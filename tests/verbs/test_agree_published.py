"""consilium agree on published tables, from a long file and from a wide one: what was printed then."""

import csv
import json
from pathlib import Path

import pytest

from cli import main

GOLDEN = Path(__file__).parents[1] / "agreement"


def golden(file, name):
    return json.loads((GOLDEN / f"golden_{file}.json").read_text(encoding="utf-8"))[name]["data"]


def by_counts(counts):
    """Items by raters from how many raters gave each label: who gave which does not matter to Fleiss."""
    return [[label for label, n in enumerate(row, 1) for _ in range(n)] for row in counts]


def crossed(table, labels):
    """Items by two raters from a contingency table, the first rater down."""
    return [
        [labels[i], labels[j]] for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)
    ]


def report(tmp_path, table, shape, *words):
    """The JSON of the report on items by raters, written long or wide."""
    raters = [f"R{n}" for n in range(1, max(map(len, table)) + 1)]
    long = [
        (f"{i:03d}", rater, "clinician", "rating", cell)
        for i, row in enumerate(table)
        for rater, cell in zip(raters, row, strict=False)
        if cell is not None
    ]
    wide = [(f"{i:03d}", *("" if cell is None else cell for cell in row)) for i, row in enumerate(table)]
    head = ("item", "rater", "kind", "question", "value") if shape == "long" else ("item", *raters)
    path, out = tmp_path / f"{shape}.csv", tmp_path / f"{shape}.json"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *(long if shape == "long" else wide)])
    more = [] if shape == "long" else ["--kind", "clinician"]
    assert main(["agree", str(path), "--json", str(out), "--replicates", "100", *more, *words]) == 0
    made = json.loads(out.read_text(encoding="utf-8"))
    return {f["coefficient"]: f for f in made["figures"] if not f["rater"]}


SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
PEFR = list(
    zip(
        [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427],
        [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451],
        strict=True,
    )
)
FOURTEEN = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip
SEXUAL_FUN = [[7, 7, 2, 3], [2, 8, 3, 7], [1, 5, 4, 9], [2, 8, 9, 14]]
NEUROLOGISTS = [[38, 5, 0, 1], [33, 11, 3, 0], [10, 14, 5, 6], [3, 7, 3, 10]]
VISION = [[1520, 266, 124, 66], [234, 1512, 432, 78], [117, 362, 1772, 205], [36, 82, 179, 492]]
FUN = "Never Fun,Fairly Often,Very Often,Always fun"
DIAGNOSES = "Certain,Probable,Possible,Doubtful"


@pytest.fixture(params=["long", "wide"])
def shape(request):
    return request.param


def test_shrout_and_fleiss_1979(tmp_path, shape):
    """Psychological Bulletin 86, 420–428, table 4; intervals of R's psych 2.2.9, which irr has, too."""
    found = report(tmp_path, SHROUT_FLEISS, shape)
    printed = {
        "ICC(1,1)": 0.17, "ICC(A,1)": 0.29, "ICC(C,1)": 0.71,
        "ICC(1,k)": 0.44, "ICC(A,k)": 0.62, "ICC(C,k)": 0.91,
    }  # fmt: skip
    assert {name: round(found[name]["value"], 2) for name in printed} == printed
    assert (found["ICC(1,1)"]["n_items"], found["ICC(1,1)"]["n_raters"]) == (6, 4)


def test_krippendorff_2011(tmp_path, shape):
    """Computing Krippendorff's alpha-reliability, pp. 5–8: four observers, twelve units, gaps."""
    units = list(zip(*golden("categorical", "krippendorff_2011"), strict=True))
    found = report(tmp_path, units, shape)
    printed = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}
    assert {name: round(found[f"alpha ({name})"]["value"], 3) for name in printed} == printed
    # The same cells are irrCAC's cac.raw4raters: Gwet (2014) has AC1 0.77544 and Fleiss' 0.76117.
    assert found["AC1"]["value"] == pytest.approx(0.77544, abs=5e-6)
    assert found["Fleiss' kappa"]["value"] == pytest.approx(0.76117, abs=5e-6)


def test_fleiss_1971_whose_labels_begin_with_numbers(tmp_path, shape):
    """Psychological Bulletin 76, 378–382: kappa 0.430 for 30 patients and six psychiatrists."""
    words = ("--measure", "rating=nominal")
    found = report(tmp_path, golden("categorical", "fleiss_1971"), shape, *words)
    assert found["Fleiss' kappa"]["value"] == pytest.approx(0.430, abs=5e-4)
    assert "ICC(A,1)" not in found


def test_fourteen_raters_of_ten_subjects(tmp_path, shape):
    """The worked example of Fleiss' kappa in textbooks and encyclopedias: 0.210."""
    found = report(tmp_path, by_counts(FOURTEEN), shape, "--measure", "rating=nominal")
    assert found["Fleiss' kappa"]["value"] == pytest.approx(0.210, abs=5e-4)


def test_bland_and_altman_1986(tmp_path, shape):
    """Lancet i, 307–310: Wright less mini meter, mean -2.1 l/min, limits -79.7 and 75.5."""
    found = report(tmp_path, PEFR, shape)
    # ours is the second less the first; their limits are two, not 1.96, standard deviations
    assert found["bias"]["value"] == pytest.approx(2.1, abs=0.05)
    lower, upper = (found[name]["value"] for name in ("lower limit of agreement", "upper limit of agreement"))
    assert (upper - lower) / 2 / 1.96 == pytest.approx(38.8, abs=0.05)


def test_landis_and_koch_1977_in_words(tmp_path, shape):
    """Biometrics 33, 159–174: two neurologists; kappas of R's vcd 1.4-11, unweighted and quadratic."""
    table = crossed(NEUROLOGISTS, DIAGNOSES.split(","))
    found = report(tmp_path, table, shape, "--scale", f"rating={DIAGNOSES}")
    assert found["Cohen's kappa"]["value"] == pytest.approx(0.2079, abs=5e-5)
    assert found["Cohen's kappa (quadratic)"]["value"] == pytest.approx(0.5246, abs=5e-5)
    # vcd's "equal spacing" is linear
    assert found["Cohen's kappa (linear)"]["value"] == pytest.approx(0.3797, abs=5e-5)


def test_husbands_and_wives(tmp_path, shape):
    """Agresti (1990), p. 369, R's vcd::SexualFun: unweighted 0.1293, linear 0.2374, quadratic 0.3320."""
    found = report(tmp_path, crossed(SEXUAL_FUN, FUN.split(",")), shape, "--scale", f"rating={FUN}")
    values = {"": 0.1293, " (linear)": 0.2374, " (quadratic)": 0.3320}
    for weighting, value in values.items():
        assert found[f"Cohen's kappa{weighting}"]["value"] == pytest.approx(value, abs=5e-5)


def test_cohen_1960(tmp_path, shape):
    """Educational and Psychological Measurement 20, 37–46: kappa 0.492 for 200 patients, three diagnoses."""
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    found = report(tmp_path, crossed(table, ["personality", "neurosis", "psychosis"]), shape)
    assert found["Cohen's kappa"]["value"] == pytest.approx(0.492, abs=5e-4)


def test_unaided_vision(tmp_path, shape):
    """Stuart (1953), 7,477 women's right and left eyes; kappas of R's vcd 1.4-11."""
    found = report(tmp_path, crossed(VISION, [1, 2, 3, 4]), shape)
    values = {"": 0.595389, " (linear)": 0.652380, " (quadratic)": 0.702334}
    for weighting, value in values.items():
        assert found[f"Cohen's kappa{weighting}"]["value"] == pytest.approx(value, abs=5e-7)


MAMMOGRAMS = [[34, 10, 2, 0], [6, 8, 8, 2], [2, 5, 4, 12], [0, 1, 2, 14]]
SEVERITY = "Absent,Minimal,Moderate,Severe"


def test_two_readers_of_mammograms(tmp_path, shape):
    """Kundel & Polansky (2003), Radiology 228, 303–308; kappas of R's vcd 1.4-11, Fleiss–Cohen last."""
    found = report(tmp_path, crossed(MAMMOGRAMS, SEVERITY.split(",")), shape, "--scale", f"rating={SEVERITY}")
    values = {"": 0.3712849, " (linear)": 0.5963693, " (quadratic)": 0.7641196}
    for weighting, value in values.items():
        assert found[f"Cohen's kappa{weighting}"]["value"] == pytest.approx(value, abs=5e-8)


WINE = "23344455 12132354 23325544 32323253 23433333 32322454 11222323 22233334 12323244"


def test_bitter_wine_whose_columns_are_named(tmp_path):
    """Randall (1989), Biometrical Journal 31, 781–793, 8 bottles and 9 judges; ICCs of R's psych 2.2.9."""
    path, out = tmp_path / "wine.csv", tmp_path / "wine.json"
    rows = [
        (n, judge, bottle) for judge, said in enumerate(WINE.split(), 1) for bottle, n in enumerate(said, 1)
    ]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("rating", "judge", "bottle"), *rows])
    words = ["--kind", "clinician", "--column", "item=bottle", "--replicates", "100"]
    assert main(["agree", str(path), "--json", str(out), *words]) == 0
    found = {
        f["coefficient"]: f for f in json.loads(out.read_text(encoding="utf-8"))["figures"] if not f["rater"]
    }
    printed = {
        "ICC(1,1)": (0.3772986, 0.1500617, 0.7458338),
        "ICC(A,1)": (0.3884600, 0.1651613, 0.7492547),
        "ICC(C,1)": (0.4631783, 0.2156117, 0.8015873),
        "ICC(1,k)": (0.8450371, 0.6137511, 0.9635168),
        "ICC(A,k)": (0.8511228, 0.6403557, 0.9641487),
        "ICC(C,k)": (0.8859143, 0.7121399, 0.9732334),
    }
    for name, figures in printed.items():
        ours = [found[name][field] for field in ("value", "low", "high")]
        assert ours == pytest.approx(figures, abs=5e-8), name


BINARY = "11 10 11 11 10 00 10 11 11 11 11 11 10 11 11 11 11 11 00 11 11 11 11 11 00 00 00 00 11"


def test_two_raters_of_yes_and_no(tmp_path, shape):
    """R's psy 1.2, expsy columns rb1 and rb2, the first patient unrated by one: ckappa 0.6627907."""
    table = [[None, 1], *([int(one), int(other)] for one, other in BINARY.split())]
    found = report(tmp_path, table, shape)
    assert found["Cohen's kappa"]["value"] == pytest.approx(0.6627907, abs=5e-8)
    assert "agreement within ±1" not in found


def test_anxiety(tmp_path, shape):
    """R's irr::anxiety: ICC(C,1) 0.216, ICC(A,1) 0.198, Kendall's W corrected for ties 0.540."""
    found = report(tmp_path, golden("icc", "irr_anxiety"), shape)
    values = {"ICC(C,1)": 0.216, "ICC(A,1)": 0.198, "Kendall's W": 0.540}
    assert {name: round(found[name]["value"], 3) for name in values} == values


TABLES = json.loads((GOLDEN / "golden_categorical.json").read_text(encoding="utf-8"))["tables"]["tables"]


@pytest.mark.parametrize("table", TABLES, ids=[table["name"] for table in TABLES])
def test_tables_of_textbooks_and_manuals(tmp_path, table):
    """What tests/agreement/test_published.py holds the functions to, the report prints."""
    points = list(range(1, table["points"] + 1))
    cells = crossed(table["crossed"], points) if "crossed" in table else table["data"]
    found = report(tmp_path, cells, "long", "--scale", f"1-{points[-1]}")
    for name, (value, _) in table["irrCAC"].items():
        assert found[name]["value"] == pytest.approx(value, abs=6e-6), name
        assert found[name]["n_items"] == sum(any(c is not None for c in row) for row in cells)
        assert found[name]["low"] <= value <= found[name]["high"]
