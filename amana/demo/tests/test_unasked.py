"""The demo shows what happens where a person can't be asked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana.care.consent.models import Destruction, VitalInterest
from amana.demo import country as lands
from amana.demo import mechanism, unasked
from amana.demo.clock import start_clock
from amana.demo.country import DemoCountry
from amana.demo.stories import CaseStoryteller

pytestmark = pytest.mark.django_db


def test_three_people_who_can_t_be_asked_each_at_another_step():
    country = DemoCountry()
    with start_clock(timezone.now() - timedelta(days=1)) as clock:
        lands.load_areas()
        list(lands.create_organisations(country))
        mechanism.adopt_mechanism(country)
        lands.publish_services(country)
        unasked.send_without_consent(country, CaseStoryteller(country, clock))

    told = VitalInterest.objects.all()
    woke = told.get(end="objected")
    sleeps = told.get(end="", confirmed_at__isnull=False)
    found = told.get(end="", confirmed_at=None)
    assert woke.told_at
    assert Destruction.objects.waiting().get().vital_interest == woke
    assert sleeps.confirmed_by != sleeps.recorded_by
    assert sleeps.told_at is None
    for interest in (woke, sleeps, found):
        assert interest.referrals.get().recipient.organisation.name == unasked.SENT_TO
