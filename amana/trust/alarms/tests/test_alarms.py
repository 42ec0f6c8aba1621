"""Who does much more than is usual is noticed within a minute, slowed down, and two
others are told; what is usual is learnt from others alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.errors import Changed, Refused
from amana.home.boards import build_boards
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access.http import record_attempt
from amana.trust.access.models import Role, Team, User
from amana.trust.access.rules import Denied
from amana.trust.alarms import actions, budgets
from amana.trust.alarms.models import ActiveDay, ActivityKind, Alarm, LogPosition
from amana.trust.alarms.rules import see_alarm, settle_alarm
from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent
from amana.ui import once
from tests.worlds import kept

pytestmark = pytest.mark.django_db

type OnCommit = Callable[..., AbstractContextManager[object]]
FIRST = budgets.WATCHED[ActivityKind.DENIED].at_first
SEEN = FIRST + 1


@kept
def team(db: None) -> Team:
    return given.make_team()


@kept
def worker(team: Team) -> User:
    return given.make_worker(of=team, name="Worker")


@kept
def lead(team: Team) -> User:
    return given.make_worker(of=team, role=Role.SUPERVISOR, name="Lead")


@kept
def officer(db: None) -> User:
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Officer")


@kept
def auditor(db: None) -> User:
    return given.make_worker(role=Role.AUDITOR, name="Auditor")


def is_turned_away(user: User, times: int) -> None:
    for _time in range(times):
        record_attempt("work_on_case", None, by=user)


def raised(user: User) -> Alarm:
    is_turned_away(user, FIRST + 1)
    [alarm] = actions.watch_log()
    return alarm


def seen_on(user: User, on: date, count: int, *, role: str, kind: ActivityKind) -> None:
    ActiveDay.objects.create(user=user, on=on, kind=kind, role=role, count=count)


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


# --- who is told


def test_two_others_are_told_at_once(
    worker: User,
    lead: User,
    officer: User,
    auditor: User,
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    is_turned_away(worker, FIRST + 1)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("watch_log")
    alarm = Alarm.objects.get()
    assert set(alarm.told.all()) == {lead, officer}
    told = Notification.objects.filter(what=NotificationTopic.ALARM, number=alarm.pk)
    assert {row.user_id for row in told} == {lead.pk, officer.pk}
    assert {to for message in mail.outbox for to in message.to} == {
        lead.email,
        officer.email,
    }
    assert worker.name not in "".join(f"{m.subject} {m.body}" for m in mail.outbox)


def test_where_one_of_them_did_it_another_is_told(
    worker: User, lead: User, officer: User, auditor: User
) -> None:
    assert set(actions.list_people_to_notify(officer)) == {auditor}
    assert set(actions.list_people_to_notify(lead)) == {officer, auditor}
    coordinator = given.make_worker(role=Role.COORDINATOR)
    assert set(actions.list_people_to_notify(officer)) == {auditor, coordinator}


def test_who_did_it_and_strangers_see_nothing_of_it(
    worker: User, lead: User, officer: User
) -> None:
    alarm = raised(worker)
    stranger = given.make_worker(role=Role.SUPERVISOR)
    for user, sees in (
        (worker, False),
        (stranger, False),
        (lead, True),
        (officer, True),
        (given.make_worker(role=Role.ADMINISTRATOR), False),
    ):
        assert see_alarm.permits(user, alarm) is sees
        assert settle_alarm.permits(user, alarm) is sees
        page = given.sign_in(user).get(reverse("alarms:alarm", args=[alarm.pk]))
        assert page.status_code == (200 if sees else 404) or user == worker
    with pytest.raises(Denied):
        actions.settle(alarm, outcome="explained", words="Me.", seen=SEEN, by=worker)


def test_an_overseer_does_not_see_their_own(officer: User, auditor: User) -> None:
    alarm = raised(officer)
    assert not see_alarm.permits(officer, alarm)
    assert see_alarm.permits(auditor, alarm)


# --- slowed down


def test_one_goes_on_at_the_pace_of_a_reader(
    worker: User, lead: User, officer: User
) -> None:
    browser, profile = given.sign_in(worker), reverse("home:today")
    for _time in range(20):
        assert browser.get(profile).status_code == 200
    alarm = raised(worker)
    codes = [browser.get(profile).status_code for _time in range(14)]
    assert codes == [200] * 12 + [429] * 2
    page = browser.get(profile).content.decode()
    assert "has been used much more than is usual" in page
    assert browser.get(profile, headers={"By-Itself": "1"}).status_code == 429
    assert browser.post(reverse("vault:lock")).status_code == 302
    actions.settle(alarm, outcome="explained", words="A busy day.", seen=SEEN, by=lead)
    worker.refresh_from_db()
    assert not worker.is_slowed
    assert given.sign_in(worker).get(profile).status_code == 200


def test_it_ends_by_itself_after_a_day(worker: User) -> None:
    raised(worker)
    worker.refresh_from_db()
    assert worker.is_slowed
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert not worker.is_slowed


def test_what_was_typed_is_shown_again(worker: User) -> None:
    browser = given.sign_in(worker)
    raised(worker)
    for _time in range(12):
        browser.get(reverse("home:today"))
    page = browser.post(reverse("access:account"), {"name": "What was typed"})
    assert page.status_code == 429
    assert "What was typed" in page.content.decode()


# --- settled


def test_settling_needs_words_and_happens_once(
    worker: User, lead: User, officer: User
) -> None:
    alarm = raised(worker)
    with pytest.raises(Refused):
        actions.settle(alarm, outcome="explained", words="  ", seen=SEEN, by=lead)
    actions.settle(alarm, outcome="incident", words="Looked.", seen=SEEN, by=lead)
    with pytest.raises((Changed, Denied)):
        actions.settle(alarm, outcome="explained", words="No.", seen=SEEN, by=officer)
    alarm.refresh_from_db()
    assert (alarm.outcome, alarm.settled_by) == ("incident", lead)
    assert AuditEvent.objects.filter(did="settled alarm").count() == 1


def test_what_was_explained_may_go_on_as_much_again(worker: User, lead: User) -> None:
    alarm = raised(worker)
    actions.settle(alarm, outcome="explained", words="A busy day.", seen=SEEN, by=lead)
    is_turned_away(worker, FIRST)
    assert actions.watch_log() == []
    is_turned_away(worker, 1)
    assert len(actions.watch_log()) == 1


def test_after_an_incident_nothing_more_is_allowed(worker: User, lead: User) -> None:
    alarm = raised(worker)
    actions.settle(alarm, outcome="incident", words="A thief.", seen=SEEN, by=lead)
    worker.refresh_from_db()
    assert worker.is_slowed
    is_turned_away(worker, 1)
    assert len(actions.watch_log()) == 1


def test_what_came_since_the_page_was_drawn_is_not_settled(
    worker: User, lead: User
) -> None:
    alarm = raised(worker)
    is_turned_away(worker, 5)
    actions.watch_log()
    with pytest.raises(Changed, match="More activity was recorded"):
        actions.settle(alarm, outcome="explained", words="Ok.", seen=SEEN, by=lead)
    assert Alarm.objects.open().exists()


def test_an_alarm_that_nobody_settles_is_no_pass_for_the_next_day(
    worker: User, lead: User
) -> None:
    raised(worker)
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=True):
        is_turned_away(worker, FIRST + 1)
        assert len(actions.watch_log()) == 1
        worker.refresh_from_db()
        assert worker.is_slowed


def test_two_open_alarms_slow_down_until_both_are_settled(
    worker: User, lead: User
) -> None:
    first = raised(worker)
    for _time in range(11):
        log.record("failed to unlock", worker, by=worker)
    [second] = actions.watch_log()
    actions.settle(first, outcome="explained", words="Busy.", seen=SEEN, by=lead)
    worker.refresh_from_db()
    assert worker.is_slowed
    actions.settle(second, outcome="explained", words="Forgot it.", seen=11, by=lead)
    worker.refresh_from_db()
    assert not worker.is_slowed


def test_the_database_lets_no_one_settle_their_own(worker: User) -> None:
    alarm = raised(worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Alarm.objects.filter(pk=alarm.pk).update(
            settled_at=timezone.now(),
            settled_by=worker,
            outcome="explained",
            words="Mine.",
        )


# --- pages


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.COORDINATOR])
def test_who_may_see_alarms_finds_them_in_the_menu(role: Role) -> None:
    page = given.sign_in(given.make_worker(role=role)).get("/today/").content.decode()
    menu = page[page.index("<header") : page.index("</header>")]
    for address in ("alarms:list", "emergency_access:list", "exports:list"):
        assert f'href="{reverse(address)}"' in menu
    worker = given.sign_in(given.make_worker()).get("/today/").content.decode()
    assert reverse("alarms:list") not in worker


def test_pages_of_alarms(worker: User, lead: User, officer: User) -> None:
    browser = given.sign_in(officer)
    empty = browser.get(reverse("alarms:list")).content.decode()
    assert "No alarms" in empty
    assert "never been scanned" in empty
    alarm = raised(worker)
    listed = browser.get(reverse("alarms:list")).content.decode()
    assert f"{FIRST + 1} (usual: up to {FIRST})" in listed
    assert "been scanned" not in listed
    one = browser.get(reverse("alarms:alarm", args=[alarm.pk])).content.decode()
    assert "Lead" in one
    answer = browser.post(
        reverse("alarms:settle", args=[alarm.pk]),
        once.make_form_key()
        | {"outcome": "explained", "words": "A busy day.", "seen": SEEN},
    )
    assert answer.status_code == 302
    one = browser.get(reverse("alarms:alarm", args=[alarm.pk])).content.decode()
    assert "A busy day." in one


def test_a_timer_that_stopped_is_said(officer: User) -> None:
    actions.watch_log()
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=True):
        page = given.sign_in(officer).get(reverse("alarms:list")).content.decode()
    assert "has not been scanned since" in page


def test_the_day_in_the_log_is_found(worker: User, officer: User) -> None:
    alarm = raised(worker)
    browser = given.sign_in(officer)
    one = browser.get(reverse("alarms:alarm", args=[alarm.pk]))
    shown = browser.get(one.context["events"]).content.decode()
    assert shown.count("was denied access") >= 1


def test_open_alarms_stand_on_the_first_page(
    worker: User, lead: User, officer: User
) -> None:
    alarm = raised(worker)
    actions.settle(alarm, outcome="incident", words="Looked.", seen=SEEN, by=lead)
    is_turned_away(worker, 1)
    actions.watch_log()
    address = f"{reverse('alarms:list')}?only=open"
    tiles = [tile for board in build_boards(officer) for tile in board.tiles]
    assert [t.value for t in tiles if t.url == address] == [1]
    listed = given.sign_in(officer).get(address).content.decode()
    assert listed.count(worker.name) == 1


def test_old_days_are_forgotten(worker: User) -> None:
    long_ago = timezone.localdate() - timedelta(days=29)
    seen_on(worker, long_ago, 3, role="case_worker", kind=ActivityKind.DENIED)
    actions.watch_log()
    assert not ActiveDay.objects.exists()
