"""May this judge stand in for a clinician? The verdict, straight from a file of ratings."""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from agreement.decision import Plan, decide
from agreement.decision.jury import JURY, lay_jury, members
from agreement.decision.lay import judge_kind, lay
from agreement.decision.passport import file_name, passport
from agreement.panel import Jury
from agreement.refusal import Refusal
from data.formats.appear import put
from data.formats.beside import told_by, undescribed
from data.formats.items import read_items
from data.formats.long import read_ratings
from data.formats.outputs import outputs_frame
from verbs import unordered
from verbs.plan_file import read_plan
from verbs.scales import ask_columns, ask_direction, declared, known, order_unknown
from verbs.verdict import Verdict, in_words


def verdict(
    frame: pd.DataFrame,
    judge: str,
    plan: Plan,
    facts: pd.DataFrame | None = None,
    *,
    judges: int = 1,
    jury: Jury = None,
) -> Verdict:
    """Return the verdict on one judge from a long frame: what a page shows and the terminal prints.

    Parameters
    ----------
    facts : DataFrame, optional
        One row an output, as `data.formats.outputs.outputs_frame` makes it.
    judges : int
        How many judges are looked at on these outputs, this one among them.
    jury : tuple of str, optional
        The jurors whose mean "the jury" is; None: all but checks and baselines.
    """
    kind = kind_of(frame, judge, jury)
    sheets = lay_jury(frame, plan, facts, jury) if kind == "jury" else lay(frame, judge, plan, facts)
    said = list(dict.fromkeys(sentence for sheet in sheets for sentence in sheet.said))
    if kind == "jury":
        said.insert(0, f"The jury is the mean of {', '.join(members(frame, jury))}.")
        if not sheets:
            raise Refusal(
                f"The jury ({', '.join(members(frame, jury))}) has no mean on any question: its jurors "
                "answer in words, on different scales or about different outputs; validate one at a time."
            )
    return Verdict(judge, kind, plan, tuple(decide(sheet, plan, judges) for sheet in sheets), tuple(said))


def kind_of(frame: pd.DataFrame, judge: str, jury: Jury = None) -> str:
    """Return a judge's kind, "jury" for the mean of two jurors or more; a refusal where there is none."""
    if judge != JURY or judge in set(frame["rater"].astype(str).unique()):
        return judge_kind(frame, judge)
    if len(members(frame, jury)) < 2:
        raise Refusal("The jury is the mean of two jurors or more, and there are not so many here.")
    judge_kind(frame, members(frame, jury)[0])
    return "jury"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `consilium validate`."""
    parser.add_argument("ratings", type=Path, help="the long file of ratings: CSV, XLSX, JSONL or Parquet")
    parser.add_argument(
        "--judge",
        action="append",
        required=True,
        metavar="RATER",
        help="whom to validate; 'the jury' is the mean of all jurors",
    )
    parser.add_argument("--items", type=Path, help="the items: case, system, output, strata, split")
    parser.add_argument("--plan", type=Path, help="the plan made beforehand: JSON, TOML or YAML")
    parser.add_argument(
        "--margin", type=float, help="how much less than a clinician's agreement may be (0.1)"
    )
    parser.add_argument(
        "--scale",
        action="append",
        default=[],
        metavar="QUESTION=a,b,c",
        help="a question's words in their order, lowest first, as harm=none,mild,severe",
    )
    ask_direction(parser)
    parser.add_argument("--question", action="append", default=[], help="decide on this question only")
    ask_columns(parser)
    parser.add_argument("--json", type=Path, help="write every figure to this file")
    parser.add_argument("--passport", type=Path, metavar="DIR", help="write one passport a judge to DIR")


def run(args: argparse.Namespace) -> int:
    """Print the verdict on every judge. 0 when every judge may be used, 1 when not or not yet."""
    plan = read_plan(args.plan, args.margin, args.question, args.high_is_bad)
    ratings = read_ratings(args.ratings, kinds=args.kind, named=args.column)
    frame, placed = declared(args.scale).placed(unordered.of_file(ratings.frame))
    ratings = replace(ratings, frame=frame)
    known(dict.fromkeys(args.high_is_bad), ratings.frame, "--high-is-bad")
    items = read_items(args.items) if args.items else None
    facts = told_by(outputs_frame(items.items) if items else None, ratings.facts)
    judges = list(dict.fromkeys(args.judge))
    for judge in judges:
        kind_of(ratings.frame, judge)
    for sentence in (
        *ratings.understood,
        *placed,
        *(items.understood if items else ()),
        *(undescribed(ratings.frame, facts) if items else ()),
        *order_unknown(frame),
    ):
        print(sentence)
    verdicts = [verdict(ratings.frame, judge, plan, facts, judges=len(judges)) for judge in judges]
    for one in verdicts:
        print("\n" + in_words(one))
    _write(verdicts, args, _data(args))
    return 0 if all(one.usable for one in verdicts) else 1


def _data(args: argparse.Namespace) -> dict[str, Any]:
    data: dict[str, Any] = {"ratings": args.ratings.name, "ratings_sha256": sha256(args.ratings)}
    if args.items:
        data |= {"items": args.items.name, "items_sha256": sha256(args.items)}
    return data | {"software": f"consilium {metadata.version('consilium')}"}


def sha256(path: Path) -> str:
    """Return the hash that names a file's content."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write(verdicts: list[Verdict], args: argparse.Namespace, data: dict[str, Any]) -> None:
    passports = {
        one.judge: passport(one.judge, one.decisions, one.plan, identity={"kind": one.kind}, data=data)
        for one in verdicts
    }
    if args.json:
        whole = {"usable": all(one.usable for one in verdicts), "judges": passports}
        _save(args.json, whole)
    if args.passport:
        for judge, content in passports.items():
            _save(args.passport / f"{file_name(judge)}.passport.json", content)


def _save(path: Path, content: dict[str, Any]) -> None:
    put(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
