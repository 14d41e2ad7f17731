"""The long ratings file: one row a rating, read strictly and said plainly, written as it was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from annotate.scale import Scale
from data.formats import checks, columns
from data.formats.beside import facts_beside
from data.formats.crossed import by_system
from data.formats.findings import Findings, listed
from data.formats.named import named as by_name
from data.formats.table import Table, read_table
from data.formats.wide import QUESTION, lengthen
from data.formats.written import write_table

COLUMNS = (
    "item",
    "part",
    "rater",
    "kind",
    "question",
    "value",
    "number",
    "occasion",
    "step",
    "status",
    "reason",
    "comment",
    "confidence",
    "submitted_at",
)


@dataclass(frozen=True, slots=True)
class LongFile:
    """A ratings file as it was understood.

    Attributes
    ----------
    frame : DataFrame
        One row a rating with the columns of `COLUMNS`. ``value`` is text (``""`` where unanswered),
        ``number`` a float (NaN where there is none), ``occasion`` an integer, ``submitted_at`` an
        aware UTC time (NaT where unknown); the others are text.
    understood : tuple of str
        Sentences about everything that had to be understood: print them.
    extra : DataFrame
        The columns that no rating has, row by row beside `frame`.
    rows : array of int
        Where each rating stands in the file.
    facts : DataFrame or None
        What its further columns say of the items, as `data.formats.beside` reads it; `understand` has none.
    """

    name: str
    frame: pd.DataFrame
    understood: tuple[str, ...]
    extra: pd.DataFrame
    rows: checks.Rows
    facts: pd.DataFrame | None = None


def read_ratings(
    path: Path | str,
    scales: Mapping[str, Scale | None] | None = None,
    *,
    kinds: Sequence[str] = (),
    named: Sequence[str] = (),
) -> LongFile:
    """Read a ratings file; everything that is wrong with it is said at once, and nothing is guessed unsaid.

    Parameters
    ----------
    path : path
        CSV, TSV, semicolon CSV, XLSX, JSONL or Parquet; long, or with one column a rater or a question.
    scales : mapping of question to Scale, optional
        The declared questions (None for one without a scale). Values must be points of them, for raters
        of every kind but metrics. Without it, a question is numeric when most of its values are.
    kinds : sequence of str
        For a file that does not say who is what: ``"clinician"`` for everybody,
        ``"gpt-4o=juror"`` for one rater.
    named : sequence of str
        Which columns play which part, where their names do not say it: ``"item=bottle"``.

    Returns
    -------
    LongFile

    Raises
    ------
    Fault
        With a sentence for each thing that is wrong: file, line, column, value, remedy.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "r.csv"
    >>> text = "item_id,annotator,rater_kind,criterion,score\\n001,C1,physician,accuracy,4\\n"
    >>> _ = path.write_text(text, encoding="utf-8")
    >>> file = read_ratings(path)
    >>> file.frame[["item", "rater", "kind", "question", "number"]].to_dict("records")
    [{'item': '001', 'rater': 'C1', 'kind': 'clinician', 'question': 'accuracy', 'number': 4.0}]
    >>> print(file.understood[1])
    r.csv: kind 'physician' was read as clinician.
    """
    file, _ = _understood(read_table(path), scales, kinds, named)
    facts, said = facts_beside(file.name, file.frame, file.extra)
    return replace(file, facts=facts, understood=(*file.understood, *said))


def understand(
    table: Table, scales: Mapping[str, Scale | None] | None = None, *, kinds: Sequence[str] = ()
) -> LongFile:
    """Return the ratings in a table that is already read, and nothing else: `read_ratings` says how."""
    file, wide = _understood(table, scales, kinds, None)
    if not len(file.extra.columns) or wide:
        return file
    said = f"{table.name}: left out, because no rating has them: {listed(file.extra.columns)}."
    return replace(file, understood=(*file.understood, said))


def _understood(
    table: Table,
    scales: Mapping[str, Scale | None] | None,
    kinds: Sequence[str],
    named: Sequence[str] | None,
) -> tuple[LongFile, bool]:
    """Return the ratings, and whether the file was wide; `named` is None where nobody can name columns."""
    found = Findings(table.name, table.place)
    stated = by_name(table, named or (), found)
    wanted = {name for name in columns.RATING_COLUMNS if name not in stated.taken}
    wanted -= {"value"} if stated.values else set()
    known = {name: columns.RATING_COLUMNS[name] for name in columns.RATING_COLUMNS if name in wanted}
    free = [name for name in table.names if name not in stated.used]
    taken = columns.recognise(free, known, found) | stated.taken
    table, taken, wide = lengthen(stated.table, taken, scales, found, stated)
    said = [*table.understood, *_renamed(table.name, taken, wide)]
    table, taken = _one_question(table, taken, scales, said)
    _required(table, taken, kinds, found, named is not None)
    found.stop()
    said += columns.rivals(taken, table.names, columns.RATING_COLUMNS)
    table = by_system(table, taken, said)
    file = checks.Checked(table, taken, found, said)
    frame = file.frame(scales, kinds)
    extra = table.cells[[c for c in table.cells if c not in taken.values()]]
    extra = extra.loc[frame.index].reset_index(drop=True)
    rows = table.rows[frame.index.to_numpy()]
    frame = frame.reset_index(drop=True)[list(COLUMNS)]
    return LongFile(table.name, frame, tuple(said), extra, rows), bool(wide)


def _renamed(name: str, taken: Mapping[str, str], wide: Mapping[str, str]) -> list[str]:
    pairs = [f"{theirs!r} as {ours}" for ours, theirs in taken.items() if theirs != ours]
    return [f"{name}: read {', '.join(pairs)}."] if pairs else []


def _one_question(
    table: Table, taken: Mapping[str, str], scales: Mapping[str, Scale | None] | None, said: list[str]
) -> tuple[Table, dict[str, str]]:
    """A long file that asks one thing need not name it; which of several it asks cannot be guessed."""
    if "question" in taken or not {"item", "rater", "value"} <= set(taken) or len(scales or "1") != 1:
        return table, dict(taken)
    name = next(iter(scales)) if scales else QUESTION
    said.append(f"{table.name} has no column 'question': everything is read as one question, {name!r}.")
    column = "question" if "question" not in table.names else "the question"  # one so called is the item
    return replace(table, cells=table.cells.assign(**{column: name})), {**taken, "question": column}


def _required(
    table: Table, taken: Mapping[str, str], kinds: Sequence[str], found: Findings, option: bool
) -> None:
    what = {
        "item": "names what was rated",
        "rater": "names who rated",
        "question": "names what was asked",
        "value": "holds the ratings",
    }
    missing = [name for name in what if name not in taken]
    if missing != ["question"]:  # once all else is known, a file without it asks one thing
        missing = [name for name in missing if name != "question"]
    for name in missing:
        say = f", or say --column {name}=NAME" if option else ""
        found.about(
            f"has no column {name!r}; rename the one that {what[name]} to {name!r}{say} "
            f"(its columns: {listed(table.cells)})."
        )
    if "kind" not in taken and not kinds:
        found.about(
            "has no column 'kind' that says who is a clinician, a juror or a metric; add it, or say "
            "--kind clinician for everybody and --kind NAME=juror for one rater."
        )


def write_ratings(frame: pd.DataFrame, path: Path | str) -> None:
    """Write a long frame as CSV, TSV, XLSX, JSONL or Parquet, by the file's ending.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "r.csv"
    >>> row = {"item": "a", "rater": "C1", "kind": "clinician", "question": "clarity", "value": "5"}
    >>> write_ratings(pd.DataFrame([row]), path)
    >>> path.read_text(encoding="utf-8").splitlines()
    ['item,rater,kind,question,value', 'a,C1,clinician,clarity,5']
    """
    known = [column for column in COLUMNS if column in frame]
    others = [column for column in frame if column not in known]
    write_table(frame[known + others], Path(path), sheet="ratings")
