"""Coefficients that correct agreement for chance, on declared points: one a file."""
