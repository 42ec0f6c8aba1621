"""How many examples are taken each time where every single one is dear."""

from hypothesis import settings


def each_time(examples: int) -> int:
    """So many in the ordinary profile; all that any other asks for."""
    if settings.get_current_profile_name() == "fast":
        return examples
    return settings().max_examples
