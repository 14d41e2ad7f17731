"""Who takes part, as a terminal says it: names in a row, or a CSV file about them."""

from __future__ import annotations

import csv
from pathlib import Path

from annotate.design import Available
from annotate.fault import Fault


def available(said: str) -> list[Available]:
    """Read raters from ``"C01,C02"`` or from a CSV file with rater, group, specialties and cap."""
    if said.lower().endswith(".csv") or Path(said).is_file():
        return _from_file(Path(said))
    return [Available(name.strip()) for name in said.split(",") if name.strip()]


def _from_file(file: Path) -> list[Available]:
    try:
        rows = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError) as error:
        raise Fault(f"{file} cannot be read ({error}); give a CSV in UTF-8 with the column rater.") from None
    found, wrong = [], []
    for line, row in enumerate(rows, 2):
        name, cap = (row.get("rater") or "").strip(), (row.get("cap") or "").strip()
        if not name:
            wrong.append(f"{file.name} line {line}: the column 'rater' is empty; write the rater's name.")
        if cap and not cap.isdecimal():
            wrong.append(f"{file.name} line {line}: cap {cap!r} is not a whole number.")
        if not wrong:
            words = tuple(w.strip() for w in (row.get("specialties") or "").split(";") if w.strip())
            group = (row.get("group") or "").strip()
            found.append(Available(name, group, words, int(cap) if cap else None))
    if wrong or not found:
        raise Fault(*(wrong or [f"{file.name} names no rater; give it a column 'rater' with one a line."]))
    return found
