"""A decoy looks like any other case, keeps no one busy, and is counted nowhere."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.actions import StatedNeed
from amana.care.cases.gate import GateResult
from amana.care.cases.models import Case, Closure
from amana.care.cases.usual import get_usual_urgency
from amana.care.cases.workload import count_workload
from amana.care.decoys import actions
from amana.care.decoys.rules import set_decoys
from amana.care.pending import actions as pending
from amana.care.pending.models import TO_UNDO, PendingDecision
from amana.design.directory.taxonomy import ServiceType
from amana.errors import Refused
from amana.insight.facts.models import DeferredObservation, PendingObservation
from amana.notifications.models import Notification
from amana.trust.access.models import Team, User
from amana.trust.alarms import decoys
from amana.trust.alarms.models import ActivityKind, Alarm, Decoy
from amana.trust.audit.models import AuditDetail, AuditEvent
from amana.ui import once

from .conftest import SAID, made, open_page, place_of

pytestmark = pytest.mark.django_db


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
