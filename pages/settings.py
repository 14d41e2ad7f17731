"""Streamlit's options for this app, however it is started."""

from __future__ import annotations

from streamlit import config

OPTIONS: dict[str, object] = {
    # A full garbage collection after every rerun costs more than everything else that a rerun does.
    "runner.postScriptGC": False,
    "runner.magicEnabled": False,
    "browser.gatherUsageStats": False,
    "server.headless": True,
    "server.fileWatcherType": "none",
    "server.maxUploadSize": 500,
    "client.toolbarMode": "minimal",
    # A rater gets our sentence, not a traceback with texts of the study in it.
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "logger.hideWelcomeMessage": True,
    "theme.light.primaryColor": "#0b6e6e",
    "theme.dark.primaryColor": "#5cc2c2",
    "theme.dark.backgroundColor": "#14171a",
    "theme.dark.secondaryBackgroundColor": "#1b1f24",
    "theme.dark.textColor": "#e7e9eb",
}


def apply(**more: object) -> None:
    """Set the options in this process. (Environment variables only reach `streamlit run`.)"""
    for name, value in (OPTIONS | more).items():
        config.set_option(name, value)
