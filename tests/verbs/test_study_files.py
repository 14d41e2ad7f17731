"""Import, export and verify: all or nothing, twice is once, and what goes out comes back equal."""

import json
import shutil
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import cli
from annotate.assignment import Assignment
from annotate.fault import Fault
from annotate.item import Criterion, Item, Output
from annotate.rating import Rating
from data.formats.whole import differences, write_export
from data.shipped import protocol, protocol_text
from data.store import Store, assignments, audit, items, raters, ratings, studies
from tests.helm_runs import request, run_spec, stat, verdict, write_run
from verbs import new
from verbs.bring import bring
from verbs.export import study_files
from verbs.incoming import read_incoming
from verbs.protocol import protocol_of
from verbs.verify import verify_export, verify_study


@pytest.fixture
def ward(sqlite_url):
    store = Store(sqlite_url)
    store.study_id = create(store, "ward")
    yield store
    store.close()


def create(store, name, text=None):
    with store.writing() as session:
        text = text or protocol_text("medhelm")
        return studies.create(session, name=name, title=name, protocol_text=text, who="lead").id


def load(store, *paths, study_id=None, **options):
    study_id = study_id or store.study_id
    with store.reading() as session:
        protocol = protocol_of(session, study_id=study_id)
    incoming = read_incoming(paths, protocol, **options)
    return bring(store, study_id=study_id, incoming=incoming, who="lead")


def counts(store, study_id=None):
    study_id = study_id or store.study_id
    with store.reading() as session:
        return (
            len(items.in_study(session, study_id=study_id)),
            ratings.count(session, study_id=study_id),
            len(audit.events(session, study_id=study_id)),
        )


@pytest.fixture
def files(tmp_path):
    def write(**texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        return [tmp_path / f"{name}.csv" for name in texts]

    return write


ITEMS = "item_id,model,response\nq1,m1,Rest.\nq2,m1,Run.\n"
RATINGS = "item_id,rater_id,rater_kind,scale,score\nq1,Ann,physician,accuracy,4\nq2,gpt,llm,Clarity,2\n"


def test_items_and_ratings_come_in_together_and_twice_is_once(ward, files):
    paths = files(ratings=RATINGS, items=ITEMS)
    assert str(load(ward, *paths)) == "New in the study: 2 items, 2 raters, 2 ratings."
    before = counts(ward)
    assert str(load(ward, *paths)).startswith("Nothing new")
    assert counts(ward) == before


def test_an_import_that_changes_what_was_said_says_how_often(ward, files):
    load(ward, *files(items=ITEMS, ratings=RATINGS))
    other = load(
        ward, *files(ratings=RATINGS.replace("accuracy,4", "accuracy,5") + "q2,Ann,physician,clarity,3\n")
    )
    assert str(other).startswith("New in the study: 2 ratings. Saying something else than before: 1 rating.")
    with ward.reading() as session:
        newest = audit.events(session, study_id=ward.study_id)[-1]
    assert newest.after["changed"] == 1


def test_one_wrong_cell_and_nothing_comes_in(ward, files):
    before = counts(ward)
    bad = RATINGS + "q1,Ben,physician,accuracy,9\nq9,Ben,physician,tone,4\n"
    with pytest.raises(Fault) as caught:
        load(ward, *files(items=ITEMS, ratings=bad))
    assert "ratings.csv line 4, column 'score': '9' is not a point of 'accuracy'" in caught.value.sentences[0]
    assert "'tone' is no question of this protocol" in caught.value.sentences[1]
    with pytest.raises(Fault, match=r"1 items are rated but not in the study \(q9\)"):
        load(ward, *files(items=ITEMS, ratings=RATINGS + "q9,Ben,physician,accuracy,4\n"))
    assert counts(ward) == before


def test_a_study_of_ratings_alone_has_bare_items(ward, files):
    load(ward, *files(ratings=RATINGS))
    assert counts(ward)[:2] == (2, 2)


def test_bare_items_are_completed_when_their_texts_come(ward, files):
    load(ward, *files(ratings=RATINGS))
    load(ward, *files(items=ITEMS))
    with ward.reading() as session:
        outputs = [item.outputs[0].text for item in items.in_study(session, study_id=ward.study_id)]
    assert outputs == ["Rest.", "Run."]
    assert str(load(ward, *files(items=ITEMS, ratings=RATINGS))).startswith("Nothing new")


def test_a_flat_file_brings_its_items_along(ward, files):
    head = "item_id,model,response,annotator,rater_kind,criterion,score\n"
    rows = ["q1,m1,Rest.,Ann,human,accuracy,4", "q1,m1,Rest.,Ann,human,clarity,5"]
    rows.append("q2,m2,Run.,Ann,human,clarity,5")
    flat = head + "\n".join(rows)
    brought = load(ward, *files(flat=flat))
    assert (brought.items, brought.ratings) == (2, 3)
    with ward.reading() as session:
        first = items.in_study(session, study_id=ward.study_id)[0]
    assert first.outputs == (Output("Rest.", "m1"),)


def test_other_content_under_the_same_key_is_refused(ward, files):
    load(ward, *files(items=ITEMS))
    with pytest.raises(Fault, match="in the study already with other content"):
        load(ward, *files(items=ITEMS.replace("Rest.", "Work.")))
    with pytest.raises(Fault, match="describe item 'q1' differently"):
        load(ward, *files(items=ITEMS, more="id,output\nq1,Else\n"))


def test_a_folder_with_a_suite_and_a_table_comes_in_as_it_lies(ward, tmp_path, files):
    said = {"gpt": verdict(4, 9, 5), "llama": verdict(3, 3, 4)}
    write_run(tmp_path, [request(0, said=said), request(1, said=said)])
    files(items=ITEMS)
    brought = load(ward, tmp_path)
    assert (brought.items, brought.ratings) == (4, 12)
    assert load(ward, tmp_path).ratings == 0
    with ward.reading() as session:
        juror = raters.in_study(session, study_id=ward.study_id, kinds=["juror"])[0]
    assert juror.identity["model"]


def test_a_rubric_from_zero_is_no_answer_on_a_scale_from_one(ward, tmp_path):
    spec = run_spec(criteria=("accuracy", "tone"), template='{"accuracy": {"score": 0}}')
    reply = {"gpt": verdict(0, 5, names=("accuracy", "tone"))}
    load(ward, write_run(tmp_path, [request(0, said=reply)], spec=spec))
    files = study_files(ward, study_id=ward.study_id)
    gpt = [row for row in files.history if row["rater"].startswith("gpt@")]
    assert [(row["question"], row["status"]) for row in gpt] == [("accuracy", "failed")]
    assert "'0' is not a point of 'accuracy'" in gpt[0]["reason"]


@pytest.mark.parametrize(("unit", "number"), [("output", 7), ("set", 2), ("pair", 6)])
def test_several_systems_come_side_by_side_where_the_protocol_wants_it(ward, tmp_path, unit, number):
    for system in ("a", "b", "c"):
        spec = run_spec(f"aci_bench:model=acme_{system}")
        spec["adapter_spec"]["model"] = f"acme/{system}"
        states = [request(n, output=f"{system} says {n}") for n in range(3 if system == "a" else 2)]
        write_run(tmp_path, states, [stat(0, "rouge_l", 0.5)], spec=spec, name=spec["name"])
    question = "  - {key: better, kind: choice, text: Which one, points: [first, second]}"
    text = f"protocol: p\ntitle: P\nunit: {unit}\nquestions:\n{question}\n"
    study_id = create(ward, unit, text)
    brought = load(ward, tmp_path, study_id=study_id)
    assert brought.items == number
    assert brought.ratings == (0 if unit == "pair" else 3)
    with ward.reading() as session:
        first = items.in_study(session, study_id=study_id)[0]
    assert len(first.outputs) == {"output": 1, "set": 3, "pair": 2}[unit]
    assert not any("acme" in output.key for output in first.outputs)


def run(*words):
    return cli.main([str(word) for word in words])


def test_the_commands_from_a_file_to_a_verified_export(ward, files, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", ward.url)
    texts = ITEMS.replace("Rest.", "Seen by Dr. Ann Lee.")
    said = (
        RATINGS.replace("score\n", "score,comment\n")
        .replace(",4\n", ",4,as on 3/14/2021\n")
        .replace(",2\n", ",2,\n")
    )
    paths = files(items=texts, ratings=said)
    out = tmp_path / "out"
    assert run("import", "ward", *paths, "--check") == 0
    assert "comment: date '3/14/2021' in 'as on [3/14/2021]'" in capsys.readouterr().err
    assert counts(ward)[0] == 0
    assert run("import", "ward", *paths, "--redact", "--who", "lead") == 0
    assert "kind 'physician' was read as clinician" in capsys.readouterr().out
    with ward.reading() as session:
        assert items.in_study(session, study_id=ward.study_id)[0].outputs[0].text == "Seen by Dr. [name]."
        assert audit.events(session, study_id=ward.study_id)[-1].reason == "identifiers: redacted 2"
    assert run("export", "ward", "--out", out, "--wide", "--also", "parquet", "--fhir") == 0
    assert run("verify", "ward") == 0
    assert run("verify", out) == 0
    (out / "ratings.csv").write_text("changed", encoding="utf-8")
    assert run("verify", out) == 1
    assert "ratings.csv is not as it was exported." in capsys.readouterr().out
    assert run("export", "ward", "--out", tmp_path) == 2
    assert run("import", "nobody", *paths) == 2
    assert run("verify", "nobody") == 2
    assert run("import", "ward", tmp_path / "none.csv") == 2
    assert run("export", "ward", "--out", out) == 0
    assert run("verify", out) == 0


def test_a_changed_row_breaks_the_chain(ward, files, tmp_path):
    load(ward, *files(items=ITEMS, ratings=RATINGS))
    head, wrong = verify_study(ward, study_id=ward.study_id)
    assert len(head) == 64
    assert not wrong
    write_export(study_files(ward, study_id=ward.study_id), tmp_path / "out")
    history = tmp_path / "out" / "history.jsonl"
    history.write_text(history.read_text().replace('"value": "4"', '"value": "5"'), encoding="utf-8")
    _, wrong = verify_export(tmp_path / "out")
    assert any("The chain breaks at rating 1 of 2" in sentence for sentence in wrong)
    with pytest.raises(Fault, match="not as it was exported"):
        load(ward, tmp_path / "out")


def test_out_and_in_on_every_database(store, files, tmp_path):
    study_id = create(store, "ward")
    load(store, *files(items=ITEMS, ratings=RATINGS), study_id=study_id)
    assert str(load(store, *files(items=ITEMS, ratings=RATINGS), study_id=study_id)).startswith("Nothing new")
    before = study_files(store, study_id=study_id)
    write_export(before, tmp_path / "out")
    copy = create(store, "copy")
    load(store, tmp_path / "out", study_id=copy)
    assert essence(study_files(store, study_id=copy)) == essence(before)
    assert verify_study(store, study_id=copy)[1] == []


def test_an_export_in_a_zip_reads_back_as_its_folder(ward, files, tmp_path):
    load(ward, *files(items=ITEMS, ratings=RATINGS))
    write_export(study_files(ward, study_id=ward.study_id), tmp_path / "out")
    packed = shutil.make_archive(str(tmp_path / "out"), "zip", tmp_path, "out")
    copy = create(ward, "copy")
    assert load(ward, Path(packed), study_id=copy).ratings == 2
    assert run("verify", packed) == 0


def test_a_public_export_says_nothing_that_identifies(ward, files, tmp_path):
    wards = ["Rare", *["ICU"] * 4, *["Solo"] * 3]  # three outputs about one patient are one case
    lines = [f"mrn-{n},{'p' if name == 'Solo' else n},Secret {n},{name}" for n, name in enumerate(wards)]
    strata = "\n".join(["item,case,output,ward", *lines])
    rows = "".join(f"mrn-{n},Dr Ann Lee,human,clarity,4,because of her\n" for n in range(5))
    said = f"item,rater,kind,question,value,comment\n{rows}mrn-0,gpt,llm,clarity,,\n"
    load(ward, *files(items=strata, ratings=said))
    write_export(
        study_files(ward, study_id=ward.study_id), tmp_path / "out", public=True, fhir=True, salt="s"
    )
    everything = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir())
    for secret in ("mrn-", "Secret", "Ann", "because of her", "Rare", "Solo"):
        assert secret not in everything
    assert (tmp_path / "out" / "items.csv").read_text().count("(fewer than 3)") == 4
    assert (tmp_path / "out" / "items.csv").read_text().count("ICU") == 4
    assert "certify" in (tmp_path / "out" / "data-card.md").read_text()
    assert not differences(tmp_path / "out")


def test_what_was_redacted_is_gone_from_every_column(ward, files, tmp_path, monkeypatch):
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", ward.url)
    notes = "questions:\n  - key: notes\n    text: Notes\n    kind: text\n    required: false\n"
    version = protocol_text("medhelm").replace("questions:\n", notes)
    with ward.writing() as session:
        studies.add_protocol(session, study_id=ward.study_id, text=version, who="lead")
    said = (
        "item,rater,kind,question,value,comment,status,reason\n"
        "a,C1,human,notes,Call 555-867-5309 now,Call 555-867-5310 now,,\n"
        "a,C1,human,clarity,,,unable,Call 555-867-5311 now\n"
    )
    path = files(ratings=said)[0]
    assert run("import", "ward", path, "--redact") == 0
    write_export(study_files(ward, study_id=ward.study_id), tmp_path / "out")
    everything = "".join(file.read_text(encoding="utf-8") for file in (tmp_path / "out").iterdir())
    assert "555-867" not in everything
    assert "Call [phone] now" in (tmp_path / "out" / "ratings.csv").read_text()


def test_the_terminal_shows_how_many_instances_are_read_checked_and_written(
    ward, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", ward.url)
    good = {"gpt": verdict(4, 3, 5), "llama": verdict(3, 3, 4)}
    folder = write_run(tmp_path, [request(n, said=good) for n in range(150)])
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert run("import", "ward", folder, "--yes") == 0
    told = capsys.readouterr().err
    for words in (
        "reading run 1 of 1: 100 of 150 instances",
        "reading run 1 of 1: 150 of 150 instances",
        "checking for identifiers: 150 of 150 items",
        "writing: 900 of 900 ratings",
    ):
        assert words in told
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    assert run("import", "ward", folder, "--yes") == 0
    assert "instances" not in capsys.readouterr().err


def test_who_took_a_study_away_stays_in_its_log(ward, files, tmp_path, monkeypatch):
    monkeypatch.setenv("CONSILIUM_DATABASE_URL", ward.url)
    load(ward, *files(items=ITEMS, ratings=RATINGS))
    assert run("export", "ward", "--out", tmp_path / "all") == 0
    assert run("export", "ward", "--public", "--out", tmp_path / "public") == 0
    with ward.reading() as session:
        last = audit.events(session, study_id=ward.study_id)[-2:]
    assert [(one.action, one.subject) for one in last] == [
        ("exported", "with all texts"),
        ("exported", "for the public"),
    ]
    assert all(one.who for one in last)


@pytest.mark.parametrize("name", ["..", ".hidden", "a/b", "a\\b", "a\nb", " "])
def test_a_study_has_no_name_that_leads_out_of_a_folder(ward, name):
    with pytest.raises(Fault, match="cannot name a study"):
        create(ward, name)


def published(ward, folder):
    write_export(study_files(ward, study_id=ward.study_id), folder, public=True, fhir=True, salt="s")
    return "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())


REVIEW = """
protocol: review
title: Review
unit: output
taxonomy: medhelm
questions:
  - {key: where, kind: placement, level: subcategory, text: Where does it belong}
  - {key: dose, kind: text, text: Which dose, asked_of: {benchmark: rarebench}, required: false}
  - {key: fine, kind: choice, text: Fine, points: {a: yes, b: no}, asked_of: {ward: ICU}}
"""
RARE = ("Recording Procedures", "Clinical Note Generation", "rarebench", "A very rare task", "Ivory Tower")


def test_a_public_export_names_no_rare_place_in_any_file(ward, files, tmp_path):
    ward.study_id = create(ward, "review", REVIEW)
    header = "item,case,output,benchmark,category,subcategory,task,ward"
    common = "medication_qa,Clinical Decision Support,Providing Clinical Knowledge Support,A task,ICU"
    rare = "rarebench,Clinical Note Generation,Recording Procedures,A very rare task,Ivory Tower"
    lines = [f"i{n},p{n},T,{common}" for n in range(3)] + [f"r{n},q{n % 2},T,{rare}" for n in range(4)]
    said = "".join(f"r{n},C1,human,where,Recording Procedures\n" for n in range(4))
    said += "i0,C1,human,where,Recording Procedures\nr0,m@1,metric,length,12\n"
    load(ward, *files(items="\n".join([header, *lines]), ratings=f"item,rater,kind,question,value\n{said}"))
    out = tmp_path / "out"
    everything = study_files(ward, study_id=ward.study_id)
    write_export(everything, out, public=True, fhir=True, wide=True, also=("jsonl",), salt="s")
    told = {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}
    told.pop("taxonomy.yaml")  # the whole taxonomy, which says nothing of the items
    for name, text in told.items():
        found = [word for word in RARE if word in text]
        # An answer that moves a common item to the place that is rare here tells of no rare item.
        allowed = {"ratings.csv", "ratings.jsonl", "ratings-wide.csv", "fhir-responses.json"}
        assert found == (["Recording Procedures"] if name in allowed else []), name
        assert text.count("Recording Procedures") <= 1
    assert told["ratings.csv"].count("(fewer than 3)") == 4
    assert told["items.csv"].count("(fewer than 3)") == 4 * 5
    assert told["items.csv"].count("medication_qa") == 3
    assert "benchmark: [(fewer than 3)]" in told["protocol.yaml"]
    assert "ward: [ICU]" in told["protocol.yaml"]
    assert load(ward, out, study_id=create(ward, "again", told["protocol.yaml"])).ratings == 6


def test_a_survey_about_the_taxonomy_keeps_the_names_that_it_asks_about(sqlite_url, tmp_path):
    store = Store(sqlite_url)
    new.create(store, name="survey", wanted=protocol("taxonomy-survey"), who="lead")
    with store.reading() as session:
        number = studies.named(session, name="survey").id
    write_export(study_files(store, study_id=number), tmp_path / "out", public=True, salt="s")
    store.close()
    assert "fewer than 3" not in (tmp_path / "out" / "items.csv").read_text()
    assert "Recording Procedures" in (tmp_path / "out" / "items.csv").read_text()


def append(ward, *rows):
    with ward.writing() as session:
        ratings.append(session, study_id=ward.study_id, ratings=rows)


def test_a_public_export_holds_no_words_of_an_earlier_protocol_and_no_reason(ward, files, tmp_path):
    load(ward, *files(items=ITEMS, ratings=RATINGS))
    with ward.reading() as session:
        item = items.in_study(session, study_id=ward.study_id)[0].key
        rater = raters.in_study(session, study_id=ward.study_id, kinds=("clinician",))[0].key
    append(
        ward,
        Rating(item, rater, "clarity", "4", 4.0, occasion=5, reason="as Mrs Quillfeather said"),
        Rating(item, rater, "notes", "Mrs Quillfeather of room 9"),
        Rating(item, rater, "score", "3.5", 3.5),
    )
    everything = published(ward, tmp_path / "out")
    assert "Quillfeather" not in everything
    assert "(text)" in everything
    assert "score,3.5" in everything


def test_a_public_export_names_no_server_of_the_house_and_no_words_of_a_prompt(ward, files, tmp_path):
    load(ward, *files(items=ITEMS, ratings=RATINGS))
    inside = {
        "url": "http://gpu7.ward.example:8000/v1",
        "model": "llama",
        "template": "Mrs Quillfeather: {output}",
    }
    outside = {"url": "https://api.openai.com/v1", "model": "gpt"}
    with ward.writing() as session:
        for key, identity in (("in@1", inside), ("out@2", outside)):
            raters.add(session, study_id=ward.study_id, key=key, kind="juror", identity=identity)
    everything = published(ward, tmp_path / "out")
    assert "gpu7" not in everything
    assert "Quillfeather" not in everything
    assert "llama" in everything
    assert "https://api.openai.com/v1" in everything


def words(**more):
    return st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12, **more)


KEYS = words(min_size=1).map(lambda s: " ".join(unicodedata.normalize("NFC", s).split())).filter(bool)
SOME = KEYS | st.just("")
OUTPUTS = st.lists(st.builds(Output, words(), KEYS, KEYS), max_size=3, unique_by=lambda output: output.key)
ITEM = st.builds(
    Item,
    key=KEYS,
    outputs=OUTPUTS.map(tuple),
    source=words(),
    prompt=words(),
    references=st.lists(words().filter(str.strip) | st.just('["x"]'), max_size=2).map(tuple),
    case=SOME,
    benchmark=SOME,
    category=SOME,
    subcategory=SOME,
    task=SOME,
    strata=st.dictionaries(KEYS | st.sampled_from(["source", "Model", "stratum:x", "id"]), KEYS, max_size=2),
    criteria=st.lists(st.builds(Criterion, KEYS, words(), st.floats(-9, 9), st.booleans()), max_size=2).map(
        tuple
    ),
)
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda time: time.replace(tzinfo=UTC))
NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def rating(draw, item_keys, rater_keys):
    answered = draw(st.booleans())
    return Rating(
        draw(st.sampled_from(item_keys)),
        draw(st.sampled_from(rater_keys)),
        draw(st.sampled_from(["accuracy", "clarity", "notes"])),
        draw(words() | st.sampled_from(["NA", "1.0", "4/5"])) if answered else None,
        draw(NUMBERS) if answered else None,
        draw(SOME),
        draw(st.integers(1, 3)),
        "answered" if answered else draw(st.sampled_from(["unable", "refused", "failed", "skipped"])),
        draw(words()) if answered else draw(words(min_size=1)),
        draw(words()),
        draw(SOME),
        draw(TIMES),
    )


@st.composite
def study(draw):
    things = draw(st.lists(ITEM, max_size=4, unique_by=lambda item: item.key))
    kinds = st.sampled_from(["clinician", "juror", "metric"])
    facts = st.tuples(kinds, words(), words(), st.dictionaries(KEYS, words(), max_size=2))
    people = draw(st.dictionaries(KEYS, facts, max_size=3))
    rated, assigned = [], []
    if things and people:
        keys, names = [item.key for item in things], list(people)
        unique = lambda r: (r.item, r.rater, r.question, r.part, r.occasion)  # noqa: E731
        for round, step in (("main", ""), ("training", ""), ("main", "after"), ("adjudication", "")):
            rows = draw(st.lists(rating(keys, names), max_size=4, unique_by=unique))
            rated.append((round, step, rows))
        orders = st.lists(KEYS, max_size=2).map(tuple)
        places = st.builds(
            Assignment, st.sampled_from(keys), st.sampled_from(names), st.integers(1, 2), st.integers(1, 9),
            st.sampled_from(["training", "main"]), orders, SOME, SOME,
        )  # fmt: skip
        slot = lambda a: (a.item, a.rater, a.occasion, a.round, a.step)  # noqa: E731
        assigned = draw(st.lists(places, max_size=3, unique_by=slot))
    return things, people, rated, assigned


def essence(files):
    gone = {row["supersedes"] for row in files.history}
    told = [
        tuple(value for name, value in row.items() if name not in ("id", "supersedes", "hash"))
        for row in files.history
        if row["id"] not in gone
    ]
    people = sorted(json.dumps(dict(rater), sort_keys=True) for rater in files.raters)
    return (
        files.items,
        people,
        sorted(told, key=repr),
        sorted(map(repr, files.assignments)),
        files.protocol_texts[-1],
    )


# Shrinking a failure through a database takes minutes; the example is printed as it was found.
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(made=study())
def test_what_export_writes_import_reads_back(ward, tmp_path_factory, made):
    things, people, rated, assigned = made
    folder = tmp_path_factory.mktemp("round") / "out"
    first = create(ward, f"first {folder}".replace("/", " "))
    with ward.writing() as session:
        items.add(session, study_id=first, items=things)
        for key, (kind, specialty, family, identity) in people.items():
            raters.add(
                session,
                study_id=first,
                key=key,
                kind=kind,
                specialty=specialty,
                family=family,
                identity=identity,
            )
        for round, step, rows in rated:
            ratings.append(session, study_id=first, ratings=rows, round=round, step=step)
        assignments.add(session, study_id=first, assignments=assigned, who="lead")
    before = study_files(ward, study_id=first)
    write_export(before, folder, also=("jsonl",), wide=True, fhir=True)
    second = create(ward, f"second {folder}".replace("/", " "), (folder / "protocol.yaml").read_text())
    load(ward, folder, study_id=second)
    assert essence(study_files(ward, study_id=second)) == essence(before)
    assert str(load(ward, folder, study_id=second)).startswith("Nothing new")


def test_an_export_with_any_character_in_a_comment_is_verified(ward, tmp_path):
    """U+2028 and its like end a line to some functions, and not in a file of lines."""
    with ward.writing() as session:
        items.add(session, study_id=ward.study_id, items=[Item("a", (Output("x"),))])
        raters.add(session, study_id=ward.study_id, key="C01", kind="clinician")
        said = [Rating("a", "C01", "accuracy", "4", 4.0, comment="one\u2028two\x85three\x0bfour")]
        ratings.append(session, study_id=ward.study_id, ratings=said)
    write_export(study_files(ward, study_id=ward.study_id), tmp_path / "out")
    assert verify_export(tmp_path / "out")[1] == []


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("study.json", "{", "["),
        ("raters.csv", "identity", "identities"),
        ("assignments.csv", ",1,", ",one,"),
        ("forms.jsonl", "", "{\n"),
    ],
)
def test_an_export_that_was_made_up_is_refused_in_words(ward, tmp_path, file, before, after):
    from data.formats.whole import manifest

    with ward.writing() as session:
        items.add(session, study_id=ward.study_id, items=[Item("a", (Output("x"),))])
        raters.add(session, study_id=ward.study_id, key="C01", kind="clinician")
        hers = [Assignment("a", "C01", place=1)]
        assignments.add(session, study_id=ward.study_id, assignments=hers, who="lead")
    out = tmp_path / "out"
    write_export(study_files(ward, study_id=ward.study_id), out)
    text = (out / file).read_text(encoding="utf-8")
    (out / file).write_text(text.replace(before, after, 1) if before else text + after, encoding="utf-8")
    manifest.write(out, {"study": "ward", "head": ""})
    with pytest.raises(Fault, match="is no export that this version reads"):
        load(ward, out)


def test_an_export_of_a_newer_version_may_say_more_of_a_rater(ward, tmp_path):
    from data.formats.whole import manifest

    with ward.writing() as session:
        raters.add(session, study_id=ward.study_id, key="C01", kind="clinician")
    out = tmp_path / "out"
    write_export(study_files(ward, study_id=ward.study_id), out)
    head, *rows = (out / "raters.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{head},hospital", *(f"{row},Sample" for row in rows)]
    (out / "raters.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    manifest.write(out, {"study": "ward", "head": ""})
    assert load(ward, out, study_id=create(ward, "again")).raters == 1


def test_an_export_to_a_place_that_cannot_be_written_gets_a_sentence(ward, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Fault, match="cannot be written"):
        write_export(study_files(ward, study_id=ward.study_id), tmp_path / "file" / "out")


def test_raters_side_by_side_by_question_are_ratings_and_no_strata_of_items(ward, files):
    paths = files(wide="item,question,Ann,Bob\nq1,accuracy,4,5\nq1,Clarity,3,\nq2,accuracy,1,2\n")
    brought = load(ward, *paths, kinds=["clinician"])
    assert (brought.items, brought.raters, brought.ratings) == (2, 2, 5)


def test_a_column_of_other_questions_is_what_was_asked_of_the_systems(ward, files):
    brought = load(ward, *files(items="item,question,answer\nq1,How much?,Little.\nq2,accuracy,High.\n"))
    assert (brought.items, brought.ratings) == (2, 0)
