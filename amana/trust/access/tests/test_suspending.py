"""Suspending someone: at once, by one person; and nothing is lost by it (P31)."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from amana import given
from amana.errors import Refused
from amana.trust.access import actions
from amana.trust.access.models import Role, Session, Suspension, User
from amana.trust.access.rules import Denied
from amana.trust.vault import admission, epochs, keys
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@kept
def team(db):
    return given.make_team()


@kept
def worker(team):
    return given.make_worker(of=team)


@kept
def supervisor(team, worker):
    return given.make_worker(of=team, role=Role.SUPERVISOR)


@kept
def administrators(db):
    return [given.make_worker(role=Role.ADMINISTRATOR) for _number in range(4)]


def test_one_person_keeps_another_out_at_once(worker, supervisor):
    browser = given.sign_in(worker)

    actions.suspend(worker, by=supervisor)

    assert not Session.objects.filter(user=worker).exists()
    assert browser.get("/account/").headers["Location"].startswith("/account/sign-in")
    assert not User.objects.get(pk=worker.pk).is_active


def test_when_it_is_lifted_all_is_as_before(worker, supervisor, administrators, team):
    suspension = actions.suspend(worker, by=supervisor)

    actions.end_suspension(suspension, by=administrators[0])

    again = given.unlock_user(worker)
    assert again.is_active
    assert keys.get_keyring(again).teams
    with pytest.raises((Refused, Denied)):
        actions.end_suspension(suspension, by=administrators[0])


def test_the_person_and_two_who_can_lift_it_are_told(
    worker, supervisor, administrators, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions.suspend(worker, by=supervisor)

    told = {address for message in mail.outbox for address in message.to}
    assert worker.email in told
    assert len(told - {worker.email}) == 2


def test_nobody_suspends_more_than_three_a_day(team, supervisor, monkeypatch):
    for _number in range(3):
        actions.suspend(given.make_worker(of=team), by=supervisor)
    fourth = given.make_worker(of=team)

    with pytest.raises(Refused, match="three people a day"):
        actions.suspend(fourth, by=supervisor)
    day_after = timezone.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(timezone, "now", lambda: day_after)
    actions.suspend(fourth, by=supervisor)


def test_lifting_does_not_give_one_back_for_the_day(team, supervisor, administrators):
    for _number in range(3):
        suspension = actions.suspend(given.make_worker(of=team), by=supervisor)
        actions.end_suspension(suspension, by=administrators[0])

    with pytest.raises(Refused, match="three people a day"):
        actions.suspend(given.make_worker(of=team), by=supervisor)


def test_two_others_stay_who_can_lift_it(administrators):
    first, second, third, _fourth = administrators
    actions.suspend(second, by=first)

    with pytest.raises(Refused, match="At least two other people"):
        actions.suspend(third, by=first)


def test_who_is_suspended_lifts_nothing_and_suspends_nobody(worker, administrators):
    first, second, *_others = administrators
    suspension = actions.suspend(second, by=first)

    with pytest.raises(Denied):
        actions.end_suspension(suspension, by=second)
    with pytest.raises(Denied):
        actions.suspend(worker, by=second)


def test_nobody_suspends_themselves_or_people_of_others(worker, supervisor):
    for whom in (supervisor, given.make_worker()):
        with pytest.raises(Denied):
            actions.suspend(whom, by=supervisor)
    with pytest.raises(Denied):
        actions.suspend(supervisor, by=worker)
    assert not Suspension.objects.exists()


def test_renewing_the_key_takes_nothing_from_who_is_suspended(
    team, worker, supervisor, administrators
):
    """Two single acts of one person would else destroy what suspending must not."""
    suspension = actions.suspend(worker, by=supervisor)
    epochs.begin_epoch(team, by=supervisor)
    actions.end_suspension(suspension, by=administrators[0])

    current = epochs.find_current_epoch(team)
    assert current is not None
    assert current.pk in keys.get_keyring(given.unlock_user(worker)).teams


def test_no_code_lets_in_who_is_suspended(worker, supervisor, administrators):
    actions.suspend(worker, by=supervisor)
    worker.refresh_from_db()

    _place, code = actions.propose(
        given.make_team(),
        email=worker.email,
        name="X",
        language="en",
        role=Role.CASE_WORKER,
        by=administrators[0],
    )

    assert code == ""
    assert keys.unlock(worker, given.PASSPHRASE).teams


def test_who_starts_again_and_is_suspended_joins_after_it_is_lifted(
    worker, supervisor, administrators
):
    code = given.reset_keys(worker, by=administrators[0])
    invitation = admission.find_invitation(code)
    suspension = Suspension.objects.create(user=worker, by=supervisor)

    with pytest.raises(Refused, match="can’t join now"):
        admission.join(invitation, passphrase="five grey herons at noon")
    with pytest.raises(Refused, match="suspended"):
        actions.renew_invitation(worker, by=administrators[0])
    actions.end_suspension(suspension, by=administrators[0])

    assert not User.objects.get(pk=worker.pk).is_active
    admission.join(invitation, passphrase="five grey herons at noon")
    assert User.objects.get(pk=worker.pk).is_active
