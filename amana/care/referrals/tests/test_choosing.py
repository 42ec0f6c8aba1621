"""Choosing a service: what is offered, what is apart, and what is not offered."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case, Need, Urgency
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.referrals import actions
from amana.care.referrals.choosing import ServiceOption
from amana.care.referrals.models import DeclineReason
from amana.design.directory import actions as directory
from amana.design.directory.models import Service
from amana.design.directory.models.changes import record_change
from amana.trust.access.models import User

from .choices import ALWAYS, choice, grown_old, page_of, sent, write

SATURDAY_NIGHT = datetime(2026, 11, 28, 19, 6, tzinfo=UTC)


def names(options: list[ServiceOption]) -> list[str]:
    return [option.service.name for option in options]


def ask_url(need: Need, service: Service) -> str:
    return reverse("referrals:ask", args=[need.pk, service.pk])


# --- full, and not confirmed lately


def test_an_old_zero_is_not_among_what_fits_and_cant_be_asked(
    need: Need, worker: User, ours: Client
) -> None:
    full = grown_old(given.make_service(name="Tamra", places_free=0, phone="555 0304"))
    free = given.make_service(name="Lake House")

    found = choice(need, worker)

    assert names(found.options) == ["Lake House"]
    assert [(o.service.name, o.sendable) for o in found.unsure] == [("Tamra", False)]
    page = page_of(ours, need)
    assert ask_url(need, full) not in page
    assert ask_url(need, free) in page
    assert "0 of 10 beds free, counted on" in page
    assert 'href="tel:5550304"' in page


def test_an_old_count_stands_apart_and_may_be_asked(need: Need, worker: User) -> None:
    grown_old(given.make_service(name="Hill House"))

    found = choice(need, worker)

    assert found.options == []
    (hill,) = found.unsure
    assert hill.sendable
    assert ("ask", "Call to check for a free place.") in hill.facts
    assert found.fitting == 0


def test_a_full_service_is_asked_for_its_waiting_list_and_says_so(
    need: Need, ours: Client, worker: User
) -> None:
    given.make_service(name="Tamra", places_free=0, waiting_list=True)

    (tamra,) = choice(need, worker).unsure

    assert (tamra.sendable, tamra.waiting_list) == (False, True)
    page = page_of(ours, need)
    assert "Ask for the waiting list" in page
    assert "Ask the person" not in page


def test_places_that_were_never_counted_are_not_a_full_house(
    need: Need, worker: User
) -> None:
    service = given.make_service(name="Hill House")
    Service.objects.filter(pk=service.pk).update(places_free=0, places_said_at=None)
    record_change(service)

    (hill,) = choice(need, worker).unsure

    assert hill.sendable
    referral = given.make_referral(need=need, to=hill.service, by=worker)
    actions.accept(referral, by=given.make_worker(of=hill.service.team))
    assert referral.places == 0


def test_a_family_takes_the_places_that_were_offered(
    case: Case, need: Need, worker: User
) -> None:
    family = [{"age": "4", "relation": "child"}, {"age": "7", "relation": "child"}]
    write(case, {"companions": family}, by=worker)
    small = given.make_service(
        name="Two beds", places_free=2, children_take_places=True
    )
    large = given.make_service(
        name="Three beds", places_free=3, children_take_places=True
    )

    found = choice(need, worker)

    assert names(found.options) == ["Three beds"]
    assert names(found.unsure) == ["Two beds"]
    referral = sent(need, large, by=worker)
    actions.accept(referral, by=given.make_worker(of=large.team))
    assert referral.places == 3
    large.refresh_from_db()
    assert large.places_free == 0
    assert small.places_free == 2


def refuse(case: Case, service: Service, *, by: User) -> None:
    consents.refuse(
        case,
        recipient=service.team,
        purpose=Consent.Purpose.REFERRAL,
        language="en",
        by=by,
    )


def test_a_person_who_changes_their_mind_is_not_led_to_a_full_house(
    need: Need, ours: Client, case: Case, worker: User
) -> None:
    house = given.make_service(name="Tamra")
    refuse(case, house, by=worker)
    assert ask_url(need, house) in page_of(ours, need)
    directory.report_places(house, 0, by=given.make_worker(of=house.team))
    assert ask_url(need, house) not in page_of(ours, need)


# --- what the person doesn't wish to share


def test_a_no_to_one_house_takes_nothing_else_away(
    need: Need, case: Case, worker: User
) -> None:
    """Nor does an end of consent (P21)."""
    tamra = given.make_service(name="Tamra")
    for other in ("Hill House", "Lake House"):
        given.make_service(name=other)
    as_before, needed = choice(need, worker), stored(need)

    refuse(case, tamra, by=worker)
    consent = given.make_consent(case, to=tamra.team, by=worker)
    consents.withdraw(consent, by=worker)

    found = choice(need, worker)
    assert set(names(found.options)) == set(names(as_before.options)) - {tamra.name}
    assert len(found.options) == 2
    assert [(entry.service, entry.ask_anyway) for entry in found.left_out] == [
        (tamra, True)
    ]
    assert stored(need) == needed


def stored(need: Need) -> tuple[object, object]:
    """All that is kept of the need and of its case."""
    return (
        Need.objects.filter(pk=need.pk).values().get(),
        Case.objects.filter(pk=need.case_id).values().get(),
    )


# --- no free place, said by a team


def test_who_has_no_room_is_not_put_first_with_another_house(
    need: Need, worker: User
) -> None:
    tamra = given.make_service(name="Tamra")
    keeper = given.make_worker(of=tamra.team)
    given.make_service(of=tamra.team, name="A", counts_places=False, wait_days=0)
    given.make_service(name="B")
    referral = given.make_referral(need=need, to=tamra, by=worker)
    assert names(choice(need, worker).options)[0] == "A"
    actions.decline(referral, reason=DeclineReason.NO_CAPACITY, by=keeper)

    found = choice(need, worker, follows=referral)

    assert names(found.options) == ["B", "A"]
    assert any("no free place" in words for _verdict, words in found.options[1].facts)


def test_places_counted_after_the_decline_count_again(need: Need, worker: User) -> None:
    tamra = given.make_service(name="Tamra")
    keeper = given.make_worker(of=tamra.team)
    other = given.make_service(of=tamra.team, name="A", places_free=5, wait_days=0)
    given.make_service(name="B")
    referral = given.make_referral(need=need, to=tamra, by=worker)
    actions.decline(referral, reason=DeclineReason.NO_CAPACITY, by=keeper)
    directory.report_places(other, 4, by=keeper)

    assert names(choice(need, worker, follows=referral).options)[0] == "A"


# --- by day and night


@pytest.mark.parametrize(
    ("urgency", "found"),
    [
        (Urgency.U0, ["Day and night"]),
        (Urgency.U1, ["Day and night", "Sunday"]),
        (Urgency.U2, ["Day and night", "Office hours", "Sunday"]),
        (Urgency.U3, ["Day and night", "Office hours", "Sunday"]),
    ],
)
def test_on_saturday_night_an_emergency_finds_what_is_open_at_night(
    need: Need, worker: User, urgency: Urgency, found: list[str]
) -> None:
    Need.objects.filter(pk=need.pk).update(urgency=urgency)
    need.refresh_from_db()
    office = [[day * 1440 + 510, day * 1440 + 990] for day in range(5)]
    sunday = [[6 * 1440 + 510, 6 * 1440 + 990]]
    with time_machine.travel(SATURDAY_NIGHT, tick=False):
        for name, hours in (
            ("Day and night", ALWAYS),
            ("Office hours", office),
            ("Sunday", sunday),
        ):
            given.make_service(name=name, hours=hours, zone="UTC")
        options = choice(need, worker).options
    assert sorted(names(options)) == found
    opening = {option.service.name: option.opening for option in options}
    assert opening["Day and night"] == "Open day and night"
    if "Office hours" in opening:
        assert opening["Office hours"].startswith("Opens Monday at")
