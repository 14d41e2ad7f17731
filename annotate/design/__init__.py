"""Who rates what, decided before the first login: the design, its overview, and reassignment."""

from annotate.design.available import Available
from annotate.design.draw import design
from annotate.design.overview import Overview, overview
from annotate.design.reassign import Reassignment, reassign

__all__ = ["Available", "Overview", "Reassignment", "design", "overview", "reassign"]
