"""HELM and MedHELM run directories: items, the run's jury as raters, its metrics, and what it hid."""

from data.formats.helm.read import HelmImport, is_helm, links_left, read_helm
from data.formats.helm.tokens import alike

__all__ = ["HelmImport", "alike", "is_helm", "links_left", "read_helm"]
