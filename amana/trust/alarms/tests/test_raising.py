"""Who does much more than is usual is noticed within a minute; what is usual is learnt
from others alone."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.trust.access.models import Role, Team, User
from amana.trust.alarms import actions, budgets
from amana.trust.alarms.models import ActiveDay, ActivityKind, Alarm, LogPosition
from amana.trust.alarms.rules import see_alarm
from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent

from .turned_away import is_turned_away, raised, seen_on

pytestmark = pytest.mark.django_db


FIRST = budgets.WATCHED[ActivityKind.DENIED].at_first


# --- what raises an alarm


def test_as_much_as_is_usual_raises_none(worker: User) -> None:
    is_turned_away(worker, FIRST)
    assert actions.watch_log() == []
    is_turned_away(worker, 1)
    [alarm] = actions.watch_log()
    assert (alarm.user, alarm.kind, alarm.count) == (
        worker,
        ActivityKind.DENIED,
        FIRST + 1,
    )


def test_looking_again_finds_the_same(worker: User) -> None:
    alarm = raised(worker)
    assert actions.watch_log() == []
    is_turned_away(worker, 4)
    assert actions.watch_log() == []
    alarm.refresh_from_db()
    assert alarm.count == FIRST + 5
    assert Alarm.objects.count() == 1


def test_what_was_committed_late_is_counted_too(worker: User) -> None:
    """On PostgreSQL a lower number may come to be seen after a higher one."""
    is_turned_away(worker, FIRST + 1)
    newest = AuditEvent.objects.latest("pk").pk
    LogPosition.objects.create(pk=1, up_to=newest, at=timezone.now())
    assert len(actions.watch_log()) == 1


def test_a_case_opened_twice_counts_once(worker: User) -> None:
    case = given.make_case(worked_on_by=worker)
    for _time in range(3):
        log.record("opened", case, by=worker, case=case.pk)
    assert actions.count_events(worker, timezone.localdate(), ActivityKind.OPENED) == (
        1,
        "case_worker",
    )


def test_what_opens_a_case_counts(worker: User) -> None:
    """The real look, and not only the word by which it is counted."""
    case = given.make_case(worked_on_by=worker)
    given.sign_in(worker).get(reverse("cases:case", args=[case.pk]))
    count, _role = actions.count_events(
        worker, timezone.localdate(), ActivityKind.OPENED
    )
    assert count == 1


def test_names_in_a_list_and_screenings_count(worker: User, lead: User) -> None:
    for _case in range(3):
        given.make_case(worked_on_by=worker)
    given.sign_in(worker).get(reverse("cases:mine"))
    today = timezone.localdate()
    assert actions.count_events(worker, today, ActivityKind.NAMES)[0] == 3
    for _time in range(2):
        log.record("opened parcel", worker, by=worker)
    assert actions.count_events(worker, today, ActivityKind.OPENED)[0] == 2


def test_one_that_can_t_be_counted_blinds_nobody(
    worker: User, lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    weigh = actions.check_day

    def fails_for_the_first(user: User, on: date, kind: ActivityKind) -> int:
        if user == worker:
            raise ValueError("a row that can't be counted")
        return weigh(user, on, kind)

    monkeypatch.setattr(actions, "check_day", fails_for_the_first)
    is_turned_away(worker, 1)
    is_turned_away(lead, FIRST + 1)
    with pytest.raises(ValueError, match="counted"):
        actions.watch_log()
    assert Alarm.objects.get().user == lead
    assert LogPosition.objects.exists()


def test_sheets_of_many_wait_until_one_is_as_fast_as_before(
    worker: User, lead: User
) -> None:
    case = given.make_case(worked_on_by=worker)
    said = {"do": "print", "pick": case.pk.hex}
    browser = given.sign_in(worker)
    asked = browser.post(reverse("cases:together"), said)
    assert given.confirm_export(browser, asked).status_code == 200
    raised(worker)
    assert given.confirm_export(browser, asked).status_code == 409


def test_who_was_told_and_leads_nothing_any_more_sees_nothing(
    worker: User, lead: User, officer: User
) -> None:
    alarm = raised(worker)
    lead.memberships.update(role=Role.CASE_WORKER)
    assert not see_alarm.permits(User.objects.get(pk=lead.pk), alarm)


def test_every_kind_counts_events_that_exist() -> None:
    from amana.trust.oversight.labels import DID

    said = {did for watched in budgets.WATCHED.values() for did in watched.did}
    assert said <= set(DID)
    assert set(budgets.WATCHED) == set(ActivityKind) - {
        ActivityKind.DOOR,
        ActivityKind.DURESS,
    }


def test_days_long_ago_teach_and_raise_nothing(worker: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=5), tick=True):
        is_turned_away(worker, FIRST * 2)
    assert actions.watch_log() == []
    assert ActiveDay.objects.get().count == FIRST * 2


# --- what is usual


def busy(team: Team, count: int, *, people: int = 3, days: int = 7) -> None:
    today = timezone.localdate()
    for _person in range(people):
        colleague = given.make_worker(of=team)
        for day in range(1, days + 1):
            on = today - timedelta(days=day)
            seen_on(colleague, on, count, role="case_worker", kind=ActivityKind.DENIED)


def usual(user: User) -> int:
    return budgets.compute_budget(
        ActivityKind.DENIED, "case_worker", user, timezone.localdate()
    )


def test_what_is_usual_is_learnt_from_colleagues_in_the_role(
    team: Team, worker: User
) -> None:
    assert usual(worker) == FIRST
    busy(team, 5)
    assert usual(worker) == 15
    on = timezone.localdate()
    assert budgets.compute_budget(ActivityKind.DENIED, "screener", worker, on) == FIRST
    assert (
        budgets.compute_budget(ActivityKind.SEARCHED, "case_worker", worker, on) != 15
    )


@pytest.mark.parametrize(("count", "most"), [(1, 10), (400, 40)])
def test_a_budget_has_a_least_and_a_most(
    team: Team, worker: User, count: int, most: int
) -> None:
    busy(team, count)
    assert usual(worker) == most


def test_no_one_raises_their_own_budget(team: Team, worker: User) -> None:
    busy(team, 5)
    for day in range(1, 28):
        on = timezone.localdate() - timedelta(days=day)
        seen_on(worker, on, 13, role="case_worker", kind=ActivityKind.DENIED)
    assert usual(worker) == 15


def test_from_two_people_nothing_is_learnt(team: Team, worker: User) -> None:
    busy(team, 5, people=2, days=14)
    assert usual(worker) == FIRST
