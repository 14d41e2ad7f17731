"""A protocol as a file: YAML text to Protocol and back, its version, and what changed between two."""

from annotate.protocol_file.differences import differences
from annotate.protocol_file.read import parse
from annotate.protocol_file.write import version, write

__all__ = ["differences", "parse", "version", "write"]
