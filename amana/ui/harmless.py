"""Text that a person typed, made harmless to display."""

import re

REORDERING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that reverse or embed what follows: they make `exe.gpj` look like a
picture, and one sentence look like another (Unicode TR 36)."""

CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
"""What can't be seen; tabs and line breaks stay."""

TRICKS = re.compile(f"[{REORDERING}{CONTROLS}]")


BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Whatever a cell of a table begins with, a spreadsheet may take for a formula
(OWASP, CSV injection)."""


def escape_formula(said: object) -> str:
    """Add an apostrophe before what a spreadsheet would take for a formula."""
    text = str(said)
    return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text


def remove_tricks(text: str) -> str:
    """Remove characters that reorder or hide; marks of direction stay."""
    if text.isprintable():  # as most is: then none of them is in it
        return text
    return TRICKS.sub("", text.replace("\r\n", "\n"))
