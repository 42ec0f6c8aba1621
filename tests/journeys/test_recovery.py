"""Two colleagues set up their team's recovery key; all its keys are lost; three of the
five custodians give them back, one of them from paper (P28)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from amana import given
from amana.trust.access.models import Role
from amana.trust.recovery import regaining
from amana.trust.recovery.models import Regaining, Share
from amana.trust.vault import admission
from amana.trust.vault.models import TeamKey

from .conftest import Looks, SignsIn, Watch

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "five grey herons at noon"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_three_custodians_give_a_team_its_keys_back(
    sign_in: SignsIn,
    look: Looks,
    watch: Watch,
    language: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("amana.trust.vault.heartbeat.require_clock", lambda: None)
    team = given.make_team(name="Safe house")
    amira = given.make_worker(of=team, name="Amira")
    basma = given.make_worker(of=team, role=Role.SUPERVISOR, name="Basma")
    names = ("Dunya", "Elias", "Farah", "Ghada", "Hadi")
    keepers = [given.make_worker(role=Role.FOCAL_POINT, name=name) for name in names]
    coordinator = given.make_worker(role=Role.COORDINATOR, name="Ben")
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Dora")
    submit = "main form button[type=submit]"

    # set up by two
    first = sign_in(amira, language=language)
    first.goto(reverse("recovery:team", args=[team.pk]))
    look(first, f"recovery-none-{language}")
    first.locator(
        f"main a[href='{reverse('recovery:choose', args=[team.pk])}']"
    ).click()
    for number, chosen in enumerate(keepers, start=1):
        first.locator(f"[name=custodian_{number}]").select_option(str(chosen.pk))
    look(first, f"recovery-choose-{language}")
    first.locator(submit).click()
    second = sign_in(basma, language=language)
    second.goto(reverse("recovery:team", args=[team.pk]))
    look(second, f"recovery-proposed-{language}")
    second.locator("main form[action$='/confirm'] button").click()
    expect(second.locator("main table")).to_be_visible()
    look(second, f"recovery-team-{language}")

    # printed, and checked from paper
    keeper = sign_in(keepers[0], language=language)
    keeper.goto(reverse("recovery:shares"))
    look(keeper, f"recovery-shares-{language}")
    share = Share.objects.get(custodian=keepers[0])
    keeper.goto(reverse("recovery:print_share", args=[share.pk]))
    keeper.locator(submit).click()
    expect(keeper.locator(".secret-code")).to_be_visible()
    code = keeper.locator(".secret-code").inner_text().strip()
    look(keeper, f"recovery-printed-{language}")
    keeper.goto(reverse("recovery:drill", args=[share.pk]))
    look(keeper, f"recovery-drill-{language}")
    keeper.locator("[name=code]").fill(code.lower())
    keeper.locator(submit).click()
    keeper.wait_for_url("**" + reverse("recovery:shares"))

    # all is lost
    given.end_membership(amira.memberships.get(), by=basma)
    invited = admission.find_invitation(given.reset_keys(basma, by=coordinator))
    lost = admission.join(invited, passphrase=NEW)
    office = sign_in(coordinator, language=language)
    office.goto(reverse("recovery:overview"))
    look(office, f"recovery-overview-{language}")
    office.goto(reverse("recovery:team", args=[team.pk]))
    look(office, f"recovery-lost-{language}")
    office.locator("main form[action$='/regain'] button").click()
    expect(office.locator("main form[action$='/stop']")).to_be_visible()
    made = Regaining.objects.get()
    page = reverse("recovery:regaining", args=[made.pk])
    newcomer = sign_in(lost, language=language)
    newcomer.goto(page)
    expect(newcomer.locator(".fingerprint li")).to_have_count(8)
    look(newcomer, f"recovery-compare-{language}")
    witness = sign_in(officer, language=language)
    witness.goto(reverse("recovery:confirm", args=[made.pk]))
    look(witness, f"recovery-confirm-{language}")
    witness.locator("[name=compared]").check()
    witness.locator(submit).click()
    witness.wait_for_url("**" + page)
    look(witness, f"recovery-confirmed-{language}")

    # three of five
    Regaining.objects.update(effective_at=timezone.now() - timedelta(seconds=1))
    keeper.goto(reverse("recovery:release", args=[made.pk]))
    look(keeper, f"recovery-release-{language}")
    keeper.locator("[name=code]").fill(code)
    keeper.locator(submit).click()
    keeper.wait_for_url("**" + page)
    for other in keepers[1:3]:
        regaining.release(Regaining.objects.for_list().get(), by=other)
    newcomer.goto(page)
    look(newcomer, f"recovery-complete-{language}")
    newcomer.locator("main form[action$='/complete'] button").click()
    newcomer.wait_for_url("**" + reverse("vault:renew", args=[team.pk]))
    newcomer.goto(page)
    look(newcomer, f"recovery-done-{language}")
    assert TeamKey.objects.get(team=team, retired_at=None).epoch == 2
