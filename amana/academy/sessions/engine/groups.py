"""People into groups: as even as can be, and others than the last time."""

from collections.abc import Collection, Sequence
from hashlib import sha256


def divide(seats: Collection[int], size: int, seed: str) -> tuple[tuple[int, ...], ...]:
    """Divide seats into groups; none has fewer than two people unless there is one."""
    # By a hash of the event's id: as random as a draw, and the same when it is sent
    # twice.
    mixed = sorted(seats, key=lambda seat: sha256(f"{seed}/{seat}".encode()).digest())
    many = max(1, round(len(mixed) / max(2, size))) if mixed else 0
    return tuple(tuple(sorted(mixed[start::many])) for start in range(many))


def add_latecomer(
    groups: Sequence[Sequence[int]], seat: int
) -> tuple[tuple[int, ...], ...]:
    """Add a person who comes later to the smallest group."""
    if any(seat in members for members in groups) or not groups:
        return tuple(tuple(members) for members in groups)
    smallest = min(range(len(groups)), key=lambda place: len(groups[place]))
    return tuple(
        (*members, seat) if place == smallest else tuple(members)
        for place, members in enumerate(groups)
    )
