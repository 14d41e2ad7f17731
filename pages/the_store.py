"""The one store of this process, and who is asking."""

from __future__ import annotations

from functools import cache

from data.store import Store, access, open_store
from data.store.access import User

COOKIE = "consilium"


@cache
def the_store() -> Store:
    """Return this process's store, opened and migrated at the first call."""
    return open_store()


def user_of(token: str | None) -> User | None:
    """Return whom a browser's cookie belongs to, looked up afresh each time: a revoked link ends at once."""
    if not token:
        return None
    with the_store().reading() as session:
        return access.user(session, token=token)
