"""The calendar that a programme of the person asks for, without anyone signed in."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from amana.academy.sessions import actions

pytestmark = pytest.mark.django_db


def test_a_calendar_is_asked_for_so_often_and_no_more(client, settings):
    """Its address opens without signing in, and is only read, never sent to."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"calendar": "3/m/ip"}
    address = reverse("sessions:calendar", args=[uuid4()])
    codes = [client.get(address).status_code for _time in range(5)]
    assert codes == [404] * 3 + [429] * 2


def test_no_calendar_is_kept_on_its_way(client, learner):
    """It comes to nobody signed in, for whom every page says so."""
    key = actions.renew_calendar(by=learner).key
    for known in (key, uuid4()):
        answer = client.get(reverse("sessions:calendar", args=[known]))
        assert "no-store" in answer.headers["Cache-Control"]


def test_an_address_that_is_ended_shows_nothing(learner):
    key = actions.renew_calendar(by=learner)
    address = reverse("sessions:calendar", args=[key.key])
    assert Client().get(address).status_code == 200
    actions.end_calendar(by=learner)
    assert Client().get(address).status_code == 404
