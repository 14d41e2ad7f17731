"""`consilium plan`: how many items, clinicians and jurors a study needs, before it begins."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from agreement.planning.beside import Beside
from agreement.planning.comparison import Size, Truth, World, items_for, power
from agreement.planning.width import items_for_width, raters_for_reliability
from annotate.fault import Fault
from data.formats.appear import put

Answer = dict[str, object]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `consilium plan` takes: one question a run."""
    asked = parser.add_subparsers(title="what to plan", metavar="QUESTION", required=True)
    _width(asked.add_parser("width", help="items, so that an ICC's interval has a stated width (Bonett)"))
    _raters(asked.add_parser("raters", help="raters an item, so that their mean is as reliable as stated"))
    _comparison(asked.add_parser("difference", help="items, to tell two raters' agreement apart"), difference)
    sub = asked.add_parser("noninferiority", help="items, to show that a juror is no worse than a clinician")
    sub.add_argument(
        "--margin", type=float, required=True, help="how much lower r is still acceptable, as 0.1"
    )
    _comparison(sub, noninferiority)


def run(args: argparse.Namespace) -> int:
    """Print the answer, and write it as JSON where asked."""
    answer = args.plan(args)
    if args.json:
        put(args.json, json.dumps(answer, indent=2) + "\n")
    print(answer["sentence"])
    return 0


def width(args: argparse.Namespace) -> Answer:
    """Answer how many items an interval's width takes."""
    n = items_for_width(args.icc, args.width, args.raters, level=args.level)
    sentence = (
        f"{n} items with {args.raters} ratings each give an ICC of {args.icc:g} a {args.level:.0%} interval "
        f"about {args.width:g} wide (Bonett 2002)."
    )
    return {"plan": "width", "items": n, "sentence": sentence}


def raters(args: argparse.Namespace) -> Answer:
    """Answer how many raters a reliability takes."""
    k = raters_for_reliability(args.icc, args.reliability)
    sentence = (
        f"The mean of {k} raters has a reliability of {args.reliability:g} or more where one has "
        f"{args.icc:g} (Spearman-Brown)."
    )
    return {"plan": "raters", "raters": k, "sentence": sentence}


def difference(args: argparse.Namespace) -> Answer:
    """Answer how many items telling two raters apart takes."""
    return _compared(args, 0.0, f"a difference of {args.first - args.second:g} in r")


def noninferiority(args: argparse.Namespace) -> Answer:
    """Answer how many items showing non-inferiority takes."""
    if not args.margin > 0:
        raise Fault(f"--margin is how much lower r is still acceptable, above 0; not {args.margin:g}.")
    return _compared(args, args.margin, f"non-inferiority by a margin of {args.margin:g} in r")


def _compared(args: argparse.Namespace, margin: float, what: str) -> Answer:
    truth, rng = _world(args), np.random.default_rng(args.seed)
    if args.items is not None:
        made = power(truth, args.items, rng=rng, margin=margin, level=args.level)
    else:
        made = items_for(truth, rng=rng, margin=margin, wanted=args.power, level=args.level)
    return {
        "plan": "noninferiority" if margin else "difference",
        "items": made.items,
        "power": made.power,
        "studies": made.studies,
        "seed": args.seed,
        "sentence": _said(made, what),
    }


def _world(args: argparse.Namespace) -> World:
    if args.clinicians is not None and args.between is not None:
        raise Fault("--clinicians says how juror and clinician agree with one another: leave out --between.")
    if args.clinicians is not None:
        if args.ceiling is not None and not 0 < args.ceiling < 1:
            raise Fault(
                f"--ceiling is the share of ratings at the highest point, as 0.5; not {args.ceiling:g}."
            )
        return Beside(args.first, args.second, args.clinicians, args.ceiling or 0.0)
    if args.ceiling is not None:
        raise Fault("--ceiling goes with --clinicians: leave it out beside --between.")
    if args.between is None:
        raise Fault(
            "Give --clinicians, how many rate each item, for the comparison that a decision makes; or "
            "--between, the r of the two raters, where both are compared with one reference."
        )
    return Truth(args.first, args.second, args.between)


def _said(made: Size, what: str) -> str:
    return (
        f"{made.items} items show {what} in {made.power:.0%} of {made.studies} simulated studies "
        f"(give or take {1.96 * made.error:.0%})."
    )


def _width(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--icc", type=float, required=True, help="the ICC that you expect, as 0.5")
    parser.add_argument("--width", type=float, required=True, help="from lower to upper bound, as 0.2")
    parser.add_argument("--raters", type=int, required=True, help="ratings an item")
    _common(parser, width)


def _raters(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--icc", type=float, required=True, help="the reliability of one rater, as 0.4")
    parser.add_argument("--reliability", type=float, required=True, help="that their mean shall have, as 0.8")
    _common(parser, raters)


def _comparison(parser: argparse.ArgumentParser, plan: Callable[[argparse.Namespace], Answer]) -> None:
    parser.add_argument(
        "--first", type=float, required=True, help="expected r of the juror with the reference"
    )
    parser.add_argument("--second", type=float, required=True, help="expected r of the clinician with it")
    parser.add_argument(
        "--clinicians",
        type=int,
        metavar="K",
        help="K rate each item, each left out in turn, as a decision does",
    )
    parser.add_argument(
        "--between", type=float, help="instead: expected r of the two raters beside one reference"
    )
    parser.add_argument(
        "--ceiling",
        type=float,
        metavar="SHARE",
        help="with --clinicians: share of ratings at the highest point, where it is a third or more",
    )
    parser.add_argument("--power", type=float, default=0.8, help="share of studies that shall succeed (0.8)")
    parser.add_argument("--items", type=int, help="instead: the power of a study of this many items")
    parser.add_argument("--seed", type=int, default=1, help="of the simulation (1)")
    _common(parser, plan)


def _common(parser: argparse.ArgumentParser, plan: Callable[[argparse.Namespace], Answer]) -> None:
    parser.add_argument("--level", type=float, default=0.95, help="of the interval (0.95)")
    parser.add_argument("--json", type=Path, help="write the answer to this file, too")
    parser.set_defaults(plan=plan)
