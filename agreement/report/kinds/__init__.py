"""Questions whose answers are no single point: sets of labels, marked spans, rankings, preferences."""

from agreement.measure import MEASURES, SPECIAL, Measure, measured
from agreement.report.kinds.figures import asked, figures, spoken
from agreement.report.kinds.told import Told, told

__all__ = ["MEASURES", "SPECIAL", "Measure", "Told", "asked", "figures", "measured", "spoken", "told"]
