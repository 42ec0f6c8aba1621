"""Two mechanisms in force: a case changes from one to the other, and one retires. In
English and in Arabic, each page looked at by axe."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from amana import given
from amana.care.pathways.models import PathwayRun
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Mechanism, Version
from amana.trust.access.models import Role, User
from tests.journeys.conftest import Looks, SignsIn

MECHANISMS = settings.ROOT / "mechanisms"


@pytest.fixture
def worker(transactional_db: None) -> User:
    return given.make_worker(name="Grace Achieng")


@pytest.fixture
def coordinator(transactional_db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR, name="Amina Rahmani")


@pytest.fixture
def versions(worker: User, coordinator: User) -> list[Version]:
    found = []
    for name in ("example", "district-health"):
        version = mechanisms.adopt_shipped(MECHANISMS / name, by=coordinator)
        role = next(iter(version.pack.roles))
        team = worker.memberships.get().team
        mechanisms.give_part(version.mechanism, role, team, by=coordinator)
        found.append(version)
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_mechanism_retires_and_its_cases_continue(
    sign_in: SignsIn,
    look: Looks,
    versions: list[Version],
    worker: User,
    coordinator: User,
    language: str,
) -> None:
    first, second = versions
    case = given.make_case(worked_on_by=worker, identity_age=30)
    run = PathwayRun.objects.get(case=case)
    assert case.mechanism == first.mechanism

    page = sign_in(coordinator, language=language)
    page.goto(f"/mechanism/{first.pk}/")
    page.locator(f'a[href="/mechanism/of/{first.mechanism_id}/retire/"]').click()
    look.accessible(page)
    look.picture(page, "retire-announce")
    day = timezone.localdate() + timedelta(days=8)
    page.fill('[name="on"]', day.isoformat())
    page.check(f'[name="successor"][value="{second.mechanism_id}"]')
    page.locator("main form button").last.click()
    look.accessible(page)
    look.picture(page, "retire-announced")
    page.goto("/mechanism/")
    look.accessible(page)
    look.picture(page, "retire-read-by-all")

    # The week is over.
    Mechanism.objects.filter(pk=first.mechanism_id).update(
        retires_on=timezone.localdate()
    )
    colleague = sign_in(worker, language=language)
    colleague.goto(f"/pathways/{run.pk}/")
    look.accessible(colleague)
    look.picture(colleague, "retire-notice")
    colleague.goto(f"/pathways/change/{case.pk}/")
    look.accessible(colleague)
    look.picture(colleague, "retire-change")
    colleague.goto("/pathways/")
    colleague.locator('main a[href="/pathways/retired/"]').click()
    look.accessible(colleague)
    look.picture(colleague, "retire-cases")
    colleague.locator("main form button").last.click()
    look.accessible(colleague)
    look.picture(colleague, "retire-none-left")

    case.refresh_from_db()
    run.refresh_from_db()
    assert (case.mechanism, run.version) == (second.mechanism, second)
