"""What an address asks for, as anyone may have typed it."""


def whole_number(text: str) -> int | None:
    """Return what a whole number in an address says; None where it is none that a database can hold.

    Examples
    --------
    >>> whole_number("12"), whole_number("-1"), whole_number("²"), whole_number("9" * 16)
    (12, None, None, None)
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None
