"""A document's tables for LaTeX: short ones float, long ones run over pages; nothing in them is a command."""

from __future__ import annotations

import math
import re
import unicodedata

from agreement.paper.document import Document, Table, shown

LONG = 26
"""A table of more lines may not fit on a page."""
LINE = 120
"""Letters of a note on one line."""
WIDE = 34
"""A column with more letters than this is set as a paragraph."""
PREAMBLE = r"\usepackage[T1]{fontenc}\usepackage{longtable}"


def latex(document: Document) -> bytes:
    """Return every table as a LaTeX table, to input or to copy from.

    Examples
    --------
    >>> print(latex(Document("R", "", ())).decode(), end="")
    % R
    % Needs \\usepackage[T1]{fontenc}\\usepackage{longtable}; wide tables need a landscape page.
    """
    said = [document.title, *(f"{name}: {value}" for name, value in document.provenance)]
    head = ["% " + " ".join(line.split()) for line in said]
    head.append(f"% Needs {PREAMBLE}; wide tables need a landscape page.")
    return "\n".join([*head, *map(_table, document.tables()), ""]).encode("utf-8")


def _table(table: Table) -> str:
    label = re.sub(r"[^\w.-]", "_", table.key, flags=re.ASCII)
    caption = rf"\caption{{{tex(table.title)}}}\label{{tab:{label}}}"
    cells = [[shown(cell) for cell in row] for row in table.rows]
    widths = [max(map(len, column), default=0) for column in zip(table.columns, *cells, strict=True)]
    columns = _columns(widths)
    head = " & ".join(map(tex, table.columns)) + r" \\ \hline"
    rows = [" & ".join(map(tex, row)) + r" \\" for row in cells]
    note = [rf"\par\footnotesize {tex(table.note)}"] if table.note else []
    lines = sum(max(1, *(math.ceil(len(cell) / WIDE) for cell in row)) for row in cells)
    if lines + len(table.note) / LINE > LONG:
        inside = [caption + r" \\ \hline", head, r"\endhead", *rows, r"\hline"]
        body = [rf"\begin{{longtable}}{{{columns}}}", *inside, r"\end{longtable}", *note]
        return "\n".join(["", r"\begingroup\small", *body, r"\par\endgroup"])
    inside = [rf"\begin{{tabular}}{{{columns}}}\hline", head, *rows, r"\hline\end{tabular}", *note]
    return "\n".join(["", r"\begin{table}[htbp]\centering\small", caption, *inside, r"\end{table}"])


def _columns(widths: list[int]) -> str:
    """Short columns as they are; long ones share four fifths of the line less what the short ones take."""
    long = sum(width > WIDE for width in widths)
    left = max(0.25, 0.85 - 0.006 * sum(width for width in widths if width <= WIDE))
    share = rf"p{{{left / max(long, 1):.2f}\linewidth}}"
    return "".join(share if width > WIDE else "l" for width in widths)


def tex(text: str) -> str:
    r"""Return text that LaTeX sets as it stands; a letter that its faces lack becomes a question mark.

    Examples
    --------
    >>> print(tex("50 % of [a_b] ≥ 3 é 病"))
    50 \% of {[}a\_b{]} $\geq$ 3 é ?
    """
    return "".join(_SIGNS.get(c) or _letter(c) for c in " ".join(text.split()))


def _letter(c: str) -> str:
    if " " <= c <= "~" or (" " <= c <= "ž" and c not in _LACKING):
        return c
    plain = unicodedata.normalize("NFKD", c)[:1]
    return plain if " " < plain <= "~" and plain not in _SIGNS else "?"


_LACKING = "\u00ad" + "ĦħĸĿŀŉŦŧ"
"""Letters below U+017F that T1 has not, and the soft hyphen."""
_MATHS = {
    "±": "pm", "≥": "geq", "≤": "leq", "≠": "neq", "≈": "approx", "×": "times", "→": "rightarrow",
    "←": "leftarrow", "∞": "infty", "α": "alpha", "β": "beta", "κ": "kappa", "λ": "lambda", "μ": "mu",
    "ρ": "rho", "σ": "sigma", "τ": "tau", "χ": "chi",
}  # fmt: skip
_SIGNS = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "–": "--", "—": "---",
    "−": "$-$", "<": "$<$", ">": "$>$", "|": "$|$", "…": r"\ldots{}", '"': r"\textquotedbl{}",
    **{c: "\\" + c for c in "&%$#_{}"},
    **{c: f"{{{c}}}" for c in "[]*`'"},  # a row that begins with [ or * would be read as part of its \\
    **{c: rf"$\{name}$" for c, name in _MATHS.items()},
    "“": "``", "”": "''", "‘": "`", "’": "'",
}  # fmt: skip
