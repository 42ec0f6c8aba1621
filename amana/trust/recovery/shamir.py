"""Shamir's sharing of a secret (1979), over the field of 256 elements that AES uses.

Any `needed` of the shares give the secret, and fewer say nothing about it. A share is
as long as the secret, with its place behind. Nothing here knows Django."""

import os
from collections.abc import Iterable, Sequence

POWERS, LOGARITHMS = [0] * 510, [0] * 256


def _fill() -> None:
    power = 1
    for exponent in range(255):
        POWERS[exponent] = POWERS[exponent + 255] = power
        LOGARITHMS[power] = exponent
        power ^= (power << 1 ^ (0x11B if power & 0x80 else 0)) & 0x1FF  # times 3


_fill()


class UnfitShares(ValueError):
    """These shares can't be of one secret: of the same place, or not equally long."""


def split(secret: bytes, *, shares: int, needed: int) -> list[bytes]:
    """Share a secret among places 1, 2, …"""
    # Each byte has a random line of its own: with one for all, two equal bytes would
    # show as equal in every share.
    lines = [[byte, *os.urandom(needed - 1)] for byte in secret]
    places = range(1, shares + 1)
    return [bytes(_at(line, x) for line in lines) + bytes([x]) for x in places]


def combine(shares: Sequence[bytes]) -> bytes:
    """Combine enough shares into their secret; too few, or others, give noise. Raises
    `UnfitShares`.
    """
    places = [share[-1] for share in shares]
    # Place 0 would be the secret itself, and two shares of one place would divide by
    # zero.
    if 0 in places or len(set(places)) < len(places) or len(set(map(len, shares))) != 1:
        raise UnfitShares
    weights = [_weight(place, places) for place in places]
    return bytes(
        _sum(_times(y, weight) for y, weight in zip(column, weights, strict=True))
        for column in zip(*[share[:-1] for share in shares], strict=True)
    )


def _at(line: list[int], x: int) -> int:
    """Compute the line's height at a place (Horner)."""
    y = 0
    for factor in reversed(line):
        y = _times(y, x) ^ factor
    return y


def _weight(place: int, places: Iterable[int]) -> int:
    """Compute how much the share of a place counts at 0 (Lagrange)."""
    above = below = 0
    for other in places:
        if other != place:
            above += LOGARITHMS[other]
            # In this field subtraction is exclusive or, and a product is a sum of
            # logarithms.
            below += LOGARITHMS[other ^ place]
    return POWERS[(above - below) % 255]


def _times(a: int, b: int) -> int:
    return POWERS[LOGARITHMS[a] + LOGARITHMS[b]] if a and b else 0


def _sum(values: Iterable[int]) -> int:
    total = 0
    for value in values:
        total ^= value
    return total
