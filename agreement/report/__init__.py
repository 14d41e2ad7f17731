"""The agreement report: every comparison of clinicians, jury, jurors and metrics, as tables of figures."""

from agreement.report.compare import compare
from agreement.report.figure import BETWEEN, Between, Figure
from agreement.report.tables import Asked, Report, Spoke

__all__ = ["BETWEEN", "Asked", "Between", "Figure", "Report", "Spoke", "compare"]
