"""Read an export back as it was written: no name is interpreted, no value is understood."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas as pd

from annotate.assignment import Assignment, Round
from annotate.fault import Fault
from annotate.item import Item
from data.formats.items import understand_items
from data.formats.long import COLUMNS
from data.formats.table import read_table
from data.formats.whole import manifest
from data.formats.whole.packed import opened
from data.formats.whole.study import RATER, ROUNDS


@dataclass(frozen=True, slots=True)
class Export:
    """An export, read.

    Attributes
    ----------
    facts : mapping
        What study.json says.
    raters : tuple of mapping
        ``key, kind, specialty, family, identity, left_at``.
    frame : DataFrame
        The current ratings of every round, with the columns of `data.formats.long` and ``round``.
    head : str
        The hash of the newest rating when it was exported.
    """

    facts: Mapping[str, Any]
    protocol_text: str
    items: tuple[Item, ...]
    raters: tuple[Mapping[str, Any], ...]
    assignments: tuple[Assignment, ...]
    frame: pd.DataFrame
    head: str
    understood: tuple[str, ...]
    forms: tuple[Mapping[str, Any], ...] = ()


def read_export(path: Path) -> Export:
    """Read an export, a folder or a zip; a Fault where any file is not as it was exported."""
    with opened(path) as folder:
        try:
            return _read(folder)
        except Fault:
            raise
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OSError) as error:
            raise Fault(
                f"{folder.name} is no export that this version reads ({type(error).__name__}: {error}); "
                "import its items.csv and ratings.csv one by one."
            ) from error


def _read(folder: Path) -> Export:
    about = manifest.read(folder)
    changed = manifest.differences(folder)
    if changed:
        raise Fault(
            *(f"{folder.name}: {sentence}" for sentence in changed),
            f"{folder.name}: import the files one by one, if they were changed on purpose.",
        )
    facts = json.loads((folder / "study.json").read_text(encoding="utf-8"))
    frames = [_ratings(folder / f"{name}.csv", round) for round, name in ROUNDS.items()]
    frame = pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
    said = f"{folder.name} is the export of study {about['study']!r}: read as it was written."
    return Export(
        facts,
        (folder / "protocol.yaml").read_bytes().decode("utf-8"),
        _items(folder / "items.csv"),
        tuple(_rater(row) for row in _records(folder / "raters.csv")),
        tuple(_assignment(row) for row in _records(folder / "assignments.csv")),
        frame,
        str(about.get("head", "")),
        (said,),
        _forms(folder / "forms.jsonl"),
    )


def _filled(path: Path) -> bool:
    """Whether a table has a row below its header."""
    return path.exists() and path.read_bytes().count(b"\n") > 1


def _records(path: Path) -> list[dict[str, str]]:
    if not _filled(path):
        return []
    rows = read_table(path).cells.to_dict("records")
    return [{str(name): str(value) for name, value in row.items()} for row in rows]


def _items(path: Path) -> tuple[Item, ...]:
    return understand_items(read_table(path), exact=True).items if _filled(path) else ()


def _forms(path: Path) -> tuple[Mapping[str, Any], ...]:
    """The forms that were begun; an export for the public has none."""
    if not path.exists():
        return ()
    lines = path.read_bytes().decode("utf-8").split("\n")
    return tuple(_form(json.loads(line)) for line in lines if line)


def _form(row: Mapping[str, Any]) -> dict[str, Any]:
    """A form as it was begun; what is missing or of another sort is noticed before anything is written."""
    when = datetime.fromisoformat(row["submitted_at"]).isoformat() if row["submitted_at"] else ""
    said = {name: row[name] for name in ("item", "rater", "occasion", "round", "step")}
    kept = {"form": dict(row["form"]), "changed": bool(row["changed"])}
    return said | kept | {"active_seconds": float(row["active_seconds"]), "submitted_at": when}


def _rater(row: Mapping[str, str]) -> dict[str, Any]:
    # A newer version's export may say more, an older one's less.
    return {name: row[name] for name in RATER if name in row} | {"identity": json.loads(row["identity"])}


def _assignment(row: Mapping[str, str]) -> Assignment:
    order = tuple(json.loads(row["output_order"]))
    round = cast(Round, row["round"])
    return Assignment(
        row["item"],
        row["rater"],
        int(row["occasion"]),
        int(row["place"]),
        round,
        order,
        row["arm"],
        row["step"],
    )


def _ratings(path: Path, round: str) -> pd.DataFrame:
    if not _filled(path):
        return pd.DataFrame(columns=[*COLUMNS, "round"])
    frame = read_table(path).cells
    number = np.array([float(text) if text else np.nan for text in frame["number"]])
    times = pd.to_datetime(frame["submitted_at"], format="ISO8601", utc=True, errors="coerce")
    return frame.assign(
        number=number, occasion=frame["occasion"].astype("int64"), submitted_at=times, round=round
    )
