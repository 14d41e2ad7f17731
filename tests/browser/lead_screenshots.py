"""Pictures of the pages Agreement and Decision, both schemes, three widths, on the demo study.

`python -m tests.browser.lead_screenshots --out DIR`
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from data.store import open_store
from tests.browser.conftest import ARGUMENTS
from tests.browser.screenshots import SIZES
from tests.conftest import free_port
from tests.serving import Server
from verbs.start import seed_demo

SECTIONS = (
    "1 At a glance",
    "2 Who rated what",
    "4 Machines against clinicians",
    "8 Systems",
    "Filter the figures",
)
WAIT = 120_000


def agreement(page: Page, server: Server, out: Path, scheme: str, size: str) -> None:
    """Take a picture of the top of each section."""
    page.goto(f"{server.base}/agreement?study=demo")
    for n, section in enumerate(SECTIONS):
        page.get_by_role("radio", name=section).or_(page.get_by_text(section, exact=True)).first.click(
            timeout=WAIT
        )
        page.wait_for_timeout(2500)
        page.screenshot(path=out / f"agreement-{n}-{scheme}-{size}.png", full_page=False)


def decision(page: Page, server: Server, out: Path, scheme: str, size: str) -> None:
    """Take a picture before a plan is stated, and of the whole answer after a look."""
    page.goto(f"{server.base}/decision?study=demo")
    page.get_by_text("The plan").first.wait_for(timeout=WAIT)
    page.wait_for_timeout(1500)
    page.screenshot(path=out / f"decision-0-{scheme}-{size}.png")
    state = page.get_by_role("button", name="State this plan")
    if state.count() == 1 and state.is_visible():
        state.click()
    page.get_by_role("button", name="Look at the jury").click(timeout=WAIT)
    page.get_by_text("May the jury stand in").first.wait_for(timeout=WAIT)
    page.wait_for_timeout(2500)
    page.screenshot(path=out / f"decision-1-{scheme}-{size}.png")
    page.get_by_text("May the jury stand in").first.scroll_into_view_if_needed()
    page.mouse.move(300, 500)
    page.mouse.wheel(0, 700)
    page.wait_for_timeout(800)
    page.screenshot(path=out / f"decision-2-{scheme}-{size}.png")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp())
    url = f"sqlite:///{folder / 'consilium.db'}"
    store = open_store(url)
    seed_demo(store)
    store.close()
    server = Server(url, free_port(), folder).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            for scheme in ("light", "dark"):
                for size, (width, height) in SIZES.items():
                    view = {"width": width, "height": height}
                    page = browser.new_context(color_scheme=scheme, viewport=view).new_page()
                    page.goto(server.link("lead"))
                    page.get_by_role("heading", name="Studies").wait_for(timeout=WAIT)
                    agreement(page, server, args.out, scheme, size)
                    decision(page, server, args.out, scheme, size)
                    page.close()
    finally:
        server.kill()
        shutil.rmtree(folder)
    print(f"{len(list(args.out.glob('*.png')))} pictures in {args.out}")


if __name__ == "__main__":
    main()
