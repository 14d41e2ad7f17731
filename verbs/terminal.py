"""What every verb shares at a terminal: who sits there, how far the work is, and what is being done."""

from __future__ import annotations

import getpass
import sys

from annotate.progress import Progress
from data.formats.steps import Step


def user() -> str:
    """Return who runs this, for the log."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # in a container a user may have a number and no name
        return "lead"


def bar(step: Step | Progress) -> None:
    """Draw how far the work is, on a terminal only."""
    if sys.stderr.isatty():
        filled = round(30 * step.share)
        line = f"\r{'█' * filled}{'░' * (30 - filled)} {step}\033[K"
        print(line, end="\n" if step.share >= 1 else "", file=sys.stderr, flush=True)


def tell(step: str) -> None:
    """Tell the terminal what is being done."""
    print(f"… {step}", file=sys.stderr, flush=True)
