"""The app as a process of its own, for tests that come to it from outside."""

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from data.store import Store, access, raters, studies

ROOT = Path(__file__).parents[1]


def copied(database, folder):
    """Copy a database file into a test's own folder; return its address."""
    return f"sqlite:///{shutil.copy(database, folder / 'consilium.db')}"


class Server:
    """A running app on a free port of loopback, on a database of its own."""

    def __init__(self, url, port, folder, **environment):
        self.url, self.port, self.log = url, port, folder / "server.log"
        self.base = f"http://127.0.0.1:{port}"
        self.environment = os.environ | {
            "CONSILIUM_DATABASE_URL": url,
            "CONSILIUM_PORT": str(port),
            "PYTHONPATH": str(ROOT),
            **environment,
        }
        # Where this is set every start compiles every package anew, which no user's start does.
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)
        self.process = None

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cli"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        self.wait()
        return self

    def wait(self, seconds=300):
        """Wait until the app answers; where many tests share it, each of them would fail with it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"The app ended at start:\n{self.log.read_text()}")
            try:
                with urllib.request.urlopen(f"{self.base}/health", timeout=60):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        raise RuntimeError(f"The app did not answer in {seconds} s:\n{self.log.read_text()}")

    def worked(self):
        """Return the seconds of a processor's time that the app has used so far."""
        told = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")  # utime and stime of proc(5)

    def kill(self):
        """End the app as a power cut would."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def link(self, role="lead", rater="C01", study="demo"):
        """Make a personal link for the lead or for one of a study's clinicians."""
        store = Store(self.url)
        with store.writing() as session:
            number = None
            if role == "clinician":
                study_id = studies.named(session, name=study).id
                number = raters.find(session, study_id=study_id, key=rater).id
            token = access.invite(session, role=role, name=rater or role, rater_id=number)
        store.close()
        return f"{self.base}/enter#{token}"
