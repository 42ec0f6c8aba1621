"""Telephone numbers as people write them, and as a telephone dials them."""

import re
import unicodedata

ONE_NUMBER = re.compile(r"\+?[\d ().*#-]*\d[\d ().*#-]*")
FROM_ABROAD = ("+", "00")
SET_APART = re.compile(r" -+ ")
"""A dash with space on both sides stands between two things."""
ADDED = re.compile(r"\([\d ]+\)[ .-]*\Z")
"""What stands in brackets behind a number, such as how many hours it answers."""
SHORT_NUMBERS = re.compile(r"[( ]*[1-9]\d\d(?:[ ().-]+\d{3})+[ ().-]*")
"""Three digits and three digits: each could be a whole number, such as 112 and 911."""


def format_dialled(written: str) -> str:
    """Return the digits of any script, with `+`, `*` and `#`; empty where there is, or
    may be, more than one number, or words. One number of groups of three is written
    without spaces: 116111."""
    text = "".join(map(_plain, written)).strip()
    if text.startswith(FROM_ABROAD):
        text = text.replace("(0)", "")  # +962 (0)6: the zero is for calls at home
    # A link that dials nothing is better than a wrong number.
    if not ONE_NUMBER.fullmatch(text) or may_be_more(text):
        return ""
    return "".join(sign for sign in text if sign in "+0123456789*#")


def may_be_more(text: str) -> bool:
    return bool(
        SET_APART.search(text) or ADDED.search(text) or SHORT_NUMBERS.fullmatch(text)
    )


def _plain(sign: str) -> str:
    """Return any digit, space or dash as the one of ASCII; signs that can't be seen are
    dropped."""
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return {"Zs": " ", "Pd": "-", "Cf": ""}.get(unicodedata.category(sign), sign)
