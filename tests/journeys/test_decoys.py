"""A data-protection officer asks for a decoy case, and a colleague makes it."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from amana import given
from amana.care.cases.models import Case
from amana.care.decoys.actions import LONGEST
from amana.care.pending import actions as pending
from amana.trust.access.models import Role
from amana.trust.alarms import decoys
from tests.journeys.conftest import Looks, SignsIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_it_is_asked_for_and_made(sign_in: SignsIn, look: Looks, language: str) -> None:
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Officer")
    maker = given.make_worker(of=given.make_team(name="Harbour team"), name="Maker")
    desk = sign_in(officer, language=language)
    desk.goto(reverse("decoys:list"))
    look(desk, "decoys-none")
    place = str(maker.memberships.get().pk)
    desk.locator("main select[name=place]").select_option(place)
    desk.locator("main form button").first.click()
    expect(desk.locator("main table")).to_contain_text("Harbour team")
    look(desk, "decoys-asked")

    # Without JavaScript, as every form.
    other = sign_in(maker, language=language, scripts=False)
    other.goto(reverse("decoys:make"))
    look(other, "decoys-make", scripts=False)
    other.locator("main [name=name]").fill("Ramatou Invented")
    other.locator("main [name=need]").select_option("SH2")
    other.locator("main [name=words]").fill("She waits for a boat.")
    other.locator("main form button").first.click()
    expect(other.locator("h1")).to_be_visible()
    case = Case.objects.get()
    assert decoys.is_decoy(case.pk)
    assert pending.carry_out_due(timezone.now() + LONGEST) == 1
    assert not Case.objects.get().is_open
