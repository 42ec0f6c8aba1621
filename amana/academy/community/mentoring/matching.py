"""Match mentors and mentees, with reasons. Pure: no Django.

A language in common and room for one more are needed; the same sector and region are
wished for. More reasons come first, then less load, then the earlier offer.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class PairingReason(StrEnum):
    LANGUAGE = "language"
    SECTOR = "sector"
    REGION = "region"


@dataclass(frozen=True)
class PairCandidate:
    """What a person entered about themselves: `load` of `most` are taken already."""

    id: int
    person: int
    sector: str
    languages: frozenset[str]
    region: str = ""
    most: int = 1
    load: int = 0


@dataclass(frozen=True)
class Suggestion:
    mentor: PairCandidate
    reasons: tuple[PairingReason, ...]
    languages: tuple[str, ...]
    """Those in common, sorted."""


def suggest_mentors(
    mentee: PairCandidate, mentors: Iterable[PairCandidate], tried: Collection[int] = ()
) -> list[Suggestion]:
    """Suggest mentors, the best first. `tried` are the people who were in a pair with
    the mentee."""
    found = [
        Suggestion(mentor, tuple(_reasons(mentee, mentor)), _common(mentee, mentor))
        for mentor in mentors
        if mentor.person != mentee.person
        and mentor.person not in tried
        and mentor.load < mentor.most
        and _common(mentee, mentor)
    ]
    return sorted(
        found, key=lambda one: (-len(one.reasons), one.mentor.load, one.mentor.id)
    )


def _common(mentee: PairCandidate, mentor: PairCandidate) -> tuple[str, ...]:
    return tuple(sorted(mentee.languages & mentor.languages))


def _reasons(mentee: PairCandidate, mentor: PairCandidate) -> list[PairingReason]:
    region = mentee.region.strip().casefold()
    return [
        PairingReason.LANGUAGE,
        *[PairingReason.SECTOR] * (mentee.sector == mentor.sector),
        *[PairingReason.REGION]
        * (region != "" and region == mentor.region.strip().casefold()),
    ]
