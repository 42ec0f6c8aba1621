"""References that are read out by telephone and typed on any keypad.

Eight random signs and a check sign, all of Crockford's base 32: digits, and letters
that can't be taken for digits. The check is a sum in the field of 32 elements in which
each of the nine places has a weight of its own. So one wrong sign, and any two signs
in each other's place, are always noticed; of other slips 31 in 32 are.
"""

import secrets
from functools import reduce

from amana.trust.access.codes import ALPHABET
from amana.trust.name_matching import normalise_reference

BODY = 8
FIELD = 0b100101
"""x⁵ + x² + 1 is primitive: the first 31 powers of x differ."""


def generate_reference() -> str:
    """Generate a reference. It is random and means nothing."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(BODY))
    return f"{body[:4]}-{body[4:]}{compute_check_sign(body)}"


def compute_check_sign(body: str) -> str:
    values = (ALPHABET.index(sign) for sign in body)
    return ALPHABET[
        reduce(lambda total, value: multiply_by_x(total ^ value), values, 0)
    ]


def multiply_by_x(element: int) -> int:
    doubled = element << 1
    return doubled ^ FIELD if doubled > 31 else doubled


def format_reference(typed: object) -> str:
    """Format a reference as it is stored, however it was typed or read out."""
    signs = normalise_reference(typed)
    return f"{signs[:4]}-{signs[4:]}"


def is_valid_reference(written: object) -> bool:
    """Check that this can be a reference: complete, with the right check sign."""
    signs = normalise_reference(written)
    if len(signs) != BODY + 1 or not set(signs) <= set(ALPHABET):
        return False
    return compute_check_sign(signs[:BODY]) == signs[BODY]


def may_be_misread(written: str) -> bool:
    """Ask whether it may be a reference with a slip: as long as one, with a digit as
    hardly a name has, and with a wrong check sign."""
    signs = normalise_reference(written)
    has_digit = any(sign.isdigit() for sign in written)
    return has_digit and len(signs) == BODY + 1 and not is_valid_reference(written)
