"""A table as one seat sees it: everything that its page shows, and nothing else.

What is private is chosen here, once, by the seat: a template gets no brief, no note and
no message that its reader may not read."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from amana.academy.practice.labs import table_status
from amana.academy.practice.labs.engine import protocol
from amana.academy.practice.labs.engine import table as tables
from amana.academy.practice.labs.engine.lab import (
    MEDIATOR,
    LabClause,
    LabParty,
    LabRound,
    LabScript,
    RoundKind,
)
from amana.academy.practice.labs.engine.table import EVERYONE, RUNNING, Stage
from amana.academy.practice.labs.models import Lab, LabMessage, Proposal
from amana.academy.practice.labs.table_debrief import TableDebrief


@dataclass(frozen=True)
class ShownPlace:
    code: str
    title: str
    players: int
    is_mine: bool
    has_left: str
    """Why it walked away; empty while it is at the table."""


@dataclass(frozen=True)
class ShownAnswer:
    by: str
    why: str


@dataclass(frozen=True)
class ShownProposal:
    proposal: Proposal
    choice: str
    by: str
    counters: str
    """By whom the words were over which these were written; empty: new ones."""
    accepted: list[str]
    refused: list[ShownAnswer]
    is_mine: bool
    """My party accepts this one."""
    is_refused: bool
    """My party has refused it."""
    is_outside: bool
    """Its choice is outside what my party's brief allows."""


@dataclass(frozen=True)
class ShownClause:
    clause: LabClause
    agreed: Proposal | None
    choice: str
    missing: list[str]
    """Whose acceptance is needed."""
    position: str
    """What my party could live with, by its brief."""
    proposals: list[ShownProposal]
    possible: list[tuple[str, str]]
    """In the debrief: what each party could have accepted."""


@dataclass(frozen=True)
class ShownChannel:
    code: str
    title: str
    count: int
    newest_at: datetime | None
    is_open: bool


class ShownTable:
    """A table for one reader: `seat` is empty for those who only watch or lead."""

    def __init__(self, lab: Lab, seat: str, *, leads: bool, channel: str = "") -> None:
        self.lab = lab
        self.seat = seat
        self.leads = leads
        self.script: LabScript = table_status.load_lab(lab)
        self.now = table_status.get_now(lab, self.script)
        taken = table_status.list_taken_seats(lab)
        between = [code for code in self.script.seats if code in taken]
        own = tables.list_channels(between, seat)
        self.channel = channel if channel in own else EVERYONE
        self._own_channels = own

    # --- what is played

    @property
    def party(self) -> LabParty | None:
        """My party, with its brief, once seats stay as they are: who may still change
        theirs would read one brief after the other."""
        if self.now.may_change_seats:
            return None
        return self.script.parties.get(self.seat)

    @property
    def mediates(self) -> bool:
        return self.seat == MEDIATOR and not self.now.may_change_seats

    @property
    def round(self) -> LabRound | None:
        return self.now.round

    @property
    def round_ends_at(self) -> datetime | None:
        if not self.round or not self.lab.round_began_at:
            return None
        return self.lab.round_began_at + timedelta(minutes=self.round.minutes)

    @property
    def next_round(self) -> int:
        """Return the number of the round that can begin now; 0: none."""
        may = self.lab.stage in (Stage.SEATS, Stage.PLAYING)
        is_last = self.lab.round >= len(self.script.rounds)
        return 0 if not may or is_last or self.lab.reopened_at else self.lab.round + 1

    @property
    def is_closed(self) -> bool:
        return self.lab.stage == Stage.CLOSED

    @property
    def is_running(self) -> bool:
        return self.lab.stage in RUNNING

    @property
    def may_reopen(self) -> bool:
        ended = self.lab.stage in tables.ENDED
        return ended and not self.lab.reopened_at and bool(self.script.renegotiation)

    @property
    def may_resume(self) -> bool:
        return self.lab.stage == Stage.BREAK and (self.leads or self.mediates)

    @property
    def may_propose(self) -> bool:
        return self.now.may_propose and bool(self.seat)

    @property
    def may_answer(self) -> bool:
        return self.now.may_propose and self.party is not None

    @property
    def may_call_break(self) -> bool:
        return self.now.may_call_break and bool(self.seat or self.leads)

    @property
    def may_walk_away(self) -> bool:
        return self.party is not None and self.now.may_walk_away(self.seat)

    @property
    def may_come_back(self) -> bool:
        return self.party is not None and self.now.may_come_back(self.seat)

    @property
    def reads_brief_first(self) -> bool:
        """Check whether the brief is unfolded: before anything is proposed."""
        return self.round is None or self.round.kind == RoundKind.ALONE

    @property
    def news(self) -> list[str]:
        """List what this seat has learned so far, the newest first."""
        rounds = list(self.script.rounds[: self.lab.round])
        if self.lab.reopened_at and self.script.renegotiation:
            rounds.append(self.script.renegotiation)
        return [
            news.text
            for round_ in reversed(rounds)
            for news in round_.news
            # Those who lead and those who watch read what everyone learns.
            if not news.to or (self.seat and news.is_read_by(self.seat))
        ]

    @property
    def ending(self) -> str:
        """Return what happens then, once it has ended."""
        endings = {Stage.AGREED: self.script.agreed, Stage.BROKEN: self.script.broken}
        return endings[Stage(self.lab.result)] if self.lab.result else ""

    # --- seats

    def get_title(self, seat: str) -> str:
        if seat == MEDIATOR:
            return _("Mediator")
        party = self.script.parties.get(seat)
        return party.title if party else seat

    @cached_property
    def seats(self) -> list[ShownPlace]:
        taken = Counter(self.lab.seats.values_list("party", flat=True))
        left = dict(
            self.lab.departures.filter(returned_at=None).values_list("party", "why")
        )
        return [
            ShownPlace(
                code,
                self.get_title(code),
                taken[code],
                code == self.seat,
                (left[code] or _("no reason given")) if code in left else "",
            )
            for code in self.script.seats
        ]

    # --- the text

    @cached_property
    def played(self) -> frozenset[str]:
        return table_status.list_taken_parties(self.lab)

    @cached_property
    def agreed(self) -> dict[str, Proposal]:
        return table_status.map_agreed(self.lab, self.script)

    @property
    def is_whole(self) -> bool:
        return not set(self.script.clauses) - set(self.agreed)

    @property
    def fingerprint(self) -> str:
        return protocol.compute_fingerprint(table_status.get_words(self.agreed))

    @cached_property
    def signed(self) -> list[str]:
        codes = self.lab.signatures.order_by("party").values_list("party", flat=True)
        return list(codes)

    @property
    def signed_titles(self) -> list[str]:
        return [self.get_title(code) for code in self.signed]

    @property
    def may_sign(self) -> bool:
        waits = self.party is not None and self.seat not in self.signed
        return waits and self.is_whole and self.now.may_sign

    @property
    def may_unsign(self) -> bool:
        return self.seat in self.signed and self.now.may_sign

    @property
    def is_agreed(self) -> bool:
        return self.lab.result == Stage.AGREED

    @cached_property
    def clauses(self) -> list[ShownClause]:
        found = self.lab.proposals.select_related("counters").prefetch_related(
            "acceptances", "refusals"
        )
        proposals = list(found.order_by("pk"))
        return [
            self.build_clause(clause, [p for p in proposals if p.clause == code])
            for code, clause in self.script.clauses.items()
        ]

    def build_clause(
        self, clause: LabClause, proposals: Iterable[Proposal]
    ) -> ShownClause:
        agreed = self.agreed.get(clause.code)
        positions = (self.party.positions if self.party else None) or {}
        needed = clause.needs & self.played or self.played
        return ShownClause(
            clause,
            agreed,
            clause.format_option(agreed.option) if agreed else "",
            [self.get_title(code) for code in self.script.parties if code in needed],
            positions.get(clause.code, ""),
            [self.build_proposal(proposal, clause) for proposal in proposals],
            self.list_possible(clause) if self.shows_briefs else [],
        )

    def build_proposal(self, proposal: Proposal, clause: LabClause) -> ShownProposal:
        accepted = sorted(answer.party for answer in proposal.acceptances.all())
        refusals = sorted(proposal.refusals.all(), key=lambda refusal: refusal.pk)
        zone = clause.zones.get(self.seat)
        over = proposal.counters
        return ShownProposal(
            proposal,
            clause.format_option(proposal.option),
            self.get_title(proposal.party),
            self.get_title(over.party) if over else "",
            [self.get_title(code) for code in accepted],
            [
                ShownAnswer(self.get_title(refusal.party), refusal.why)
                for refusal in refusals
            ],
            self.seat in accepted,
            any(refusal.party == self.seat for refusal in refusals),
            zone is not None and bool(proposal.option) and proposal.option not in zone,
        )

    # --- the talk

    @cached_property
    def channels(self) -> list[ShownChannel]:
        """List the channels of this seat; of others it learns nothing."""
        counted: Counter[str] = Counter()
        newest: dict[str, datetime] = {}
        # Before their texts: a message of another channel is never loaded.
        own = self.lab.messages.filter(channel__in=self._own_channels)
        for channel, at in own.order_by("at").values_list("channel", "at"):
            counted[channel] += 1
            newest[channel] = at
        return [
            ShownChannel(
                code,
                self.format_channel(code),
                counted[code],
                newest.get(code),
                bool(self.seat) and self.now.may_talk(code),
            )
            for code in self._own_channels
        ]

    @property
    def newest_channel(self) -> ShownChannel | None:
        """Return the channel in which something was written last, of this seat's."""
        written = [(found.newest_at, found) for found in self.channels]
        return max(
            ((at, found) for at, found in written if at),
            key=lambda pair: pair[0],
            default=(None, None),
        )[1]

    def format_channel(self, channel: str) -> str:
        if channel == EVERYONE:
            return _("Everyone")
        if channel == self.seat:
            return _("Own notes")
        (other,) = tables.parse_channel(channel) - {self.seat}
        return self.get_title(other)

    @property
    def current(self) -> ShownChannel:
        return next(found for found in self.channels if found.code == self.channel)

    @property
    def messages(self) -> list[tuple[LabMessage, str, bool]]:
        """List the messages of the channel that is shown, the newest first: who wrote
        it, and whether it was this seat."""
        found = self.lab.messages.filter(channel=self.channel).order_by("-pk")[:200]
        return [
            (message, self.get_title(message.party), message.party == self.seat)
            for message in found
        ]

    # --- the debrief

    @property
    def shows_briefs(self) -> bool:
        return self.is_closed and self.script.briefs_are_shown

    def list_possible(self, clause: LabClause) -> list[tuple[str, str]]:
        """List what each party could have accepted, by its zone and its brief."""
        return [
            (party.title, " · ".join(parts))
            for party in self.script.parties.values()
            if (parts := list_allowed(clause, party))
        ]

    @property
    def debrief(self) -> TableDebrief:
        return TableDebrief(self.lab, self.script, self.get_title)


def list_allowed(clause: LabClause, party: LabParty) -> list[str]:
    zone = clause.zones.get(party.code, frozenset())
    allowed = [option.text for code, option in clause.options.items() if code in zone]
    position = (party.positions or {}).get(clause.code)
    return [*allowed, *([position] if position else [])]
