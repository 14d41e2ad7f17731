"""The jury's bench: a panel, what it judges and what it said. Estimate, allow, run, look at every verdict."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from annotate.fault import Fault
from annotate.item import Item
from annotate.jury.baselines import BASELINES, baselines
from annotate.jury.batch import HOURS
from annotate.jury.budget import budget_of
from annotate.jury.consent import check_consent, outside
from annotate.jury.forecast import Forecast, forecast
from annotate.jury.panel import Panel
from annotate.jury.plan import Docket
from annotate.jury.progress import Watcher
from annotate.jury.run import Sitting, convene
from annotate.jury.served import strange
from annotate.jury.verdicts import PanelScore, panel_scores, ratings_of
from annotate.protocol import Protocol
from annotate.rating import Rating
from data import shipped
from data.formats.items import read_items
from data.identifiers import Flagged, check
from data.identifiers.texts import texts
from data.ledger import JuryLedger, beside
from data.ledger.written import into_study, ratings, write_file, write_scores
from data.store import Store, items, raters, studies
from data.store import ratings as stored
from data.store.frame import ratings_frame
from verbs.protocol import protocol_of
from verbs.terminal import user


@dataclass(frozen=True, slots=True)
class Bench:
    """A panel with what it is to judge and the memory of what it said: what every function here takes."""

    docket: Docket
    ledger: JuryLedger
    out: Path | None = None

    def estimate(self, *, batch: bool = False) -> list[Forecast]:
        """Return what a run would ask and cost. Nothing is sent."""
        return forecast(self.docket, self.ledger, batch=batch)

    def outside(self) -> list[str]:
        """Return the endpoints outside this machine that the panel needs and nobody has allowed yet."""
        return [name for name in outside(self.docket.panel) if name not in self.ledger.allowed()]

    def allow(self, endpoint: str, who: str) -> None:
        """Let the texts go to an endpoint, by its name; the log keeps who said so."""
        self.ledger.allow(endpoint, who)

    def open_to(self) -> list[str]:
        """Return the endpoints outside this machine that the panel needs and a lead has allowed."""
        return [name for name in outside(self.docket.panel) if name in self.ledger.allowed()]

    def forbid(self, endpoint: str, who: str) -> None:
        """Take that back: nothing more goes there. What was sent before stays in the log."""
        if endpoint not in self.ledger.allowed():
            known = ", ".join(sorted(self.ledger.allowed())) or "none"
            raise Fault(f"Texts were not allowed to go to {endpoint!r} (allowed: {known}).")
        self.ledger.forbid(endpoint, who)

    def found(self) -> list[Flagged]:
        """Return what the identifier check finds in the items that no juror is shown."""
        return check(item for item in self.docket.items if item.key in self.docket.withheld)

    def accepting(self, reason: str, who: str) -> Bench:
        """Return the same bench with its identifier findings accepted; the log keeps who and why.

        What is accepted are these items with these texts: one that comes in later is looked at anew.
        """
        held = [item for item in self.docket.items if item.key in self.docket.withheld]
        self.ledger.accept(reason, who, map(_mark, held))
        return replace(self, docket=replace(self.docket, withheld={}))

    def run(
        self,
        *,
        budget: str = "",
        watcher: Watcher | None = None,
        batch: bool = False,
        who: str = "",
        poll: float = 60,
        hours: float = HOURS,
        stop: threading.Event | None = None,
    ) -> Sitting:
        """Ask what is not known yet, and write what was said into the study or the file."""
        check_consent(self.docket.panel, self.ledger.allowed())
        self._note(who, "jury convened")
        try:
            return convene(
                self.docket,
                self.ledger,
                budget=budget_of(budget) if budget else None,
                watcher=watcher,
                batch=batch,
                poll=poll,
                hours=hours,
                stop=stop,
            )
        finally:
            self.write()
            self._note(who, "jury adjourned")

    def write(self) -> int:
        """Write what is known into the study, or into the file with the panel's scores beside it."""
        if self.out is None:
            self._seat_raters()
            return into_study(self.ledger, step=self._step())
        number = write_file(ratings(self.ledger), self.out, step=self._step())
        write_scores(self.scores(), self.out.with_name(f"{self.out.stem}.panel.csv"))
        return number

    def baselines(self, seed: int = 0) -> list[Rating]:
        """Return what the three jurors that cost nothing say, by the clinicians of the study."""
        said: list[Rating] = []
        if self.out is None:
            with self.ledger.store.reading() as session:
                frame = ratings_frame(
                    session, study_id=self.ledger.study_id, kinds=["clinician"], words=["value"]
                )
            answered = frame[frame["status"] == "answered"]
            columns = (answered[name].astype(str) for name in ("item", "rater", "question", "value"))
            said += [Rating(*each) for each in zip(*columns, strict=True)]
        rng = np.random.default_rng(seed)
        return list(baselines(self.docket.items, self.docket.protocol, said, rng=rng))

    def seat_baselines(self, seed: int = 0) -> int:
        """Write the baselines into the study, as raters of their own; return how many rows were new."""
        if self.out is not None:
            raise Fault("Baselines need a study: they answer by what its clinicians said.")
        said = self.baselines(seed)
        study_id = self.ledger.study_id
        with self.ledger.store.writing() as session:
            stored.lock_chain(session, study_id)
            for name in BASELINES:
                raters.add(session, study_id=study_id, key=name, kind="juror", identity={"baseline": name})
            return stored.append(session, study_id=study_id, ratings=said, step=self._step())

    def _step(self) -> str:
        steps = self.docket.protocol.design.steps
        return steps[-1] if steps else ""

    def scores(self) -> list[PanelScore]:
        """Return the panel's scores, each with how many jurors stand behind it."""
        numeric = {
            q.key for q in self.docket.protocol.questions if q.kind in ("scale", "number", "checklist")
        }
        said = (rating for rating in ratings(self.ledger) if rating.question in numeric)
        return panel_scores(said, self.docket.panel)

    def strange(self) -> list[str]:
        """Return a sentence for every model that answered and was not asked for, in any run."""
        return list(strange(self.docket.panel, self.ledger.served()))

    def failures(self) -> list[dict[str, Any]]:
        """Return every verdict that is not an answer: rater, item, outcome, why, and its call's key."""
        return list(self.ledger.verdicts(failures=True))

    def verdict(self, key: str) -> dict[str, Any]:
        """Return one call with its request, its attempts with their raw replies, and its item."""
        call = self.ledger.call(key)
        if call is None:
            raise Fault(f"There is no call {key!r} in this ledger.")
        item = next((item for item in self.docket.items if item.key == call["item"]), None)
        said = [row for row in self.ledger.verdicts() if row["key"] == key]
        return {
            "call": call,
            "item": item,
            "attempts": self.ledger.attempts(key),
            "ratings": [rating for row in said for rating in ratings_of(row)],
        }

    def close(self) -> None:
        """Write the rest of the ledger."""
        self.ledger.close()

    def _note(self, who: str, action: str) -> None:
        facts = {"jurors": {juror.rater: juror.url for juror in self.docket.panel.jurors}}
        sent = {"sent so far": self.ledger.sent_where()}
        self.ledger.note(who or user(), action, self.docket.panel.name, facts | sent)

    def _seat_raters(self) -> None:
        jurors = {juror.rater: juror for juror in self.docket.panel.jurors}
        with self.ledger.store.writing() as session:
            stored.lock_chain(session, self.ledger.study_id)
            for rater in {str(row["rater"]) for row in self.ledger.verdicts()}:
                juror = jurors.get(rater.partition("/")[0])
                if juror is None:
                    continue
                identity = {**juror.facts, "check": rater.partition("/")[2]}
                raters.add(
                    session,
                    study_id=self.ledger.study_id,
                    key=rater,
                    kind="juror",
                    family=juror.family,
                    identity=identity,
                )


def of_study(store: Store, name: str, panel: Panel) -> Bench:
    """Return the bench of a study in the store. Its items with unresolved findings stay in the house."""
    with store.reading() as session:
        study = studies.named(session, name=name)
        protocol = protocol_of(session, study_id=study.id)
        found = items.in_study(session, study_id=study.id)
    ledger = JuryLedger(store, study.id)
    return Bench(_docket(panel, found, protocol, ledger), ledger)


def of_files(path: Path, out: Path, panel: Panel, *, protocol: Protocol | None = None) -> Bench:
    """Return the bench of a file of items; its ledger lies beside the file of ratings."""
    found = read_items(path)
    known = out.with_name(out.name + ".jury.db").exists()
    if out.exists() and not known:
        raise Fault(f"{out} exists and no jury wrote it; choose another name, so that nothing is lost.")
    if not out.parent.is_dir():
        raise Fault(f"There is no folder {str(out.parent)!r} to write {out.name} into.")
    ledger = beside(out)
    return Bench(_docket(panel, found.items, protocol or shipped.protocol("medhelm"), ledger), ledger, out)


def _docket(panel: Panel, found: Sequence[Item], protocol: Protocol, ledger: JuryLedger) -> Docket:
    if not found:
        raise Fault("There are no items to judge; import some first.")
    taxonomy = shipped.taxonomy(protocol.taxonomy) if protocol.taxonomy in shipped.taxonomy_names() else None
    return Docket(panel, found, protocol, _withheld(found, ledger), taxonomy)


def _withheld(found: Sequence[Item], ledger: JuryLedger) -> dict[str, str]:
    """Return the items that no juror may see: the check finds identifiers, and no lead has accepted them."""
    flagged = {one.item for one in check(found)}
    known = ledger.accepted() if flagged else set()
    held = [item.key for item in found if item.key in flagged and _mark(item) not in known]
    return dict.fromkeys(held, "unresolved identifier findings")


def _mark(item: Item) -> str:
    """Return what an item with its texts is known by: change one and it is looked at again."""
    said = json.dumps([item.key, *texts(item)], ensure_ascii=True)
    return hashlib.sha256(said.encode()).hexdigest()
