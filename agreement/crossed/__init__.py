"""Crossed random effects of items and raters by REML, for incomplete and unbalanced ratings."""
