"""What ends is seen and held; a person who asks to be forgotten is."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from amana import given
from amana.care.cases.models import Case
from amana.trust.access.models import Role
from amana.trust.retention import erasing

from .conftest import Looks, SignsIn

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_person_is_forgotten_by_two_people_and_three_days(
    sign_in: SignsIn, look: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = given.make_worker(name="Karim Aziz")
    team = worker.memberships.get().team
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR, name="Samir Nasser")
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Omar Diallo")
    case = given.make_case(worked_on_by=worker)
    there = reverse("retention:record", args=[case.pk])

    page = sign_in(worker)
    page.goto(there)
    page.get_by_role("link", name="Record a request to be forgotten").click()
    look(page, "retention-request")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Waiting for an answer")).to_be_visible()

    first = sign_in(supervisor)
    first.goto(there)
    first.get_by_role("button", name="Grant the request").click()
    expect(first.get_by_text("Granted, waiting for a second person")).to_be_visible()
    second = sign_in(officer)
    second.goto(reverse("retention:now"))
    second.get_by_role("link", name=case.reference).click()
    look(second, "retention-confirm")
    second.get_by_role("button", name="Confirm the erasure").click()
    expect(second.get_by_text("Granted, erased after the delay")).to_be_visible()

    real = timezone.now
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: real() + timedelta(days=4))
        assert erasing.erase_due()["case"] == 1
    assert not Case.objects.exists()
    second.goto(reverse("retention:now"))
    expect(second.get_by_text("The person asked for it")).to_be_visible()


def test_what_ends_is_held_in_arabic(sign_in: SignsIn, look: Looks) -> None:
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    case = given.make_case()
    almost = timezone.now() - timedelta(days=1826 - 10)
    Case.objects.filter(pk=case.pk).update(closed_at=almost)

    page = sign_in(officer, language="ar")
    page.goto(reverse("retention:now"))
    look(page, "retention-now-ar")
    page.get_by_role("link", name=case.reference).click()
    page.get_by_role("link", name="إبقاء هذا السجل مدة أطول").click()
    page.get_by_label("إجراءات قضائية").check()
    until = timezone.localdate() + timedelta(days=90)
    page.locator("input[name=on]").fill(until.isoformat())
    look(page, "retention-hold-ar")
    page.get_by_role("button", name="حفظ").click()
    expect(page.get_by_text("ساري المفعول، في انتظار شخص ثانٍ")).to_be_visible()
