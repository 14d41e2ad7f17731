"""How a page says that something went wrong: in the fault's own sentences, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from agreement.refusal import Refusal
from annotate.fault import Fault


@contextmanager
def faults_said() -> Iterator[None]:
    """Show a Fault's sentences instead of the rest of the block."""
    try:
        yield
    except (Fault, Refusal) as fault:
        st.error("\n\n".join(str(fault).splitlines()))


def plain(text: str) -> str:
    """Return text that Markdown leaves as it is: what a rater or a file wrote is never markup.

    Examples
    --------
    >>> plain("a *b* [c](d)")
    'a \\\\*b\\\\* \\\\[c\\\\](d)'
    """
    return "".join("\\" + letter if letter in "\\`*_{}[]<>#$|~:" else letter for letter in text)
