"""The entry script: who are you, and which screens are yours."""

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st

from pages.components.outage import say_outages
from pages.said import Ended, plain
from pages.who import current_user

HERE = Path(__file__).parent
# (file, title, address); the first is where a role starts. The names are promised in docs/.
SCREENS = {
    "clinician": (
        ("clinician/rate.py", "Rate", "rate"),
        ("clinician/mine.py", "My ratings", "mine"),
    ),
    "lead": (
        ("lead/overview.py", "Studies", "studies"),
        ("lead/new_study.py", "New study", "new"),
        ("lead/protocol.py", "Protocol", "protocol"),
        ("lead/bring.py", "Import", "import"),
        ("lead/raters.py", "Raters", "raters"),
        ("lead/assign.py", "Assignment", "assignment"),
        ("lead/adjudicate.py", "Adjudication", "adjudication"),
        ("lead/metrics.py", "Metrics", "metrics"),
        ("lead/jury.py", "Jury", "jury"),
        ("lead/agreement.py", "Agreement", "agreement"),
        ("lead/decision.py", "Decision", "decision"),
        ("lead/export.py", "Export and log", "export"),
    ),
}

STYLE = """<style>.stMainBlockContainer { padding-top: 4.5rem }
.consilium-way { color: inherit; display: inline-block; padding: .6rem 0; }
@media (pointer: coarse) { .stButton button, .stMain summary { min-height: 44px; } }
@media (prefers-color-scheme: dark) { .stApp button[kind^="primary"] { color: #06201f; } }</style>"""


def sign_in() -> None:
    """Say how to come in; shows nothing of any study."""
    st.title("Consilium")
    st.write("Please open the personal link that your study lead sent you.")
    st.html('<a class="consilium-way" href="/enter" target="_self">I have a link to paste</a>')


def screens(role: str) -> list[st.Page]:
    """Return a role's screens, registered by absolute path."""
    rows = enumerate(SCREENS[role])
    return [
        st.Page(HERE / file, title=title, url_path=path, default=n == 0) for n, (file, title, path) in rows
    ]


def say_unknown(role: str) -> None:
    """Say that there is no page of the name in the address: Streamlit's box about it stays shut."""
    asked = urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2]
    # Behind a proxy the app's own address may end in a name, too.
    ours = urlsplit(os.environ.get("CONSILIUM_BASE", "")).path.rstrip("/").rpartition("/")[2]
    if asked and asked not in (ours, *(path for _, _, path in SCREENS[role])):
        st.warning(f"There is no page of this name: “{plain(asked)}”. This is the first page instead.")


st.set_page_config(page_title="Consilium", layout="wide")
st.html(STYLE)
say_outages()
user = current_user()
if user is None:
    st.navigation([st.Page(sign_in, title="Sign in", default=True)], position="hidden").run()
else:
    page = st.navigation(screens(user.role), position="top")
    say_unknown(user.role)
    with suppress(Ended):
        page.run()
    st.html(
        '<p style="text-align:right"><a class="consilium-way" href="/leave" target="_self">Sign out</a></p>'
    )
