"""Random lives of a table: people talk, propose, accept, refuse, sign, walk away, come
back, pause, end and begin again, in whatever order.

What must always hold: a stage follows from the one before by the table; a page offers
exactly what is then allowed; a text with a signature under it does not change; an
agreement has the signature of every party under the same words; what is closed stays as
it is; and what was written in a channel was written by one of its members."""

from collections.abc import Callable

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from amana.academy.practice.labs import actions
from amana.academy.practice.labs.engine.table import (
    NEXT,
    Stage,
    is_read_by,
    iterate_all_channels,
)
from amana.academy.practice.labs.models import Lab, Proposal
from amana.academy.practice.labs.table_page import ShownTable
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.access.rules import Denied

SEATS = ("police", "hospital", "shelter", "mediator")
PARTIES = SEATS[:-1]
CLAUSES = ("answer", "after")
CHANNELS = tuple(iterate_all_channels(SEATS))
seats, clauses = st.sampled_from(SEATS), st.sampled_from(CLAUSES)
channels, few = st.sampled_from(CHANNELS), st.integers(0, 2)


class TableLife(RuleBasedStateMachine):
    """One table of three parties and a mediator, whose negotiation has two clauses."""

    world: tuple[Lab, User, dict[str, User]]
    reached: set[Stage]

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.lab, self.trainer, self.players = self.world

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def sit_down(self) -> None:
        for seat, player in self.players.items():
            actions.take_seat(self.lab, seat, by=player)
        self.was = self.now()

    def now(self) -> Lab:
        return Lab.objects.for_list().get(pk=self.lab.pk)

    def page(self, seat: str) -> ShownTable:
        return ShownTable(self.now(), seat, leads=not seat)

    def attempt(self, act: Callable[[], object]) -> bool:
        """Whether it was done; what was refused has changed nothing."""
        before = self.count()
        try:
            with transaction.atomic():
                act()
        except (Refused, Denied):
            assert self.count() == before
            return False
        return True

    def count(self) -> list[int]:
        lab = self.now()
        return [
            lab.last_event,
            lab.proposals.count(),
            lab.acceptances.count(),
            lab.messages.count(),
            lab.signatures.count(),
        ]

    # --- those who lead

    @rule(ahead=st.sampled_from([1, 1, 1, 2]))
    def begin_round(self, ahead: int) -> None:
        to = self.now().round + ahead
        offered = self.page("").next_round
        done = self.attempt(
            lambda: actions.begin_round(self.lab, to=to, by=self.trainer)
        )
        assert done == (to == offered)

    @rule()
    def play_until_offers(self) -> None:
        """Often, since most can be done only there."""
        while self.now().round < 3 and self.page("").next_round:
            actions.begin_round(self.lab, to=self.page("").next_round, by=self.trainer)

    @rule()
    def break_down(self) -> None:
        offered = self.page("").is_running
        done = self.attempt(lambda: actions.break_down(self.lab, by=self.trainer))
        assert done == offered

    @rule()
    def reopen(self) -> None:
        offered = self.page("").may_reopen
        assert offered == self.attempt(
            lambda: actions.reopen(self.lab, by=self.trainer)
        )

    @rule(sure=st.integers(0, 9))
    def close(self, sure: int) -> None:
        if sure == 0:
            open_before = not self.page("").is_closed
            assert open_before == self.attempt(
                lambda: actions.close(self.lab, by=self.trainer)
            )

    # --- those who play

    @rule(seat=seats)
    def call_break(self, seat: str) -> None:
        offered = self.page(seat).may_call_break
        assert offered == self.attempt(
            lambda: actions.call_break(self.lab, by=self.players[seat])
        )

    @rule(seat=seats)
    def resume(self, seat: str) -> None:
        offered = self.page(seat).may_resume
        assert offered == self.attempt(
            lambda: actions.resume(self.lab, by=self.players[seat])
        )

    @rule(seat=seats)
    def walk_away(self, seat: str) -> None:
        offered = self.page(seat).may_walk_away
        assert offered == self.attempt(
            lambda: actions.walk_away(self.lab, why="", by=self.players[seat])
        )

    @rule(seat=seats)
    def come_back(self, seat: str) -> None:
        offered = self.page(seat).may_come_back
        assert offered == self.attempt(
            lambda: actions.come_back(self.lab, by=self.players[seat])
        )

    @rule()
    def all_come_back(self) -> None:
        for seat in PARTIES:
            self.come_back(seat)

    @rule(seat=seats, channel=channels)
    def write(self, seat: str, channel: str) -> None:
        shown = {found.code: found.is_open for found in self.page(seat).channels}
        assert shown.get(channel, False) == self.attempt(
            lambda: actions.write_in_channel(
                self.lab, channel, f"by {seat}", by=self.players[seat]
            )
        )

    @rule(seat=seats, clause=clauses, words=few)
    def propose(self, seat: str, clause: str, words: int) -> None:
        page = self.page(seat)
        option = ("hours12", "hours24", "hours4")[words]
        if clause == "after":
            option = ("day", "days3", "week")[words]
        known = Proposal.objects.filter(lab=self.lab, clause=clause, option=option)
        offered = page.may_propose and not known.exists()
        assert offered == self.attempt(
            lambda: actions.propose(
                self.lab, clause, option=option, by=self.players[seat]
            )
        )

    def find_proposal(self, clause: str, number: int) -> Proposal | None:
        found = list(self.lab.proposals.filter(clause=clause).order_by("pk"))
        return found[number % len(found)] if found else None

    @rule(seat=seats, clause=clauses, number=few)
    def accept(self, seat: str, clause: str, number: int) -> None:
        if proposal := self.find_proposal(clause, number):
            offered = self.page(seat).may_answer
            assert offered == self.attempt(
                lambda: actions.accept(proposal, by=self.players[seat])
            )

    @rule(seat=seats, clause=clauses, number=few)
    def refuse(self, seat: str, clause: str, number: int) -> None:
        if proposal := self.find_proposal(clause, number):
            offered = self.page(seat).may_answer
            assert offered == self.attempt(
                lambda: actions.refuse(proposal, by=self.players[seat])
            )

    @rule()
    def all_agree(self) -> None:
        """Often, so that there is something to sign."""
        if self.page("police").may_propose:
            for clause in CLAUSES:
                self.propose("police", clause, 0)
                for seat in PARTIES:
                    self.accept(seat, clause, 0)

    @rule(seat=seats)
    def sign(self, seat: str) -> None:
        page = self.page(seat)
        assert page.may_sign == self.attempt(
            lambda: actions.sign(
                self.lab, sha256=page.fingerprint, by=self.players[seat]
            )
        )

    @rule(seat=st.sampled_from(PARTIES))
    def sign_what_was_read_before(self, seat: str) -> None:
        assert not self.attempt(
            lambda: actions.sign(self.lab, sha256="0" * 64, by=self.players[seat])
        )

    @rule()
    def all_sign(self) -> None:
        """Often, since it takes everyone."""
        self.play_until_offers()
        self.all_agree()
        for seat in PARTIES:
            self.sign(seat)

    @rule(seat=st.sampled_from(PARTIES))
    def unsign(self, seat: str) -> None:
        offered = self.page(seat).may_unsign
        assert offered == self.attempt(
            lambda: actions.withdraw_signature(self.lab, by=self.players[seat])
        )

    # --- what always holds

    @invariant()
    def each_stage_follows_by_the_table(self) -> None:
        if not hasattr(self, "was"):
            return
        lab, was = self.now(), Stage(self.was.stage)
        stage = Stage(lab.stage)
        assert stage == was or reaches(was, stage), (was, stage)
        if was == Stage.CLOSED:
            assert lab.last_event == self.was.last_event
        self.was = lab
        self.reached.add(stage)

    @invariant()
    def a_text_that_is_signed_does_not_change(self) -> None:
        if not hasattr(self, "was"):
            return
        signatures = list(self.lab.signatures.all())
        text = self.page("").fingerprint
        assert {signature.sha256 for signature in signatures} <= {text}

    @invariant()
    def an_agreement_is_signed_by_every_party(self) -> None:
        if not hasattr(self, "was"):
            return
        lab = self.now()
        signed = set(lab.signatures.values_list("party", flat=True))
        everyone = signed == set(PARTIES)
        if lab.stage == Stage.AGREED:
            assert everyone
            assert self.page("").is_whole
            for proposal in self.page("").agreed.values():
                accepted = proposal.acceptances.values_list("party", flat=True)
                needed = self.page("").script.clauses[proposal.clause].needs
                assert set(accepted) >= needed & set(PARTIES)
        elif lab.stage != Stage.CLOSED:
            assert not everyone

    @invariant()
    def events_are_counted_and_messages_are_of_members(self) -> None:
        if not hasattr(self, "was"):
            return
        numbers = list(self.lab.events.order_by("number").values_list("number"))
        assert numbers == [(n,) for n in range(1, self.now().last_event + 1)]
        for message in self.lab.messages.all():
            assert is_read_by(message.channel, message.party)


def reaches(was: Stage, stage: Stage) -> bool:
    """Whether a stage follows, in one step or, where one rule does several, in some."""
    seen: set[Stage] = set()
    waiting = [was]
    while waiting:
        for following in NEXT[waiting.pop()] - seen:
            seen.add(following)
            waiting.append(following)
    return stage in seen
