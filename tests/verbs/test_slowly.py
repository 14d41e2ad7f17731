"""A quick run says nothing meanwhile; a slow one says its present step, again and again."""

import time

from verbs.slowly import slowly


def test_a_quick_run_is_silent(capsys):
    with slowly(after=30.0) as step:
        step("reading")
    assert capsys.readouterr() == ("", "")


def test_a_slow_run_tells_its_present_step_on_stderr_and_stops_when_it_is_done(capsys):
    with slowly(after=0.05, every=0.05) as step:
        step("reading r.csv")
        time.sleep(0.3)
        step("quality: the jury with the clinicians")
        time.sleep(0.3)
    printed, told = capsys.readouterr()
    lines = told.splitlines()
    assert printed == ""
    assert lines[0].startswith("… reading r.csv (")
    assert lines[-1].startswith("… quality: the jury with the clinicians (")
    time.sleep(0.2)
    assert capsys.readouterr().err == ""
