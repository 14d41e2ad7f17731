"""Chromium, and the app behind it. Without Chromium these tests are skipped by name."""

import shutil
import subprocess
import sys

import pytest

from tests.conftest import free_port, skip
from tests.serving import Server, copied

# Milliseconds in which a thing must be there. A quick machine never waits them out, and a slow one that is
# busy with something else is no fault of the app; a report is reckoned by all cores for a while.
PATIENCE, REPORT = 60_000, 300_000
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker("browser")
            # One process drives the browsers: two Chromiums and an app each are more than two cores carry.
            item.add_marker(pytest.mark.xdist_group("browser"))
            # A browser on a loaded machine misses a moment now and then. What fails twice is broken; what
            # passes at the second try stands in the summary as RERUN, to be looked at.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        if found is None:
            install = [sys.executable, "-m", "playwright", "install", "chromium"]
            subprocess.run(install, check=False, capture_output=True, timeout=600)
            try:
                browser = playwright.chromium.launch(args=ARGUMENTS)
            except Exception as problem:  # playwright has no narrower one for "not installed"
                skip(f"no Chromium: {str(problem).splitlines()[0]} (Debian: apt-get install chromium)")
        else:
            browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def app_on_demo(demo_file, tmp_path_factory):
    """Start one app on the demo study, shared by tests that do not mind one another."""
    folder = tmp_path_factory.mktemp("app")
    server = Server(copied(demo_file, folder), free_port(), folder).start()
    yield server
    server.kill()


@pytest.fixture
def server(demo_file, tmp_path):
    """Start an app of one test's own on a fresh demo study; the test may kill and start it again."""
    started = Server(copied(demo_file, tmp_path), free_port(), tmp_path).start()
    yield started
    started.kill()


@pytest.fixture
def window(chromium):
    """Return what opens an empty browser window of its own; all of them are closed with the test."""
    contexts = []

    def opened(**how):
        contexts.append(chromium.new_context(**how))
        contexts[-1].set_default_timeout(PATIENCE)
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(window):
    """Open an empty browser window at a laptop's size, with no cookie of any earlier one."""
    return window(viewport={"width": 1280, "height": 800})
