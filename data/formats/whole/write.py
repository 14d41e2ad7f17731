"""Write a whole study: every file, then the manifest; the folder appears complete or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from annotate.fault import Fault
from data.formats.appear import appearing_folder, put_back, swept
from data.formats.items import write_items
from data.formats.long import COLUMNS, write_ratings
from data.formats.whole import manifest
from data.formats.whole.card import card
from data.formats.whole.codebook import codebook
from data.formats.whole.fhir import questionnaire, responses
from data.formats.whole.public import published
from data.formats.whole.study import RATER, ROUNDS, StudyFiles, current
from data.formats.written import write_table

ALSO = ("xlsx", "parquet", "jsonl")


def write_export(
    files: StudyFiles,
    folder: Path,
    *,
    public: bool = False,
    also: Sequence[str] = (),
    wide: bool = False,
    fhir: bool = False,
    salt: str = "",
) -> None:
    """Write an export.

    Parameters
    ----------
    folder : Path
        A new folder, an empty one, or an earlier export, which is replaced.
    public : bool
        Leave out texts, names, times and rare groups, and add a data card.
    also : sequence of str
        Further formats of the ratings: any of `ALSO`.
    wide : bool
        Add a file with one column a rater.
    fhir : bool
        Add a FHIR R4 Questionnaire and a bundle of QuestionnaireResponses.
    salt : str
        Random text that decides the keys of a public export; a verb draws it.
    """
    put_back(folder.resolve())
    swept(folder.resolve())
    if folder.exists() and not folder.is_dir():
        raise Fault(f"{folder} is a file; name a folder.")
    if folder.is_dir() and any(folder.iterdir()) and not manifest.is_export(folder):
        raise Fault(f"{folder} is not empty and is no export; name a new folder.")
    shown = published(files, salt) if public else files
    about = {"study": files.facts["name"], "public": public, "head": files.head}
    about |= {"versions": files.facts.get("versions", {})}
    with appearing_folder(folder, manifest.listed) as part:
        _write(shown, part, public, also, wide, fhir)
        manifest.write(part, about)


def _write(
    files: StudyFiles, folder: Path, public: bool, also: Sequence[str], wide: bool, fhir: bool
) -> None:
    _json(folder / "study.json", files.facts)
    (folder / "protocol.yaml").write_text(files.protocol_texts[-1], encoding="utf-8", newline="")
    for number, text in enumerate(files.protocol_texts[:-1], 1):
        (folder / f"protocol-version-{number}.yaml").write_text(text, encoding="utf-8", newline="")
    if files.taxonomy_text:
        (folder / "taxonomy.yaml").write_text(files.taxonomy_text, encoding="utf-8", newline="")
    write_items(files.items, folder / "items.csv")
    write_table(_raters(files.raters), folder / "raters.csv")
    write_table(_assignments(files), folder / "assignments.csv")
    write_table(codebook(files.protocol), folder / "codebook.csv")
    frame = current(files.history, COLUMNS)
    if public:  # the order of the log is an order in time
        frame = frame.sort_values(["item", "rater", "question", "part", "occasion"], ignore_index=True)
    for round, name in ROUNDS.items():
        _ratings(frame[frame["round"].eq(round)], folder, name, also if round == "main" else ())
    main = frame[frame["round"].eq("main")]
    if wide:
        write_table(one_column_a_rater(main), folder / "ratings-wide.csv")
    if fhir:
        _json(folder / "fhir-questionnaire.json", questionnaire(files.protocol, str(files.facts["name"])))
        _json(folder / "fhir-responses.json", responses(files.protocol, str(files.facts["name"]), main))
    if public:
        (folder / "data-card.md").write_text(card(files, main), encoding="utf-8")
    else:
        _lines(folder / "history.jsonl", files.history)
        _lines(folder / "audit.jsonl", files.audit)
        _lines(folder / "forms.jsonl", files.forms)


def _ratings(frame: pd.DataFrame, folder: Path, name: str, also: Sequence[str]) -> None:
    if name != "ratings" and not len(frame):
        return
    frame = frame.drop(columns="round")
    for ending in ("csv", *also):
        if ending not in ("csv", *ALSO):
            raise Fault(f"{ending!r} is no format of a ratings file; use {', '.join(ALSO)}.")
        write_ratings(frame, folder / f"{name}.{ending}")


def one_column_a_rater(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row an item, part, question and occasion, and one column a rater.

    Examples
    --------
    >>> rows = [("a", "", "q", 1, "C1", "4"), ("a", "", "q", 1, "C2", "5")]
    >>> long = pd.DataFrame(rows, columns=["item", "part", "question", "occasion", "rater", "value"])
    >>> one_column_a_rater(long)[["item", "C1", "C2"]].values.tolist()
    [['a', '4', '5']]
    """
    keys = [name for name in ("item", "part", "question", "occasion", "step") if name in frame]
    if not len(frame):
        return pd.DataFrame(columns=keys)
    wide = frame.set_index([*keys, "rater"])["value"].unstack("rater").reset_index()
    wide.columns.name = None
    return wide


def _raters(raters: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    rows = [
        dict(rater) | {"identity": json.dumps(rater["identity"], ensure_ascii=False, sort_keys=True)}
        for rater in raters
    ]
    return pd.DataFrame(rows, columns=list(RATER))


def _assignments(files: StudyFiles) -> pd.DataFrame:
    names = ["item", "rater", "occasion", "place", "round", "step", "arm", "output_order"]
    rows = [
        [a.item, a.rater, a.occasion, a.place, a.round, a.step, a.arm, json.dumps(list(a.output_order))]
        for a in files.assignments
    ]
    return pd.DataFrame(rows, columns=names)


def _json(path: Path, value: Any) -> None:
    text = json.dumps(value, indent=1, ensure_ascii=False, default=_plain)
    path.write_text(text + "\n", encoding="utf-8", newline="")


def _lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            file.write(json.dumps(dict(row), ensure_ascii=False, default=_plain) + "\n")


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)
