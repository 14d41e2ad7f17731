"""What files bring to a study, read and fitted to its protocol before anything is written."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from annotate.assignment import Assignment
from annotate.fault import Fault
from annotate.item import Item
from annotate.protocol import Protocol
from annotate.rating import RaterKind
from data.formats import columns
from data.formats.again import RUN
from data.formats.findings import Findings, listed
from data.formats.helm import alike, is_helm, links_left, read_helm
from data.formats.helm.read import HelmImport
from data.formats.items import ItemsFile, understand_items
from data.formats.judged import JUDGED, read_judged
from data.formats.long import LongFile, understand
from data.formats.steps import Step, Watch, unwatched
from data.formats.table import SUFFIXES, Table, read_table
from data.formats.whole import is_export, read_export
from verbs.fitted import fitted, scales_of
from verbs.side_by_side import side_by_side

FORMATS = ("auto", "items", "ratings", "helm", "medhelm", "export", *JUDGED)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A rater as files know it. `told` is whether the file says more than the key and the kind."""

    key: str
    kind: RaterKind
    specialty: str = ""
    family: str = ""
    identity: Mapping[str, Any] = field(default_factory=dict)
    told: bool = False
    left_at: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What one import brings.

    Attributes
    ----------
    items, raters, assignments
        What the study may lack.
    frame : DataFrame
        Ratings with the columns of `data.formats.long`, ``round``, and ``run``: from which run a row comes
        that has no occasion of its own.
    understood : tuple of str
        Sentences for the lead to confirm.
    files : mapping of name to SHA-256
        What was read, for the log.
    """

    items: tuple[Item, ...] = ()
    raters: tuple[Newcomer, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)
    understood: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    forms: tuple[Mapping[str, Any], ...] = ()


def read_incoming(
    paths: Sequence[Path],
    protocol: Protocol,
    *,
    format: str = "auto",
    kinds: Sequence[str] = (),
    watch: Watch = unwatched,
) -> Incoming:
    """Read files and folders together; a Fault with everything that is wrong with any of them.

    Parameters
    ----------
    format : one of `FORMATS`
        What every path holds; ``"auto"`` looks.
    kinds : sequence of str
        Who is what, for ratings files that do not say: ``"clinician"``, ``"gpt-4o=juror"``.
    """
    parts: list[Incoming] = []
    wrong: list[str] = []
    for number, path in enumerate(paths):
        watch(Step(f"reading {path.name}", number, len(paths), "files"))
        try:
            parts += _read(path, protocol, format, kinds, watch)
        except Fault as fault:
            wrong += fault.sentences
    if wrong:
        raise Fault(*wrong)
    return _together(parts)


def _read(path: Path, protocol: Protocol, format: str, kinds: Sequence[str], watch: Watch) -> list[Incoming]:
    if format == "export" or (format == "auto" and is_export(path)):
        return [_export(path)]
    if format in ("helm", "medhelm"):
        return [_helm(read_helm(path, watch=watch), protocol, path)]
    if format == "auto" and not path.is_dir() and not is_helm(path):
        return [_table(path, protocol, format, kinds)]
    if format == "auto":
        tables = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES) if path.is_dir() else []
        found = [_helm(read_helm(path, watch=watch), protocol, path)] if is_helm(path) else []
        found += [_table(table, protocol, format, kinds) for table in tables if not _of_helm(table, found)]
        unopened = _unopened(path) if path.is_dir() else ()
        if not found:
            nothing = f"{path} holds no HELM run, no export and no table ({', '.join(SUFFIXES)})."
            raise Fault(nothing, *unopened, *links_left(path))
        return [*found, Incoming(understood=unopened)]
    return [_table(path, protocol, format, kinds)]


def _unopened(folder: Path) -> tuple[str, ...]:
    """The archives of a folder, in a sentence: nobody shall think that they came in."""
    zips = sorted(each.name for each in folder.iterdir() if each.suffix.lower() == ".zip")
    return (f"Not opened: {listed(zips)}; import an archive by its own name.",) if zips else ()


def _of_helm(table: Path, found: Sequence[Incoming]) -> bool:
    """HELM's own summaries lie beside its runs."""
    return bool(found) and table.suffix.lower() == ".json"


def _table(path: Path, protocol: Protocol, format: str, kinds: Sequence[str]) -> Incoming:
    table = read_judged(path, format) if format in JUDGED else read_table(path)
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()}
    scales = scales_of(protocol)
    if format == "items" or (format == "auto" and not holds_ratings(table, scales)):
        file = understand_items(table)
        return Incoming(items=file.items, understood=file.understood, files=files)
    ratings = understand(table, scales, kinds=kinds)
    about = items_beside(ratings)
    of_run = str(path) if format in JUDGED else ""
    return Incoming(
        items=about.items if about else (),
        frame=ratings.frame.assign(**{RUN: of_run}),
        understood=(*ratings.understood, *(about.understood if about else ())),
        files=files,
    )


def items_beside(ratings: LongFile) -> ItemsFile | None:
    """Return the items that a flat file describes beside its ratings; None where it has no texts."""
    extra = ratings.extra
    names = columns.recognise(map(str, extra.columns), columns.ITEM_COLUMNS, Findings(ratings.name))
    names.pop("item", None)
    if not {"output", "source", "prompt"} & set(names):
        return None
    cells = extra[list(names.values())].set_axis(list(names), axis=1)
    cells.insert(0, "item", ratings.frame["item"])
    once = ~cells.duplicated().to_numpy()
    said = f"{ratings.name}: {listed(names.values())} were read as the items' {listed(names)}."
    file = understand_items(Table(ratings.name, cells[once], ratings.rows[once], "line"), exact=True)
    return replace(file, understood=(said,))


def holds_ratings(table: Table, asked: Collection[str] = ()) -> bool:
    """Return whether a table is of ratings: it says who rated or what was asked, or has only numbers.

    `asked` are the protocol's questions: a column 'question' that holds nothing else is no prompt.
    """
    taken = columns.recognise(table.names, columns.RATING_COLUMNS, Findings(table.name))
    about = columns.recognise(table.names, columns.ITEM_COLUMNS, Findings(table.name))
    if "rater" in taken or ("question" in taken and _all_asked(table.cells[taken["question"]], asked)):
        return True
    return not {"output", "source", "prompt", "system", "benchmark", "reference", "subcategory"} & set(about)


def _all_asked(cells: pd.Series, asked: Collection[str]) -> bool:
    named = {text.strip().lower() for text in cells} - {""}
    return bool(named) and named <= {key.lower() for key in asked}


def _helm(helm: HelmImport, protocol: Protocol, path: Path) -> Incoming:
    frame, said = fitted(helm.frame, scales_of(protocol))
    items, frame, joined = side_by_side(helm.items, frame, protocol.unit)
    raters = [
        Newcomer(j.key, "juror", identity={"run by": "HELM", "name": j.name, "model": j.model}, told=True)
        for j in helm.jurors
    ]
    said = [*helm.understood, *said, *joined]
    files = {path.name or str(path): ""}
    frame = frame.assign(**{RUN: str(path) + " " + frame[RUN]})
    return Incoming(items=items, raters=tuple(raters), frame=frame, understood=tuple(said), files=files)


def _export(path: Path) -> Incoming:
    export = read_export(path)
    raters = tuple(Newcomer(**facts, told=True) for facts in export.raters)
    return Incoming(
        export.items,
        raters,
        export.assignments,
        export.frame,
        export.understood,
        {path.name: export.head},
        export.forms,
    )


def _together(parts: Iterable[Incoming]) -> Incoming:
    parts = list(parts)
    items: dict[str, Item] = {}
    for part in parts:
        for item in part.items:
            if not alike(items.setdefault(item.key, item), item):
                raise Fault(f"Two files describe item {item.key!r} differently; keep one of the two.")
    frames = [part.frame for part in parts if len(part.frame)]
    frame = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    if len(frame) and "round" not in frame:
        frame["round"] = "main"
    if len(frame):
        frame["round"] = frame["round"].fillna("main")
        frame[RUN] = frame[RUN].fillna("") if RUN in frame else ""
    raters = {rater.key: rater for part in parts for rater in _raters(part)}
    raters |= {rater.key: rater for part in parts for rater in part.raters}
    return Incoming(
        tuple(items.values()),
        tuple(raters.values()),
        tuple(assignment for part in parts for assignment in part.assignments),
        frame,
        tuple(sentence for part in parts for sentence in part.understood),
        {name: digest for part in parts for name, digest in part.files.items()},
        tuple(form for part in parts for form in part.forms),
    )


def _raters(part: Incoming) -> list[Newcomer]:
    if not len(part.frame):
        return []
    pairs = part.frame[["rater", "kind"]].drop_duplicates()
    return [Newcomer(str(key), kind) for key, kind in pairs.itertuples(index=False)]
