"""What was not confirmed says so after 90 days, and leaves matching after 180."""

import random
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from amana.design.directory import actions, catalogue
from amana.design.directory.matching import MatchRule, Person, build_need
from amana.design.directory.models import Service
from amana.design.directory.models.changes import record_change
from amana.design.directory.models.confirmation import match_due, match_outdated

from .service_pages import html_of, page

TODAY = date(2026, 11, 25)


def found(user) -> Any:
    person = Person(needs=(build_need("SH2"),), at=timezone.now())
    return catalogue.match_for_person(person, user=user)


def set_confirmed(service, days_ago: int | None, *, came_days_ago: int = 0) -> None:
    """Set when it was confirmed, or that it never was, and when it came."""
    today = timezone.localdate()
    by = None if days_ago is None else today + timedelta(days=90 - days_ago)
    came = timezone.now() - timedelta(days=came_days_ago)
    Service.objects.filter(pk=service.pk).update(verify_by=by, created_at=came)
    record_change(service)


@pytest.mark.parametrize(
    ("days_ago", "came", "state"),
    [
        (0, 900, "confirmed"),
        (90, 900, "confirmed"),
        (91, 900, "unconfirmed"),
        (180, 900, "unconfirmed"),
        (181, 900, "outdated"),
        (None, 0, "confirmed"),
        (None, 90, "confirmed"),
        (None, 91, "unconfirmed"),
        (None, 180, "unconfirmed"),
        (None, 181, "outdated"),
    ],
)
def test_matching_and_pages_agree_on_each_day(
    service, focal_point, days_ago, came, state
):
    set_confirmed(service, days_ago, came_days_ago=came)
    service.refresh_from_db()
    assert service.is_unconfirmed == (state != "confirmed")
    assert service.is_outdated == (state == "outdated")
    answer = found(focal_point)
    assert [m.service.pk for m in answer.eligible] == (
        [] if state == "outdated" else [service.pk]
    )
    text = html_of(page(focal_point, "service", service.pk))
    assert ("were not confirmed in time." in text) == (state == "unconfirmed")
    assert ("in time, so it is no longer suggested" in text) == (state == "outdated")
    listed = html_of(page(focal_point, "services"))
    assert ("No longer suggested" in listed) == (state == "outdated")


def test_the_reason_is_given_and_a_confirmation_brings_it_back(service, focal_point):
    set_confirmed(service, None, came_days_ago=200)
    [near] = found(focal_point).near_misses
    assert near.match.against == (MatchRule.OUTDATED,)
    assert "last confirmed on" in near.against[0]

    service.refresh_from_db()
    actions.verify_service(service, by=focal_point)
    answer = found(focal_point)
    assert [m.service.pk for m in answer.eligible] == [service.pk]
    assert not answer.near_misses


@pytest.mark.parametrize("seed", range(40))
def test_the_list_and_the_one_agree(service, seed):
    rng = random.Random(seed)
    today = TODAY + timedelta(days=rng.randint(-300, 300))
    ago = timedelta(days=rng.choice([0, 89, 90, 91, 179, 180, 181]))
    midnight = timezone.make_aware(datetime.combine(today - ago, time.min))
    created_at = midnight + timedelta(seconds=rng.choice([-1, 0, 1, 40_000]))
    due = today + timedelta(days=rng.choice([-91, -90, -89, -1, 0, 1, 14]))
    verify_by, days = rng.choice([None, due]), rng.choice([0, 14])
    Service.objects.update(verify_by=verify_by, created_at=created_at)
    service.refresh_from_db()
    outdated = Service.objects.filter(match_outdated(today))
    assert outdated.exists() == (service.matched_until < today)
    asked = Service.objects.filter(match_due(days, today))
    assert asked.exists() == (service.due_on <= today + timedelta(days=days))
