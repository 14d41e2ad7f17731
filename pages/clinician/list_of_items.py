"""A rater's items as a table with links, readable for a screen reader too."""

from __future__ import annotations

from html import escape

import streamlit as st

from verbs.mine import Line, Mine

STYLE = """<style>
.consilium-items { border-collapse: collapse; width: 100%; max-width: 52rem; }
.consilium-items th, .consilium-items td { text-align: left; padding: .45rem .8rem;
  border-bottom: 1px solid rgb(128 128 128 / 35%); }
.consilium-items a, a.consilium-go { color: var(--consilium-link, #0b6e6e); }
.consilium-items :is(td, th):first-child { white-space: nowrap; }
@media (pointer: coarse) { .consilium-items :is(td, th) { padding: 0 .5rem; }
  .consilium-items a { display: inline-flex; align-items: center; min-height: 44px; min-width: 44px; } }
@media (prefers-color-scheme: dark) { .consilium-items a { color: #5cc2c2; } }
a.consilium-go { display: inline-block; padding: .55rem 1.2rem; border-radius: .5rem;
  background: #0b6e6e; color: #fff; text-decoration: none; }
</style>"""


def show_items(mine: Mine) -> None:
    """Show every item that the rater may open, with its state and a link."""
    if not mine.lines:
        st.info("Nothing has been assigned to you so far.")
        return
    rows = "".join(map(_row, mine.lines))
    head = "<tr><th scope='col'>Item</th><th scope='col'>State</th><th scope='col'>Open</th></tr>"
    st.html(f"{STYLE}<table class='consilium-items'><thead>{head}</thead><tbody>{rows}</tbody></table>")


def _row(line: Line) -> str:
    address, name = f"/rate?item={line.assignment}", escape(f"{line.act}: {line.name}")
    link = f"<a href='{address}' target='_self' aria-label='{name}'>{escape(line.act)}</a>"
    return f"<tr><td>{escape(line.name)}</td><td>{escape(line.state)}</td><td>{link}</td></tr>"
