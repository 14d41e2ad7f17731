"""Starting the app: the demo study on first start, and where to sign in."""

from __future__ import annotations

import os

from data.store import Store, access, raters, studies

DEMO = "demo"


def addresses(store: Store, base: str) -> str:
    """Return where to sign in, in words; makes the demo study if it is wanted and not there yet."""
    if os.environ.get("CONSILIUM_DEMO", "1") == "0":
        return (
            f"Consilium runs at {base}\nSign in with a personal link (`consilium link lead NAME` makes one)."
        )
    seed_demo(store)
    lines = [
        f"Consilium runs at {base}",
        "",
        "The demo study is synthetic: no patient, clinician or model output in it is real. Sign in as",
    ]
    for who, token in demo_links(store):
        lines.append(f"  {who:<22} {base}/enter#{token}")
    return "\n".join([*lines, "", "Stop with Ctrl+C."])


def seed_demo(store: Store) -> None:
    """Make the demo study unless the database has it. Two processes make it once."""
    with store.reading() as session:
        if studies.find(session, name=DEMO):
            return
    from data.demo import make  # faker and the texts are needed this once only

    make(store, name=DEMO)


def demo_links(store: Store) -> list[tuple[str, str]]:
    """Return fresh personal links for the demo's lead and two of its clinicians."""
    with store.writing() as session:
        study = studies.named(session, name=DEMO)
        assert study.id is not None
        people = raters.in_study(session, study_id=study.id, kinds=("clinician",))[:2]
        links = [("the study's lead", access.invite(session, role="lead", name="Demo lead"))]
        for rater in people:
            token = access.invite(session, role="clinician", name=rater.key, rater_id=rater.id)
            links.append((f"clinician {rater.key}", token))
        return links
