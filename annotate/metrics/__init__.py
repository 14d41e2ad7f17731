"""Text metrics: raters of kind metric, one metric a file, each with an identity made of its settings."""
