"""What every verb shares at a terminal."""

import io
import subprocess
import sys

import pytest

from annotate.progress import Progress
from data.formats.steps import Step
from verbs import terminal


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    "lost",
    [
        KeyError("getpwuid(): uid not found: 10001"),  # Python up to 3.12, for a user without a name
        OSError("No username set in the environment"),  # Python from 3.13
    ],
)
def test_a_user_without_a_name_is_called_the_lead(monkeypatch, lost):
    def nameless():
        raise lost

    monkeypatch.setattr(terminal.getpass, "getuser", nameless)
    assert terminal.user() == "lead"


@pytest.mark.parametrize(("done", "ends"), [(1, "\033[K"), (4, "\033[K\n")])
def test_the_bar_is_as_long_as_the_share_and_ends_its_line_when_all_is_done(monkeypatch, done, ends):
    for look in (Step("reading", done, 4, "items"), Progress(done, done / 4)):
        monkeypatch.setattr(sys, "stderr", Screen())
        terminal.bar(look)
        drawn = sys.stderr.getvalue()
        assert drawn.count("█") + drawn.count("░") == 30
        assert drawn.count("█") == round(30 * done / 4)
        assert str(look) in drawn
        assert drawn.endswith(ends)


def test_no_bar_is_drawn_into_a_file(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    terminal.bar(Step("reading", 1, 4, "items"))
    assert sys.stderr.getvalue() == ""


def test_a_reader_that_has_seen_enough_ends_the_command_without_a_word(tmp_path):
    """`consilium agree FILE | head -1`: no traceback, from a program of its own with a pipe of its own."""
    rows = [f"i{n},{who},clinician,q,{1 + n * len(who) % 5}" for n in range(40) for who in ("a", "bb")]
    ratings = tmp_path / "ratings.csv"
    ratings.write_text("item,rater,kind,question,value\n" + "\n".join(rows))
    command = [sys.executable, "-m", "cli", "agree", str(ratings)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        running.stdout.close()
        said = running.stderr.read().decode()
    assert (running.returncode, said) == (141, "")
