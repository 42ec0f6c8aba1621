"""One proposes, another confirms, and what was taken away is given back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from amana import given
from amana.trust.access.models import Role
from amana.trust.vault import removal
from amana.trust.vault.models import KeyRemoval, PersonKey

from .conftest import Looks, SignsIn

pytestmark = pytest.mark.django_db(transaction=True)


def test_keys_are_taken_away_by_two_and_given_back(
    sign_in: SignsIn, look: Looks
) -> None:
    team = given.make_team(name="Harbour House")
    workers = [given.make_worker(of=team) for _two in range(2)]
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR, name="Samir Nasser")
    leila = given.make_worker(of=team, name="Leila Haddad")
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Omar Diallo")
    assert workers

    page = sign_in(supervisor)
    page.goto(reverse("access:team", args=[team.pk]))
    look(page, "keys-team")
    row = page.get_by_role("row").filter(has_text="Leila Haddad")
    row.get_by_text("More").click()
    row.get_by_role("link", name="Lost passphrase or second step").click()
    look(page, "keys-start-again")
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("Waiting for a second person")).to_be_visible()

    second = sign_in(officer)
    second.goto(reverse("vault:admissions"))
    second.get_by_role("link", name="Leila Haddad").click()
    look(second, "keys-confirm")
    second.get_by_role("button", name="It is true: confirm").click()
    expect(second.get_by_text("Confirmed, takes effect later")).to_be_visible()

    KeyRemoval.objects.update(effective_at=timezone.now() - timedelta(seconds=1))
    assert removal.settle() == (1, 0)
    assert not PersonKey.objects.filter(user=leila).exists()
    second.reload()
    look(second, "keys-undo")
    second.get_by_role("button", name="Undo: give the keys back").click()
    expect(second.get_by_text("Undone", exact=True)).to_be_visible()
    assert PersonKey.objects.filter(user=leila).exists()


def test_a_colleague_is_suspended_in_arabic(sign_in: SignsIn, look: Looks) -> None:
    team = given.make_team()
    given.make_worker(of=team)
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR)
    place = given.make_worker(of=team).memberships.get()

    page = sign_in(supervisor, language="ar")
    page.goto(reverse("vault:suspend", args=[place.pk]))
    look(page, "keys-suspend")
    page.goto(reverse("vault:start_again", args=[place.pk]))
    look(page, "keys-start-again")
    page.goto(reverse("vault:end", args=[place.pk]))
    look(page, "keys-end")
    page.goto(reverse("vault:renew", args=[team.pk]))
    look(page, "keys-renew")
    page.goto(reverse("vault:suspend", args=[place.pk]))
    page.get_by_role("button", name="الإيقاف الآن").click()
    page.goto(reverse("vault:admissions"))
    look(page, "keys-suspended")
    place.user.refresh_from_db()
    assert not place.user.is_active


def test_a_team_key_is_renewed_without_a_script(sign_in: SignsIn, look: Looks) -> None:
    team = given.make_team()
    given.make_worker(of=team)
    worker = given.make_worker(of=team)
    given.make_case_keys(of=team)

    page = sign_in(worker, scripts=False)
    page.goto(reverse("vault:renew", args=[team.pk]))
    page.get_by_role("button", name="Renew now").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("the old key no longer opens anything")).to_be_visible()
