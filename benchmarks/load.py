"""Many clinicians at once: how long a submit takes, and whether one rating is lost, doubled or misplaced.

Each client opens the page as a browser does, over Streamlit's own websocket, and then rates as the page
does: a draft at every answer, a submission, the next item. What the database holds is compared, row by
row, with what the clients were told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import os
import random
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from annotate.assignment import Assignment
from benchmarks._clinicians import Told, everyone
from data.store import Store, access, assignments, items, raters, ratings, studies
from tests import rating_studies as made
from tests.conftest import free_port
from tests.serving import Server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seconds", type=float, default=60)
    args = parser.parse_args()
    seconds = 10.0 if args.quick else args.seconds
    found = []
    for clinicians, every in ((200, 10.0), (100, 1.0)):
        found.append(run(20 if args.quick else clinicians, every, seconds))
        print(sentence(found[-1]), flush=True)
    if args.json:
        args.json.write_text(json.dumps(found, indent=1))
    if any(row["lost"] or row["doubled"] or row["misplaced"] for row in found):
        raise SystemExit(1)


def run(clinicians: int, every: float, seconds: float) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp())
    url = f"sqlite:///{folder / 'consilium.db'}"
    server = Server(url, free_port(), folder, CONSILIUM_DEMO="0").start()
    try:
        count = int(seconds / every) + 3
        tokens, study_id = study(url, clinicians, count)
        told = asyncio.run(everyone(server.base, server.process.pid, tokens, every, seconds))
        memory = _memory(server.process.pid)
    finally:
        server.kill()
    compared = compare(url, study_id, told)
    shutil.rmtree(folder)
    return {
        "clinicians": clinicians,
        "every_s": every,
        "submit": quantiles(told.submits),
        "draft": quantiles(told.drafts),
        "next": quantiles(told.nexts),
        "open": quantiles(told.opens),
        "errors": told.errors[:5],
        "failed": len(told.errors),
        "memory_mb": memory,
        "lag": quantiles(told.lags),
        "server_ms_a_request": 1e3 * told.server_s / max(1, told.requests),
        "client_ms_a_request": 1e3 * told.client_s / max(1, told.requests),
        "client_share": told.client_s / max(1e-9, told.client_s + told.server_s),
        **compared,
    }


def study(url: str, clinicians: int, count: int) -> tuple[list[str], int]:
    """Make a study in which each clinician rates `count` items of her own order."""
    store = Store(url)
    cases = [made.case(f"case-{n}", source=made.long_text(300)) for n in range(max(count, 60))]
    with store.writing() as session:
        one = studies.create(session, name="load", title="Load", protocol_text=made.THREE, who="t")
        assert one.id is not None
        items.add(session, study_id=one.id, items=cases)
        names = [f"C{n:03d}" for n in range(clinicians)]
        tokens, design = [], []
        for name in names:
            number = raters.add(session, study_id=one.id, key=name, kind="clinician").id
            tokens.append(access.invite(session, role="clinician", name=name, rater_id=number))
            order = random.Random(name).sample(range(len(cases)), count)
            design += [Assignment(f"case-{n}", name, place=place) for place, n in enumerate(order, 1)]
        assignments.add(session, study_id=one.id, assignments=design, who="t")
        studies.set_status(session, study_id=one.id, status="running", who="t")
    store.close()
    return tokens, one.id


def compare(url: str, study_id: int, told: Told) -> dict[str, int]:
    """Compare every confirmed answer with the database, both ways."""
    store = Store(url)
    with store.reading() as session:
        number_of: dict[tuple[str, str], int] = {}
        people = raters.in_study(session, study_id=study_id, kinds=("clinician",))
        for person in people:
            for standing in assignments.standings(session, rater_id=person.id):
                number_of[person.key, standing.item] = standing.assignment_id
        rows = [
            ((row["rater"], number_of[row["rater"], row["item"]], row["question"]), row["value"])
            for row in ratings.events(session, study_id=study_id)
        ]
    store.close()
    written = dict(rows)
    return {
        "confirmed": len(told.kept),
        "written": len(rows),
        "lost": sum(key not in written for key in told.kept),
        "doubled": len(rows) - len(written),
        "misplaced": sum(key in written and written[key] != value for key, value in told.kept.items()),
        "unconfirmed": sum(key not in told.kept for key in written),
    }


def quantiles(times: list[float]) -> dict[str, float]:
    if len(times) < 2:
        return {"n": len(times)}
    cut = statistics.quantiles(times, n=20)
    return {"n": len(times), "median_ms": 1e3 * statistics.median(times), "p95_ms": 1e3 * cut[-1]}


def _memory(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def sentence(row: dict[str, Any]) -> str:
    lines = [f"{row['clinicians']} clinicians, a submit every {row['every_s']:g} s each:"]
    for what in ("open", "next", "draft", "submit"):
        told = row[what]
        if "median_ms" in told:
            lines.append(
                f"  {what:<7} median {told['median_ms']:7.1f} ms   p95 {told['p95_ms']:7.1f} ms"
                f"   n {told['n']}"
            )
    lines.append(
        f"  {row['confirmed']} answers confirmed, {row['written']} written: {row['lost']} lost, "
        f"{row['doubled']} doubled, {row['misplaced']} misplaced, {row['unconfirmed']} unconfirmed; "
        f"{row['failed']} requests failed; {row['memory_mb']:.0f} MB"
    )
    lines.append(
        f"  processor a request: server {row['server_ms_a_request']:.2f} ms, these clients "
        f"{row['client_ms_a_request']:.2f} ms ({row['client_share']:.0%} of both); "
        f"the clients wake {row['lag'].get('median_ms', math.nan):.1f} ms late in the median, "
        f"{row['lag'].get('p95_ms', math.nan):.1f} ms in the 95th percentile"
    )
    return "\n".join(lines + [f"  {error}" for error in row["errors"]])


if __name__ == "__main__":
    main()
