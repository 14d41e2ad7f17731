"""Run every benchmark, one after the other, and write one table of what they measured."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
TABLE = Path("benchmarks.md")


def names() -> list[str]:
    """Every program here that measures."""
    return sorted(file.stem for file in HERE.glob("*.py") if not file.stem.startswith("_"))


def run(name: str, quick: bool, folder: Path) -> list[dict[str, object]]:
    """Run one in a process of its own; one that fails is said and does not stop the others."""
    figures = folder / f"{name}.json"
    command = [sys.executable, str(HERE / f"{name}.py"), "--json", str(figures), *["--quick"] * quick]
    print(f"== {name}", flush=True)
    done = subprocess.run(command, check=False)
    if done.returncode != 0:
        print(f"{name} ended with {done.returncode}", flush=True)
    found = json.loads(figures.read_text(encoding="utf-8")) if figures.exists() else []
    rows = found if isinstance(found, list) else [found]
    return [{"benchmark": name, **row} for row in rows]


def table(rows: list[dict[str, object]]) -> str:
    """Return the rows as Markdown, with every column that any of them has."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(_cell(row.get(column)) for column in columns) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="names; all where none is given")
    parser.add_argument("--quick", action="store_true")
    opts = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [row for name in opts.only or names() for row in run(name, opts.quick, Path(folder))]
    TABLE.write_text(table(rows), encoding="utf-8")
    print(f"{len(rows)} figures are in {TABLE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
