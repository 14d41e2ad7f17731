"""What files bring, written into a study: everything in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import pandas as pd

from annotate.fault import Fault
from annotate.item import Item
from annotate.rating import Rating, Status
from data.formats.findings import listed, number_of
from data.formats.steps import Step, Watch, unwatched
from data.store import Session, Store, assignments, audit, filled, items, raters, ratings
from verbs.again import as_known, on_their_occasions
from verbs.incoming import Incoming, Newcomer


@dataclass(frozen=True, slots=True)
class Brought:
    """What was new to the study; `changed` of the ratings say something else than it had.

    `again` says who judged in another run what the study has a verdict on already.
    """

    items: int = 0
    raters: int = 0
    assignments: int = 0
    ratings: int = 0
    forms: int = 0
    changed: int = 0
    again: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = [number_of(many, name.removesuffix("s")) for name, many in self.counts().items() if many]
        if not said:
            return "Nothing new: the study has it all already."
        other = (
            f" Saying something else than before: {number_of(self.changed, 'rating')}. The new ones "
            "count now, the earlier ones stay in the history."
        )
        return " ".join(
            [f"New in the study: {', '.join(said)}." + (other if self.changed else ""), *self.again]
        )

    def counts(self) -> dict[str, int]:
        """Return the numbers by name."""
        names = ("items", "raters", "assignments", "ratings", "forms")
        return {name: getattr(self, name) for name in names}


def bring(
    store: Store,
    *,
    study_id: int,
    incoming: Incoming,
    who: str,
    decided: str = "none found",
    watch: Watch = unwatched,
) -> Brought:
    """Write what files bring, in one transaction; what the study has already changes nothing.

    Parameters
    ----------
    incoming : Incoming
        As `read_incoming` returns it, redacted if the lead chose that.
    decided : str
        What the lead decided about the identifier check, for the log.
    watch : callable
        Told how many ratings are written.
    """
    with store.writing() as session:
        came = as_known(session, study_id=study_id, incoming=_all_items(session, study_id, incoming))
        new_items = items.add(session, study_id=study_id, items=came)
        new_raters = sum(_add_rater(session, study_id, rater) for rater in incoming.raters)
        assigned = 0
        if incoming.assignments:
            assigned = assignments.add(session, study_id=study_id, assignments=incoming.assignments, who=who)
        said, before = 0, ratings.newest(session, study_id=study_id)
        frame, again = on_their_occasions(session, study_id=study_id, frame=incoming.frame)
        for (round, step), rows in _by_round(frame):
            rated = list(_ratings(rows))
            said += ratings.append(
                session,
                study_id=study_id,
                ratings=rated,
                round=round,
                step=step,
                watch=_written(len(rated), watch),
            )
        forms = filled.restore(session, study_id=study_id, forms=incoming.forms) if incoming.forms else 0
        changed = ratings.changed(session, study_id=study_id, since=before) - (again.filled if again else 0)
        told = tuple(again.sentences()) if again else ()
        brought = Brought(new_items, new_raters, assigned, said, forms, changed, told)
        if any(brought.counts().values()):
            _log(session, study_id, incoming, brought, who, decided)
    return brought


def _written(count: int, watch: Watch) -> Callable[[int], None]:
    return lambda done: watch(Step("writing", done, count, "ratings"))


def _log(
    session: Session, study_id: int, incoming: Incoming, brought: Brought, who: str, decided: str
) -> None:
    audit.record(
        session,
        study_id=study_id,
        who=who,
        action="imported",
        subject=listed(incoming.files),
        after={
            "new": brought.counts(),
            **({"changed": brought.changed} if brought.changed else {}),
            **({"again": list(brought.again)} if brought.again else {}),
            "files": dict(incoming.files),
        },
        reason=f"identifiers: {decided}",
    )


def _all_items(session: Session, study_id: int, incoming: Incoming) -> Sequence[Item]:
    """The items that came, or bare ones where a study of ratings alone has none at all."""
    known = set(items.ids_by_key(session, study_id=study_id)) | {item.key for item in incoming.items}
    named = list(dict.fromkeys(incoming.frame["item"])) if len(incoming.frame) else []
    missing = [key for key in named if key not in known]
    if not known:
        return [Item(str(key)) for key in named]
    if missing:
        raise Fault(
            f"{len(missing):,} items are rated but not in the study ({listed(missing)}); import the items "
            f"file too, or correct the names (the study has {listed(sorted(known), 5)})."
        )
    return incoming.items


def _add_rater(session: Session, study_id: int, rater: Newcomer) -> bool:
    known = raters.find(session, study_id=study_id, key=rater.key)
    if known is not None and not rater.told and known.kind == rater.kind:
        return False
    row = raters.add(
        session,
        study_id=study_id,
        key=rater.key,
        kind=rater.kind,
        specialty=rater.specialty,
        family=rater.family,
        identity=rater.identity or None,
    )
    if rater.left_at and row.left_at is None:
        row.left_at = datetime.fromisoformat(rater.left_at)
    return known is None


def _by_round(frame: pd.DataFrame) -> Iterator[tuple[tuple[str, str], pd.DataFrame]]:
    if len(frame):
        for (round, step), rows in frame.groupby(["round", "step"], sort=False):
            yield (str(round), str(step)), rows


def _ratings(rows: pd.DataFrame) -> Iterator[Rating]:
    answered = rows["status"].eq("answered").to_numpy()
    numbers = rows["number"].astype(object).where(rows["number"].notna(), None)
    times = [None if pd.isna(time) else time.to_pydatetime() for time in rows["submitted_at"]]
    names = ("item", "rater", "question", "value", "part", "status", "reason", "comment", "confidence")
    texts = (rows[name].tolist() for name in names)
    columns = zip(*texts, numbers.tolist(), rows["occasion"].tolist(), answered, times, strict=True)
    for (
        item,
        rater,
        question,
        value,
        part,
        status,
        reason,
        comment,
        sure,
        number,
        occasion,
        ok,
        at,
    ) in columns:
        yield Rating(
            item, rater, question, value if ok else None, number, part, int(occasion), cast(Status, status),
            reason, comment, sure, at,
        )  # fmt: skip
