"""The accounts of an exercise, as the server that passes requests on and the exercise
itself name them."""

CONTROL = "control"
"""That of those who lead."""
OBSERVER_SEAT = "the-observers"
"""Where those who watch sit. No seat of a scenario can have such a code."""
MOST_OBSERVERS = 4


def build_player_account(seat: str, number: int) -> str:
    return f"{seat}-{number}"


def parse_seat(account: str) -> str:
    """Return the code of the seat that an account plays; empty for all others."""
    return account.rpartition("-")[0]
