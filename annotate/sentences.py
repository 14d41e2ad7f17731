"""Where the sentences of a text begin and end: by rules, so that every rater and every run sees the same."""

from __future__ import annotations

import re
from collections.abc import Iterator

NEVER_LAST = frozenset(
    "dr mr mrs ms prof st vs approx fig figs eq ref refs resp incl dept esp e.g i.e cf sr jr hr hrs "  # noqa: SIM905
    "min mins sec wt ht pt pts hx dx rx tx sx fx temp avg est ca viz".split()
)
"""Abbreviations that do not end a sentence, whatever follows."""
BEFORE_NUMBER = frozenset(["no", "nos", "nr", "p", "pp", "vol", "art", "sect", "gr"])
"""Abbreviations only when a number follows: `No. 5`."""

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s|$)|[。！？।؟]+[”’」』）]*")
_MARKER = re.compile(r"\s*(?:[-*+•·‣▪–—]|\(?(?:\d{1,3}|[A-Za-z])[.)]|#{1,6})\s+")
_LINE = re.compile(r"[^\n\r\u2028\u2029]+")
_BLANK = re.compile(r"\n\s*\n|\r\n\s*\r\n")
_NEXT = re.compile(r"\s*([\"'“‘«(\[*_]*)(.?)")
_RULER = re.compile(r"[\s\-=_*#.|:]*")
_WRAPPED = 50
"""A line this long that does not end on punctuation may have been broken to fit a page."""


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the start and end of every sentence, in code points, without the space around it.

    Lines of a list, headings and blank lines end a sentence; a line that was wrapped does not.

    Examples
    --------
    >>> text = "Dr. Roe gave 2.5 mg b.i.d. The dose was halved.\\n- No. 3: stop\\n- Review (e.g. Monday)."
    >>> [text[start:end] for start, end in sentences(text)]
    ['Dr. Roe gave 2.5 mg b.i.d.', 'The dose was halved.', '- No. 3: stop', '- Review (e.g. Monday).']
    """
    found = (part for start, end in _blocks(text) for part in _within(text, start, end))
    return tuple(part for part in found if not _RULER.fullmatch(text, *part))


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield stretches that no sentence leaves: lines, joined where a line was only wrapped."""
    start, last = 0, None
    for line in _LINE.finditer(text):
        if last is not None and not _continues(text, last, line):
            yield start, last.end()
            last = None
        if last is None:
            start = line.start()
        last = line
    if last is not None:
        yield start, last.end()


def _continues(text: str, last: re.Match[str], line: re.Match[str]) -> bool:
    """Whether a line only goes on with the one before: that one was wrapped."""
    before, after = last.group().rstrip(), line.group().lstrip()
    if _BLANK.search(text, last.end(), line.start()) or not before or not after:
        return False
    if before[-1] in ".!?:;。！？।؟|" or _MARKER.match(line.group()) or before.startswith("#"):
        return False
    return after[0].islower() or (len(before) >= _WRAPPED and after[0].isalpha())


def _within(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    marker = _MARKER.match(text, start, end)
    for stop in _END.finditer(text, marker.end() if marker else start, end):
        if _ends(text, stop.start(), stop.end(), end):
            yield from _stripped(text, begin, stop.end())
            begin = stop.end()
    yield from _stripped(text, begin, end)


def _ends(text: str, sign: int, after: int, end: int) -> bool:
    """Whether the punctuation at `sign` ends a sentence."""
    found = _NEXT.match(text, after, end)
    following = found.group(2) if found else ""
    if not following or text[sign] in "。！？।؟":
        return True
    if text[sign] in "!?":
        return not following.islower()
    if following.islower() or (text[sign:after].startswith(("..", "…")) and not following.isupper()):
        return False
    if text[sign + 1 : after]:  # a closing quote or bracket stands after the full stop
        return True
    return not _abbreviates(_word_before(text, sign), following)


def _word_before(text: str, sign: int) -> str:
    begin = sign
    while begin > 0 and not text[begin - 1].isspace() and text[begin - 1] not in "([{\"'“‘/":
        begin -= 1
    return text[begin:sign]


def _abbreviates(word: str, following: str) -> bool:
    bare = word.lower()
    if bare in NEVER_LAST or (bare in BEFORE_NUMBER and following.isdigit()):
        return True
    return len(word) == 1 and word.isalpha() and word.isupper() and following.isalpha() and word != "I"


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
