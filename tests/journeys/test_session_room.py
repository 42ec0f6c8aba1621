"""What stands around a session's room, and a call in it from browser to browser. What
thirty do in the room is in `test_from_enquiry_to_role`."""

import re
from collections.abc import Callable
from threading import Lock
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from amana import given
from amana.academy.cohorts.models import Cohort
from amana.academy.courses.tests.kits import TEXTS, small_kit
from amana.academy.sessions.models import Session
from amana.academy.sessions.tests.meeting import a_cohort, a_learner, a_session
from amana.trust.access.models import User

from .conftest import SignsIn
from .thirty_in_a_room import at, does, enter


@pytest.fixture
def trainer(transactional_db: None) -> User:
    return given.make_user(name="Tariq Haddad")


@pytest.fixture
def cohort(trainer: User) -> Cohort:
    return a_cohort(trainer, more=small_kit("en", "fr"))


@pytest.fixture
def session(cohort: Cohort, trainer: User) -> Session:
    return a_session(cohort, by=trainer, mode="hybrid", venue="Hall 2", video="none")


def list_kit_addresses(cohort: Cohort) -> dict[str, str]:
    place = ["small", cohort.version.number, "m1"]
    pieces = {
        f"kit-{part}": reverse("sessions:kit_piece", args=[*place, part])
        for part in TEXTS
    }
    return {
        "kits": reverse("sessions:kits", args=["small"]),
        "kit": reverse("sessions:kit", args=place),
        "slides": reverse("sessions:kit_slides", args=[*place, "02-slides"]),
        **pieces,
    }


def test_what_stands_around_a_room(
    cohort: Cohort,
    session: Session,
    trainer: User,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
    picture: Callable[[Page, str], None],
) -> None:
    learner = a_learner(cohort)
    for person, language in ((trainer, "en"), (trainer, "ar"), (learner, "fr")):
        page = sign_in(person, language=language)
        addresses = {"mine": reverse("sessions:mine")}
        addresses |= {"plan-as-text": at("session", session)}
        addresses |= {"arrive": at("arrive", session)}
        if person == trainer:
            addresses |= {
                name: at(name, session) for name in ("pack", "door", "cancel", "change")
            }
            addresses["captions"] = at("add_captions", session)
            addresses |= list_kit_addresses(cohort)
        for name, address in addresses.items():
            page.goto(address)
            assert page.locator("h1").count() == 1
            accessible(page)
            picture(page, f"sessions-{name}")
        page.context.close()


def test_a_session_is_told_by_the_readers_clock_too(
    cohort: Cohort,
    session: Session,
    trainer: User,
    sign_in: SignsIn,
    accessible: Callable[[Page], None],
) -> None:
    page = sign_in(trainer, language="ar")
    device = page.context.new_cdp_session(page)
    shown = page.locator("main time[datetime]").first
    here = session.starts_at.astimezone(cohort.zone)

    page.goto(at("session", session))
    device.send("Emulation.setTimezoneOverride", {"timezoneId": cohort.time_zone})
    page.reload()
    expect(shown).to_have_text(re.compile(f"{here:%H:%M}$"))

    device.send("Emulation.setTimezoneOverride", {"timezoneId": "Pacific/Auckland"})
    page.reload()
    there = session.starts_at.astimezone(ZoneInfo("Pacific/Auckland"))
    expect(shown).to_have_text(re.compile(rf"{here:%H:%M} \(.*{there:%H:%M}"))
    accessible(page)


def test_a_group_of_two_sees_and_hears_each_other(
    cohort: Cohort, session: Session, trainer: User, turns: Lock, sign_in: SignsIn
) -> None:
    """From browser to browser, with Chromium's own test picture and tone."""
    Session.objects.filter(pk=session.pk).update(video="mesh")
    with turns:
        leads = sign_in(trainer)
        pages = [sign_in(a_learner(cohort)) for _ in range(2)]
    leads.goto(at("lead", session))
    does(leads, session, "open")
    for page in pages:
        enter(page, session)
    does(leads, session, "step", "2")
    does(leads, session, "divide")
    for page in pages:
        page.get_by_role("button", name="See and hear the others").click()
    for page in pages:
        other = page.locator('[data-face][data-state="connected"] video')
        expect(other).to_be_visible(timeout=20_000)
        moving = "video => video.videoWidth > 0 && !video.paused"
        page.wait_for_function(moving, arg=other.element_handle())
    pages[0].get_by_role("button", name="Camera and microphone off").click()
    expect(pages[1].locator("[data-face]")).to_have_count(1)
