"""The arrows between the folders hold: who may import whom, and what stays out of where."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"annotate", "agreement", "data", "verbs", "pages", "app", "cli"}
MAY_IMPORT = {
    "annotate": {"annotate"},
    "agreement": {"agreement"},
    "data": {"data", "annotate"},
    "verbs": {"verbs", "data", "annotate", "agreement"},
    "pages": {"pages", "verbs", "data", "annotate", "agreement"},
    "app": {"pages", "verbs", "data", "annotate"},
    "cli": {"app", "verbs", "data", "annotate", "agreement"},
}
ONLY_IN = {
    "streamlit": {"app", "pages"},
    "sqlmodel": {"data"},
    "sqlalchemy": {"data"},
    "sqlite3": {"data"},
    "alembic": {"data"},
}
NOT_IN_AGREEMENT = {"os", "io", "pathlib", "socket", "time", "datetime", "requests", "urllib", "subprocess"}


def modules():
    for room in sorted(OURS):
        top = ROOT / room
        files = sorted(top.rglob("*.py")) if top.is_dir() else [ROOT / f"{room}.py"]
        yield from ((room, file) for file in files if file.exists())


def imported(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively: write the whole name"
            names.add(node.module or "")
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize(("room", "file"), list(modules()), ids=lambda x: str(x).removeprefix(f"{ROOT}/"))
def test_imports_follow_the_arrows(room, file):
    tops = imported(file)
    assert tops & OURS <= MAY_IMPORT[room]
    for library, rooms in ONLY_IN.items():
        assert library not in tops or room in rooms, f"{library} belongs to {sorted(rooms)}"
    if room == "agreement":
        assert not tops & NOT_IN_AGREEMENT - memory(file), "agreement/ is pure: no file, network or clock"


def memory(file: Path) -> set[str]:
    """A buffer in memory is no file: `from io import BytesIO` is all that a renderer may take of io."""
    taken = [
        n for n in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(n, ast.ImportFrom)
    ]
    names = {alias.name for node in taken if node.module == "io" for alias in node.names}
    return {"io"} if names and names <= {"BytesIO", "StringIO"} else set()
