"""Telephone numbers as people write them, and as a telephone dials them."""

import re
import unicodedata

ONE_NUMBER = re.compile(r"\+?[\d ().*#-]*\d[\d ().*#-]*")


def dialled(written: str) -> str:
    """The digits of any script, with `+`, `*` and `#`; empty where more than one number
    stands there, or words: a link that dials nothing is better than a wrong number."""
    text = "".join(map(_plain, written)).strip()
    if text.startswith("+"):
        text = text.replace("(0)", "")  # +962 (0)6: the zero is for calls at home
    if not ONE_NUMBER.fullmatch(text):
        return ""
    return "".join(sign for sign in text if sign in "+0123456789*#")


def _plain(sign: str) -> str:
    """Any digit, space or dash as the one of ASCII; signs that nobody sees are gone."""
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return {"Zs": " ", "Pd": "-", "Cf": ""}.get(unicodedata.category(sign), sign)
