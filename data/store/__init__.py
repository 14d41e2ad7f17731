"""The store: every query about studies. Short functions, a query or two each, on an open session."""

from sqlmodel import Session

from data.store.connection import Store, Unavailable, data_folder, location
from data.store.migrate import migrate

__all__ = ["Session", "Store", "Unavailable", "data_folder", "location", "migrate", "open_store"]


def open_store(url: str | None = None) -> Store:
    """Open the database at `url` (default: the configured place), brought to the newest revision."""
    store = Store(url)
    migrate(store)
    return store
