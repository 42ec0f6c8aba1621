"""Thirty years, day by day, through the real timer: exactly what the retention table
says is gone, and nothing else (P26).

Random lives of records: cases of adults and of children, closed, opened again, held and
freed, asked to be forgotten; refusals, and details of the log. What has to be there on
each day is worked out here a second time, from the table alone.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from hypothesis import settings

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.closing import REQUIRED
from amana.care.cases.models import Case, ClosureReason
from amana.care.consent.models import Consent
from amana.trust.access.models import Role
from amana.trust.audit.models import AuditDetail, AuditEvent
from amana.trust.retention import holds, requests
from amana.trust.retention.models import ErasureRequest, Hold
from amana.trust.retention.record_kinds import find_record
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import ErasedLine

pytestmark = pytest.mark.django_db

YEARS = 30
SHORT = 11
"""As many as are walked each time; all thirty where time is no matter:
`HYPOTHESIS_PROFILE=thorough`. Every kind of record ends within these but for a child's
case."""
NOW_AND_THEN = 10
"""Of the days on which nothing is to change so many are walked as one in this; and each
on which something is, with the nights before and after it."""
NIGHT = time(3, 20)


def years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


@dataclass
class Life:
    """What the test knows of one case, by the table and nothing else."""

    pk: UUID
    born: int | None
    closed_on: date | None = None
    held: list[list[Any]] = field(default_factory=list)
    """From when until when; None: until it is lifted."""
    erased_on: date | None = None
    """By request: the first night on which it may go."""

    refused: dict[UUID, date] = field(default_factory=dict)

    def is_held(self, day: date) -> bool:
        return any(a <= day and (b is None or day <= b) for a, b in self.held)

    def is_over(self, day: date) -> bool:
        if self.is_held(day):
            return False
        if self.erased_on is not None and day >= self.erased_on:
            return True
        if self.closed_on is None or day <= years_after(self.closed_on, 5):
            return False
        return self.born is None or day >= date(self.born + 26, 1, 1)


class World:
    def __init__(self, seed: int, clock: Any) -> None:
        self.chance = random.Random(seed)
        self.clock = clock
        self.worker = given.make_worker()
        self.team = self.worker.memberships.get().team
        self.officers = [
            given.make_worker(role=Role.DATA_PROTECTION_OFFICER) for _two in range(2)
        ]
        self.other = given.make_team()
        self.lives: dict[UUID, Life] = {}
        self.gone: set[UUID] = set()
        self.plan: dict[date, list[Callable[[], None]]] = {}

    @property
    def today(self) -> date:
        return timezone.localdate()

    def on(self, day: date, act: Callable[[], None]) -> None:
        self.plan.setdefault(day, []).append(act)

    # --- what people do

    def begin(self) -> None:
        for _each in range(20):
            self.on(self.some_day(1, 2000), self.meet)

    def some_day(self, first: int, last: int) -> date:
        return self.today + timedelta(days=self.chance.randint(first, last))

    def meet(self) -> None:
        year = self.today.year
        people: list[tuple[dict[str, Any], int | None]] = [
            ({"identity_age": "31"}, None),
            ({}, year),
            ({"identity_age": "9"}, year - 9),
            ({"identity_child": "yes"}, year),
            ({"identity_birth_date": f"{year - 16}"}, year - 16),
        ]
        said, born = self.chance.choice(people)
        case = given.make_case(worked_on_by=self.worker, **said)
        life = self.lives[case.pk] = Life(case.pk, born)
        self.on(self.some_day(5, 900), lambda: self.close(life))
        if self.chance.random() < 0.4:
            self.on(self.some_day(2000, 3500), lambda: self.hold(life))
        if self.chance.random() < 0.3:
            self.on(self.some_day(1000, 4000), lambda: self.ask(life))
        if born is None and self.chance.random() < 0.6:
            self.on(self.some_day(1, 4), lambda: self.refuse(life))
        if self.chance.random() < 0.3:
            self.on(self.some_day(901, 1500), lambda: self.reopen(life))

    def case(self, life: Life) -> Case | None:
        return Case.objects.filter(pk=life.pk).first()

    def close(self, life: Life) -> None:
        if (case := self.case(life)) and case.is_open:
            cases.close(
                case,
                reason=ClosureReason.RELOCATED,
                checklist=REQUIRED,
                left_open="moved",
                by=self.worker,
            )
            life.closed_on = self.today

    def reopen(self, life: Life) -> None:
        if (case := self.case(life)) and not case.is_open:
            cases.reopen(case, by=self.worker)
            life.closed_on = None
            if self.chance.random() < 0.7:
                self.on(self.some_day(3, 700), lambda: self.close(life))

    def kind(self, case: Case) -> Any:
        known = find_record(case.pk)
        assert known
        return known[0]

    def hold(self, life: Life) -> None:
        """Confirmed or not; for a time, or until it is lifted."""
        if not (case := self.case(life)):
            return
        first, second = self.officers
        ends = self.some_day(30, 900) if self.chance.random() < 0.5 else None
        hold = holds.set_hold(
            self.kind(case),
            case,
            reason=Hold.Reason.COURT,
            ends_on=ends,
            review_on=None if ends else self.some_day(10, 100),
            by=first,
        )
        if self.chance.random() < 0.3:
            # In the seventh night it is seven days old but for a morning.
            last = self.today + timedelta(days=7)
            life.held.append([self.today, min(last, ends) if ends else last])
            return
        holds.confirm(hold, by=second)
        spell: list[Any] = [self.today, ends]
        life.held.append(spell)
        if ends is None:
            self.on(self.some_day(30, 2500), lambda: self.lift(hold, spell))

    def lift(self, hold: Hold, spell: list[Any]) -> None:
        first, second = self.officers
        holds.propose_lifting(hold, by=second)
        holds.lift(hold, by=first)
        spell[1] = self.today

    def ask(self, life: Life) -> None:
        if not (case := self.case(life)) or life.is_held(self.today):
            return
        first, second = self.officers
        asked = requests.record(
            self.kind(case), case, received_on=self.today, by=self.worker
        )
        fate = self.chance.choice(["refused", "one", "two", "stopped"])
        if fate == "refused":
            requests.refuse(asked, reason=ErasureRequest.Refusal.LAW, by=first)
            return
        requests.grant(asked, by=first)
        if fate in ("two", "stopped"):
            requests.confirm(asked, by=second)
        if fate == "stopped":
            requests.withdraw(asked, by=self.worker)
        if fate == "two":
            # Asked at noon: 72 hours are over at noon of the third day.
            life.erased_on = self.today + timedelta(days=4)

    def refuse(self, life: Life) -> None:
        """The person does not agree that another team is told."""
        if not (case := self.case(life)):
            return
        asked = given.make_consent(case, to=self.other, by=self.worker)
        Consent.objects.filter(pk=asked.pk).update(status=Consent.Status.REFUSED)
        life.refused[asked.pk] = self.today

    # --- nights

    def is_quiet(self) -> bool:
        """Whether nothing is to change about today."""
        days = [self.today + timedelta(days=more) for more in range(3)]
        return not any(map(self.changes, days))

    def changes(self, day: date) -> bool:
        before, last = day - timedelta(days=1), day - timedelta(days=91)
        return day in self.plan or any(
            life.is_over(day)
            or life.is_held(day) != life.is_held(before)
            or last in life.refused.values()
            for life in self.lives.values()
        )

    def rest(self) -> None:
        self.clock.shift(timedelta(days=1))

    def night(self) -> None:
        night = datetime.combine(self.today + timedelta(days=1), NIGHT, UTC)
        self.clock.move_to(night)
        call_command("erase_due", verbosity=0, stdout=mock.Mock())

    def day(self) -> None:
        self.clock.move_to(datetime.combine(self.today, time(12), UTC))
        for act in self.plan.pop(self.today, ()):
            act()

    def expect(self) -> None:
        """What is there is what the table says."""
        over = {pk for pk, life in self.lives.items() if life.is_over(self.today)}
        self.gone |= over
        for pk in over:
            self.lives.pop(pk)
        there = set(Case.objects.values_list("pk", flat=True))
        assert there == set(self.lives), self.today
        refusals = set(Consent.objects.values_list("pk", flat=True))
        assert refusals == self.refusals(), self.today

    def refusals(self) -> set[UUID]:
        for life in self.lives.values():
            if not life.is_held(self.today):
                old = self.today - timedelta(days=90)
                life.refused = {pk: d for pk, d in life.refused.items() if d >= old}
        return {pk for life in self.lives.values() for pk in life.refused}


def test_what_the_table_says_is_gone_and_nothing_else() -> None:
    is_short = settings.get_current_profile_name() == "fast"
    years = SHORT if is_short else YEARS
    begin = datetime.combine(date(2027, 1, 1), time(12), UTC)
    with time_machine.travel(begin, tick=False) as clock:
        world = World(0, clock)
        world.begin()
        for number in range(years * 365 + years // 4):
            if is_short and number % NOW_AND_THEN and world.is_quiet():
                world.rest()
                continue
            world.day()
            world.night()
            world.expect()
        look_back(world)


def look_back(world: World) -> None:
    """After all the years: what is left besides."""
    assert len(world.gone) >= 5
    assert ErasedLine.objects.filter(kind__in=["case", "child"]).count() == len(
        world.gone
    )
    assert not Hold.objects.filter(record__in=world.gone).exists()
    assert not ErasureRequest.objects.filter(record__in=world.gone).exists()
    long_ago = timezone.now() - timedelta(days=10 * 366)
    held = [pk for pk, life in world.lives.items() if life.is_held(world.today)]
    old = AuditDetail.objects.filter(event__at__lt=long_ago)
    left = set(old.values_list("event__case", flat=True))
    assert left <= set(held)
    assert AuditEvent.objects.filter(at__lt=long_ago).exists()
    for pk in world.lives:
        assert documents.open_documents(
            pk, [C.IDENTITY], by=world.worker, purpose="test"
        )
