"""A whole study as a folder of plain files, with the hash of each: written, checked, read back."""

from data.formats.whole.manifest import differences
from data.formats.whole.packed import is_export
from data.formats.whole.read import Export, read_export
from data.formats.whole.study import StudyFiles
from data.formats.whole.write import write_export

__all__ = ["Export", "StudyFiles", "differences", "is_export", "read_export", "write_export"]
