"""Text as every database takes it."""


def storable(text: str) -> str:
    r"""Return text without halves of surrogate pairs and zero bytes, which no database keeps.

    Examples
    --------
    >>> storable("half \ud83d, zero \0"), storable("whole 🫁")
    ('half ?, zero �', 'whole 🫁')
    """
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode()
    return text.replace("\0", "\ufffd")
