"""What the figures learn of exercises. This room does not know them: one above, which
knows both, connects the two."""

from collections.abc import Callable
from uuid import UUID

from amana.registry import Registry

OBSERVATION_RECORDERS: Registry[Callable[..., UUID]] = Registry()
"""One takes the kind of an observation and its fields, and returns its id."""


def observe(kind: str, **fields: object) -> UUID:
    """Report an observation to the figures, and return its id, for a later
    correction. Raises ValueError where nothing, or more than one, is connected."""
    # Exactly one: counted twice, an exercise would be as wrong as not at all.
    [record] = OBSERVATION_RECORDERS
    return record(kind, **fields)
