"""Random lives of a cohort: people apply, are offered places, come, go, and wait.

What must always hold, whatever happens in whatever order: nobody has a place that isn't
there; nobody waits while a place is free; each state follows from the one before by the
table; who is enrolled took an offer that was theirs; and a page that was open too long
changes nothing.

`test_a_planted_fault_is_found` plants the faults of `FAULTS`, one at a time, and the
machine has to stumble over each."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from amana import given
from amana.academy.cohorts import actions
from amana.academy.cohorts.actions import ApplicantDetails, places
from amana.academy.cohorts.models import Application, Cohort
from amana.academy.cohorts.states import NEXT, SEATED, TAKES_PART, ApplicationStatus
from amana.academy.cohorts.tests.conftest import VISITOR, a_plan
from amana.academy.courses.models import Enrolment, Version
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, Rule
from tests.worlds import kept

PEOPLE = 4
STEPS: dict[str, Callable[[Application, User], Any]] = {
    "answer": lambda one, by: actions.record_answer(one, "In May.", by=by),
    "offer": lambda one, by: actions.offer_place(one, by=by),
    "wait": lambda one, by: actions.add_to_waiting_list(one, by=by),
    "decline": lambda one, by: actions.decline_application(one, by=by),
    "withdraw": lambda one, by: actions.withdraw_application(one, by=by),
}


class WaysIn(RuleBasedStateMachine):
    """One cohort of a single place, four people, a clock that only the test moves."""

    world: tuple[Version, User, list[User]]
    reached: set[ApplicationStatus]
    applications = Bundle("applications")

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = timezone.now()
        self.clock = patch("django.utils.timezone.now", lambda: self.now)
        self.clock.start()
        self.version, self.trainer, self.people = self.world
        self.seen: dict[Any, ApplicationStatus] = {}

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def open(self) -> None:
        plan = a_plan(capacity=1, facilitators=[self.trainer])
        self.cohort = actions.open_cohort(self.version, plan, by=self.trainer)

    @rule(target=applications)
    def a_visitor_asks(self) -> Any:
        return actions.ask_academy(VISITOR, by=None).pk

    @rule(target=applications, who=st.integers(0, PEOPLE - 1))
    def applies(self, who: int) -> Any:
        person = self.people[who]
        known = Application.objects.open().filter(person=person, cohort=self.cohort)
        if found := known.first():
            with pytest.raises(Refused):
                actions.apply_for_cohort(self.cohort, ApplicantDetails(), by=person)
            return found.pk
        return actions.apply_for_cohort(self.cohort, ApplicantDetails(), by=person).pk

    @rule(target=applications, who=st.integers(0, PEOPLE - 1))
    def applies_and_is_answered(self, who: int) -> Any:
        """Often, so that there is somebody in the cohort and somebody who waits."""
        pk = self.applies(who)
        for step in ("offer", "wait"):
            self.the_academy_acts(pk, step)
        return pk

    @rule(pk=applications)
    def the_academy_writes_them_down(self, pk: Any) -> None:
        one = Application.objects.get(pk=pk)
        self.attempt(
            lambda: actions.apply_for_person(one, self.cohort, by=self.trainer)
        )

    @rule(pk=applications, step=st.sampled_from(sorted(STEPS)))
    def the_academy_acts(self, pk: Any, step: str) -> None:
        one = Application.objects.get(pk=pk)
        self.attempt(lambda: STEPS[step](one, self.trainer))

    @rule(pk=applications, first=st.sampled_from(sorted(STEPS)))
    def a_page_was_open_too_long(self, pk: Any, first: str) -> None:
        """Whoever comes second with what was true before is refused."""
        one, held = Application.objects.get(pk=pk), Application.objects.get(pk=pk)
        if self.attempt(lambda: STEPS[first](one, self.trainer)):
            for step in sorted(STEPS):
                assert not self.attempt(partial(STEPS[step], held, self.trainer))

    @rule(pk=applications)
    def takes_it(self, pk: Any) -> None:
        one = Application.objects.get(pk=pk)
        was, until, person = one.state, one.offered_until, one.person
        if person is None:
            return
        taken = self.attempt(lambda: actions.accept_place(one, by=person))
        in_time = until is not None and until > self.now
        assert taken == (was == ApplicationStatus.OFFERED and in_time)

    @rule()
    def somebody_gives_their_place_back(self) -> None:
        for application in self.cohort.applications.seated()[:1]:
            self.attempt(
                partial(actions.withdraw_application, application, by=self.trainer)
            )

    @rule(pk=applications)
    def a_stranger_acts(self, pk: Any) -> None:
        one = Application.objects.get(pk=pk)
        stranger = next(who for who in self.people if who != one.person)
        for act in [*STEPS.values(), lambda a, by: actions.accept_place(a, by=by)]:
            with pytest.raises(Denied):
                act(one, stranger)

    @rule(more=st.integers(1, 2))
    def more_places_or_fewer(self, more: int) -> None:
        plan = a_plan(capacity=more, facilitators=[self.trainer])
        self.attempt(lambda: actions.change_cohort(self.cohort, plan, by=self.trainer))

    @rule(days=st.integers(1, 4))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def the_clock_runs(self) -> None:
        actions.lapse_offers()
        assert not Application.objects.lapsing(self.now).exists()

    def attempt(self, act: Callable[[], Any]) -> bool:
        """Whether it was done; what was refused has changed nothing."""
        before = self.states()
        try:
            with transaction.atomic():
                act()
        except (Refused, Denied):  # a question is nobody's application yet
            assert self.states() == before
            return False
        return True

    def states(self) -> dict[Any, ApplicationStatus]:
        return {
            application.pk: application.state
            for application in Application.objects.all()
        }

    @invariant()
    def nobody_has_a_place_that_is_not_there(self) -> None:
        if hasattr(self, "cohort"):
            cohort = Cohort.objects.get(pk=self.cohort.pk)
            assert cohort.applications.seated().count() <= cohort.capacity

    @invariant()
    def nobody_waits_while_a_place_is_free(self) -> None:
        if hasattr(self, "cohort"):
            cohort = Cohort.objects.get(pk=self.cohort.pk)
            free = cohort.free_places() > 0
            assert not (free and cohort.applications.waitlisted().exists())

    @invariant()
    def each_state_follows_by_the_table(self) -> None:
        now = self.states()
        for pk, state in now.items():
            was = self.seen.get(pk, state)
            assert state == was or reaches(was, state)
        self.seen = now
        self.reached.update(now.values())

    @invariant()
    def who_is_enrolled_took_an_offer(self) -> None:
        took = Application.objects.filter(status__in=sorted(TAKES_PART))
        assert set(took.values_list("person", flat=True)) <= set(
            Enrolment.objects.values_list("person", flat=True)
        )


def reaches(was: ApplicationStatus, now: ApplicationStatus) -> bool:
    """In one step, or in two where a place frees at the same moment."""
    return now in NEXT[was] or any(now in NEXT[via] for via in NEXT[was])


@kept
def world(version: Version, trainer: User) -> tuple[Version, User, list[User]]:
    return version, trainer, [given.make_worker() for _ in range(PEOPLE)]


def live_through(
    world: tuple[Version, User, list[User]], **how: Any
) -> set[ApplicationStatus]:
    """The states that somebody came into."""
    reached: set[ApplicationStatus] = set()
    machine = type("WaysInHere", (WaysIn,), {"world": world, "reached": reached})
    usual = {
        "stateful_step_count": 15,
        "deadline": None,
        "suppress_health_check": list(HealthCheck),
    }
    run_state_machine_as_test(machine, settings=settings(**usual | how))
    return reached


def test_whatever_happens_the_places_are_right(world: Any) -> None:
    usual = settings.default.max_examples if settings.default else 0
    reached = live_through(world, max_examples=max(6, usual // 5))
    assert {ApplicationStatus.OFFERED, ApplicationStatus.WAITLISTED} <= reached


# --- faults that the machine has to find


@contextmanager
def places_without_end() -> Iterator[None]:
    with patch.object(Cohort, "free_places", lambda self: 1):
        yield


@contextmanager
def nobody_moves_up() -> Iterator[None]:
    with patch.object(places, "fill_places", lambda cohort, *, by: None):
        yield


@contextmanager
def whoever_comes_second_wins() -> Iterator[None]:
    def change(self: Application, **changes: Any) -> bool:
        return bool(Application.objects.filter(pk=self.pk).update(**changes))

    with patch.object(Application, "change", change):
        yield


@contextmanager
def anything_may_follow() -> Iterator[None]:
    with patch.object(Application, "may_become", lambda self, to: True):
        yield


@contextmanager
def anybody_may_act() -> Iterator[None]:
    with patch.object(Rule, "require", lambda *_: None):
        yield


FAULTS = {
    "places without end": places_without_end,
    "nobody moves up": nobody_moves_up,
    "whoever comes second wins": whoever_comes_second_wins,
    "anything may follow": anything_may_follow,
    "anybody may act": anybody_may_act,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found(world: Any, fault: str) -> None:
    with (
        FAULTS[fault](),
        pytest.raises((AssertionError, pytest.fail.Exception, Refused)),
    ):
        live_through(world, max_examples=60, phases=[Phase.generate])


def test_the_states_that_hold_a_place_are_those_of_the_table() -> None:
    assert {ApplicationStatus.OFFERED} | TAKES_PART == SEATED
