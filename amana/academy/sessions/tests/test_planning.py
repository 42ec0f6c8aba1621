"""A session is planned, changed and cancelled."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.academy.sessions import actions
from amana.academy.sessions.attendance import find_attended_modules
from amana.academy.sessions.forms import OWN
from amana.academy.sessions.models import Session
from amana.academy.sessions.plans import get_plan
from amana.academy.sessions.tests.meeting import a_session
from amana.errors import Changed, Refused
from amana.trust.access.rules import Denied
from amana.ui.once import make_form_key

from .calendars import entries, recorded


def test_a_session_is_planned_changed_and_cancelled_in_every_calendar(
    session, learner, trainer
):
    mail.outbox.clear()
    later = session.starts_at + timedelta(days=1)
    actions.change(
        session,
        seen=0,
        starts_at=later,
        ends_at=later + timedelta(hours=1),
        by=trainer,
    )
    actions.cancel(session, by=trainer)

    mine = [letter for letter in mail.outbox if letter.to == [learner.email]]
    (moved,), (gone,) = map(entries, mine)
    assert moved["UID"] == gone["UID"]
    assert (moved["SEQUENCE"], gone["SEQUENCE"]) == (1, 2)
    assert moved["DTSTART"].dt == later
    assert gone["STATUS"] == "CANCELLED"
    assert trainer.name not in str(mine[0].message())
    assert recorded("changed session") == recorded("cancelled session") == 1


def test_only_whoever_leads_the_cohort_plans(cohort, learner):
    with pytest.raises(Denied):
        a_session(cohort, by=learner)


def test_a_module_without_a_plan_has_no_session(cohort, trainer):
    now = timezone.now()
    with pytest.raises(Refused, match="no plan"):
        actions.plan(cohort, "m2", starts_at=now, ends_at=now, by=trainer)


def test_who_changes_second_is_told(session, trainer):
    again = Session.objects.get(pk=session.pk)
    actions.change(session, seen=0, venue="Hall 1", by=trainer)
    with pytest.raises(Changed):
        actions.change(again, seen=0, venue="Hall 2", by=trainer)


def test_a_cancelled_session_stays_cancelled(session, trainer):
    actions.cancel(session, by=trainer)
    with pytest.raises(Refused, match="cancelled"):
        actions.cancel(session, by=trainer)
    with pytest.raises(Refused, match="cancelled"):
        actions.change(session, seen=1, by=trainer)
    with pytest.raises(Refused, match="cancelled"):
        actions.open_room(session, by=trainer, id=uuid4())


def test_a_new_calendar_address_ends_the_old(learner):
    first = actions.renew_calendar(by=learner).key
    assert actions.renew_calendar(by=learner).key != first


# --- a meeting of one's own, and polls of one's own


def own_meeting(cohort, trainer, **said):
    starts = timezone.now() + timedelta(days=1)
    usual = {"title": "Office hours", "task": "Bring your questions."}
    return actions.plan(
        cohort,
        "",
        starts_at=starts,
        ends_at=starts + timedelta(minutes=45),
        by=trainer,
        **usual | said,
    )


def test_a_meeting_of_ones_own_has_a_title_and_one_step(cohort, trainer, learner):
    made = own_meeting(cohort, trainer)
    plan = get_plan(made)
    assert plan.title["en"] == "Office hours"
    assert [(step.minutes, step.task["en"]) for step in plan.steps] == [
        (45, "Bring your questions.")
    ]
    page = given.sign_in(learner).get(reverse("sessions:session", args=[made.pk]))
    assert "Office hours" in page.content.decode()
    assert find_attended_modules(learner.enrolments.get()) == set()


def test_a_meeting_of_ones_own_needs_a_title(cohort, trainer):
    with pytest.raises(Refused, match="title"):
        own_meeting(cohort, trainer, title="")
    page = reverse("sessions:plan", args=[cohort.pk])
    sent = {"module": OWN, "day": "2030-01-01", "begins": "10:00", "minutes": 45}
    shown = given.sign_in(trainer).post(page, make_form_key() | sent)
    assert shown.status_code == 422
    assert "Give the meeting a title." in shown.content.decode()


def test_a_meeting_of_ones_own_gets_another_title_and_keeps_its_polls(cohort, trainer):
    made = own_meeting(cohort, trainer)
    page = reverse("sessions:change", args=[made.pk])
    browser = given.sign_in(trainer)
    shown = browser.get(page)
    assert 'value="Office hours"' in shown.content.decode()
    # While the form is open, a colleague adds a poll.
    key = actions.add_poll(made, "Tea?", ["yes", "no"], by=trainer)
    sent = {
        "title": "Questions",
        "task": "Bring one.",
        "day": "2030-01-01",
        "begins": "10:00",
        "minutes": 60,
        "mode": made.mode,
        "video": made.video,
        "seen": made.sequence,
    }
    untitled = browser.post(page, make_form_key() | sent | {"title": ""})
    assert untitled.status_code == 422
    assert browser.post(page, make_form_key() | sent).status_code == 302
    plan = get_plan(Session.objects.get(pk=made.pk))
    assert (plan.title["en"], plan.steps[0].task["en"]) == ("Questions", "Bring one.")
    assert key in plan.poll_by_key


def test_polls_of_ones_own_are_steps_at_the_end_and_are_asked(
    open_room, trainer, learner
):
    before = get_plan(open_room)
    key = actions.add_poll(open_room, "Tea or coffee?", ["Tea", "Coffee"], by=trainer)
    session = Session.objects.get(pk=open_room.pk)
    plan = get_plan(session)
    assert plan.steps[: len(before.steps)] == before.steps
    assert plan.steps[-1].poll == key
    seat = actions.enter_room(session, by=learner)
    actions.ask(session, key, by=trainer, id=uuid4())
    actions.answer_poll(session, key, 1, by=learner, id=uuid4())
    assert seat.number
    with pytest.raises(Refused, match="asked already"):
        actions.remove_poll(session, key, by=trainer)


def test_a_removed_polls_number_is_never_used_again(session, trainer):
    first = actions.add_poll(session, "One?", ["a", "b"], by=trainer)
    actions.remove_poll(session, first, by=trainer)
    second = actions.add_poll(session, "Two?", ["a", "b"], by=trainer)
    assert first != second
    polls = get_plan(Session.objects.get(pk=session.pk)).poll_by_key
    assert first not in polls
    assert second in polls


@pytest.mark.parametrize("options", [[], ["one"], list("abcdefghi")])
def test_a_poll_has_two_to_eight_options(session, trainer, options):
    with pytest.raises(Refused, match="two and eight"):
        actions.add_poll(session, "Which?", options, by=trainer)


def test_ten_polls_are_enough(session, trainer):
    for number in range(10):
        actions.add_poll(session, f"{number}?", ["a", "b"], by=trainer)
    with pytest.raises(Refused, match="ten"):
        actions.add_poll(session, "11?", ["a", "b"], by=trainer)


def test_only_who_leads_adds_polls(session, learner, trainer):
    with pytest.raises(Denied):
        actions.add_poll(session, "Mine?", ["a", "b"], by=learner)
    page = reverse("sessions:polls", args=[session.pk])
    assert given.sign_in(learner).get(page).status_code in (403, 404)
    browser = given.sign_in(trainer)
    assert browser.post(page, make_form_key() | {"text": "?"}).status_code == 422
    sent = make_form_key() | {"text": "Tea?", "options": "yes\n\n no \n"}
    assert browser.post(page, sent).status_code == 302
    [poll] = Session.objects.get(pk=session.pk).own["polls"]
    assert poll["options"] == ["yes", "no"]
