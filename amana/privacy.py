"""What each stored field reveals about a person, declared in the model that stores it.

Every model carries `class Privacy`, and the build fails for a field that has no class
there (tests/architecture/test_privacy.py):

    class Privacy:
        kept = "Two years after the case is closed."
        body = sealed
        urgency = sensitive
        author = personal
        created_at = plain

The automatic `id` needs no class. The classes also make the register of processing
that a data-protection officer asks for.
"""

from enum import StrEnum


class Privacy(StrEnum):
    SEALED = "sealed"
    """Ciphertext or a wrapped key: readable only with a person's own secret."""
    SENSITIVE = "sensitive"
    """In the clear, and says something of a person's health, journey or risk."""
    PERSONAL = "personal"
    """In the clear, and names or points to a person, a colleague included."""
    PLAIN = "plain"
    """Says nothing about any one person."""


sealed = Privacy.SEALED
sensitive = Privacy.SENSITIVE
personal = Privacy.PERSONAL
plain = Privacy.PLAIN
