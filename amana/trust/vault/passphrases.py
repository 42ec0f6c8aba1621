"""What makes a passphrase good enough: length, and not being tried first.

At least 15 characters of any kind (NIST SP 800-63B-4; ASVS 5.0, 6.2). No rule says
which characters, nothing makes people change a passphrase without a reason, and
pasting is welcome. Names of the person and of the house don't count towards the
length, and common passwords in a row don't make a passphrase.
"""

import re
import unicodedata
from collections.abc import Collection
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.trust.access.models import User

SHORTEST = 15
LONGEST = 256
LONGEST_PIECE = 40
HOUSE = ("amana", "amanah", "emanet")
ROWS = [
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "ضصثقفغعهخحجد",
    "شسيبلاتنمكط",
]


def check(passphrase: str, *, of: User) -> None:
    """Check whether a passphrase is good enough for `of`. Raises ValidationError with
    what to change.
    """
    if len(passphrase) < SHORTEST:
        raise ValidationError(
            ngettext(
                "At least %(count)d character: a few words that only you would put "
                "together.",
                "At least %(count)d characters: a few words that only you would put "
                "together.",
                SHORTEST,
            )
            % {"count": SHORTEST}
        )
    if len(passphrase) > LONGEST:
        raise ValidationError(
            _("Use at most %(count)d characters.") % {"count": LONGEST}
        )
    if len(passphrase) - count_guessable_characters(passphrase, of=of) < SHORTEST:
        raise ValidationError(
            _(
                "Attackers first try your name, your e-mail address, your "
                "organisation and “Amana”. Without these, it is too short."
            )
        )
    if is_common(passphrase):
        raise ValidationError(
            _(
                "This is made up of passwords that many people use, so it can be "
                "guessed within minutes. Choose a few words of your own."
            )
        )


def list_personal_words(user: User) -> list[str]:
    """List what people who know the person would try first, the longest words first."""
    teams = user.memberships.select_related("team__organisation")
    names = [user.name, user.email.replace("@", " ").replace(".", " ")]
    for membership in teams:
        names += [membership.team.name, membership.team.organisation.name]
    found = {
        simplify_text(word) for name in names for word in re.split(r"[\W_]+", name)
    }
    # Long words go first: taking out “ali” first would leave the rest of “alina”
    # uncounted. Pieces of one or two letters are in every text.
    return sorted({w for w in [*found, *HOUSE] if len(w) > 2}, key=len, reverse=True)


def count_guessable_characters(passphrase: str, *, of: User) -> int:
    """Count the characters that people who know the person would know."""
    whole = rest = simplify_text(passphrase)
    for word in list_personal_words(of):
        rest = rest.replace(word, "")
    return len(whole) - len(rest)


def is_common(passphrase: str) -> bool:
    """Return whether nearly all of it is one or two things that guessers try,
    repeated.
    """
    text = simplify_text(passphrase)
    return text in load_common_passwords() or is_made_of(text, load_common_passwords())


def is_made_of(text: str, known: Collection[str], *, stray: int = 3) -> bool:
    """Return whether at most two different pieces, and a few strays, make up all of
    `text`.
    """
    pieces: set[str] = set()
    at = strays = 0
    while at < len(text):
        piece = find_longest_piece(text[at:], known)
        if piece:
            pieces.add(piece)
            at += len(piece)
        else:
            strays += 1
            at += 1
    return len(pieces) <= 2 and strays <= stray


def find_longest_piece(text: str, known: Collection[str]) -> str:
    """Find the longest common password, run along a keyboard row, or repetition that
    `text` begins with; empty if there is none.
    """
    # Three letters and fewer are common in any language's words and prove nothing.
    for size in range(min(len(text), LONGEST_PIECE), 3, -1):
        piece = text[:size]
        if piece in known or is_run(piece):
            return piece
    return ""


def is_run(piece: str) -> bool:
    again = len(set(piece)) <= 2
    return again or any(piece in row * 2 or piece in row[::-1] * 2 for row in ROWS)


def simplify_text(text: str) -> str:
    """Reduce a text to letters and digits, without case and accents, common swaps
    undone.
    """
    spread = unicodedata.normalize("NFKD", text.casefold().translate(SWAPS))
    return "".join(c for c in spread if c.isalnum())


SWAPS = str.maketrans("@$€", "ase")


@cache
def load_common_passwords() -> frozenset[str]:
    """Load the 20,000 most common passwords of known breaches, a list that Django
    ships.
    """
    return frozenset(map(simplify_text, CommonPasswordValidator().passwords))
