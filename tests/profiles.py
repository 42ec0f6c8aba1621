"""How many examples are taken each time where every single one is dear."""

from django.db import connection
from hypothesis import settings

EXAMPLES = 25


def each_time(examples: int) -> int:
    """So many in the ordinary profile; all that any other asks for."""
    if settings.get_current_profile_name() == "fast":
        return shortened(examples)
    return settings().max_examples


def shortened(examples: int) -> int:
    """Half of them on PostgreSQL, the first: on SQLite all are taken already."""
    return -(-examples // 2) if connection.vendor == "postgresql" else examples
