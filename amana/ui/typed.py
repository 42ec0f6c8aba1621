"""What a person typed: kept where a form could not be accepted, and read with care."""

import re

from django.http import HttpRequest

SECRET = (
    *("pass", "secret", "code", "token", "pin", "otp", "key", "credential"),
    *("unlock", "slip"),
)
WORDS = re.compile(r"[^\W\d_]+")
MOST_DIGITS = 18
"""A number of so many digits fits into every column of the database."""


def parse_small_int(text: str) -> int | None:
    """Parse a whole number, or return None: also where it would be absurd."""
    return int(text) if text.isdecimal() and len(text) <= MOST_DIGITS else None


def is_secret(name: str) -> bool:
    """Check whether a word of a field's name is one of what unlocks something."""
    return any(word.startswith(SECRET) for word in WORDS.findall(name.lower()))


def is_hidden(request: HttpRequest, name: str) -> bool:
    """Check whether a field unlocks something, by its name, or as the view has marked
    it with `sensitive_post_parameters`."""
    hidden = getattr(request, "sensitive_post_parameters", ())
    return hidden == "__ALL__" or name in hidden or is_secret(name)


def list_typed_sentences(request: HttpRequest) -> list[str]:
    """List sentences that would be hard to write again, to be copied from the page.

    Never what is hidden."""
    return [
        value
        for name, values in request.POST.lists()
        if not is_hidden(request, name)
        for value in values
        # Codes, ids and boxes have no space; what has one was written by a person.
        if " " in value.strip()
    ]
