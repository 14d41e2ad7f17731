"""Starting the app: the demo study on first start, and where to sign in."""

from __future__ import annotations

import os

from data.store import Store, access, raters, studies

DEMO = "demo"
LEAD = "Demo lead"
START = "start of the app"  # who makes and closes the demo's links, for the log


def addresses(store: Store, address: str) -> str:
    """Return where to sign in, in words; makes the demo study if it is wanted and not there yet."""
    if os.environ.get("CONSILIUM_DEMO", "1") == "0":
        return (
            f"Consilium runs at {address}\n"
            "Sign in with a personal link (`consilium link --lead NAME` makes one for a lead)."
        )
    seed_demo(store)
    lines = [
        f"Consilium runs at {address}",
        "",
        "The demo study is synthetic: no patient, clinician or model output in it is real. Sign in as",
    ]
    links = demo_links(store)
    lines += [f"  {who:<22} {address}/enter#{token}" for who, token in links]
    if len(links) < 3:
        lines += ["", "Leads of your own studies: `consilium link --lead NAME` makes a link."]
    return "\n".join([*lines, "", "Stop with Ctrl+C."])


def seed_demo(store: Store) -> None:
    """Make the demo study unless the database has it. Two processes make it once."""
    with store.reading() as session:
        if studies.find(session, name=DEMO):
            return
    from data.demo import make  # faker and the texts are needed this once only

    make(store, name=DEMO)


def demo_links(store: Store) -> list[tuple[str, str]]:
    """Return fresh personal links for the demo's clinicians, and for its lead while there is only the demo.

    A lead sees every study of a database: once it holds another than the demo, no start prints a way to it,
    and those that earlier starts printed are closed.
    """
    with store.writing() as session:
        study = studies.named(session, name=DEMO)
        people = raters.in_study(session, study_id=study.id, kinds=("clinician",))[:2]
        links = []
        if all(each.demo for each in studies.all_studies(session)):
            links.append(("the study's lead", access.invite(session, role="lead", name=LEAD, who=START)))
        else:
            access.revoke_all(
                session, [one for one in access.of_leads(session) if one.name == LEAD], who=START
            )
        for rater in people:
            token = access.invite(session, role="clinician", name=rater.key, rater_id=rater.id, who=START)
            links.append((f"clinician {rater.key}", token))
        return links
