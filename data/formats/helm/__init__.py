"""HELM and MedHELM run directories: items, the run's jury as raters, its metrics, and what it hid."""

from data.formats.helm.read import HelmImport, is_helm, links_left, read_helm

__all__ = ["HelmImport", "is_helm", "links_left", "read_helm"]
