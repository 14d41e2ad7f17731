"""How a page says that something went wrong, in the fault's own sentences, and that it has said all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st

from agreement.refusal import Refusal
from annotate.fault import Fault


class Ended(Exception):
    """A page has said all that there is to say; the shell around it goes on, with the way out."""


def end() -> NoReturn:
    """End a page here. `st.stop` would end the shell around it, too."""
    raise Ended


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
