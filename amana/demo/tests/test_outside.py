"""The demo shows how the loop closes with an agency that never logs in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana.care.referrals import outside_recipients as ways
from amana.care.referrals.models import Referral, ReferralStatus
from amana.demo import country as lands
from amana.demo import outside
from amana.demo.clock import start_clock
from amana.demo.country import DemoCountry
from amana.demo.stories import CaseStoryteller
from amana.trust.access.models import Organisation
from amana.trust.access.rules import can_answer_in_amana


@pytest.mark.django_db
def test_an_agency_without_accounts_answers_on_its_page_and_by_its_slip():
    country = DemoCountry()
    with start_clock(timezone.now() - timedelta(days=1)) as clock:
        lands.load_areas()
        list(lands.create_organisations(country))
        outside.refer_to_parish(country, CaseStoryteller(country, clock))

    organisation = Organisation.objects.get(name=outside.NAME)
    team = organisation.teams.get()
    assert organisation.admitted_at is not None
    assert organisation.confirmed_by != organisation.proposed_by
    assert not can_answer_in_amana(team)
    assert team.phone
    assert team.email
    sent = Referral.objects.filter(recipient=team)
    answered, waiting = (
        sent.get(answered_at__isnull=still_waits) for still_waits in (False, True)
    )
    assert [row.words for row in answered.happenings.order_by("pk")] == [
        "Sent",
        "Opened with a code",
        "Accepted · on the page that a code opens",
        "Appointment made · by return slip",
    ]
    assert waiting.state is ReferralStatus.SENT
    assert ways.summarise_access(waiting).offer is not None
