"""A case of a person who doesn't exist: whoever opens it, finds it or takes it along is
told of to two people within a minute, and nothing else shows that it is one."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases import finding
from amana.care.cases.actions import StatedNeed
from amana.care.cases.gate import GateResult
from amana.care.cases.models import Case, Closure
from amana.care.cases.usual import get_usual_urgency
from amana.care.cases.workload import count_workload
from amana.care.decoys import actions
from amana.care.decoys.rules import ask_for_decoy, set_decoys
from amana.care.emergency_access import actions as emergencies
from amana.care.pending import actions as pending
from amana.care.pending.models import TO_UNDO, PendingDecision
from amana.design.directory.taxonomy import ServiceType
from amana.errors import Changed, Refused
from amana.insight.facts.models import DeferredObservation, PendingObservation
from amana.notifications.models import Notification
from amana.trust.access.models import Membership, Role, Team, User
from amana.trust.access.rules import Denied
from amana.trust.alarms import actions as alarms
from amana.trust.alarms import decoys
from amana.trust.alarms.models import ActivityKind, Alarm, Decoy
from amana.trust.audit.models import AuditDetail, AuditEvent
from amana.trust.retention import erasing
from amana.ui import once
from tests.worlds import kept

pytestmark = pytest.mark.django_db

SAID = {
    "name": "Ramatou Invented",
    "phone": "+000 555 0199",
    "words": "She waits for a boat.",
    "need": ServiceType.SH2,
}


@kept
def team(db: None) -> Team:
    return given.make_team(name="Harbour team")


@kept
def maker(team: Team) -> User:
    return given.make_worker(of=team, name="Maker")


@kept
def lead(team: Team, maker: User) -> User:
    return given.make_worker(of=team, role=Role.SUPERVISOR, name="Lead")


@kept
def colleague(team: Team, maker: User) -> User:
    return given.make_worker(of=team, name="Colleague")


@kept
def officer(db: None) -> User:
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Officer")


@kept
def auditor(db: None) -> User:
    return given.make_worker(role=Role.AUDITOR, name="Auditor")


def place_of(user: User) -> Membership:
    return user.memberships.get()


@kept
def row(maker: User, officer: User, auditor: User) -> Decoy:
    return actions.request_decoy(place_of(maker), by=officer)


@kept
def decoy(row: Decoy, maker: User, lead: User) -> Case:
    return made(row, maker)


def made(row: Decoy, maker: User) -> Case:
    """And closed, as its time has come."""
    case = actions.make_decoy(row, **SAID, by=maker)
    assert pending.carry_out_due(timezone.now() + actions.LONGEST) == 1
    case.refresh_from_db()
    return case


def open_page(case: Case, user: User) -> int:
    address = reverse("cases:case", args=[case.pk])
    return given.sign_in(user).get(address).status_code


# --- what raises an alarm


def test_whoever_opens_it_is_told_of_to_two_people(
    decoy: Case, lead: User, officer: User, auditor: User
) -> None:
    assert open_page(decoy, lead) == 200
    call_command("watch_log")
    alarm = Alarm.objects.get()
    assert (alarm.user, alarm.kind, alarm.count) == (lead, ActivityKind.DECOY, 1)
    assert set(alarm.told.all()) == {officer, auditor}
    lead.refresh_from_db()
    assert lead.is_slowed
    shown = given.sign_in(officer).get(reverse("alarms:alarm", args=[alarm.pk]))
    assert "A decoy case was opened" in shown.content.decode()
    assert decoy.reference not in shown.content.decode()


def test_a_search_that_finds_it_is_an_alarm(decoy: Case, lead: User) -> None:
    assert [found.case for found in finding.find_cases("Ramatou", by=lead)] == [decoy]
    [alarm] = alarms.watch_log()
    assert (alarm.user, alarm.kind) == (lead, ActivityKind.DECOY)


def test_printing_it_among_others_is_an_alarm(decoy: Case, lead: User) -> None:
    browser = given.sign_in(lead)
    asked = browser.post(
        reverse("cases:together"), {"do": "print", "pick": decoy.pk.hex}
    )
    assert given.confirm_export(browser, asked).status_code == 200
    [alarm] = alarms.watch_log()
    assert (alarm.user, alarm.kind) == (lead, ActivityKind.DECOY)


def test_opening_it_in_an_emergency_is_an_alarm(decoy: Case, colleague: User) -> None:
    said = {"why": "here", "words": "At the door."}
    assert emergencies.open_case(decoy.reference, **said, by=colleague) is not None
    [alarm] = alarms.watch_log()
    assert (alarm.user, alarm.kind) == (colleague, ActivityKind.DECOY)


def test_a_list_that_shows_it_among_others_is_none(decoy: Case, lead: User) -> None:
    given.make_case(worked_on_by=lead)
    page = given.sign_in(lead).get(f"{reverse('cases:team')}?state=closed")
    assert "Ramatou Invented" in page.content.decode()
    assert alarms.watch_log() == []


def test_another_case_is_none(decoy: Case, lead: User, maker: User) -> None:
    real = given.make_case(worked_on_by=maker)
    assert open_page(real, lead) == 200
    assert alarms.watch_log() == []


def test_whoever_made_it_may_look_at_it(decoy: Case, maker: User) -> None:
    assert open_page(decoy, maker) == 200
    assert alarms.watch_log() == []


def test_with_a_good_reason_it_is_settled_and_the_next_look_is_new(
    decoy: Case, lead: User, officer: User
) -> None:
    open_page(decoy, lead)
    [alarm] = alarms.watch_log()
    alarms.settle(alarm, outcome="explained", words="A drill.", seen=1, by=officer)
    assert alarms.watch_log() == []
    open_page(decoy, lead)
    assert [alarm.count for alarm in alarms.watch_log()] == [2]


def test_once_ended_it_alarms_no_more_and_is_counted_nowhere(
    decoy: Case, row: Decoy, lead: User, officer: User
) -> None:
    actions.end_decoy(row, by=officer)
    open_page(decoy, lead)
    assert alarms.watch_log() == []
    assert decoys.is_decoy(decoy.pk)
    with pytest.raises(Changed):
        actions.end_decoy(row, by=officer)


# --- it keeps nobody busy, and is counted nowhere


def test_nothing_of_it_waits_for_the_figures(
    row: Decoy, maker: User, lead: User
) -> None:
    before = PendingObservation.objects.count(), DeferredObservation.objects.count()
    assert not made(row, maker).is_open
    assert (
        PendingObservation.objects.count(),
        DeferredObservation.objects.count(),
    ) == before
    real = given.make_case(worked_on_by=maker)
    said: dict[str, Any] = {
        "reason": "lost_contact",
        "checklist": ["safety", "agreed", "return"],
    }
    cases.close(real, **said, left_open="None", by=given.unlock_user(lead))
    assert PendingObservation.objects.count() > before[0]  # what is real does


def test_it_is_nobody_s_task(
    row: Decoy, maker: User, lead: User, colleague: User, team: Team
) -> None:
    people = (maker, lead, colleague)
    before = [tasks_of(user) for user in people], Notification.objects.count()
    assert not made(row, maker).is_open
    assert ([tasks_of(user) for user in people], Notification.objects.count()) == before
    assert sum(load.total for load in count_workload(team, by=lead)) == 0


def tasks_of(user: User) -> str:
    page = given.sign_in(user).get(reverse("home:today"))
    text: str = page.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def test_it_is_open_for_longer_than_a_real_closing_takes(
    row: Decoy, maker: User
) -> None:
    """Else a list with the minutes of both would show it to everyone."""
    case = actions.make_decoy(row, **SAID, by=maker)
    assert case.still_open()
    held = PendingDecision.objects.get()
    assert TO_UNDO < actions.SHORTEST <= held.due_at - case.opened_at <= actions.LONGEST
    assert pending.carry_out_due(case.opened_at + actions.SHORTEST) == 0
    assert len({actions.choose_open_time() for _time in range(20)}) > 1


def test_it_has_what_an_opened_case_has(row: Decoy, maker: User) -> None:
    case = actions.make_decoy(row, **SAID, by=maker)
    assert [n.type for n in given.open_needs(case, by=maker)] == [ServiceType.SH2]
    opened = AuditEvent.objects.get(did="opened case", case=case.pk)
    details = AuditDetail.objects.get(event=opened).details
    assert details["needs"] == [ServiceType.SH2.group]
    assert details["gate"] == GateResult.SAFE


def test_a_supervisor_s_is_closed_like_any_other(lead: User, officer: User) -> None:
    """The same acts and rows as of a case that a supervisor opened and closed."""
    row = actions.request_decoy(place_of(lead), by=officer)
    decoy = made(row, lead)
    real = given.make_case(
        worked_on_by=lead,
        gate=actions.build_safe_answers(),
        identity_child="no",
        narrative_account="She waits.",
        needs=[StatedNeed(ServiceType.SH2, get_usual_urgency(ServiceType.SH2))],
    )
    said = {"reason": "lost_contact", "checklist": ["safety", "agreed", "return"]}
    browser = given.sign_in(lead)
    address = reverse("cases:close", args=[real.pk])
    form = said | {"left_open": "Contact was lost."} | once.make_form_key()
    assert browser.post(address, form).status_code == 302
    assert pending.carry_out_due(timezone.now() + actions.LONGEST) == 1
    acts = [
        sorted(AuditEvent.objects.touching_case(pk).values_list("did", flat=True))
        for pk in (decoy.pk, real.pk)
    ]
    assert "closed case" in acts[0]
    assert set(acts[0]) <= set(acts[1])
    closures = [Closure.objects.get(case=pk) for pk in (decoy.pk, real.pk)]
    assert {(c.proposed_by, c.reviewed_by, c.agreed) for c in closures} == {
        (lead, lead, True)
    }


def test_another_case_still_needs_a_supervisor(maker: User, lead: User) -> None:
    real = given.make_case(worked_on_by=maker)
    with pytest.raises(Refused, match="A supervisor must review this first"):
        cases.close(real, reason="lost_contact", checklist=[], left_open="-", by=maker)


# --- who knows which it is


def test_the_database_says_neither_which_nor_whose(decoy: Case, maker: User) -> None:
    table = Decoy._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        rows = str(cursor.fetchall())
    assert not any(word in rows for word in (decoy.pk.hex, str(decoy.pk)))
    assert len({len(row.sealed) for row in Decoy.objects.all()}) == 1


def test_the_log_has_of_it_what_it_has_of_other_cases(
    decoy: Case, maker: User, officer: User
) -> None:
    of_case = AuditEvent.objects.touching_case(decoy.pk)
    ordinary = {"opened case", "closed case", "began pathway", "ended pathway"}
    assert {"opened case", "closed case"} <= set(of_case.values_list("did", flat=True))
    assert set(of_case.values_list("did", flat=True)) <= ordinary | {
        "wrote record",
        "finished step",
        "opened",
    }
    said = AuditEvent.objects.filter(did="asked for decoy case").get()
    assert (said.actor, said.case, said.thing) == (officer.actor_id, None, "")
    details = AuditDetail.objects.get(event=said).details
    assert details == {"user": maker.pk, "team": place_of(maker).team_id}


@pytest.mark.parametrize("sealed", [b"", b"\xff", b"{}"])
def test_a_row_that_someone_put_there_keeps_no_alarm_from_being_raised(
    sealed: bytes, decoy: Case, lead: User
) -> None:
    Decoy.objects.create(sealed=sealed)
    assert open_page(decoy, lead) == 200
    call_command("watch_log")
    assert Alarm.objects.get().kind == ActivityKind.DECOY


def test_a_row_moved_to_another_place_opens_nothing(decoy: Case, row: Decoy) -> None:
    other = Decoy.objects.create(sealed=Decoy.objects.get().sealed)
    assert {found.pk for found, _secret in decoys.read_all()} == {row.pk} - {other.pk}


def test_the_officer_sees_that_it_was_made_and_not_which(
    decoy: Case, officer: User
) -> None:
    page = given.sign_in(officer).get(reverse("decoys:list")).content.decode()
    assert all(word in page for word in ("Harbour team", "Maker", "Made"))
    assert not any(word in page for word in (decoy.reference, str(decoy.pk)))


def test_everyone_else_finds_no_such_page(
    row: Decoy, lead: User, colleague: User, auditor: User, maker: User
) -> None:
    stranger = given.make_worker()
    for user in (lead, colleague, auditor, stranger):
        browser = given.sign_in(user)
        assert browser.get(reverse("decoys:list")).status_code == 404
        assert browser.get(reverse("decoys:make")).status_code == 404
        gone = browser.post(reverse("decoys:end", args=[row.pk]), once.make_form_key())
        assert gone.status_code == 404
        assert not set_decoys.permits(user, row)
    assert given.sign_in(maker).get(reverse("decoys:list")).status_code == 404


# --- asking, making


def test_it_is_asked_for_and_made_on_pages(
    maker: User, officer: User, auditor: User, lead: User
) -> None:
    said: dict[str, Any] = {"place": place_of(maker).pk} | once.make_form_key()
    answer = given.sign_in(officer).post(reverse("decoys:list"), said)
    assert answer.status_code == 302
    browser = given.sign_in(maker)
    assert "Harbour team" in browser.get(reverse("decoys:make")).content.decode()
    answer = browser.post(reverse("decoys:make"), SAID | once.make_form_key())
    assert answer.status_code == 302
    assert decoys.is_decoy(Case.objects.get().pk)
    assert browser.get(reverse("decoys:make")).status_code == 404


def test_nobody_asks_but_the_officer_and_nobody_without_keys_is_asked(
    maker: User, lead: User, officer: User, auditor: User
) -> None:
    for user in (maker, lead, auditor):
        with pytest.raises(Denied):
            actions.request_decoy(place_of(maker), by=user)
    assert not ask_for_decoy.permits(officer, place_of(auditor))
    assert ask_for_decoy.permits(officer, place_of(lead))
    place_of(lead).delete()
    assert not Decoy.objects.exists()


def test_it_is_made_once_by_who_was_asked(
    row: Decoy, maker: User, colleague: User, officer: User, lead: User
) -> None:
    with pytest.raises(Changed):
        actions.make_decoy(row, **SAID, by=colleague)
    actions.make_decoy(row, **SAID, by=maker)
    with pytest.raises(Changed):
        actions.make_decoy(row, **SAID, by=maker)
    assert Case.objects.count() == 1


def test_one_that_was_not_made_is_gone_once_ended(
    row: Decoy, maker: User, officer: User
) -> None:
    actions.end_decoy(row, by=officer)
    assert not Decoy.objects.exists()
    with pytest.raises(Changed):
        actions.make_decoy(row, **SAID, by=maker)


def test_it_goes_when_the_case_is_erased(
    decoy: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(days=6 * 366))
    assert erasing.erase_due()["case"] == 1
    assert not Decoy.objects.exists()
    assert not Case.objects.exists()
