"""What is at rest: the store, its tables and migrations, import and export formats, shipped files."""
