"""Who is looking at the page that is being drawn."""

from __future__ import annotations

import streamlit as st

from data.store.access import Role, User
from pages.said import end
from pages.the_store import COOKIE, user_of


def current_user() -> User | None:
    """Return who is signed in in this browser."""
    return user_of(st.context.cookies.get(COOKIE))


def require(role: Role) -> User:
    """Return the user, or end the page: the first line of every screen."""
    user = current_user()
    if user is None or user.role != role:
        st.info(f"This page is for a study's {role}s. Please sign in with your personal link.")
        end()
    return user
