"""Both sides of a referral say how it went; the council is answered."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.referrals import actions as referrals
from amana.errors import Changed, Refused
from amana.insight.facts import actions as facts
from amana.insight.facts import batch
from amana.insight.facts.models import Observation
from amana.insight.feedback import actions, partner_scores
from amana.insight.feedback.models import Advice, PartnerRating, PartnerSide
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from tests.worlds import kept


@kept
def sender(db):
    return given.make_worker(
        of=given.make_team(of=given.make_organisation(name="Sender"))
    )


@kept
def recipient(db):
    team = given.make_team(of=given.make_organisation(name="Shelter"))
    return given.make_worker(of=team, role=Role.FOCAL_POINT)


@kept
def referral(sender, recipient):
    case = given.make_case(worked_on_by=sender)
    service = given.make_service(of=recipient.memberships.get().team, by=recipient)
    referral = given.make_referral(need=case.needs.get(), to=service, by=sender)
    referrals.recall(referral, by=sender)
    return referral


def test_each_side_speaks_once_of_the_other(referral, sender, recipient, stranger):
    with pytest.raises(Denied):
        actions.rate_referral(referral, PartnerSide.SENDER, {}, by=stranger)
    with pytest.raises(Denied):
        actions.rate_referral(referral, PartnerSide.SENDER, {}, by=recipient)
    actions.rate_referral(
        referral, PartnerSide.SENDER, {"answered": "no", "complete": "no"}, by=sender
    )
    actions.rate_referral(
        referral, PartnerSide.RECIPIENT, {"complete": "yes"}, by=recipient
    )
    with pytest.raises(Refused, match="already"):
        actions.rate_referral(
            referral, PartnerSide.SENDER, {"answered": "yes"}, by=sender
        )

    assert PartnerRating.objects.count() == 2
    assert batch.write_batch().written == 0  # too few people to tell apart
    assert partner_scores.list_shares() == []


def test_shares_are_shown_once_eleven_have_answered(referral, sender, recipient):
    about = {"agency": "shelter", "topic": "answered", "sector": "humanitarian"}
    for number in range(11):
        said = "yes" if number < 7 else "no"
        some = [("partner", about | {"result": said})]
        facts.record_pending_observations(some, person=uuid4())
        if number == 9:
            assert partner_scores.list_shares() == []
    batch.write_batch()
    assert Observation.objects.filter(kind="partner").count() == 11
    [one] = partner_scores.list_shares()
    assert (one.agency, one.yes) == ("Shelter", 60)


def test_what_was_said_years_ago_is_held_against_nobody(recipient):
    about = {"agency": "shelter", "topic": "answered", "sector": "humanitarian"}
    for _number in range(11):
        some = [("partner", about | {"result": "no"})]
        facts.record_pending_observations(some, person=uuid4())
    batch.write_batch()
    assert len(partner_scores.list_shares()) == 1
    with time_machine.travel(timezone.now() + timedelta(days=430)):
        assert partner_scores.list_shares() == []


def test_advice_is_answered_by_whom_it_is_given(house, worker, coordinator):
    leads = given.make_worker(of=given.make_team(of=house), role=Role.SUPERVISOR)
    day = timezone.localdate() + timedelta(days=60)
    says = {"en": "Ask us before you move us.", "fr": " "}
    with pytest.raises(Denied):
        actions.record_advice(says, to=house, due_on=day, by=leads)
    with pytest.raises(Refused, match="on a day that has passed"):
        actions.record_advice(
            says, to=house, due_on=day - timedelta(days=90), by=coordinator
        )
    with pytest.raises(Refused, match="one language"):
        actions.record_advice({}, to=house, due_on=day, by=coordinator)
    advice = actions.record_advice(says, to=house, due_on=day, by=coordinator)
    assert advice.says == {"en": "Ask us before you move us."}

    yes = {"en": "We ask each person a week before."}
    with pytest.raises(Denied):
        actions.answer_advice(advice, adopted=True, answer=yes, by=worker)
    with pytest.raises(Refused, match="why it is not"):
        actions.answer_advice(advice, adopted=False, answer={}, by=leads)
    actions.answer_advice(advice, adopted=True, answer=yes, by=leads)
    with pytest.raises(Changed):
        actions.answer_advice(advice, adopted=False, answer=yes, by=leads)
    fact = Observation.objects.get(kind="advice")
    assert (fact.result, fact.agency) == ("adopted", "dar-amal")
    page = given.sign_in(coordinator).get(reverse("feedback:advice"))
    assert yes["en"] in page.content.decode()


def test_late_advice_counts_as_open_until_it_is_answered(house, coordinator):
    leads = given.make_worker(of=given.make_team(of=house), role=Role.FOCAL_POINT)
    day = timezone.localdate()
    advice = actions.record_advice(
        {"en": "A lock."}, to=house, due_on=day, by=coordinator
    )
    actions.count_late_advice()
    assert not Observation.objects.exists()
    Advice.objects.update(due_on=day - timedelta(days=1))
    actions.count_late_advice()
    actions.count_late_advice()
    assert [fact.result for fact in Observation.objects.in_force()] == ["open"]

    actions.answer_advice(advice, adopted=False, answer={"en": "No money."}, by=leads)
    assert [fact.result for fact in Observation.objects.in_force()] == ["reasoned"]
