"""How fast the rating room answers, in Chromium, on loopback and over a link with a 120 ms round trip."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, sync_playwright

from benchmarks._label_studio import label_studio
from benchmarks._peer import Study, Walk
from benchmarks._potato import potato
from benchmarks._proxy import Proxy
from benchmarks._room import first_page, saving, walk
from benchmarks._told import Sheet
from benchmarks._wire import bytes_on_the_wire
from tests import rating_studies as made
from tests.browser.conftest import ARGUMENTS
from tests.conftest import free_port
from tests.serving import Server

LINK_SECONDS = 0.12
LINK = "120 ms link"
Started = Callable[[str, int], AbstractContextManager[Walk]]
PEERS: dict[str, tuple[str, Started]] = {
    "potato": ("potato-annotation", potato),
    "label-studio": ("label-studio", label_studio),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--minutes", type=float, default=7.5, help="what is not begun by then is left out")
    parser.add_argument("--path", action="append", default=[], help="a folder with a peer's command")
    parser.add_argument("--only", choices=["ours", *PEERS, "laptop"], action="append")
    args = parser.parse_args()
    sheet = Sheet(args.json)
    folder = Path(tempfile.mkdtemp())
    server = Server(f"sqlite:///{folder / 'consilium.db'}", free_port(), folder).start()
    proxy = Proxy(server.port, LINK_SECONDS / 2)
    path = os.pathsep.join([*args.path, os.environ["PATH"]])
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            parts = {
                "ours": ours(browser, server, f"http://127.0.0.1:{proxy.port}", sheet, args.quick),
                **{name: peer(browser, name, path, sheet, args.quick) for name in PEERS},
                "laptop": old_laptop(browser, server, sheet, args.quick),
            }
            for name in args.only or parts:
                run(name, parts[name], sheet, 60 * args.minutes)
            sheet.compare(tuple(PEERS))
    finally:
        server.kill()
        proxy.close()
        shutil.rmtree(folder)


def run(name: str, part: Generator[None], sheet: Sheet, seconds: float) -> None:
    """Take one step after another, as long as there is time; one that fails is said, and stops its part."""
    try:
        while sheet.seconds() < seconds:
            if next(part, "done"):
                return
        print(f"{name}: the rest is left out, the time is over (--minutes)", flush=True)
    except Exception as problem:
        print(f"{name} stopped: {problem}", flush=True)
    finally:
        part.close()


def ours(browser: Browser, server: Server, far: str, sheet: Sheet, quick: bool) -> Generator[None]:
    """Take every step in our own room."""
    for where, base in (("loopback", server.base), (LINK, far)):
        for words in (300, 5000):
            sheet.add(*walk(browser, server, base, where, words, 8 if quick else 20))
            yield
        sheet.add(saving(browser, server, base, where, 10 if quick else 30))
        yield
        sheet.add(*first_page(browser, server, base, where, 3 if quick else 6))
        yield
        # One who neither reads nor waits: is every answer still where it was typed?
        hurried = walk(browser, server, base, f"{where}, no pause", 300, 20 if quick else 200, reading=0)
        sheet.add(hurried[0])
        yield
    for words in (300, 5000):
        sheet.add(*bytes_on_the_wire(browser, server, words))
        yield


def old_laptop(browser: Browser, server: Server, sheet: Sheet, quick: bool) -> Generator[None]:
    """Take the steps on a processor that is made four and six times slower."""
    for slower in (4,) if quick else (4, 6):
        where = f"processor {slower} times slower"
        for words in (300, 5000):
            sheet.add(*walk(browser, server, server.base, where, words, 8, slower=slower)[1:])
            yield
        sheet.add(*first_page(browser, server, server.base, where, 3, slower))
        yield


def peer(browser: Browser, name: str, path: str, sheet: Sheet, quick: bool) -> Generator[None]:
    """Walk through a peer that is installed, by the same steps."""
    package, started = PEERS[name]
    command = shutil.which(name, path=path)
    if command is None:
        print(f"{name} is not on the path: no peer (pip install {package}, elsewhere than here)", flush=True)
        return
    port, items = free_port(), 4 if quick else 8
    with started(command, port) as walk_through, closing(Proxy(port, LINK_SECONDS / 2)) as proxy:
        for where, at in (("loopback", port), (LINK, proxy.port)):
            for words in (300, 5000):
                study = Study(made.long_text(words), items, f"http://127.0.0.1:{at}")
                sheet.add(*walk_through(browser, study).figures(name, f"{where}, {words:,} words", items))
                yield


if __name__ == "__main__":
    main()
