"""A cohort is opened, changed and called off; what is kept of it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.academy.cohorts import actions
from amana.academy.cohorts.actions import ApplicantDetails
from amana.academy.cohorts.forms import list_time_zones
from amana.academy.cohorts.models import Application, Cohort
from amana.academy.cohorts.states import NEXT, SENTENCE, ApplicationStatus
from amana.academy.cohorts.tests.conftest import VISITOR, a_plan
from amana.errors import Changed, Refused
from amana.trust.access.rules import Denied
from amana.ui.once import make_form_key

from .conftest import days, status_of


def test_every_state_says_what_may_follow_and_what_it_means():
    assert set(NEXT) == set(SENTENCE) == set(ApplicationStatus)
    assert set().union(*NEXT.values()) == set(ApplicationStatus)


# --- cohorts


def test_a_cohort_that_ends_before_it_starts_is_none(version, trainer):
    plan = a_plan(ends_on=timezone.localdate())
    with pytest.raises(Refused, match="ends before it starts"):
        actions.open_cohort(version, plan, by=trainer)
    assert not Cohort.objects.exists()


def test_a_fee_has_a_currency(version, trainer):
    with pytest.raises(Refused, match="currency"):
        actions.open_cohort(version, a_plan(fee=10), by=trainer)


def test_only_trainers_lead_cohorts(version, trainer, learner):
    with pytest.raises(Refused, match="no longer, a trainer"):
        actions.open_cohort(version, a_plan(facilitators=[learner]), by=trainer)


def test_a_trainer_who_opens_a_cohort_leads_it_with_others_or_alone(
    version, trainer, other_trainer
):
    alone = actions.open_cohort(version, a_plan(), by=trainer)
    plan = a_plan(facilitators=[other_trainer])
    together = actions.open_cohort(version, plan, by=trainer)

    assert list(alone.facilitators.all()) == [trainer]
    assert set(together.facilitators.all()) == {trainer, other_trainer}


def test_a_cohort_is_not_lost_to_its_opener_until_they_hand_it_over(
    version, trainer, other_trainer
):
    browser = given.sign_in(trainer)
    begin = reverse("cohorts:begin", args=["small"])
    form = browser.get(begin).context["form"]
    assert form.initial["facilitators"] == [trainer.pk]
    said = {**form.initial, **a_plan().columns, "facilitators": []}
    opened = browser.post(begin, make_form_key() | said, follow=True)
    assert opened.status_code == 200

    cohort = Cohort.objects.get()
    change = reverse("cohorts:change", args=[cohort.pk])
    said["seen"] = browser.get(change).context["form"].initial["seen"]
    said["facilitators"] = [other_trainer.pk]
    handed = browser.post(change, make_form_key() | said, follow=True)
    assert handed.redirect_chain[-1][0] == reverse("cohorts:desk")
    own = given.sign_in(other_trainer)
    assert own.get(reverse("cohorts:cohort", args=[cohort.pk])).status_code == 200


def test_a_coordinator_opens_a_cohort_for_others(version, coordinator, other_trainer):
    plan = a_plan(facilitators=[other_trainer])
    cohort = actions.open_cohort(version, plan, by=coordinator)

    assert list(cohort.facilitators.all()) == [other_trainer]


def test_nobody_else_opens_or_changes_a_cohort(version, cohort, learner, other_trainer):
    with pytest.raises(Denied):
        actions.open_cohort(version, a_plan(), by=learner)
    for person in (learner, other_trainer):
        with pytest.raises(Denied):
            actions.change_cohort(cohort, a_plan(), by=person)


def test_a_cohort_never_gets_smaller_than_those_in_it(cohort, fill_up, trainer):
    fill_up()
    plan = a_plan(capacity=1, facilitators=[trainer])
    with pytest.raises(Refused, match="More people"):
        actions.change_cohort(cohort, plan, by=trainer)


def test_more_places_are_offered_to_those_who_wait(
    cohort, fill_up, application, trainer
):
    fill_up()
    actions.add_to_waiting_list(application, by=trainer)

    actions.change_cohort(cohort, a_plan(capacity=3), by=trainer)

    assert status_of(application) == ApplicationStatus.OFFERED


def test_a_cohort_that_is_called_off_ends_every_way_into_it(
    cohort, offered, trainer, learner
):
    mail.outbox.clear()
    actions.cancel_cohort(cohort, by=trainer)

    assert [message.to for message in mail.outbox] == [[learner.email]]
    assert status_of(offered) == ApplicationStatus.WITHDRAWN
    with pytest.raises(Refused, match="these dates are closed"):
        actions.apply_for_cohort(cohort, ApplicantDetails(), by=learner)
    with pytest.raises(Changed):
        actions.cancel_cohort(cohort, by=trainer)


# --- what is kept


def test_nothing_is_left_of_a_question_a_month_after(question, trainer):
    actions.record_answer(question, "In May.", by=trainer)
    with days(29):
        assert actions.forget_applications() == 0
    with days(31):
        assert actions.forget_applications() == 1
    assert not Application.objects.exists()


def test_what_waits_for_an_answer_is_not_forgotten(question, application):
    with days(400):
        assert actions.forget_applications() == 0


def test_of_those_who_took_part_it_stays_that_they_did(offered, learner):
    actions.accept_place(offered, by=learner)
    Application.objects.filter(pk=offered.pk).update(access_needs="A ramp")
    with days(60 + 29):
        assert actions.forget_applications() == 0
    with days(60 + 32):
        assert actions.forget_applications() == 1
        assert actions.forget_applications() == 0

    offered.refresh_from_db()
    assert (offered.message, offered.access_needs) == ("", "")
    assert offered.state == ApplicationStatus.ENROLLED


@pytest.mark.parametrize("waits", [True, False])
def test_who_waits_when_a_cohort_is_over_is_forgotten_a_month_after(
    cohort, fill_up, trainer, waits
):
    fill_up()
    visitor = actions.apply_for_cohort(cohort, VISITOR, by=None)
    if waits:
        actions.add_to_waiting_list(visitor, by=trainer)
    Application.objects.exclude(pk=visitor.pk).delete()
    with days(60):
        call_command("settle_applications")
        assert status_of(visitor) == (
            ApplicationStatus.WAITLISTED if waits else ApplicationStatus.APPLIED
        )
    with days(61):
        call_command("settle_applications")
        assert status_of(visitor) == ApplicationStatus.DECLINED
    with days(90):
        call_command("settle_applications")
        assert Application.objects.exists()
    with days(92):
        call_command("settle_applications")
    assert not Application.objects.exists()


def test_an_offer_ends_with_its_cohort(cohort, application, trainer, learner):
    late = cohort.ends_on + timedelta(days=30)
    actions.offer_place(application, until=late, by=trainer)
    mail.outbox.clear()
    with days(62):
        assert actions.end_applications() == 1
        assert actions.end_applications() == 0
    assert status_of(application) == ApplicationStatus.LAPSED
    assert mail.outbox == []


def test_who_waited_with_an_account_is_told_that_it_is_over(application, learner):
    mail.outbox.clear()
    with days(62):
        actions.end_applications()
    assert [message.to for message in mail.outbox] == [[learner.email]]


def test_the_clock_ends_offers_and_forgets(offered, capsys):
    with days(8):
        call_command("settle_applications")
    assert capsys.readouterr().out.startswith("1 expired")
    with days(39):
        call_command("settle_applications")
    assert not Application.objects.exists()


def test_time_zones_are_found_by_their_town():
    listed = dict(list_time_zones())
    every = [zone for zones in listed.values() for zone, _name in zones]

    assert ("Africa/Nairobi", "Nairobi") in listed["Africa"]
    assert ("America/Port_of_Spain", "Port of Spain") in listed["America"]
    assert listed["UTC"] == [("UTC", "UTC")]
    assert len(every) == len(set(every)) > 400
    for zone in every:
        assert ZoneInfo(zone)
