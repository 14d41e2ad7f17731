"""From figures to the report: its sections as a document, and all its files as bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agreement.decision.check import counted
from agreement.decision.jury import JURY
from agreement.decision.passport import file_name, passport
from agreement.paper.document import Document, Section, Table, spread, trimmed
from agreement.paper.files import csvs, xlsx
from agreement.paper.html import html
from agreement.paper.latex import latex
from agreement.paper.pdf import pdf
from agreement.paper.png import png
from agreement.paper.schema import SCHEMA
from agreement.paper.sections.bias import bias
from agreement.paper.sections.calibrated import calibrated
from agreement.paper.sections.clinicians import clinicians
from agreement.paper.sections.gains import gains
from agreement.paper.sections.glance import glance
from agreement.paper.sections.machines import machines
from agreement.paper.sections.methods import methods
from agreement.paper.sections.people import people
from agreement.paper.sections.statements import statements
from agreement.paper.sections.systems import systems
from agreement.paper.sections.taxonomy import taxonomy
from agreement.paper.svg import svg
from agreement.paper.whole import Whole


def compose(whole: Whole, *, title: str, provenance: Mapping[str, str]) -> Document:
    """Return the report as a document.

    Parameters
    ----------
    provenance : mapping
        Data hash, protocol version, software version; seed and plan are added.
    """
    facts = (*provenance.items(), ("seed", str(whole.settings.seed)), ("plan", whole.plan.hash[:16]))
    counts = (
        counted(whole.outputs, "output"),
        counted(len(whole.clinicians), "clinician"),
        counted(len(set(whole.kinds) - {JURY}), "machine"),
    )
    subtitle = f"Agreement report: {', '.join(counts)}"
    sections = (
        glance(whole),
        people(whole),
        clinicians(whole),
        machines(whole),
        bias(whole),
        calibrated(whole),
        gains(whole),
        systems(whole),
        taxonomy(whole),
        methods(whole, facts),
        statements(whole),
    )
    return Document(title, subtitle, facts, tuple(_trimmed(section) for section in sections if section))


def _trimmed(section: Section) -> Section:
    blocks = (trimmed(block) if isinstance(block, Table) else block for block in section.blocks)
    return replace(section, blocks=tuple(blocks))


def figures(whole: Whole, document: Document) -> dict[str, Any]:
    """Return every figure as plain JSON, under the names that the schema publishes."""
    return {
        "title": document.title,
        "provenance": dict(document.provenance),
        **whole.report.plain(),
        "judges": passports(whole, dict(document.provenance)),
        "tables": {
            table.key: {"title": table.title, "columns": list(columns), "rows": rows, "note": table.note}
            for table in document.tables()
            for columns, rows in [spread(table)]
        },
    }


def passports(whole: Whole, data: Mapping[str, str]) -> dict[str, Any]:
    """Return the passport of each judge."""
    return {
        judge: passport(
            judge,
            decisions,
            whole.plan,
            identity={"kind": whole.kinds[judge], **whole.identities.get(judge, {})},
            data=data,
        )
        for judge, decisions in whole.verdicts.items()
    }


def files(whole: Whole, document: Document) -> dict[str, bytes]:
    """Return every file of the report by its name in the folder; the same study gives the same bytes."""
    made = {
        "report.html": html(document),
        "report.pdf": pdf(document),
        "report.xlsx": xlsx(document),
        "report.json": _json(figures(whole, document)),
        "report.schema.json": _json(SCHEMA),
        "tables.tex": latex(document),
    }
    made |= {f"tables/{file_name(name)}": content for name, content in csvs(document).items()}
    for chart in document.charts():
        name = file_name(chart.key)
        made[f"figures/{name}.svg"] = svg(chart.drawing, chart.title).encode("utf-8")
        made[f"figures/{name}.png"] = png(chart.drawing)
    for judge, content in passports(whole, dict(document.provenance)).items():
        made[f"passports/{file_name(judge)}.json"] = _json(content)
    return made


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")
