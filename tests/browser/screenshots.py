"""Pictures of each clinician page, both schemes, three widths: `python -m tests.browser.screenshots`."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from annotate.survey import survey_items
from data.shipped import protocol_text, taxonomy
from tests import rating_studies as made
from tests.browser.conftest import ARGUMENTS
from tests.browser.test_room import FORM, RANKING, SPANS, select
from tests.conftest import free_port
from tests.serving import Server

SIZES = {"laptop": (1366, 768), "tablet": (768, 1024), "desk": (1920, 1080)}
TALK = "\n".join(
    f"{who}: {words}"
    for who, words in (
        ("Doctor", "Good morning, what brings you in today?"),
        ("Patient", "I have had this cough for three weeks, and it is worse at night."),
        ("Doctor", "Any fever, or blood when you cough?"),
        ("Patient", "A little fever in the first days. No blood."),
        ("Doctor", "Are you allergic to anything?"),
        ("Patient", "Penicillin. I come out in hives."),
    )
)
PLACE = {"category": "Clinical Decision Support", "subcategory": "Planning Treatments"}
ANCHORED = protocol_text("medhelm")


def answered(page: Page) -> None:
    page.keyboard.type("42")
    page.keyboard.press("Control+Enter")


def marked(page: Page) -> None:
    select(page, "amoxicillin 500 mg")
    page.keyboard.type("12")
    select(page, "bronchitis")


def traced(page: Page) -> None:
    select(page, "She is allergic to penicillin")
    page.keyboard.press("f")
    page.keyboard.press("u")


def moved(page: Page) -> None:
    page.keyboard.press("2")
    page.keyboard.type("pati")


def ended(page: Page) -> None:
    page.keyboard.type("425")
    page.keyboard.press("Control+Enter")
    page.locator(".ending").wait_for()


def listed(page: Page) -> None:
    page.keyboard.type("425")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="My ratings").click()
    page.get_by_role("heading", name="Taking part").wait_for()


SCENES: dict[str, tuple[str, dict[str, Any], Callable[[Page], object]]] = {
    "anchored": (ANCHORED, {"prompt": "Write the note of this visit.", "source": TALK}, answered),
    "three": (made.THREE, {"source": made.long_text(600)}, traced),
    "spans": (SPANS, {}, marked),
    "ranking": (RANKING, {"answers": (made.ANSWER,) * 3}, lambda page: page.keyboard.type("21")),
    "form": (FORM, {"answers": (made.ANSWER,) * 2, "criteria": ("Names the drug",)}, lambda page: None),
    "taxonomy": (protocol_text("taxonomy-review"), dict(PLACE), moved),
    "survey": (
        protocol_text("taxonomy-survey"),
        {"cases": list(survey_items(taxonomy())[:3])},
        lambda page: None,
    ),
    "keys": (made.THREE, {}, lambda page: page.keyboard.press("?")),
    "end": (made.THREE, {"cases": 1}, ended),
    "mine": (made.THREE + "consent: I take part of my own will.\n", {}, listed),
    "consent": (made.THREE + "consent: I take part of my own will.\n", {}, lambda page: None),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", nargs="*", default=list(SCENES))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp())
    server = Server(f"sqlite:///{folder / 'consilium.db'}", free_port(), folder).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            for scheme in ("light", "dark"):
                for size, (width, height) in SIZES.items():
                    context = browser.new_context(
                        color_scheme=scheme, viewport={"width": width, "height": height}
                    )
                    for name in args.only:
                        shoot(context.new_page(), server, name, args.out / f"{name}-{scheme}-{size}.png")
                        context.clear_cookies()
    finally:
        server.kill()
        shutil.rmtree(folder)
    print(f"{len(list(args.out.glob('*.png')))} pictures in {args.out}")


def shoot(page: Page, server: Server, name: str, file: Path) -> None:
    protocol, changes, act = SCENES[name]
    token, _ = made.make_study(server.url, protocol, changes.get("cases", 2), **_case(changes))
    page.goto(f"{server.base}/enter#{token}")
    agree = page.get_by_role("button", name="I have read this")
    page.locator(".room h1").or_(agree).first.wait_for()
    if name != "consent" and agree.is_visible():
        agree.click()
        page.locator(".room h1").wait_for()
    act(page)
    page.wait_for_timeout(400)
    page.screenshot(path=file)
    page.close()


def _case(changes: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in changes.items() if key != "cases"}


if __name__ == "__main__":
    main()
