"""The pages of retention: who sees what ends, and who decides."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.closing import REQUIRED
from amana.care.cases.models import Case, ClosureReason
from amana.trust.access.models import Role
from amana.trust.retention import erasing
from amana.trust.retention.models import ErasureRequest, Hold
from amana.trust.vault import heartbeat
from amana.trust.vault.models import Heartbeat
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@kept
def case(worker):
    return given.make_case(worked_on_by=worker, identity_age="31")


@kept
def ending(case):
    """Its time is over in ten days."""
    five_years = timedelta(days=1826)
    Case.objects.filter(pk=case.pk).update(
        closed_at=timezone.now() - five_years + timedelta(days=10),
    )
    return case


def text(answer):
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def url(name, *args):
    return reverse(f"retention:{name}", args=args)


def unlocked(user):
    return given.sign_in(given.unlock_user(user))


def fill_in(browser, address, said):
    """Send a form with the key that its page carries, once."""
    return browser.post(address, said | {"_once": str(uuid4())})


# --- what ends, and what was erased


def test_an_officer_sees_what_ends_within_thirty_days(ending, case, officer):
    page = text(given.sign_in(officer).get(url("now")))

    assert case.reference in page.replace(" ", "")
    assert "Will be erased" in page
    assert "5 years" in page


def test_a_supervisor_sees_what_their_own_team_keeps(ending, case, supervisor):
    stranger = given.make_worker(role=Role.SUPERVISOR)

    assert case.reference in text(given.sign_in(supervisor).get(url("now")))
    assert case.reference not in text(given.sign_in(stranger).get(url("now")))


def test_auditors_see_the_list_and_no_record(case, worker, officer, monkeypatch):
    auditor = given.make_worker(role=Role.AUDITOR)
    cases.close(
        Case.objects.get(pk=case.pk),
        reason=ClosureReason.RELOCATED,
        checklist=REQUIRED,
        left_open="moved",
        by=worker,
    )
    given.make_case(worked_on_by=given.make_worker())
    real = timezone.now
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: real() + timedelta(3000))
        assert erasing.erase_due()["case"] == 1
    page = text(given.sign_in(auditor).get(url("now")))

    assert "What was erased" in page
    assert "The set time is over" in page
    assert "erased within 30 days" not in page
    assert case.reference not in page


def test_an_empty_page_says_so(officer):
    page = text(given.sign_in(officer).get(url("now")))

    for said in ("No cases to be erased within 30 days", "No holds in force"):
        assert said in page


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.SCREENER, Role.FOCAL_POINT])
def test_others_find_no_page(role):
    answer = given.sign_in(given.make_worker(role=role)).get(url("now"))
    assert answer.status_code == 404


def test_a_stranger_finds_no_record_and_decides_nothing(case, officer, supervisor):
    stranger = unlocked(given.make_worker(role=Role.SUPERVISOR))
    hold = Hold.objects.create(
        record=case.pk, reason="court", set_by=officer, review_on=timezone.localdate()
    )
    asked = ErasureRequest.objects.create(
        record=case.pk,
        recorded_by=officer,
        received_on=timezone.localdate(),
        answer_by=timezone.localdate(),
    )
    pages = [url("record", case.pk), url("new_hold", case.pk)]
    pages += [url("new_request", case.pk), url("refuse_request", asked.pk)]
    for page in pages:
        assert stranger.get(page).status_code == 404, page
    for name in ("confirm", "withdraw", "keep", "lift"):
        page = url(f"{name}_hold", hold.pk)
        assert stranger.post(page).status_code == 404, page
    for name in ("grant", "confirm", "stop"):
        page = url(f"{name}_request", asked.pk)
        assert stranger.post(page).status_code == 404, page
    hold.refresh_from_db()
    asked.refresh_from_db()
    assert (hold.status, asked.status) == ("proposed", "received")


# --- holds and requests, as people walk them


def test_stopping_a_request_asks_for_the_passphrase_again(case, worker, monkeypatch):
    asked = ErasureRequest.objects.create(
        record=case.pk,
        recorded_by=worker,
        received_on=timezone.localdate(),
        answer_by=timezone.localdate(),
    )
    browser, real = given.sign_in(worker), timezone.now
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: real() + timedelta(minutes=6))
        browser.post(url("stop_request", asked.pk))
    asked.refresh_from_db()
    assert asked.is_open


def test_two_people_hold_a_case_and_lift_it(ending, case, supervisor, officer):
    first, second = unlocked(officer), unlocked(supervisor)
    day = timezone.localdate() + timedelta(days=60)
    said = {"reason": "court", "way": "reviewed", "on": day.isoformat()}
    answer = fill_in(first, url("new_hold", case.pk), said)
    assert answer.status_code == 302
    hold = Hold.objects.get()
    assert hold.review_on == day
    assert "Confirm the hold" not in text(first.get(url("record", case.pk)))
    assert "Confirm the hold" in text(second.get(url("record", case.pk)))

    second.post(url("confirm_hold", hold.pk))
    assert "Hold in force" in text(first.get(url("now")))
    first.post(url("propose_lifting", hold.pk))
    assert "Lift the hold" not in text(first.get(url("record", case.pk)))
    second.post(url("lift_hold", hold.pk))
    hold.refresh_from_db()
    assert hold.status == "lifted"


def test_a_hold_needs_a_day_to_come(ending, case, officer):
    yesterday = timezone.localdate() - timedelta(days=1)
    said = {"reason": "court", "way": "ends", "on": yesterday.isoformat()}
    answer = fill_in(unlocked(officer), url("new_hold", case.pk), said)

    assert answer.status_code == 422
    assert not Hold.objects.exists()


def test_a_worker_writes_down_that_the_person_asks(case, worker, supervisor, officer):
    browser = unlocked(worker)
    today = timezone.localdate().isoformat()
    fill_in(browser, url("new_request", case.pk), {"received_on": today})
    asked = ErasureRequest.objects.get()
    page = text(browser.get(url("record", case.pk)))
    assert "Waiting for an answer" in page
    assert "Grant the request" not in page

    unlocked(supervisor).post(url("grant_request", asked.pk))
    assert "Confirm the erasure" in text(unlocked(officer).get(url("record", case.pk)))
    unlocked(officer).post(url("confirm_request", asked.pk))
    assert "Erased after" in text(browser.get(url("record", case.pk)))
    browser.post(url("stop_request", asked.pk))
    asked.refresh_from_db()
    assert asked.status == "withdrawn"


def test_a_refusal_has_a_reason(case, officer, worker):
    asked = ErasureRequest.objects.create(
        record=case.pk,
        recorded_by=worker,
        received_on=timezone.localdate(),
        answer_by=timezone.localdate(),
    )
    browser, refuse = unlocked(officer), url("refuse_request", asked.pk)
    assert fill_in(browser, refuse, {}).status_code == 422
    fill_in(browser, refuse, {"reason": "law"})

    page = text(browser.get(url("record", case.pk)))
    assert "The law requires us to keep it" in page


def test_the_page_of_a_case_leads_here(case, worker):
    page = unlocked(worker).get(reverse("cases:case", args=[case.pk]))
    assert url("record", case.pk) in page.content.decode()


def test_whether_it_is_a_childs_stands_in_no_address(ending, case, officer):
    Case.objects.filter(pk=case.pk).update(child_born_in=1990)
    page = given.sign_in(officer).get(url("now")).content.decode()

    assert url("record", case.pk) in page
    assert "child" not in url("record", case.pk)


# --- the clock


def test_an_officer_confirms_the_time(officer, supervisor):
    heartbeat.record_heartbeat()
    Heartbeat.objects.update(doubted_at=timezone.now())
    said = "clock may be wrong"
    assert said in text(given.sign_in(supervisor).get(url("now")))
    assert unlocked(supervisor).post(url("confirm_clock")).status_code in (403, 404)
    browser = unlocked(officer)
    assert "Confirm the time" in text(browser.get(url("now")))
    browser.post(url("confirm_clock"))

    assert said not in text(browser.get(url("now")))
    assert not heartbeat.is_in_doubt()
