"""Coefficients between two columns of scores: one a file."""
