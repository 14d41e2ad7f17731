"""Krippendorff's alpha: one level of measurement a file, and the one function that users call."""
