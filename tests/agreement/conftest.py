"""Published figures for the tests of this folder."""

import json
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def golden_categorical():
    file = Path(__file__).with_name("golden_categorical.json")
    return json.loads(file.read_text(encoding="utf-8"))
