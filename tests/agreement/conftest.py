"""Published figures for the tests of this folder."""

import json
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("busy machine", deadline=None)
settings.load_profile("busy machine")


@pytest.fixture(scope="session")
def golden_categorical():
    file = Path(__file__).with_name("golden_categorical.json")
    return json.loads(file.read_text(encoding="utf-8"))
