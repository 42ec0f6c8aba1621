"""Nobody alone destroys: one hostile person, in any role, tries whatever they like.

A machine lets one person do what they may, in any order: propose that colleagues start
again or leave, confirm, allow, stop, suspend, renew a team's key, propose places, take
codes and join with them, leave themselves. Sometimes a second person is fooled into
confirming. Time passes in hours and days, and the clock's own work is done. After each
step nothing may be final that two people and the delays have not made so; and at the
end, once suspensions are lifted and what can be undone is undone, the cases open for
their workers.

    pytest tests/properties/test_nobody_alone.py
    python -m tools.postgres pytest tests/properties/test_nobody_alone.py
"""

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from unittest import mock
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from amana import given
from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access.models import (
    Invitation,
    Membership,
    Role,
    Suspension,
    User,
)
from amana.trust.vault import admission, documents, epochs, keys, removal
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import KeyRemoval
from amana.trust.vault.removal_states import DELAY, UNDONE_WITHIN, RemovalStatus
from tests.profiles import each_time

NEW = "five grey herons at noon"
WAITS = (1, 25, 100)
"""Hours."""
FOOLED = ("nora", "omar", "samir")
WORKERS = ("leila", "huda", "samir")
PEOPLE = {
    "leila": ("amal", Role.CASE_WORKER),
    "huda": ("amal", Role.CASE_WORKER),
    "samir": ("amal", Role.SUPERVISOR),
    "ines": ("office", Role.COORDINATOR),
    "farid": ("office", Role.ADMINISTRATOR),
    "nora": ("ministry", Role.ADMINISTRATOR),
    "omar": ("ministry", Role.DATA_PROTECTION_OFFICER),
}


class OneHostile(RuleBasedStateMachine):
    """`hostile` acts; `fooled` may be talked into confirming, if `deceives`."""

    deceives = False
    taken: set[int] = set()
    """Whose keys were taken away in some life: else nothing was tried."""

    def __init__(self) -> None:
        super().__init__()
        self.around = ExitStack()
        self.around.enter_context(transaction.atomic())
        self.passed = timedelta()
        real = timezone.now

        def now() -> datetime:
            return real() + self.passed

        self.around.enter_context(mock.patch.object(timezone, "now", now))
        teams = {name: given.make_team() for name in ("amal", "office", "ministry")}
        self.team = teams["amal"]
        self.people = {
            name: given.make_worker(of=teams[team], role=role, name=name)
            for name, (team, role) in PEOPLE.items()
        }
        self.cases = [given.make_case_keys(of=self.team) for _two in range(2)]
        leila = self.people["leila"]
        for case in self.cases:
            documents.write(case, C.IDENTITY, {"name": "Hope"}, by=leila)
        documents.share_case(
            self.cases[1],
            by=leila,
            people=[self.people[name] for name in WORKERS],
            exclusively=True,
        )
        self.confirmed_at: dict[int, datetime] = {}
        self.hostile = self.people["ines"]

    def teardown(self) -> None:
        try:
            self.all_is_well_again()
        finally:
            transaction.set_rollback(True)
            self.around.close()

    @initialize(who=some.sampled_from(sorted(PEOPLE)))
    def one_of_all(self, who: str) -> None:
        self.hostile = self.people[who]

    # --- what one person tries

    def tried(self, act: Callable[[], object]) -> None:
        """As in a request: a refusal changes nothing."""
        self.hostile = User.objects.get(pk=self.hostile.pk)
        if not self.hostile.is_active:
            return
        try:
            keys.set_keyring(
                keys.unlock(self.hostile, given.PASSPHRASE), to=self.hostile
            )
        except keys.WrongSecret:
            return
        try:
            with transaction.atomic():
                act()
        except (Refused, PermissionDenied):
            pass

    @rule(
        who=some.sampled_from(sorted(PEOPLE)),
        fooled=some.sampled_from(FOOLED),
        hours=some.sampled_from(WAITS),
    )
    def proposes_to_start_again(self, who: str, fooled: str, hours: int) -> None:
        whom = self.people[who]
        self.tried(lambda: removal.propose_start_again(whom, by=self.hostile))
        self.fool(fooled)
        self.let_pass(hours)

    @rule(
        who=some.sampled_from(sorted(PEOPLE)),
        fooled=some.sampled_from(FOOLED),
        hours=some.sampled_from(WAITS),
    )
    def proposes_to_end(self, who: str, fooled: str, hours: int) -> None:
        for place in self.places(who):
            self.tried(lambda place=place: self.propose_leaving(place))  # type: ignore[misc]
        self.fool(fooled)
        self.let_pass(hours)

    def propose_leaving(self, place: Membership) -> None:
        removal.propose_leaving(place, by=self.hostile)

    def places(self, who: str) -> list[Membership]:
        return list(Membership.objects.filter(user=self.people[who], ended_at=None))

    @rule(who=some.sampled_from(sorted(PEOPLE)))
    def ends_a_place(self, who: str) -> None:
        for place in self.places(who):
            self.tried(lambda place=place: admission.end(place, by=self.hostile))  # type: ignore[misc]
            self.tried(
                lambda place=place: access.withdraw_proposal(place, by=self.hostile)  # type: ignore[misc]
            )

    @rule()
    def decides_on_all(self) -> None:
        for found in KeyRemoval.objects.open():
            for act in (removal.confirm, removal.allow):
                self.tried(lambda act=act, found=found: act(found, by=self.hostile))  # type: ignore[misc]
            self.tried(lambda found=found: removal.take_effect(found))  # type: ignore[misc]

    @rule()
    def stops_all(self) -> None:
        for found in KeyRemoval.objects.open():
            self.tried(lambda found=found: removal.stop(found, by=self.hostile))  # type: ignore[misc]

    @rule(who=some.sampled_from(sorted(PEOPLE)))
    def suspends(self, who: str) -> None:
        self.tried(lambda: access.suspend(self.people[who], by=self.hostile))

    @rule()
    def lifts(self) -> None:
        for found in Suspension.objects.current():
            self.tried(partial(access.end_suspension, found, by=self.hostile))

    @rule()
    def renews_the_key(self) -> None:
        self.tried(lambda: epochs.begin_epoch(self.team, by=self.hostile))

    @rule(who=some.sampled_from(WORKERS))
    def takes_a_code_and_joins(self, who: str) -> None:
        self.tried(lambda: self.joins_as(self.people[who]))

    def joins_as(self, user: User) -> None:
        """With a code for somebody else's account: the hostile person sees it."""
        user = User.objects.get(pk=user.pk)
        if Invitation.objects.filter(user=user).exists():
            code = access.renew_invitation(user, by=self.hostile)
        else:
            _place, code = access.propose(
                given.make_team(),
                email=user.email,
                name="X",
                language="en",
                role=Role.CASE_WORKER,
                by=self.hostile,
            )
        if code:
            admission.join(admission.find_invitation(code), passphrase=NEW)

    def fool(self, by: str) -> None:
        """Talk somebody into confirming what waits."""
        fooled = User.objects.get(pk=self.people[by].pk)
        if not self.deceives or not fooled.is_active or fooled == self.hostile:
            return
        try:
            keys.set_keyring(keys.unlock(fooled, given.PASSPHRASE), to=fooled)
        except keys.WrongSecret:
            return
        for found in KeyRemoval.objects.filter(status=RemovalStatus.PROPOSED):
            try:
                with transaction.atomic():
                    removal.confirm(found, by=fooled)
            except (Refused, PermissionDenied):
                continue

    @rule(hours=some.sampled_from(WAITS))
    def time_passes(self, hours: int) -> None:
        self.let_pass(hours)

    def let_pass(self, hours: int) -> None:
        """The clock works; whoever lost their keys is heard within two days."""
        for _step in range(0, hours, 12):
            self.nothing_is_final_too_early()
            self.passed += timedelta(hours=min(hours, 12))
            removal.settle()
            self.nothing_is_final_too_early()
            for found in self.undoable(older_than=timedelta(hours=48)):
                self.undo(found)

    # --- what the others do, and what has to hold

    def undoable(self, *, older_than: timedelta) -> Iterable[KeyRemoval]:
        before = timezone.now() - older_than
        found = KeyRemoval.objects.filter(
            status=RemovalStatus.EFFECTIVE, effective_at__lte=before
        )
        return [
            key_removal
            for key_removal in found.order_by("-effective_at")
            if key_removal.can_be_undone
        ]

    def undo(self, found: KeyRemoval) -> None:
        """Those who were told do it, or those who administer."""
        if found.proposed_by != self.hostile:
            return
        with transaction.atomic():
            removal.undo(found, by=self.honest_administrator())

    def honest_administrator(self) -> User:
        return next(
            self.people[name]
            for name in ("nora", "farid", "ines")
            if self.people[name] != self.hostile
        )

    @invariant()
    def nothing_is_final_too_early(self) -> None:
        for found in KeyRemoval.objects.all():
            if found.confirmed_by_id and found.pk not in self.confirmed_at:
                self.confirmed_at[found.pk] = timezone.now()
            if found.state not in (RemovalStatus.EFFECTIVE, RemovalStatus.FINAL):
                continue
            self.taken.add(found.user_id)
            assert self.deceives, "one person alone has taken keys away"
            assert found.confirmed_by_id not in (None, found.proposed_by_id)
            assert found.effective_at is not None
            waited = found.effective_at - self.confirmed_at[found.pk]
            assert waited >= DELAY - timedelta(hours=1), "cut off within a day"
            if found.state is RemovalStatus.FINAL:
                past = timezone.now() - found.effective_at
                assert past >= UNDONE_WITHIN, "destroyed within three days"

    @invariant()
    def two_are_left_who_can_lift(self) -> None:
        assert access.count_lifting(without=[self.hostile]) >= 1

    def all_is_well_again(self) -> None:
        """Suspensions are lifted, undone is what can be, and the cases open."""
        for found in self.undoable(older_than=timedelta()):
            removal.undo(found, by=self.honest_administrator())
        Suspension.objects.current().update(lifted_at=timezone.now())
        for case in self.cases:
            readers = [n for n in WORKERS if self.opens(case, self.people[n])]
            others = [n for n in WORKERS if self.people[n] != self.hostile]
            lost = set(others) - set(readers)
            assert len(readers) >= 2, f"a case is open to {readers} alone"
            assert not lost or self.deceives, f"{lost} lost a case to one person"

    def opens(self, case: UUID, user: User) -> bool:
        """With the old passphrase; by a colleague's confirmation, where it was said."""
        found = User.objects.get(pk=user.pk)
        try:
            keys.set_keyring(keys.unlock(found, given.PASSPHRASE), to=found)
        except keys.WrongSecret:
            return False
        return bool(
            documents.open_documents(case, [C.IDENTITY], by=found, purpose="test")
        )


class OneHostileWhoFools(OneHostile):
    deceives = True
    taken: set[int] = set()


@pytest.mark.django_db
@pytest.mark.parametrize("machine", [OneHostile, OneHostileWhoFools])
def test_no_single_person_makes_a_case_unopenable(machine: type[OneHostile]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=each_time(20),
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
            deadline=None,
            derandomize=True,
            database=None,
        ),
    )
    assert bool(machine.taken) == machine.deceives
