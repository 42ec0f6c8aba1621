"""Taking a person's keys away: two people, a delay, and who is told."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from amana import given
from amana.errors import Changed, Refused
from amana.trust.access import actions as access
from amana.trust.access.models import Membership, Role, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import admission, documents, epochs, keys, removal
from amana.trust.vault.floor import BelowFloor
from amana.trust.vault.models import PersonKey, TeamKey
from amana.trust.vault.removal_states import DELAY, NEXT, RemovalStatus
from tests.patching import replace_everywhere

from .removals import NEW, confirmed, fresh, proposed

pytestmark = pytest.mark.django_db


A_MOMENT = timedelta(seconds=1)


# --- two people and a delay


def test_each_status_names_what_may_follow():
    assert NEXT.keys() == set(RemovalStatus)
    assert set().union(*NEXT.values()) == set(RemovalStatus) - {RemovalStatus.PROPOSED}


def test_a_proposal_alone_takes_nothing(leila, supervisor, later):
    proposed(leila, supervisor)
    later(timedelta(days=6))
    removal.settle()

    assert keys.unlock(leila, given.PASSPHRASE).teams
    assert Membership.objects.active().filter(user=leila).exists()


def test_who_proposed_does_not_confirm(leila, coordinator):
    made = removal.propose_start_again(leila, by=coordinator)

    with pytest.raises(Denied):
        removal.confirm(made, by=coordinator)


def test_a_colleague_of_the_same_team_does_not_confirm(leila, coordinator):
    office = coordinator.memberships.get().team
    beside = given.make_worker(of=office, role=Role.ADMINISTRATOR)
    made = removal.propose_start_again(leila, by=coordinator)

    with pytest.raises(Denied):
        removal.confirm(made, by=beside)


def test_a_colleague_of_a_team_that_was_left_does_not_confirm(leila, coordinator):
    place = coordinator.memberships.get()
    beside = given.make_worker(of=place.team, role=Role.ADMINISTRATOR)
    made = removal.propose_start_again(leila, by=coordinator)
    Membership.objects.filter(pk=place.pk).update(ended_at=timezone.now())

    with pytest.raises(Denied):
        removal.confirm(made, by=beside)


@pytest.mark.parametrize("who", ["leila", "worker", "stranger", "analyst"])
def test_who_answers_for_nothing_does_not_confirm(
    who, leila, supervisor, worker, coordinator
):
    people = {
        "leila": leila,
        "worker": worker,
        "stranger": given.make_worker(role=Role.SUPERVISOR),
        "analyst": given.make_worker(role=Role.ANALYST),
    }
    made = removal.propose_start_again(leila, by=coordinator)

    with pytest.raises(Denied):
        removal.confirm(made, by=people[who])


def test_it_takes_effect_after_the_delay(leila, supervisor, officer, later):
    confirmed(leila, supervisor, officer)
    later(DELAY - A_MOMENT * 30)
    assert removal.settle() == (0, 0)
    assert keys.unlock(leila, given.PASSPHRASE).teams

    later(A_MOMENT * 31)
    assert removal.settle() == (1, 0)

    leila.refresh_from_db()
    assert not leila.is_active
    assert not PersonKey.objects.filter(user=leila).exists()
    with pytest.raises(keys.WrongSecret):
        keys.unlock(leila, given.PASSPHRASE)


def test_it_cannot_be_hurried(leila, supervisor, officer):
    made = confirmed(leila, supervisor, officer)

    with pytest.raises(Refused, match="yet"):
        removal.take_effect(made)


def test_a_mechanism_may_wait_longer_or_not_at_all(
    leila, supervisor, officer, monkeypatch
):
    replace_everywhere(monkeypatch, removal, "DELAYS", [lambda: timedelta(0)])
    made = confirmed(leila, supervisor, officer)

    assert fresh(made).state is RemovalStatus.EFFECTIVE


def test_at_once_is_only_where_others_can_open_everything(
    leila, worker, supervisor, officer, monkeypatch
):
    """Two would be left of the team, but only one of this case."""
    replace_everywhere(monkeypatch, removal, "DELAYS", [lambda: timedelta(0)])
    case = given.make_case_keys(of=leila.memberships.get().team)
    documents.share_case(case, by=leila, people=[leila, worker], exclusively=True)

    made = confirmed(leila, supervisor, officer)

    assert fresh(made).state is RemovalStatus.CONFIRMED
    assert made.effective_at - made.proposed_at >= DELAY


def test_there_is_one_proposal_for_a_person_at_a_time(leila, supervisor, coordinator):
    proposed(leila, supervisor)

    with pytest.raises(Refused, match="already"):
        removal.propose_start_again(leila, by=coordinator)
    with pytest.raises(Refused, match="already"):
        removal.propose_leaving(leila.memberships.get(), by=coordinator)


def test_nobody_confirms_twice(leila, supervisor, officer, coordinator):
    made = proposed(leila, supervisor)
    same = fresh(made)
    removal.confirm(made, by=officer)

    with pytest.raises((Changed, Denied)):
        removal.confirm(same, by=coordinator)


def test_a_proposal_that_nobody_confirms_lapses(leila, supervisor, officer, later):
    made = proposed(leila, supervisor)
    later(timedelta(days=7))
    removal.settle()

    assert fresh(made).state is RemovalStatus.LAPSED
    with pytest.raises(Denied):
        removal.confirm(made, by=officer)


# --- told


def test_the_person_and_two_others_are_told_without_a_word_of_it(
    leila, supervisor, worker, officer, django_capture_on_commit_callbacks
):
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        made = proposed(leila, supervisor)

    told = {address for message in mail.outbox for address in message.to}
    assert leila.email in told
    assert len(told - {leila.email}) == 2
    assert {user.email for user in made.told.all()} == told - {leila.email}
    assert officer.email in told
    assert all("Leila" not in f"{m.subject} {m.body}" for m in mail.outbox)


def test_a_mail_of_before_keeps_nobody_from_hearing(
    leila, supervisor, officer, django_capture_on_commit_callbacks
):
    """Or whoever attacks would first send something harmless."""
    with django_capture_on_commit_callbacks(execute=True):
        made = proposed(leila, supervisor)
        mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        removal.confirm(made, by=officer)

    assert leila.email in {to for message in mail.outbox for to in message.to}


# --- never fewer than two


def test_fewer_than_two_keyholders_wait_for_two_words(
    leila, worker, supervisor, officer, coordinator, team, later
):
    given.end_membership(supervisor.memberships.get(), by=coordinator)
    home = given.make_worker(
        of=given.make_team(of=team.organisation), role=Role.SUPERVISOR
    )
    made = removal.propose_start_again(leila, by=coordinator)
    removal.confirm(made, by=officer)
    later(DELAY)

    assert removal.settle() == (0, 0)
    with pytest.raises(BelowFloor, match="organisation has not allowed"):
        removal.take_effect(fresh(made))
    removal.allow(made, by=home)
    assert removal.settle() == (0, 0)
    with pytest.raises(Denied):
        removal.allow(made, by=home)
    removal.allow(made, by=coordinator)

    assert removal.settle() == (1, 0)


def test_the_person_allows_nothing_about_themselves(coordinator, officer):
    other = given.make_worker(role=Role.COORDINATOR)
    made = removal.propose_start_again(coordinator, by=other)

    with pytest.raises(Denied):
        removal.allow(made, by=coordinator)


def test_the_floor_is_looked_at_when_it_takes_effect(
    leila, worker, supervisor, officer, coordinator, later
):
    """Two stayed when it was confirmed, and one is left by now."""
    made = confirmed(leila, supervisor, officer)
    later(DELAY)
    given.end_membership(worker.memberships.get(), by=coordinator)

    assert removal.settle() == (0, 0)
    assert fresh(made).state is RemovalStatus.CONFIRMED
    assert keys.unlock(leila, given.PASSPHRASE).teams


# --- written down


def test_every_step_is_in_the_log(taken, officer):
    removal.stop(taken, by=officer)

    did = [
        event.did
        for event in AuditEvent.objects.filter(
            thing=f"vault.keyremoval:{taken.pk}"
        ).order_by("pk")
    ]
    assert did == [
        "proposed taking keys away",
        "confirmed taking keys away",
        "took keys away",
        "gave keys back",
    ]


def test_starting_again_makes_the_team_key_due(taken, team, worker):
    assert epochs.is_renewal_due(team)
    epochs.renew_where_due(given.unlock_user(worker))
    assert TeamKey.objects.get(team=team, retired_at=None).epoch == 2


def test_no_code_takes_keys_that_somebody_depends_on(team, coordinator, leila):
    """A proposal and a code are one person's acts."""
    User.objects.filter(pk=leila.pk).update(is_active=False)
    _place, code = access.propose(
        given.make_team(),
        email=leila.email,
        name="X",
        language="en",
        role=Role.CASE_WORKER,
        by=coordinator,
    )
    case = given.make_case_keys(of=team)
    documents.share_case(case, by=leila, people=[leila], exclusively=True)

    with pytest.raises(Refused, match="already have keys"):
        admission.join(admission.find_invitation(code), passphrase=NEW)

    assert keys.unlock(leila, given.PASSPHRASE)
