"""Own components with their scripts and styles."""
