"""Texts as ROUGE reads them: lower-case runs of a-z and 0-9, stemmed or not, one character a word."""

from __future__ import annotations

import threading

from annotate.metrics.porter import stem

WORDS = 500_000
"""How many different words are kept before a vocabulary starts afresh."""
CHARACTERS = 16_000_000
"""How much text is remembered as spelled."""

_SPACED = bytes(ord(chr(byte).lower()) if byte < 128 and chr(byte).isalnum() else 0x20 for byte in range(256))


def split(text: str) -> list[bytes]:
    """Return the words of `text` in the way of the ROUGE package: everything else is a space.

    Examples
    --------
    >>> split("BP 120/80, naïve")
    [b'bp', b'120', b'80', b'na', b've']
    """
    lower = text if text.isascii() else text.lower()
    return lower.encode("ascii", "replace").translate(_SPACED).split()


class Vocabulary(dict[bytes, str]):
    """Word to the character that stands for it; words with one stem share a character.

    A text then is a plain string, which compiled code compares directly. One pair of texts must be spelled
    by one vocabulary: call `fresh` before each pair, never within.

    Examples
    --------
    >>> spell = Vocabulary(stemmed=True).spell
    >>> spell("The patient was walking.") == spell("the patients was walked")
    True
    """

    def __init__(self, *, stemmed: bool) -> None:
        super().__init__()
        self._stemmed = stemmed
        self._letters: dict[str, str] = {}
        self._spelled: dict[str, str] = {}
        self._characters = 0

    def __missing__(self, word: bytes) -> str:
        # ROUGE stems only words of more than three letters.
        shown = word.decode("ascii")
        root = stem(shown) if self._stemmed and len(shown) > 3 else shown
        letter = self[word] = self._letters.setdefault(root, chr(len(self._letters)))
        return letter

    def spell(self, text: str) -> str:
        """Return `text` with one character for each of its words; what comes again is not read again."""
        spelled = self._spelled.get(text)
        if spelled is None:
            spelled = self._spelled[text] = "".join(map(self.__getitem__, split(text)))
            self._characters += len(text)
        return spelled

    def fresh(self) -> None:
        """Forget what has outgrown its limit, so that memory stays bounded."""
        if self._characters > CHARACTERS or len(self) > WORDS:
            self._spelled.clear()
            self._characters = 0
        if len(self) > WORDS:
            self.clear()
            self._letters.clear()


_own = threading.local()


def vocabulary(*, stemmed: bool) -> Vocabulary:
    """Return this thread's vocabulary, which all metrics that read words in the same way share."""
    name = "stemmed" if stemmed else "plain"
    if not hasattr(_own, name):
        setattr(_own, name, Vocabulary(stemmed=stemmed))
    found: Vocabulary = getattr(_own, name)
    return found
