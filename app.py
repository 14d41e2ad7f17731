"""The ASGI app: routes, headers, start-up. `python app.py`, `consilium` and uvicorn all start it."""

import importlib
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
import uvicorn

from annotate.fault import Fault
from pages import settings
from pages.layers import LAYERS, bundle
from pages.routes import ROUTES
from pages.the_store import the_store
from verbs.start import addresses


@asynccontextmanager
async def start_up(_app: Any) -> AsyncIterator[None]:
    """Open and migrate the store before the first request, close it after the last."""
    store = the_store()
    threading.Thread(target=importlib.import_module, args=("pandas",), daemon=True).start()
    threading.Thread(target=bundle.prepare, args=(2.0,), daemon=True).start()
    yield
    store.close()


settings.apply()
settings.session_hours()  # what is wrong with it is said now, not to the first who signs in
_SHELL = Path(__file__).parent / "pages" / "shell.py"
app = st.App(_SHELL, routes=ROUTES, middleware=LAYERS, lifespan=start_up)


def main() -> None:
    """Serve on CONSILIUM_HOST and CONSILIUM_PORT, after saying where to sign in."""
    host, port = settings.listening()
    print(addresses(the_store(), f"http://{host}:{port}"), flush=True)
    settings.apply(**{"server.address": host, "server.port": port})
    # Streamlit's own start hands uvicorn a socket on which the last packet of every answer waits 40 ms
    # (no TCP_NODELAY); one that uvicorn opens does not wait.
    uvicorn.run(app, host=host, port=port, ws="websockets-sansio", log_level="warning", access_log=False)


if __name__ == "__main__":
    try:
        main()
    except Fault as fault:
        raise SystemExit(str(fault)) from None
