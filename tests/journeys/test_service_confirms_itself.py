"""A service without an account says what has changed, on a telephone, by the link in
its mailbox; a coordinator accepts it. Each page is looked at by axe and for its
width."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from amana import given
from amana.design.directory import actions
from amana.design.directory.models import ChangeProposal, Service, VerificationRequest
from amana.trust.access.models import Role, User
from tests.journeys.conftest import Opens, SignsIn, Watch
from tests.journeys.hands import Hand

from .first_hour import Look, look_on_phone_and_desk, on_a_phone


@pytest.fixture
def look(accessible: Callable[[Page], None]) -> Look:
    return look_on_phone_and_desk(accessible)


@pytest.fixture
def coordinator(transactional_db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR)


@pytest.fixture
def house(coordinator: User) -> Service:
    team = given.make_team(of=given.make_organisation(name="Village clinic"))
    service = given.make_service(
        of=team,
        by=coordinator,
        name="Night beds",
        email="desk@example.org",
        phone="555 0100",
        hours=[[510, 990]],
        languages=["ar"],
    )
    past = timezone.localdate() - timedelta(days=100)
    Service.objects.filter(pk=service.pk).update(verify_by=past)
    service.refresh_from_db()
    return service


def find_link(mails: list[EmailMessage]) -> str:
    return str(re.findall(r"/directory/check/\S+", str(mails[-1].body))[0])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_service_says_what_has_changed(
    house: Service,
    coordinator: User,
    visit: Opens,
    sign_in: SignsIn,
    look: Look,
    watch: Watch,
    language: str,
    mailoutbox: list[EmailMessage],
) -> None:
    mailoutbox.clear()
    actions.ask_service(house, by=coordinator)
    link = find_link(mailoutbox)

    page = on_a_phone(visit(language=language, scripts=False))
    page.goto(link)
    hand = Hand(page)
    page_of_look = on_a_phone(visit(language=language))
    page_of_look.goto(link)
    look(page_of_look, "check")
    hand.choose("taking", "paused")
    hand.type("phone", "555 0199")
    hand.submit("#changes")
    assert page.url.endswith(reverse("directory:checked"))
    assert not page.url.endswith(link)
    page_of_look.goto(page.url)
    look(page_of_look, "checked")
    watch.expect("410")
    page_of_look.goto(link)
    look(page_of_look, "check-over")

    desk = on_a_phone(sign_in(coordinator, language=language))
    desk.goto(reverse("directory:verification"))
    look(desk, "verification")
    desk.goto(reverse("directory:service", args=[house.pk]))
    look(desk, "service-with-proposal")
    work = Hand(desk)
    proposal = ChangeProposal.objects.get()
    work.follow(reverse("directory:proposal", args=[proposal.pk]))
    look(desk, "proposal")
    work.submit(f'form[action="{reverse("directory:accept", args=[proposal.pk])}"]')
    look(desk, "service-changed")
    house.refresh_from_db()
    assert (house.phone, house.status) == ("555 0199", "paused")
    assert not house.is_outdated
    assert not VerificationRequest.objects.open().exists()

    desk.goto(reverse("directory:phone", args=[house.pk]))
    look(desk, "phone")
    desk.goto(reverse("directory:duplicates"))
    look(desk, "duplicates")
    desk.goto(reverse("directory:delist", args=[house.pk]))
    look(desk, "delist")
