"""What counts as written in a case: an empty answer is not shared."""

EMPTY: tuple[object, ...] = (None, "", [], {})


def has_value(value: object) -> bool:
    return value not in EMPTY
