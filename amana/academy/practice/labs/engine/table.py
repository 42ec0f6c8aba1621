"""What a table allows: its stages, who may talk in which channel, who may propose.

Pure: the database keeps the stage and the round, and every action asks here first. A
button is on a page if, and only if, the action behind it would be allowed now."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from amana.academy.practice.labs.engine.lab import MEDIATOR, LabRound, RoundKind

EVERYONE = "all"
"""The channel in which all who have a seat talk."""
BETWEEN = "."


class Stage(StrEnum):
    SEATS = "seats"
    """Seats are taken."""
    PLAYING = "playing"
    BREAK = "break"
    SUSPENDED = "suspended"
    """A party has walked away and may come back."""
    AGREED = "agreed"
    BROKEN = "broken"
    """Without an agreement: a party walked away for good, or it was ended so."""
    CLOSED = "closed"
    """The debrief: nothing changes any more."""


NEXT: dict[Stage, frozenset[Stage]] = {
    Stage.SEATS: frozenset({Stage.PLAYING, Stage.CLOSED}),
    Stage.PLAYING: frozenset(
        {Stage.BREAK, Stage.SUSPENDED, Stage.AGREED, Stage.BROKEN, Stage.CLOSED}
    ),
    Stage.BREAK: frozenset(
        {Stage.PLAYING, Stage.SUSPENDED, Stage.BROKEN, Stage.CLOSED}
    ),
    Stage.SUSPENDED: frozenset({Stage.PLAYING, Stage.BROKEN, Stage.CLOSED}),
    # To be played again: the renegotiation, once.
    Stage.AGREED: frozenset({Stage.PLAYING, Stage.CLOSED}),
    Stage.BROKEN: frozenset({Stage.PLAYING, Stage.CLOSED}),
    Stage.CLOSED: frozenset(),
}
RUNNING = frozenset({Stage.PLAYING, Stage.BREAK, Stage.SUSPENDED})
ENDED = frozenset({Stage.AGREED, Stage.BROKEN})


@dataclass(frozen=True)
class TableNow:
    """A table at one moment, as far as it decides what may be done."""

    stage: Stage
    round: LabRound | None
    """The round that is played; None while seats are taken."""
    is_signed: bool
    """A party has signed, so the text stays as it is."""
    has_left: frozenset[str] = frozenset()
    """The parties that walked away and have not come back."""

    @property
    def may_propose(self) -> bool:
        return (
            self.stage == Stage.PLAYING
            and self.round is not None
            and self.round.kind == RoundKind.OFFER
            and not self.is_signed
        )

    @property
    def may_sign(self) -> bool:
        return self.stage == Stage.PLAYING

    @property
    def may_call_break(self) -> bool:
        return self.stage == Stage.PLAYING

    @property
    def may_change_seats(self) -> bool:
        return self.stage == Stage.SEATS

    def may_walk_away(self, party: str) -> bool:
        return self.stage in RUNNING and party not in self.has_left

    def may_come_back(self, party: str) -> bool:
        return self.stage == Stage.SUSPENDED and party in self.has_left

    def may_talk(self, channel: str) -> bool:
        """Check whether something can be written in a channel now."""
        members = parse_channel(channel)
        # While seats are taken not even notes: the next one there would read them.
        if self.stage in (Stage.CLOSED, Stage.SEATS):
            return False
        if len(members) == 1 and channel != EVERYONE:
            return True
        if self.stage in ENDED:
            return True
        if self.stage == Stage.BREAK:
            # In a break the mediator goes from one to the other.
            return channel != EVERYONE and MEDIATOR in members
        if self.stage == Stage.SUSPENDED:
            # Two by two, to bring back the one that left.
            return channel != EVERYONE
        return self.round is not None and is_open_in(self.round.kind, channel)


def is_open_in(kind: RoundKind, channel: str) -> bool:
    if kind == RoundKind.ALONE:
        return False
    return kind != RoundKind.CAUCUS or channel != EVERYONE


# --- channels


def build_channel(seats: Collection[str]) -> str:
    """Build the code of the channel between seats; of one seat: its own notes."""
    return BETWEEN.join(sorted(set(seats)))


def parse_channel(channel: str) -> frozenset[str]:
    """List the seats that read a channel; of the channel of all only its own name."""
    return frozenset(channel.split(BETWEEN))


def is_read_by(channel: str, seat: str) -> bool:
    """Check whether a seat reads a channel. Without a seat none is read but that of
    all: not those who lead, either."""
    return channel == EVERYONE or (bool(seat) and seat in parse_channel(channel))


def list_channels(seats: Collection[str], seat: str) -> list[str]:
    """List the channels of a seat: of all, of its own notes, with each other seat."""
    if not seat:
        return [EVERYONE]
    others = [other for other in seats if other != seat]
    return [EVERYONE, seat, *(build_channel((seat, other)) for other in others)]


def iterate_all_channels(seats: Collection[str]) -> Iterator[str]:
    """Iterate over every channel that a table of these seats has."""
    yield EVERYONE
    yield from seats
    yield from (build_channel(pair) for pair in combinations(seats, 2))


# --- what is agreed


@dataclass(frozen=True)
class ClauseProposal:
    """Words that were proposed for a clause, and who accepted them."""

    id: int
    clause: str
    accepted: frozenset[str]


def map_agreed(
    proposals: Collection[ClauseProposal],
    needs: Mapping[str, frozenset[str]],
    played: Collection[str],
) -> dict[str, int]:
    """Map each clause that is agreed to its proposal: the one that every party which is
    needed, and is played, has accepted. If none of these is played, all are needed."""
    found = {}
    for proposal in proposals:
        needed = needs[proposal.clause] & set(played) or set(played)
        # At most one of each clause: to accept words is to give up others.
        if needed and proposal.accepted >= needed:
            found[proposal.clause] = proposal.id
    return found
