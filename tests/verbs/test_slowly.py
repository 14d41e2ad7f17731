"""A quick run says nothing meanwhile; a slow one says its present step, again and again."""

import time

from verbs.slowly import slowly


def told(capsys, words):
    """Wait until a line that begins with these words is told on stderr, however busy the machine."""
    said, until = "", time.monotonic() + 60
    while not any(line.startswith(words) for line in said.splitlines()):
        assert time.monotonic() < until, said
        time.sleep(0.02)
        printed, more = capsys.readouterr()
        assert printed == ""
        said += more


def test_a_quick_run_is_silent(capsys):
    with slowly(after=30.0) as step:
        step("reading")
    assert capsys.readouterr() == ("", "")


def test_a_slow_run_tells_its_present_step_on_stderr_and_stops_when_it_is_done(capsys):
    with slowly(after=0.05, every=0.05) as step:
        step("reading r.csv")
        for _ in range(2):  # again and again
            told(capsys, "… reading r.csv (")
        step("quality: the jury with the clinicians")
        told(capsys, "… quality: the jury with the clinicians (")
    capsys.readouterr()
    time.sleep(0.2)
    assert capsys.readouterr().err == ""
