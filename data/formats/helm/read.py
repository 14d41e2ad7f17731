"""A run, a suite, several suites or a zip of them, read whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd

from annotate.fault import Fault
from annotate.item import Item
from annotate.rating import RaterKind, Rating
from annotate.scale import Scale
from data.formats.findings import number_of
from data.formats.helm.answers import Answer, answers, chosen, shared
from data.formats.helm.asked import CHOSEN, SEPARATE, with_outputs
from data.formats.helm.folders import WANTED, Files, load, opened
from data.formats.helm.frame import frame_of
from data.formats.helm.jury import judged, juries_of
from data.formats.helm.report import RunReport, report
from data.formats.helm.scores import Scores, jury_metrics, measured, scores, wanted
from data.formats.helm.shapes import mapping
from data.formats.helm.spec import HelmJuror, Spec, read_spec
from data.formats.helm.tokens import COUNTED
from data.formats.steps import Watch, unwatched, watched

SPEC, STATE, STATS, _ = WANTED


@dataclass(frozen=True, slots=True)
class HelmImport:
    """What HELM runs hold.

    Attributes
    ----------
    items : tuple of Item
        One an output. A key names the scenario, the instance and a hash, never the system; outputs of
        one instance share a case.
    jurors : tuple of HelmJuror
        Everybody who judged.
    frame : DataFrame
        The long frame of the jurors' and metrics' ratings, with the columns of `data.formats.long`, and
        ``run``, the number of the run in which each stands.
    scales : mapping of (benchmark, question) to Scale
        The declared scale of each benchmark's jury.
    reports : tuple of RunReport
        What each run hid.
    understood : tuple of str
        Sentences about what was read and what was not: print them.
    """

    items: tuple[Item, ...]
    jurors: tuple[HelmJuror, ...]
    frame: pd.DataFrame
    scales: dict[tuple[str, str], Scale]
    reports: tuple[RunReport, ...]
    understood: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    spec: Spec
    items: tuple[Item, ...]
    jurors: tuple[HelmJuror, ...]
    rows: tuple[tuple[RaterKind, Rating], ...]
    scales: dict[tuple[str, str], Scale]
    report: RunReport
    apart: tuple[str, ...] = ()


def is_helm(path: Path | str) -> bool:
    """Return whether a folder or a zip holds HELM runs, whole or not."""
    try:
        files = opened(Path(path))
    except Fault:
        return False
    try:
        return any(found.name in (SPEC, STATE) for found in files.paths())
    except Fault:  # a run's files, in an archive that is not to be trusted: reading it says why
        return True


def links_left(folder: Path) -> tuple[str, ...]:
    """Return which links of a folder were not followed, in sentences."""
    files = opened(folder)
    list(files.paths())
    return tuple(files.left)


def read_helm(path: Path | str, *, watch: Watch = unwatched) -> HelmImport:
    """Read HELM or MedHELM runs: one run, a suite, several suites, `benchmark_output`, or a zip of any.

    Parameters
    ----------
    path : path
        Where they lie. A zip is read in place: nothing is unpacked to disk.
    watch : callable, optional
        Told how many instances of each run are read.

    Returns
    -------
    HelmImport

    Raises
    ------
    Fault
        Where there is no run, or where any of them is damaged: a sentence for each, and nothing is read.
    """
    files = opened(Path(path))
    folders = _folders(files)
    said = list(files.left)
    broken: list[str] = []
    runs: list[_Run] = []
    for number, (folder, names) in enumerate(folders.items(), 1):
        try:
            if STATE in names:
                what = f"reading run {number} of {len(folders)}"
                run = _run(files, folder, names, what, watch)
                runs += [run] if run.items else []
                said += [] if run.items else [_nothing(folder, run)]
            else:
                said.append(f"{folder} has no {STATE}: an unfinished run; left out.")
        except Fault as fault:
            broken += fault.sentences
    if broken:
        raise Fault(*broken)
    if not runs:
        raise Fault(
            f"{files.name} holds no finished HELM run (a folder with {STATE} and outputs in it); "
            "give a run directory, a suite or a zip of them.",
            *said,
        )
    return _together(runs, said)


def _folders(files: Files) -> dict[PurePosixPath, set[str]]:
    """The run folders: where a run's files lie together. `eval_cache` and `groups` have none."""
    found: dict[PurePosixPath, set[str]] = {}
    for path in files.paths():
        found.setdefault(path.parent, set()).add(path.name)
    return {folder: names for folder, names in found.items() if names & {SPEC, STATE}}


def _run(files: Files, folder: PurePosixPath, names: set[str], what: str, watch: Watch) -> _Run:
    state = load(files, folder / STATE)
    if not isinstance(mapping(state).get("request_states"), list):
        raise Fault(f"{files.name}/{folder / STATE} has no list 'request_states'; is it a HELM run?")
    name = folder.name or files.name
    about = load(files, folder / SPEC) if SPEC in names else None
    spec = read_spec(name, folder.parent.name, about, state)
    stats = load(files, folder / STATS) if STATS in names else ()
    values, counts = scores(stats, wanted(spec)), scores(stats, COUNTED)
    told = scores(stats, (CHOSEN,)) if spec.method.startswith(SEPARATE) else {}
    requests, apart = with_outputs(spec.method, states := state["request_states"], chosen(states, told))
    if told:  # what is counted of an instance is then the sum over its options
        counts = {}
    asked = watched(requests, what, len(requests), "instances", watch)
    outputs = tuple(answers(spec, asked, counts))
    if unsure := shared(outputs):
        values, counts = ({p: v for p, v in each.items() if p not in unsure} for each in (values, counts))
        outputs = tuple(answers(spec, requests, counts))
    failed = len(requests) - sum(not answer.number for answer in outputs)
    return _understood(spec, outputs, values, apart, failed)


def _nothing(folder: PurePosixPath, run: _Run) -> str:
    return " ".join([f"{folder} holds no output:", *(run.apart or ["nothing was asked, or all failed."])])


def _understood(
    spec: Spec, outputs: Sequence[Answer], values: Scores, apart: Sequence[str], failed: int
) -> _Run:
    juries = juries_of(spec, outputs)
    rows: list[tuple[RaterKind, Rating]] = []
    by_item: dict[str, list[Rating]] = {}
    theirs: dict[str, float] = {}
    for answer in outputs:
        for place, jury in enumerate(juries):
            said = list(judged(jury, answer))
            if not place:  # the jury that HELM's own score stands on
                by_item.setdefault(answer.item.key, []).extend(said)
            rows += (("juror", rating) for rating in said)
        if not answer.number:
            own = values.get(answer.place, {})
            rows += (("metric", rating) for rating in measured(spec, answer, own))
            score = next((own[name] for name in jury_metrics(spec) if name in own), None)
            if juries and score is not None:
                theirs[answer.item.key] = score
    scales = {(spec.benchmark, asked): scale for jury in juries for asked, scale in jury.scales.items()}
    return _Run(
        spec,
        tuple(answer.item for answer in outputs),
        tuple(juror for jury in juries for juror in jury.jurors.values()),
        tuple(rows),
        scales,
        report(spec, juries, outputs, by_item, theirs, apart, failed),
        tuple(apart),
    )


def _together(runs: Sequence[_Run], said: list[str]) -> HelmImport:
    items: dict[str, Item] = {}
    for item in (item for run in runs for item in run.items):
        items.setdefault(item.key, item)  # another run of one output may have counted its tokens otherwise
    jurors = {juror.key: juror for run in runs for juror in run.jurors}
    frame, again = frame_of([run.rows for run in runs])
    said += again
    scales: dict[tuple[str, str], Scale] = {}
    for run in runs:
        scales |= run.scales
        said.append(_sentence(run))
        said += (f"{run.spec.name}: {sentence}" for sentence in run.report.hidden)
    unplaced = sorted({run.spec.benchmark for run in runs if run.spec.place is None})
    if unplaced:
        said.append(f"Not in the table of benchmarks, so not placed in the taxonomy: {', '.join(unplaced)}.")
    reports = tuple(run.report for run in runs)
    return HelmImport(tuple(items.values()), tuple(jurors.values()), frame, scales, reports, tuple(said))


def _sentence(run: _Run) -> str:
    metrics = len({rating.rater for kind, rating in run.rows if kind == "metric"})
    outputs = len({item.key for item in run.items})  # one may have been asked for more than once
    return (
        f"{run.spec.name}: {number_of(outputs, 'output')} of {run.spec.system or 'an unnamed system'}, "
        f"{number_of(len(run.jurors), 'juror')}, {number_of(metrics, 'metric')}."
    )
