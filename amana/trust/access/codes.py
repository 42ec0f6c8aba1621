"""Codes that people read aloud, copy by hand and type: Crockford's alphabet, checked.

Letters that look like digits are read as these, case and spaces don't matter, and the
last two characters reveal a slip of the pen before anything is tried.
"""

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LOOKALIKES = str.maketrans("ILOU", "110V")
CHECK = 2


class MisreadCode(ValueError):
    """The code isn't one of ours: a character is wrong or missing."""


def create_code(bits: int) -> str:
    """Create a random code of at least `bits`, in groups of four."""
    # A character of this alphabet holds five bits; rounded up.
    body = "".join(secrets.choice(ALPHABET) for _ in range(-(-bits // 5)))
    return format_grouped(body + compute_check(body))


def parse_code(typed: str) -> str:
    """Parse what someone typed. Raises `MisreadCode`."""
    code = "".join(c for c in typed.upper() if c.isalnum()).translate(LOOKALIKES)
    body, said = code[:-CHECK], code[-CHECK:]
    if not body or not set(code) <= set(ALPHABET) or said != compute_check(body):
        raise MisreadCode
    return code


def compute_check(body: str) -> str:
    number = int.from_bytes(hashlib.sha256(body.encode()).digest()[:4], "big")
    return ALPHABET[number % 32] + ALPHABET[number // 32 % 32]


def format_grouped(code: str) -> str:
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def compute_digest(code: str) -> bytes:
    """Compute what is stored of a code that is random enough not to be guessed."""
    return hashlib.sha256(f"amana code {code}".encode()).digest()
